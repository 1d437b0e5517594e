"""The verbs of destruction: proposed, agreed by another person or by policy, erased in one transaction, then done."""

from datetime import datetime

from django.conf import settings

from staydown.cases.models import Case
from staydown.journal.acting import action, note
from staydown.journal.models import Entry
from staydown.people.models import Staff
from staydown.promises.actions import owe
from staydown.regimes.retention import Kept
from staydown.vault import words
from staydown.vault.evidence.models import Release
from staydown.vault.evidence.rules import ReleaseState
from staydown.vault.retention import erasing, holding, plans, rules
from staydown.vault.retention.errors import (
    AlreadyAnswered,
    AnotherPerson,
    IsHeld,
    MustBeKept,
    NoReason,
    NothingThere,
    NotOver,
    NotSenior,
    ReleaseUnderWay,
    RetentionError,
    UnderWay,
)
from staydown.vault.retention.models import Destruction
from staydown.vault.retention.plans import OVER, Line, Standing
from staydown.vault.retention.rules import TIMER, DestructionState

UNDER_WAY = (DestructionState.PROPOSED, DestructionState.AGREED, DestructionState.ERASED)


@action
def propose(case: Case, what: Kept, reason: str, by: Staff, now: datetime) -> Destruction:
    """Propose to destroy something of a case, also before its day. Raises `RetentionError`: each says what to do."""
    _senior(case, by)
    if not reason.strip():
        raise NoReason(NoReason.__doc__)
    line = _destroyable(holding.locked(case), case, what, now)
    gone_by = line.schedule.gone_by
    row = Destruction.objects.create(
        case=case,
        what=what.value,
        rule=gone_by.rule.id if gone_by and gone_by.at <= now else "",
        reason_sealed=words.seal(reason, settings.WORKING_PUBLIC),
        by=by,
        proposed_at=now,
    )
    note("retention.proposed", about=row, by=by.journal_name, now=now, **_facts(row))
    return row


@action
def agree(row: Destruction, by: Staff, now: datetime) -> None:
    """The second person agrees: the worker destroys it. Raises as `propose`, and `AnotherPerson`, `AlreadyAnswered`."""
    _destroyable(holding.locked(row.case), row.case, row.kept, now, row)
    _answer(row, DestructionState.AGREED, by, now)
    _owe(row)


@action
def decline(row: Destruction, by: Staff, now: datetime) -> None:
    """The second person does not agree. Raises `NotSenior`, `AnotherPerson` and `AlreadyAnswered`."""
    _answer(row, DestructionState.DECLINED, by, now)


@action
def by_timer(line: Line, now: datetime) -> Destruction | None:
    """Destroy what is due by a rule that the operator's policy names, without a person; None for anything else."""
    gone_by = line.schedule.gone_by
    if gone_by is None or gone_by.rule.id not in settings.RETENTION_TIMER or line.what not in rules.DESTROYABLE:
        return None
    try:
        now_line = _destroyable(holding.locked(line.case), line.case, line.what, now)
    except RetentionError:  # somebody decides that, or it is under way
        return None
    if now_line.standing(now) is not Standing.DUE:
        return None
    row = Destruction.objects.create(
        case=line.case,
        what=line.what.value,
        state=DestructionState.AGREED,
        rule=gone_by.rule.id,
        proposed_at=now,
        answered_at=now,
    )
    note("retention.agreed", about=row, by=TIMER, now=now, **_facts(row))
    _owe(row)
    return row


@action
def erase(row: Destruction, now: datetime) -> None:
    """Destroy keys and words, all of them or none; a hold that came meanwhile stops it. Run again it does nothing."""
    cases = holding.locked(row.case)
    row.refresh_from_db()
    if row.state != DestructionState.AGREED:
        return
    try:
        _destroyable(cases, row.case, row.kept, now, row)
    except RetentionError as refusal:
        row.move(DestructionState.AGREED, to=DestructionState.STOPPED)
        note("retention.stopped", about=row, by="worker", now=now, why=type(refusal).__name__, **_facts(row))
        return
    counts = erasing.erase(cases, row, now)
    row.move(DestructionState.AGREED, to=DestructionState.ERASED, erased_at=now, counts=counts)
    note("retention.erased", about=row, by="worker", now=now, **_facts(row), **counts)


@action
def done(row: Destruction, deleted: int, left: int, now: datetime) -> None:
    """Write down that no object of it is left, or that the store does not give up so many (they open for nobody)."""
    counts = {**row.counts, "objects_deleted": deleted, "objects_left": left}
    if row.move(DestructionState.ERASED, to=DestructionState.DONE, done_at=now, counts=counts):
        note("retention.destroyed", about=row, by="worker", now=now, **_facts(row), **counts)


def _facts(row: Destruction) -> dict[str, object]:
    return {"case": str(row.case_id), "what": row.what, "rule": row.rule}


def _owe(row: Destruction) -> None:
    owe("staydown.vault.retention.tasks.destroy", str(row.pk), key=f"destroy:{row.pk}")


def _senior(case: Case, by: Staff) -> None:
    if not rules.may_destroy(by.person, child=case.needs_clearance):
        raise NotSenior(NotSenior.__doc__)


def _answer(row: Destruction, to: DestructionState, by: Staff, now: datetime) -> None:
    _senior(row.case, by)
    if row.by_id == by.pk:
        raise AnotherPerson(AnotherPerson.__doc__)
    if not row.move(DestructionState.PROPOSED, to=to, second_by=by, answered_at=now):
        raise AlreadyAnswered(AlreadyAnswered.__doc__)
    note(f"retention.{to.value}", about=row, by=by.journal_name, now=now, **_facts(row))


def _destroyable(cases: list[Case], case: Case, what: Kept, now: datetime, own: Destruction | None = None) -> Line:
    """What the schedule says of it, if it may be destroyed now at all. Raises `RetentionError`. The cases are locked."""
    case.refresh_from_db()
    if case.state not in OVER:
        raise NotOver(NotOver.__doc__)
    if holding.running(cases, now).exists():
        raise IsHeld(IsHeld.__doc__)
    under_way = Destruction.objects.filter(case=case, what=what.value, state__in=UNDER_WAY)
    if (under_way.exclude(pk=own.pk) if own else under_way).exists():
        raise UnderWay(UnderWay.__doc__)
    if what is not Kept.CONTACT and any(_is_leaving(each) for each in Release.objects.filter(case__in=cases)):
        raise ReleaseUnderWay(ReleaseUnderWay.__doc__)
    lines = {line.what: line for line in plans.of_case(case)}
    if what not in lines:
        raise NothingThere(NothingThere.__doc__)
    for each in lines.values() if what is Kept.FILE else [lines[what]]:
        keep = each.schedule.keep_until
        if keep and keep.at > now and not (each.schedule.in_conflict and each.what is what):
            raise MustBeKept(f"{MustBeKept.__doc__} ({keep.rule.id}, {keep.at:%Y-%m-%d})")
    return lines[what]


def _is_leaving(release: Release) -> bool:
    if release.state == ReleaseState.PROPOSED:
        return True
    about = f"{release._meta.label_lower}:{release.pk}"
    return (
        release.state == ReleaseState.AGREED and not Entry.objects.filter(act="evidence.packed", about=about).exists()
    )
