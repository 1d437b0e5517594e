"""What one match does when two algorithms that know nothing of each other agree, and when only one of them says so."""

from dataclasses import replace

import pytest

from staydown import fingerprints
from staydown.banks.actions import asking, checking
from staydown.banks.media import Media
from staydown.banks.models import Entry
from staydown.banks.policy import Policy
from staydown.banks.rules import AGREEMENT, EntryState, Hit, strength
from staydown.cases.actions import deciding
from staydown.cases.rules import Ruling
from staydown.fingerprints import NOTHING, descriptor
from staydown.platforms.models import Check
from staydown.platforms.rules import Verdict
from tests import people
from tests.banks.test_verified import CAPTIONED, registered
from tests.pictures import jpeg, photograph, resized

BOTH = replace(NOTHING, whole=31, similarity=0.6, likeness=0.42)
HIT = Hit(EntryState.HOLDING, False, 31, 50, BOTH)


def test_two_algorithms_that_agree_block_an_upload_that_one_person_has_decided_about():
    assert strength(HIT) is Verdict.BLOCK
    assert strength(replace(HIT, state=EntryState.BLOCKING, settling=True)) is Verdict.BLOCK


@pytest.mark.parametrize(
    "hit",
    [
        replace(HIT, evidence=None),
        replace(HIT, evidence=replace(BOTH, likeness=None)),
        replace(HIT, evidence=replace(BOTH, likeness=0.41)),
        replace(HIT, distance=256, evidence=replace(BOTH, score=2000, agreeing=20, nearest=2)),
        replace(HIT, evidence=replace(BOTH, whole=32)),
        replace(HIT, evidence=replace(BOTH, whole=20, negative=True)),
        replace(HIT, distance=256, forgeable=True),
    ],
    ids=[
        "no evidence",
        "no descriptor",
        "not alike enough",
        "windows alone",
        "wholes apart",
        "a negative",
        "a forgery",
    ],
)
def test_without_the_word_of_both_it_is_held(hit: Hit):
    assert strength(hit) is Verdict.HOLD


@pytest.mark.parametrize(
    ("hit", "does"),
    [
        (replace(HIT, state=EntryState.PROPOSED), Verdict.HOLD),
        (replace(HIT, state=EntryState.FROZEN), Verdict.ALLOW),
        (replace(HIT, state=EntryState.WITHDRAWN), Verdict.ALLOW),
        (replace(HIT, policy=Policy(shadow=True)), Verdict.ALLOW),
        (replace(HIT, quality=49), Verdict.HOLD),
        (replace(HIT, distance=256, evidence=replace(BOTH, whole=256)), Verdict.ALLOW),
    ],
    ids=[
        "only reported",
        "frozen",
        "withdrawn",
        "a harm that is only watched",
        "too flat to be named",
        "descriptors alone",
    ],
)
def test_what_agrees_does_no_more_than_the_entry_may(hit: Hit, does: Verdict):
    assert strength(hit) is does


def test_the_agreement_asks_more_of_each_algorithm_than_any_unrelated_picture_reached():
    """0.395 was the most that a descriptor said of unrelated pictures, and PDQ is asked for its authors' distance."""
    assert AGREEMENT.likeness is not None
    assert AGREEMENT.likeness > 0.395
    assert (AGREEMENT.whole, AGREEMENT.wrong) == (31, 0)


@pytest.mark.django_db
@pytest.mark.skipif(descriptor.trouble() is not None, reason="the extra copydetect is not installed")
def test_an_upload_on_which_both_agree_is_blocked_and_one_that_only_windows_know_is_held():
    platform = people.plaza()

    def checked(media: bytes, account: str = "zoe") -> Check:
        made = Media(fingerprints.of_image(media, descriptors=True))
        return checking.answer_check(platform, asking.Asked.of(made, account, "post"), people.NOW)

    first = registered(platform, checked(jpeg(photograph("coffee")), "ana"), "first")
    case = people.reported(first).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    assert Entry.objects.get().state == EntryState.HOLDING
    assert checked(jpeg(resized(photograph("coffee")), 70)).verdict == Verdict.BLOCK
    assert checked(CAPTIONED).verdict == Verdict.HOLD
    assert checked(jpeg(photograph("cat"))).verdict == Verdict.ALLOW
