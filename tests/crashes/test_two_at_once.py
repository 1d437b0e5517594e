"""What the kills brought to light about two people who act at once, without the kills."""

import pytest

from staydown.cases.actions import answering, deciding, refusals
from staydown.cases.rules import Ruling
from staydown.platforms.models import Check
from tests import people
from tests.pictures import jpeg, photograph, resized

pytestmark = pytest.mark.django_db


def test_of_two_words_on_a_held_upload_the_second_is_refused_and_said_to_be():
    platform = people.plaza()
    case = people.reported(people.posted(platform, "post-1")).case
    mina, tomas = people.staff("mina"), people.staff("tomas", role="lead")
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    held = people.checked(platform, jpeg(resized(photograph("coffee")), 70), "zoe")
    hers, his = Check.objects.get(pk=held.pk), Check.objects.get(pk=held.pk)
    answering.answer_upload(hers, "block", mina, people.NOW)
    with pytest.raises(refusals.AlreadyDecided):
        answering.answer_upload(his, "allow", tomas, people.NOW)
    held.refresh_from_db()
    assert held.resolution == "block"
