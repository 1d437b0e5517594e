"""Having a case kept whatever the schedule says, and ending that. Whatever was about to be destroyed stops at once."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from staydown.cases.models import Case
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.vault import words
from staydown.vault.retention import rules
from staydown.vault.retention.errors import AlreadyLifted, NoReason, NotSenior, Past
from staydown.vault.retention.models import Destruction, Hold
from staydown.vault.retention.rules import DestructionState, HoldKind


def locked(case: Case) -> list[Case]:
    """The case and those that were joined into it, each row locked: a hold and a destruction wait for each other."""
    return list(Case.objects.select_for_update().filter(Q(pk=case.pk) | Q(joined_into=case)).order_by("pk"))


def running(cases: list[Case], now: datetime) -> QuerySet[Hold]:
    """The holds that keep any of these cases at `now`."""
    return Hold.objects.filter(case__in=cases, lifted_at=None).filter(Q(until=None) | Q(until__gt=now))


@action
def hold(case: Case, kind: HoldKind, reason: str, by: Staff, now: datetime, until: datetime | None = None) -> Hold:
    """Keep a case. A destruction that is proposed or agreed is stopped. Raises `NotSenior`, `NoReason` and `Past`."""
    if not rules.may_hold(by.person, child=case.needs_clearance):
        raise NotSenior(NotSenior.__doc__)
    if until and until <= now:
        raise Past(Past.__doc__)
    return _held(case, kind, reason, by, now, until)


@action
def by_law(case: Case, reason: str, by: Staff, now: datetime, until: datetime) -> Hold:
    """Keep a case because a law wants so of what `by`, who need not be a senior, has done. Raises `NoReason`."""
    return _held(case, HoldKind.PRESERVATION, reason, by, now, until)


def _held(case: Case, kind: HoldKind, reason: str, by: Staff, now: datetime, until: datetime | None) -> Hold:
    sealed = _sealed(reason)
    whole = locked(case)
    row = Hold.objects.create(case=case, kind=kind, reason_sealed=sealed, by=by, set_at=now, until=until)
    note("retention.held", about=row, by=by.journal_name, now=now, case=str(case.pk), kind=kind.value)
    for destruction in Destruction.objects.filter(case__in=whole):
        nows = (DestructionState.PROPOSED, DestructionState.AGREED)
        if destruction.move_from_any(nows, to=DestructionState.STOPPED):
            note("retention.stopped", about=destruction, by=by.journal_name, now=now, case=str(destruction.case_id))
    return row


@action
def lift(row: Hold, reason: str, by: Staff, now: datetime) -> None:
    """End a hold; what it kept goes by the schedule again. Raises `NotSenior`, `NoReason` and `AlreadyLifted`."""
    if not rules.may_lift(by.person, child=row.case.needs_clearance):
        raise NotSenior(NotSenior.__doc__)
    sealed = _sealed(reason)
    lifted = Hold.objects.filter(pk=row.pk, lifted_at=None).update(
        lifted_at=now, lifted_by=by, lift_reason_sealed=sealed
    )
    if not lifted:
        raise AlreadyLifted(AlreadyLifted.__doc__)
    note("retention.lifted", about=row, by=by.journal_name, now=now, case=str(row.case_id))


def _sealed(reason: str) -> bytes:
    if not reason.strip():
        raise NoReason(NoReason.__doc__)
    return words.seal(reason, settings.WORKING_PUBLIC)
