"""A bank that a peer filled holds wrong fingerprints of some files; those files meet them."""

import pytest
from django.utils import timezone

from staydown.banks.actions import asking, checking, meeting
from staydown.banks.kept import Kept
from staydown.cases.actions import deciding
from staydown.cases.rules import Ruling
from staydown.platforms.actions.registering import Registration
from tests import people
from tests.fingerprints.test_misread import PEERS, files
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["palette.gif", "ink.jpg"])
def test_a_file_meets_the_wrong_fingerprint_that_a_peer_gave_it(name: str):
    plaza, now = people.plaza(), timezone.now()
    wrong = asking.Asked(Kept((bytes.fromhex(PEERS[name]),)), 100, b"x" * 32, "ana", "post")
    check = checking.answer_check(plaza, wrong, now)
    item, _ = meeting.admit(plaza, Registration("p1", "http://p.example/1", "ana", now, "everyone", check.pk), now)
    case = people.reported(item).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), now)
    assert people.checked(plaza, files()[name], "ben").verdict == "hold"
    assert people.checked(plaza, jpeg(photograph("coffee")), "ben").verdict == "allow"
