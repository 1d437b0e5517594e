"""What an operator sets of matching does what it says, and no entry may hide what very many people have."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import time_machine
from django.conf import LazySettings

from staydown import fingerprints
from staydown.banks import canaries, policy, tasks
from staydown.banks.actions import keeping
from staydown.banks.kept import Kept
from staydown.banks.models import Entry, Match
from staydown.banks.policy import BadBlastRadius, BadPolicy, BadRollout, BlastRadius, Policy
from staydown.banks.rules import EntryState, Hit, strength
from staydown.cases.actions import deciding
from staydown.cases.rules import Ruling
from staydown.people.models import Staff
from staydown.platforms.rules import ItemState, Verdict
from staydown.regimes.harms import Tri
from staydown.site.doctor_rows import waiting
from tests import people
from tests.banks.test_digests import listed_elsewhere
from tests.banks.test_freshness import COPY, banked
from tests.pictures import jpeg, photograph


def test_distances_and_watched_harms_are_read():
    read = policy.read("NCII=23, VOYEURISM=0", "SYNTHETIC_NCII,NCII")
    assert read == {"NCII": Policy(23, True), "VOYEURISM": Policy(0), "SYNTHETIC_NCII": Policy(31, True)}
    assert policy.read("", "") == {}
    assert policy.read("NCII=0/27", "") == {"NCII": Policy(0, trial=27)}


@pytest.mark.parametrize(
    "given",
    [
        ("NCII", ""),
        ("NCII=32", ""),
        ("NCII=-1", ""),
        ("NCII=3/", ""),
        ("NCII=3/32", ""),
        ("OTHER=3", ""),
        ("", "OTHER"),
    ],
)
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
        (Hit(EntryState.BLOCKING, False, 27, 90, None, Policy(23, trial=27)), Verdict.ALLOW),
        (Hit(EntryState.BLOCKING, False, 23, 90, None, Policy(23, trial=27)), Verdict.BLOCK),
        (Hit(EntryState.BLOCKING, False, 3, 90, settling=True), Verdict.HOLD),
        (Hit(EntryState.BLOCKING, True, 0, 90, settling=True), Verdict.BLOCK),
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
def test_a_wider_distance_on_trial_is_shown_to_staff_stops_nothing_and_freezes_nothing(settings: LazySettings):
    platform = people.plaza()
    first = banked(platform)
    pdq = np.frombuffer(fingerprints.of_image(COPY).pdq, np.uint8) ^ np.packbits(np.arange(256) < 20)
    entry = listed_elsewhere(first, Kept((pdq.tobytes(),)))  # another picture, by chance as near as 20 bits
    keeping.withdraw(first, first.banked_by, people.NOW)
    settings.POLICIES = {entry.harm: Policy(0, trial=31)}
    settings.BLAST_RADIUS = BlastRadius(items=1, accounts=1)
    items = [people.posted(platform, f"copy-{n}", COPY, account=f"a{n}") for n in range(3)]
    tasks.sweep(str(entry.pk))
    tasks.brake(str(entry.pk))
    entry.refresh_from_db()
    assert entry.state == EntryState.HOLDING
    for item in items:
        item.refresh_from_db()
        assert item.state == ItemState.UP
    client = people.console(settings, people.staff("lou"))
    page = client.get("/bank/watched").content.decode()
    assert page.count("copy-") == 3
    assert page.count("· upload") == 3
    uncleared = people.console(settings, people.staff("new", cleared=False))
    assert "copy-" not in uncleared.get("/bank/watched").content.decode()  # whose case this is may be a child's


@pytest.mark.django_db
def test_a_raised_entry_holds_for_a_while_before_it_blocks_and_can_be_stopped(settings: LazySettings):
    platform, tomas = people.plaza(), people.staff("tomas", "lead")
    entry = banked(platform)
    settings.ROLLOUT = timedelta(hours=24)
    with time_machine.travel(people.NOW, tick=False):
        keeping.raise_to_block(entry, tomas, people.NOW)
        assert entry.blocks_from == people.later(hours=24)
        assert people.checked(platform, COPY, "zoe").verdict == Verdict.HOLD
        assert people.checked(platform, jpeg(photograph("coffee")), "zoe").verdict == Verdict.BLOCK
    with time_machine.travel(people.later(hours=25), tick=False):
        assert people.checked(platform, COPY, "zoe").verdict == Verdict.BLOCK
        with pytest.raises(keeping.SamePerson):
            keeping.lower(entry, people.staff("new", cleared=False), people.NOW)
        keeping.lower(entry, tomas, people.NOW)
        assert people.checked(platform, COPY, "zoe").verdict == Verdict.HOLD


def test_what_is_too_much_and_how_long_an_entry_settles_are_read():
    assert policy.read_blast_radius("") == BlastRadius(500, 100, 24)
    assert policy.read_blast_radius("items=20, hours=2") == BlastRadius(20, 100, 2)
    assert policy.read_rollout("36") == timedelta(hours=36)


@pytest.mark.parametrize("text", ["items", "items=0", "posts=3", "items=-1", "500"])
def test_what_is_no_blast_radius_is_refused_with_words(text: str):
    with pytest.raises(BadBlastRadius, match="items=500,accounts=100,hours=24"):
        policy.read_blast_radius(text)


@pytest.mark.parametrize("text", ["", "-1", "a day", "8761"])
def test_what_is_no_rollout_is_refused_with_words(text: str):
    with pytest.raises(BadRollout, match="number of hours"):
        policy.read_rollout(text)


@pytest.mark.django_db
def test_an_entry_that_uploads_meet_too_often_stops_itself_and_calls_a_person(settings: LazySettings):
    platform = people.plaza()
    entry = banked(platform)
    settings.BLAST_RADIUS = BlastRadius(items=9, accounts=2)
    for account in ("a", "b", "c"):
        assert people.checked(platform, COPY, account).verdict == Verdict.HOLD
        Match.objects.update(found_at=entry.changes.get().at)
        with people.clock():
            tasks.brake(str(entry.pk))
    entry.refresh_from_db()
    assert entry.state == EntryState.FROZEN
    assert people.checked(platform, COPY, "d").verdict == Verdict.ALLOW
    assert [entry.case.reference in said.what for said in waiting.frozen(people.NOW)] == [True]


@pytest.mark.django_db
def test_a_flood_of_copies_does_not_open_the_gate_that_two_people_closed(settings: LazySettings):
    platform = people.plaza()
    entry = banked(platform)
    keeping.raise_to_block(entry, people.staff("tomas", "lead"), people.NOW)
    people.checked(platform, COPY, "zoe")
    settings.BLAST_RADIUS = BlastRadius(items=1, accounts=1)
    people.checked(platform, COPY, "bob")
    with people.clock():
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
    with pytest.raises(keeping.TooCommon, match="Very many people have"):
        deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    assert not Entry.objects.exists()
    item.refresh_from_db()
    assert item.state == ItemState.HELD
    deciding.decide(case, people.proposal(case, Ruling.ONCE), Staff.objects.get(username="mina"), people.NOW)
    item.refresh_from_db()
    assert (item.state, Entry.objects.exists()) == (ItemState.REMOVED, False)
    assert people.checked(platform, jpeg(photograph("coffee")), "zoe").verdict == Verdict.ALLOW


@pytest.mark.django_db
def test_of_a_childs_picture_nothing_is_left_unbanked_on_one_persons_word():
    item = people.posted(people.plaza(), "first")
    case = people.reported(item, minor=Tri.YES).case
    people.staff("tomas", "lead")
    decision = deciding.decide(case, people.proposal(case, Ruling.ONCE), people.staff("mina"), people.NOW)
    assert decision.needs_second
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
