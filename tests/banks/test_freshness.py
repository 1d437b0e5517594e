import pytest
from django.conf import LazySettings

from staydown.banks import following
from staydown.banks import tasks as bank_tasks
from staydown.banks.actions import keeping, meeting
from staydown.banks.following import BankIndex
from staydown.banks.models import Entry
from staydown.banks.policy import BlastRadius
from staydown.banks.rules import EntryState, Hit, counts, strength, verdict
from staydown.banks.seeing import Seen
from staydown.cases.actions import banking, deciding
from staydown.cases.rules import Ruling
from staydown.platforms.rules import ItemState, Verdict
from tests import people
from tests.pictures import jpeg, photograph, resized

COPY = jpeg(resized(photograph("coffee")), 70)


def banked(platform) -> Entry:
    item = people.posted(platform, "first")
    case = people.reported(item).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    return Entry.objects.get()


@pytest.mark.django_db
def test_an_entry_matches_the_very_next_lookup_of_every_process():
    platform = people.plaza()
    others = [BankIndex(), BankIndex()]  # as other processes have them: warm, and made before the entry
    seen = Seen.of(people.checked(platform, COPY).fingerprint)
    assert all(index.find(seen) == [] for index in others)
    entry = banked(platform)
    assert all([found.entry_id for found in index.find(seen)] == [entry.pk] for index in others)
    banking.withdraw_entry(entry, people.staff("tomas", "lead"), people.NOW)
    assert all(index.find(seen) == [] for index in others)


@pytest.mark.django_db
def test_an_item_checked_before_and_registered_after_the_banking_is_hidden_at_once():
    from staydown.platforms.actions.registering import Registration

    platform = people.plaza()
    check = people.checked(platform, COPY, "zoe")
    assert check.verdict == Verdict.ALLOW
    entry = banked(platform)
    said = Registration("late", "http://plaza.example/late", "zoe", people.NOW, "everyone", check.pk)
    item, _ = meeting.admit(platform, said, people.NOW)
    assert item.state == ItemState.HELD
    assert item.matches.get().entry == entry


@pytest.mark.django_db
def test_a_sweep_done_twice_orders_nothing_twice():
    platform = people.plaza()
    copy = people.posted(platform, "copy", COPY, account="bob")
    entry = banked(platform)
    bank_tasks.sweep(str(entry.pk))
    bank_tasks.sweep(str(entry.pk))
    copy.refresh_from_db()
    assert (copy.state, copy.sequence) == (ItemState.HELD, 1)


@pytest.mark.django_db
def test_an_entry_that_hits_too_much_stops_itself_before_it_hides_anything(settings: LazySettings):
    platform = people.plaza()
    copies = [people.posted(platform, f"copy-{n}", COPY, account=f"a{n}") for n in range(3)]
    entry = banked(platform)
    settings.BLAST_RADIUS = BlastRadius(items=2)
    bank_tasks.sweep(str(entry.pk))
    entry.refresh_from_db()
    assert entry.state == EntryState.FROZEN
    for copy in copies:
        copy.refresh_from_db()
        assert copy.state == ItemState.UP
    (found,) = following.bank.find(Seen.of(copies[0].fingerprint))
    assert not counts(found.hit)
    assert people.checked(platform, jpeg(photograph("coffee"))).verdict == Verdict.HOLD  # the very same bytes
    with pytest.raises(keeping.SamePerson):
        keeping.thaw(entry, entry.banked_by, people.NOW)
    keeping.thaw(entry, people.staff("tomas", "lead"), people.NOW)
    entry.refresh_from_db()
    assert entry.state == EntryState.HOLDING


@pytest.mark.django_db
def test_one_key_that_registers_a_picture_everywhere_does_not_stop_its_entry():
    platform = people.plaza()
    same = jpeg(photograph("coffee"))
    flood = [people.posted(platform, f"flood-{n}", same, account=f"a{n}") for n in range(101)]
    entry = banked(platform)
    bank_tasks.sweep(str(entry.pk))
    entry.refresh_from_db()
    assert entry.state == EntryState.HOLDING
    flood[-1].refresh_from_db()
    assert flood[-1].state == ItemState.REMOVED


@pytest.mark.parametrize(
    ("hit", "does"),
    [
        (Hit(EntryState.PROPOSED, True, 0, 100), Verdict.HOLD),
        (Hit(EntryState.HOLDING, True, 0, 10), Verdict.BLOCK),
        (Hit(EntryState.HOLDING, False, 31, 50), Verdict.HOLD),
        (Hit(EntryState.HOLDING, False, 32, 100), Verdict.ALLOW),
        (Hit(EntryState.BLOCKING, False, 31, 50), Verdict.BLOCK),
        (Hit(EntryState.BLOCKING, False, 0, 49), Verdict.ALLOW),
        (Hit(EntryState.FROZEN, True, 0, 100), Verdict.HOLD),
        (Hit(EntryState.FROZEN, False, 0, 100), Verdict.ALLOW),
        (Hit(EntryState.WITHDRAWN, True, 0, 100), Verdict.ALLOW),
    ],
)
def test_how_strong_a_match_is(hit: Hit, does: Verdict):
    assert strength(hit) is does
    assert counts(hit) is (does is not Verdict.ALLOW)


def test_the_strictest_hit_decides_and_none_allows():
    mild, strict = Hit(EntryState.HOLDING, False, 3, 90), Hit(EntryState.BLOCKING, False, 20, 90)
    assert verdict([mild, strict]) is Verdict.BLOCK
    assert verdict([]) is Verdict.ALLOW
