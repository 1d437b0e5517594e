"""What an operator sets of matching does what it says, and no entry may hide what very many people have."""

from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings

from staydown.banks import canaries, policy, tasks
from staydown.banks.actions import keeping
from staydown.banks.models import Entry, Match
from staydown.banks.policy import BadPolicy, Policy
from staydown.banks.rules import EntryState, Hit, strength
from staydown.cases.actions import deciding
from staydown.cases.rules import Ruling
from staydown.platforms.rules import ItemState, Verdict
from staydown.site import doctor_rows
from tests import people
from tests.banks.test_freshness import COPY, banked
from tests.pictures import jpeg, photograph


def test_distances_and_watched_harms_are_read():
    read = policy.read("NCII=23, VOYEURISM=0", "SYNTHETIC_NCII,NCII")
    assert read == {"NCII": Policy(23, True), "VOYEURISM": Policy(0), "SYNTHETIC_NCII": Policy(31, True)}
    assert policy.read("", "") == {}


@pytest.mark.parametrize("given", [("NCII", ""), ("NCII=32", ""), ("NCII=-1", ""), ("OTHER=3", ""), ("", "OTHER")])
def test_what_is_no_policy_is_refused_with_words(given: tuple[str, str]):
    with pytest.raises(BadPolicy, match="HARM=BITS"):
        policy.read(*given)


@pytest.mark.parametrize(
    ("hit", "does"),
    [
        (Hit(EntryState.HOLDING, False, 24, 90, None, Policy(23)), Verdict.ALLOW),
        (Hit(EntryState.HOLDING, False, 23, 90, None, Policy(23)), Verdict.HOLD),
        (Hit(EntryState.BLOCKING, False, 3, 90, None, Policy(shadow=True)), Verdict.ALLOW),
        (Hit(EntryState.HOLDING, True, 0, 90, None, Policy(0, shadow=True)), Verdict.BLOCK),
    ],
)
def test_a_policy_narrows_and_watches_but_never_lets_the_same_bytes_pass(hit: Hit, does: Verdict):
    assert strength(hit) is does


@pytest.mark.django_db
def test_in_shadow_a_match_is_written_down_and_nobody_feels_it(settings: LazySettings):
    platform = people.plaza()
    entry = banked(platform)
    settings.POLICIES = {entry.harm: Policy(shadow=True)}
    check = people.checked(platform, COPY, "zoe")
    assert (check.verdict, check.reasons, check.case) == (Verdict.ALLOW, [], None)
    assert check.matches.get().entry == entry
    item = people.posted(platform, "copy", COPY, account="bob")
    assert item.state == ItemState.UP
    tasks.sweep(str(entry.pk))
    item.refresh_from_db()
    assert item.state == ItemState.UP
    assert people.checked(platform, jpeg(photograph("coffee"))).verdict == Verdict.BLOCK


@pytest.mark.django_db
def test_an_entry_that_uploads_meet_too_often_stops_itself_and_calls_a_person(monkeypatch: pytest.MonkeyPatch):
    platform = people.plaza()
    entry = banked(platform)
    monkeypatch.setattr(tasks.rules, "too_much", lambda items, accounts: items > 2 and accounts > 2)
    for account in ("a", "b", "c"):
        assert people.checked(platform, COPY, account).verdict == Verdict.HOLD
        Match.objects.update(found_at=entry.changes.get().at)
        tasks.brake(str(entry.pk))
    entry.refresh_from_db()
    assert entry.state == EntryState.FROZEN
    assert people.checked(platform, COPY, "d").verdict == Verdict.ALLOW
    assert [entry.case.reference in said.what for said in doctor_rows.frozen(people.NOW)] == [True]


@pytest.mark.django_db
def test_a_flood_of_copies_does_not_open_the_gate_that_two_people_closed(monkeypatch: pytest.MonkeyPatch):
    platform = people.plaza()
    entry = banked(platform)
    keeping.raise_to_block(entry, people.staff("tomas", "lead"), people.NOW)
    people.checked(platform, COPY, "zoe")
    monkeypatch.setattr(tasks.rules, "too_much", lambda items, accounts: True)
    tasks.brake(str(entry.pk))
    entry.refresh_from_db()
    assert entry.state == EntryState.BLOCKING


@pytest.mark.django_db
def test_what_very_many_people_have_cannot_be_banked_and_a_person_is_told_why(settings: LazySettings, tmp_path: Path):
    platform = people.plaza()
    item = people.posted(platform, "first")
    assert item.fingerprint
    own = tmp_path / "canaries.txt"
    own.write_text(f"# ours\n{item.fingerprint.kept().turned[3].hex()},99,logo.png\n")
    settings.CANARIES = str(own)
    case = people.reported(item).case
    with pytest.raises(keeping.TooCommon, match="very many people have"):
        deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    assert not Entry.objects.exists()
    item.refresh_from_db()
    assert item.state == ItemState.HELD


def test_canaries_come_with_staydown_and_are_known_in_every_form():
    rows = canaries.known("")
    assert len(rows) > 50
    assert canaries.meet((bytes(32), rows[7].tobytes()), rows)
    near = rows[7] ^ np.packbits(np.arange(256) < 31)
    assert canaries.meet((near.tobytes(),), rows)
    assert not canaries.meet((bytes(32),), rows)
    assert not canaries.meet((), rows)


@pytest.mark.parametrize("line", ["xyz", "00" * 31, "00" * 33])
def test_a_file_that_holds_no_canaries_is_refused(line: str):
    with pytest.raises(canaries.BadCanaries, match="64 hex digits"):
        canaries.parse([line])
