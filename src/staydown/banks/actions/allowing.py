"""A person says of a picture that it is not what must stay down; another agrees; either is taken back."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Q, QuerySet

from staydown.banks import allowed, rules
from staydown.banks.allowed import Allowed, AllowState
from staydown.banks.models import Allowance, Entry, Fingerprint
from staydown.banks.seeing import Found, Seen
from staydown.cases.models import Case
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.models import Platform
from staydown.promises.actions import owe


class NotYours(ValueError):
    """Only moderators and leads allow a picture, and only those cleared for child safety where a child is concerned."""


class NobodyElse(ValueError):
    """A second person has to agree: somebody other than who proposed it, and cleared for it."""


class NotSeen(ValueError):
    """Only a file that was itself seen here can be allowed, and its likeness only where there is enough in the picture."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What is to be allowed: this very file, or also what looks just like it; on one platform, or (None) on all."""

    fingerprint: Fingerprint
    platform: Platform | None
    alike: bool = False


@action
def allow(case: Case, meant: Meant, by: Staff, now: datetime) -> Allowance:
    """Allow a picture that met an entry of a case, or propose to. Raises `NotYours`, `NotSeen`."""
    row = meant.fingerprint
    if row.exact is None or (meant.alike and row.quality < rules.QUALITY):
        raise NotSeen(NotSeen.__doc__)
    if not by.may_decide(case.needs_clearance):
        raise NotYours(NotYours.__doc__)
    same = Allowance.objects.exclude(state=AllowState.REVOKED).filter(
        fingerprint__exact=row.exact, platform=meant.platform, alike=meant.alike, case=case
    )
    if there := same.first():
        return there
    made = Allowance.objects.create(
        fingerprint=row, case=case, platform=meant.platform, alike=meant.alike, by=by, made_at=now
    )
    note("allowance.proposed", about=made, by=by.journal_name, now=now, case=str(case.pk), alike=meant.alike)
    if not allowed.needs_second_person(alike=meant.alike, child_safety=case.is_child_safety):
        _make(made, by, now)
    return made


@action
def agree(made: Allowance, by: Staff, now: datetime) -> None:
    """A second person agrees. Raises `NobodyElse`."""
    made.refresh_from_db()
    if made.by_id == by.pk or not by.may_second(made.case.is_child_safety):
        raise NobodyElse(NobodyElse.__doc__)
    cleared = made.by.may_decide(child_safety=True) and by.may_second(child_safety=True)
    _make(made, by, now, second_by=by, seconded_at=now, cleared=cleared)


def _make(made: Allowance, by: Staff, now: datetime, **also: object) -> None:
    if made.state == AllowState.PROPOSED and made.move(AllowState.PROPOSED, to=AllowState.ALLOWING, **also):
        note("allowance.allowing", about=made, by=by.journal_name, now=now)


@action
def revoke(made: Allowance, by: Staff, now: datetime) -> None:
    """Take an allow entry back; what it let pass is met again. Raises `NotYours`."""
    if not by.may_decide(made.case.needs_clearance):
        raise NotYours(NotYours.__doc__)
    _end(made, by, now)


def _end(made: Allowance, by: Staff, now: datetime) -> None:
    was = AllowState(made.state)
    if was is AllowState.REVOKED or not made.move(was, to=AllowState.REVOKED, ended_by=by, ended_at=now):
        return
    note("allowance.revoked", about=made, by=by.journal_name, now=now)
    if was is AllowState.ALLOWING:
        owe("staydown.banks.tasks.meet_again", str(made.pk), key=f"revoked:{made.pk}")


def end_those_of(row: Fingerprint, by: Staff, now: datetime) -> None:
    """A person banks this picture: that is the newer word on it, whoever allowed it before."""
    seen = Seen.of(row)
    for made in _of_file(_living(), row.exact) | _living().filter(alike=True):
        if (row.exact and made.fingerprint.exact == row.exact) or _distance(made, seen) <= allowed.ALIKE:
            _end(made, by, now)


def left(platform: Platform, seen: Seen, found: list[Found]) -> list[Found]:
    """What is left of what was found: all of it but what people said this picture is not."""
    said = _said(platform, seen) if found else []
    if not said:
        return found
    entries = Entry.objects.filter(pk__in=[each.entry_id for each in found]).select_related("case")
    children = {entry.pk for entry in entries if entry.case.is_child_safety}
    return [
        each
        for each in found
        if not any(allowed.sets_aside(one, each.hit, child_safety=each.entry_id in children) for one in said)
    ]


def _said(platform: Platform, seen: Seen) -> list[Allowed]:
    here = _living().filter(Q(platform=platform) | Q(platform=None), state=AllowState.ALLOWING)
    files = [Allowed(True, made.cleared) for made in _of_file(here, seen.exact)]
    return files + [Allowed(False, made.cleared, _distance(made, seen)) for made in here.filter(alike=True)]


def _living() -> QuerySet[Allowance]:
    return Allowance.objects.exclude(state=AllowState.REVOKED).select_related("fingerprint", "case")


def _of_file(made: QuerySet[Allowance], exact: bytes | memoryview | None) -> QuerySet[Allowance]:
    return made.filter(fingerprint__exact=exact) if exact else made.none()


def _distance(made: Allowance, seen: Seen) -> int:
    """Between two whole pictures as they are; beyond any likeness where there is too little in this one."""
    if seen.quality < rules.QUALITY or not seen.kept.turned:
        return 256
    one, other = (np.frombuffer(kept.turned[0], np.uint8) for kept in (seen.kept, made.fingerprint.kept()))
    return int(np.bitwise_count(one ^ other).sum(dtype=np.uint16))
