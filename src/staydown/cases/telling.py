"""What reports tell of an account, read together: who says that he met what, in which words. The app and the worker read it.

Only what people wrote in reports is read, and nothing of it is kept here: it is put together anew wherever it is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from staydown import recognition
from staydown.cases.models import Report
from staydown.cases.voices import VOICES_DAYS
from staydown.platforms.models import Account
from staydown.recognition.accounts import Pattern, Told, pattern
from staydown.recognition.patterns import Tactic
from staydown.regimes.harms import Capacity, Flag, Harm, Tri
from staydown.vault import opening

MOST_READ = 100  # reports of one person, the newest
BEHAVIOUR = frozenset({Harm.GROOMING, Harm.SEXTORTION})  # of an account; what it posts is told by other harms


@dataclass(frozen=True, slots=True)
class Testimony:
    """One report about an account: what it counts for, and the words that show it."""

    report: Report
    told: Told
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tale:
    """What is told of who holds an account: the pattern, every testimony, the newest first, and the accounts it is of."""

    pattern: Pattern
    testimonies: tuple[Testimony, ...]
    accounts: tuple[Account, ...]


def words_of(report: Report) -> str:
    """All that its reporter wrote, at first and later."""
    added = sorted(report.additions.all(), key=lambda each: each.at)
    sealed = [report.words_sealed, *(each.words_sealed for each in added)]
    return "\n\n".join(opening.read(each) for each in sealed if each)


def tales(accounts: Iterable[Account], among: QuerySet[Report], now: datetime) -> dict[UUID, Tale]:
    """Of each account of which several people tell the same, in reports `among` which to look; five queries."""
    wanted = list(accounts)
    held = _held_together(wanted)
    every = {each.pk for own in held.values() for each in own}
    about = _about(every, among.filter(withdrawn_at=None, received_at__gt=now - timedelta(days=VOICES_DAYS)))
    rows = Report.objects.in_bulk(sorted({pk for pks in about.values() for pk in pks[:MOST_READ]}))
    prefetch_related_objects(list(rows.values()), "additions")
    read = {pk: _read(row) for pk, row in rows.items()}
    found = {}
    for account in wanted:
        own = held[account.pk]
        said = [_testimony(rows[pk], each, read[pk]) for each in own for pk in about[each.pk] if pk in rows]
        said = [each for each in said if each.told.tactics or Harm(each.report.harm) in BEHAVIOUR]
        if rises := pattern([each.told for each in said]):
            said.sort(key=lambda each: each.report.received_at, reverse=True)
            found[account.pk] = Tale(rises, tuple(said), own)
    return found


def _held_together(accounts: list[Account]) -> dict[UUID, tuple[Account, ...]]:
    """Each account with the others that its platform says one person holds."""
    holders = {bytes(each.holder) for each in accounts if each.holder}
    others: dict[bytes, list[Account]] = {}
    for row in Account.objects.filter(holder__in=holders).select_related("platform").order_by("seen_at", "pk"):
        others.setdefault(bytes(row.holder or b""), []).append(row)
    return {each.pk: tuple(others[bytes(each.holder)]) if each.holder else (each,) for each in accounts}


def _about(accounts: set[UUID], reports: QuerySet[Report]) -> dict[UUID, list[UUID]]:
    """The reports about each account or its posts, the newest first."""
    found: dict[UUID, dict[UUID, datetime]] = {each: {} for each in accounts}
    for path in ("subjects__account", "subjects__item__account"):
        rows = reports.filter(**{f"{path}__in": accounts}).values_list(path, "pk", "received_at")
        for account, pk, at in rows:
            found[account][pk] = at
    return {account: sorted(said, key=lambda pk, said=said: said[pk], reverse=True) for account, said in found.items()}  # type: ignore[misc]  # a lambda of a default


def _read(report: Report) -> tuple[frozenset[Tactic], tuple[str, ...]]:
    """What the words that somebody received do, and these words."""
    said = words_of(report)
    signals = recognition.of_words(said)
    hits = [each.hit for each in signals.shown if each.hit.means in signals.tactics]
    return frozenset(signals.tactics), tuple(dict.fromkeys(said[hit.start : hit.end] for hit in hits))


def _testimony(report: Report, account: Account, read: tuple[frozenset[Tactic], tuple[str, ...]]) -> Testimony:
    tactics, quotes = read
    told = Told(
        account=str(account.pk),
        reporter=bytes(report.reporter_ref).hex() if report.reporter_ref else "",
        under_age=_under_age(report),
        person=bytes(account.holder).hex() if account.holder else "",
        tactics=tactics,
        receipt=str(report.pk),
    )
    return Testimony(report, told, quotes)


def _under_age(report: Report) -> bool:
    """Whether somebody under age tells of what was done to herself; a witness's own age is not known."""
    herself = Flag.PERSON_SHOWN in report.flags or report.capacity == Capacity.SELF or report.harm == Harm.GROOMING
    return report.minor == Tri.YES and herself
