"""The ledger of what each person has looked at: her own, to see and to be protected by. Nobody is ranked by it."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from staydown.journal.acting import action, note
from staydown.people import exposure
from staydown.people.exposure import Exposure, Limits, Seen
from staydown.people.models import Exposed, Staff
from staydown.regimes.harms import Harm, Tri


def of(staff: Staff, now: datetime) -> Exposure:
    """What this person has looked at lately."""
    rows = Exposed.objects.filter(staff=staff, at__gt=now - exposure.DAY).order_by("at")
    return exposure.exposure([Seen(row.at, row.seconds * row.weight) for row in rows], settings.EXPOSURE, now)


@action
def looked(staff: Staff, harm: Harm, minor: Tri, seconds: int, now: datetime) -> None:
    """Count one look, as long as a picture stays; after enough of what is gravest her turn is over."""
    weight = exposure.weight(harm, minor)
    Exposed.objects.create(staff=staff, at=now, seconds=seconds, weight=weight)
    if weight == exposure.GRAVEST:
        _rotate(staff, now)


def _rotate(staff: Staff, now: datetime) -> None:
    limits: Limits = settings.EXPOSURE
    since = max(now - limits.turn * exposure.DAY, staff.away_until or staff.joined_at)
    rows = Exposed.objects.filter(staff=staff, at__gt=since, weight=exposure.GRAVEST).order_by("at")
    if not exposure.is_turn_over([Seen(row.at, row.seconds * row.weight) for row in rows], limits):
        return
    until = now + limits.away * exposure.DAY
    if Staff.objects.filter(Q(away_until=None) | Q(away_until__lte=now), pk=staff.pk).update(away_until=until):
        note("staff.rotated", about=staff, by="clock", now=now, until=until.isoformat())


def away(staff: Staff, now: datetime) -> datetime | None:
    """Until when what is gravest is left to others; None where nobody else is there: no report waits for a rule of ours."""
    if staff.away_until is None or staff.away_until <= now:
        return None
    others = Staff.objects.filter(Q(away_until=None) | Q(away_until__lte=now), is_active=True).exclude(pk=staff.pk)
    return staff.away_until if any(other.may_decide(staff.cleared) for other in others) else None


def all_away(now: datetime) -> list[Staff]:
    """Whose turn at what is gravest is over, for whoever plans the work; the first to come back first."""
    return list(Staff.objects.filter(is_active=True, away_until__gt=now).order_by("away_until"))


@action
def spare(staff: Staff, harms: frozenset[Harm], now: datetime) -> None:
    """Leave out of this person's queue what she does not want to work on; nobody asks why, and she can change it."""
    Staff.objects.filter(pk=staff.pk).update(spared=sorted(harms))
    note("staff.spared", about=staff, by=staff.journal_name, now=now, harms=len(harms))
