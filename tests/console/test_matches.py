"""The reviewer reads how a match was found, in the language of the console."""

import pytest
from django.test import Client
from django.utils import translation

from staydown.banks.models import Match
from staydown.console.templatetags.matches import REGIONS, TURNS, how
from staydown.decoding.types import Kind
from staydown.fingerprints import turns
from tests import people
from tests.banks.test_verified import CROP, banked


@pytest.mark.django_db
def test_a_held_upload_says_how_it_was_recognised(settings):
    settings.DEMO = True
    platform = people.plaza()
    entry = banked(platform)
    people.checked(platform, CROP, "zoe")
    reader = Client()
    reader.force_login(people.staff("tomas", "lead"))
    said = how(Match.objects.get())
    assert said.startswith("The same picture: a part of the known picture, upright, in the whole picture.")
    assert said in reader.get(f"/cases/{entry.case.pk}").content.decode()
    with translation.override("fr"):
        assert how(Match.objects.get()).startswith("La même image : une partie de l’image connue, à l’endroit")


def test_bytes_and_whole_pictures_are_told_in_their_own_words():
    assert how(Match(exact=True, distance=0)) == "The same file, but perhaps for its metadata."
    assert how(Match(exact=False, distance=12)) == "The whole pictures differ in 12 of 256 bits."


def test_every_region_and_turn_that_evidence_may_name_can_be_said():
    assert set(REGIONS) == {kind.value for kind in Kind}
    assert set(TURNS) == {turn.words for turn in turns.TURNS}
