"""Who quotes the threat that she received is offered help, and nothing is done against her; nobody else hears of it."""

import pytest
from django.test import Client

from staydown.cases.models import Case, Report
from staydown.cases.tasks import weigh_words
from staydown.platforms.models import Check, Order
from staydown.platforms.rules import Action
from tests import people
from tests.portal.test_asking import ONCE, post_of, sent
from tests.portal.test_followed import follow

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]

QUOTED = "He said he will post my pictures unless I pay 200. What should I do?"
OFFER = 'data-offer="pressed"'


def test_who_quotes_a_threat_is_offered_help_at_once_and_behind_her_code(her: Client):
    item = post_of(people.plaza(), "post-1", name="him")
    told = {"links": item.url, "words": QUOTED, "minor": "no"}
    page = her.post("/en/form/me", {"door": "me", "once": ONCE, **told}).content.decode()
    assert OFFER in page and "Do not pay, and send nothing more" in page

    code = sent(her, "me", **told)  # the same page sent twice: one report
    assert OFFER in follow(her, code)
    weigh_words(str(Report.objects.get().pk))
    case = Case.objects.get()
    assert case.risen_at is None and not Check.objects.exists()
    assert {(order.action, order.item) for order in Order.objects.all()} <= {(Action.HOLD, item)}, "never against her"


def test_who_pastes_the_threat_as_it_came_is_offered_help_too_and_later_words_count(her: Client):
    code = sent(her, "me", links="https://elsewhere.example/1", words="that is my room")
    assert OFFER not in follow(her, code)

    assert OFFER in follow(her, code, words="I will post your nudes if you do not pay me 300 euros")
