"""A new fingerprint key: what was banked is found all the same, and the former key alone finds nothing."""

import re
from itertools import count

import pytest
from django.conf import LazySettings
from django.utils import timezone

from staydown.banks import following
from staydown.banks.actions import checking, meeting
from staydown.banks.models import Fingerprint
from staydown.cases.actions import deciding
from staydown.cases.models import Report
from staydown.cases.rules import Ruling
from staydown.journal.verify import verify
from staydown.platforms.models import Item
from staydown.platforms.rules import Verdict
from staydown.promises.models import Heartbeat
from staydown.site import rekeying
from staydown.site.trouble import Trouble
from staydown.vault import fingerprints as sealed
from tests import people
from tests.pictures import jpeg, photograph, resized

pytestmark = pytest.mark.django_db
COFFEE = jpeg(photograph("coffee"))


@pytest.fixture
def banked() -> Item:
    """An item whose picture a person has decided must stay down."""
    item = people.posted(people.plaza(), "one", COFFEE)
    people.posted(item.platform, "other", jpeg(photograph("rocket")), "bas")
    report = people.reported(item)
    Report.objects.update(reporter_ref=sealed.keyed_digest(b"somebody", "pseudonym"))
    deciding.decide(report.case, people.proposal(report.case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    return item


def another_key(settings: LazySettings, number: int) -> None:
    settings.FORMER_FINGERPRINT_KEYS = [settings.FINGERPRINT_KEY, *settings.FORMER_FINGERPRINT_KEYS]
    settings.FINGERPRINT_KEY = key_of(number)


def called_like(pattern: str) -> int:
    """The first number whose `another_key` has a name of that pattern."""
    named = (place for place in count() if re.fullmatch(pattern, sealed.name_of(key_of(place).hex())))
    return next(named)


def key_of(number: int) -> bytes:
    return number.to_bytes(2) * 16


def restarted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The indexes as a process that starts has them."""
    index = following.BankIndex()
    monkeypatch.setattr(meeting, "bank", index)
    monkeypatch.setattr(checking, "bank", index)


def state() -> list[tuple[bytes, ...]]:
    rows = Fingerprint.objects.order_by("seq")
    return [(sealed.unseal(row.kept_sealed), *row.same, *row.forgeable) for row in rows]


def test_the_bank_knows_the_very_file_and_what_resembles_it_under_the_new_key(
    banked: Item, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    for number in (1, 2):
        another_key(settings, number)
        *_, changed = rekeying.rekey()
        assert changed >= 2
        restarted(monkeypatch)
        very = people.checked(banked.platform, COFFEE, f"carla {number}")
        alike = people.checked(banked.platform, jpeg(resized(photograph("coffee"), 0.8), 60), f"dora {number}")
        other = people.checked(banked.platform, jpeg(photograph("cat")), f"emil {number}")
        assert (very.verdict, alike.verdict, other.verdict) == (Verdict.BLOCK, Verdict.HOLD, Verdict.ALLOW)
        assert bytes(Report.objects.get().reporter_ref) == sealed.keyed_digest(b"somebody", "pseudonym")
    assert verify() == []


def test_the_former_key_alone_neither_opens_nor_looks_up_anything(banked: Item, settings: LazySettings):
    former = settings.FINGERPRINT_KEY
    another_key(settings, 1)
    list(rekeying.rekey())
    stored = {digest for row in Fingerprint.objects.all() for digest in row.same + row.forgeable}
    settings.FINGERPRINT_KEY, settings.FORMER_FINGERPRINT_KEYS = former, []
    assert people.asking.Asked.of(people.Media(people.fingerprints.of_image(COFFEE))).exact not in stored
    with pytest.raises(sealed.WrongFingerprintKey):
        sealed.unseal(Fingerprint.objects.order_by("seq")[0].kept_sealed)


def test_it_goes_on_wherever_it_was_interrupted_and_does_nothing_twice(
    banked: Item, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rekeying, "BATCH", 1)
    for steps in count():
        another_key(settings, steps + 1)
        run = rekeying.rekey()
        done = sum(1 for _, _ in zip(range(steps), run, strict=False))
        run.close()
        list(rekeying.rekey())
        after = state()
        list(rekeying.rekey())
        assert state() == after
        asked = people.asking.Asked.of(people.Media(people.fingerprints.of_image(COFFEE)))
        assert asked.exact in {digest for row in after for digest in row[1:]}
        assert bytes(Report.objects.get().reporter_ref) == sealed.keyed_digest(b"somebody", "pseudonym")
        if done < steps:
            break
    assert steps > 2


def test_it_is_refused_while_a_worker_lives():
    rekeying.must_be_stopped()
    Heartbeat.objects.create(program="worker", host="there", pid=1, seen_at=timezone.now())
    with pytest.raises(Trouble, match="Stop"):
        rekeying.must_be_stopped()


@pytest.mark.parametrize("pattern", [r"[0-9]{8}", r"[0-9]+e[0-9]{3,}"], ids=["a whole number", "a number beyond all"])
def test_a_key_whose_name_reads_as_a_number_is_found_again(banked: Item, settings: LazySettings, pattern: str):
    another_key(settings, called_like(pattern))
    assert list(rekeying.rekey())[-1] >= 2
    assert list(rekeying.rekey())[-1] == 0
    assert bytes(Report.objects.get().reporter_ref) == sealed.keyed_digest(b"somebody", "pseudonym")
