"""Behind the receipt: services that reach other places, and a text that is ready to be pasted there."""

import pytest
from django.test import Client
from django.utils import translation

from staydown.portal.services import offers
from staydown.regimes.harms import Capacity, Flag, Harm, Tri
from tests import people
from tests.portal.test_asking import post_of, sent
from tests.portal.test_followed import follow

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]
WORDS = "He wrote to my sister in Ghent."


def test_who_is_shown_reads_which_services_reach_other_places_and_copies_a_text(her: Client):
    post = post_of(people.plaza(), "post-1")
    code = sent(her, "me", links=post.url, minor="no", words=WORDS)
    page = follow(her, code)
    assert 'data-service="stopncii"' in page and 'data-service="take_it_down"' not in page
    assert 'rel="noreferrer noopener"' in page
    text = page[page.index("<pre") : page.index("</pre>")]
    assert 'lang="fr"' in text and "Une image intime" in text  # they read French, whatever the page is in
    assert WORDS not in text and post.url not in text
    page = her.post("/en/follow?country=BE", {"receipt": code}).content.decode()
    assert 'data-service="be_iefh"' in page and 'data-service="point_de_contact"' not in page


def test_with_the_picture_of_a_child_none_is_named_that_is_for_adults(her: Client):
    code = sent(her, "me", links=post_of(people.plaza(), "post-1").url, minor="yes")
    page = follow(her, code)
    assert 'data-service="take_it_down"' in page and 'data-service="stopncii"' not in page
    assert "de moins de 18 ans" in page


def test_the_text_says_what_the_report_says_and_nothing_else():
    report = people.reported(people.posted(people.plaza(), "post-1"), harm=Harm.NCII, minor=Tri.NO, shown=True)
    with translation.override("de"):
        (inhope,) = [each for each in offers(_childs(report), "BE") if each.text]
    assert (inhope.service.id, inhope.language) == ("inhope", "de")
    assert "unter 18" in inhope.text and "21. November 2026" in inhope.text
    report.minor, report.capacity = Tri.NO.value, Capacity.WITNESS.value
    found = offers(report, "FR")
    assert [each.service.id for each in found] == ["point_de_contact", "fr_3018"]
    assert "Je ne suis pas la personne montrée." in found[0].text and "18" not in found[0].text


@pytest.mark.parametrize("harm", [Harm.SEXTORTION, Harm.UNSPECIFIED])
def test_no_text_claims_a_picture_that_the_report_does_not_tell_of(harm: Harm):
    report = people.reported(people.posted(people.plaza(), "post-1"), harm=harm, minor=Tri.NO, shown=True)
    found = offers(report, "FR")
    assert [each.service.id for each in found] == ["stopncii", "point_de_contact", "fr_3018"]
    assert not any(each.text for each in found)


def _childs(report):
    report.minor, report.flags = Tri.YES.value, [Flag.PERSON_SHOWN.value]
    return report
