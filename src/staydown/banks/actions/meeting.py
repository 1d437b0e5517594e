"""What meets the bank: an upload that is asked about, an item that is registered, a copy that a sweep found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from staydown.banks import locks, rules
from staydown.banks.following import Found, Seen, bank
from staydown.banks.models import Entry, Fingerprint, Match
from staydown.cases.models import Case
from staydown.fingerprints import ImageFingerprints
from staydown.journal.acting import action, note
from staydown.platforms import actions as platforms
from staydown.platforms.actions import Registration, Why
from staydown.platforms.models import Check, Item, Platform
from staydown.platforms.rules import KNOWN_MATERIAL, Action, CheckState, ItemState, Verdict
from staydown.vault import fingerprints as sealed

STAY_DOWN = "stay-down"
ANSWER_WITHIN = timedelta(hours=24)  # by when a person answers a held upload


@dataclass(frozen=True, slots=True)
class Asked:
    """An upload as the platform asks about it. `sha256` is missing when only a fingerprint was sent."""

    forms: tuple[bytes, ...]
    quality: int
    sha256: bytes | None
    account_id: str | None = None
    surface: str = ""

    @classmethod
    def of(cls, made: ImageFingerprints, account_id: str | None = None, surface: str = "") -> "Asked":
        """An upload whose media was fingerprinted here: the picture turned and mirrored, and each telling region of it."""
        forms = tuple(dict.fromkeys(made.turned + made.regions))
        return cls(forms, made.quality, made.sha256, account_id, surface)


def remember(asked: Asked, now: datetime) -> Fingerprint:
    """A row of what was computed, sealed."""
    return Fingerprint.objects.create(
        exact=sealed.keyed_digest(asked.sha256) if asked.sha256 else None,
        forms_sealed=sealed.seal(asked.forms),
        quality=asked.quality,
        made_at=now,
    )


@action
def answer_check(platform: Platform, asked: Asked, now: datetime) -> Check:
    """Answer an upload check by what is banked at this moment."""
    locks.shared()
    row = remember(asked, now)
    found = [each for each in bank.find(Seen.of(row)) if rules.counts(each.hit)]
    verdict = rules.verdict([each.hit for each in found])
    check = Check.objects.create(
        platform=platform,
        account=platforms.account_of(platform, asked.account_id, now),
        fingerprint=row,
        surface=asked.surface,
        verdict=verdict,
        reasons=[rules.KNOWN] if found else [],
        asked_at=now,
    )
    if found:
        _stop_upload(check, found, now)
    return check


def _stop_upload(check: Check, found: list[Found], now: datetime) -> None:
    case = _remember(found, now, "check", check_row=check)
    Check.objects.filter(pk=check.pk).update(case=case)
    if check.verdict == Verdict.HOLD:
        check.move(CheckState.ANSWERED, to=CheckState.PENDING, due_at=now + ANSWER_WITHIN)
    check.refresh_from_db()
    note(f"upload.{check.verdict}", about=check, by=STAY_DOWN, now=now, entries=_ids(found))


def _ids(found: Iterable[Found]) -> list[str]:
    return sorted(str(each.entry_id) for each in found)


def _remember(found: list[Found], now: datetime, how: str, **what: object) -> Case:
    """Write a match for each entry; answer the case of the nearest."""
    for each in found:
        Match.objects.get_or_create(
            entry_id=each.entry_id,
            **what,
            defaults={"exact": each.hit.exact, "distance": each.hit.distance, "found_by": how, "found_at": now},
        )
    nearest = min(found, key=lambda each: (not each.hit.exact, each.hit.distance))
    return Entry.objects.select_related("case").get(pk=nearest.entry_id).case


@action
def admit(platform: Platform, said: Registration, now: datetime) -> tuple[Item, bool]:
    """Register an item and match its media again, as of now: what was banked since its check still meets it."""
    locks.shared()
    item, made = platforms.register(platform, said, now)
    if item.fingerprint and item.state in (ItemState.UP, ItemState.HELD):  # held: the media may have been exchanged
        _meet(item, [each for each in bank.find(Seen.of(item.fingerprint)) if rules.counts(each.hit)], now)
        item.refresh_from_db()
    return item, made


def _meet(item: Item, found: list[Found], now: datetime) -> None:
    """Hold (or, for the same bytes, remove) an item that resembles what must stay down."""
    allowed = _let_pass(item)
    found = [each for each in found if each.entry_id not in allowed]
    if found:
        case = _remember(found, now, "registration", item=item)
        exact = any(each.hit.exact and rules.strength(each.hit) is Verdict.BLOCK for each in found)
        act = Action.REMOVE if exact else Action.HOLD
        platforms.order_item(item, act, Why(case, KNOWN_MATERIAL, STAY_DOWN), now)


def _let_pass(item: Item) -> set[UUID]:
    """Entries that met this item before: a person has, or will have, the word on those."""
    if item.check_row and item.check_row.resolution == "allow":
        return set(item.check_row.matches.values_list("entry_id", flat=True))
    return set(item.matches.values_list("entry_id", flat=True)) if item.released_at else set()


def cases_of_like(row: Fingerprint | None) -> Iterable[Case]:
    """The cases whose entries a picture meets as of now."""
    found = bank.find(Seen.of(row)) if row else []
    return Case.objects.filter(entries__in=[each.entry_id for each in found if rules.counts(each.hit)]).distinct()


@action
def meet_copies(entry: Entry, hits: dict[int, Found], now: datetime) -> int:
    """Order every catalogue item that resembles `entry` ({fingerprint seq: found}) down; answer how many were."""
    items = Item.objects.filter(fingerprint_id__in=list(hits), state=ItemState.UP).select_related(
        "fingerprint", "check_row", "platform"
    )
    ordered = 0
    for item in items:
        before = item.sequence
        if item.fingerprint:
            _meet_by_sweep(item, hits[item.fingerprint.seq], now)
        item.refresh_from_db()
        ordered += item.sequence != before
    return ordered


def _meet_by_sweep(item: Item, found: Found, now: datetime) -> None:
    if found.entry_id in _let_pass(item):
        return
    case = _remember([found], now, "sweep", item=item)
    same = found.hit.exact and rules.strength(found.hit) is Verdict.BLOCK  # what resembles it waits for a click
    platforms.order_item(item, Action.REMOVE if same else Action.HOLD, Why(case, KNOWN_MATERIAL, STAY_DOWN), now)


@action
def swept(entry: Entry, now: datetime, ordered: int) -> None:
    """Note that the whole catalogue was searched for an entry."""
    Entry.objects.filter(pk=entry.pk).update(swept_at=now)
    note("entry.swept", about=entry, by=STAY_DOWN, now=now, ordered=ordered)
