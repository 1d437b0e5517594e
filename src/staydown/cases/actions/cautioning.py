"""Misuse of reporting (EU law, art. 23): found by a person, warned first, then looked at later; never silenced."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from staydown.cases import misuse, rules
from staydown.cases.actions import writing
from staydown.cases.models import Caution, Report
from staydown.cases.rules import CaseState, Degree, Step
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.people.rules import Role
from staydown.regimes.harms import Harm, Tri, may_be_a_child
from staydown.vault import words

FOR = timedelta(days=rules.SLOWED_DAYS)


class NotUnfounded(ValueError):
    """Only what was decided, and sent under a platform's pseudonym, can be called unfounded; never what may concern a child."""


class NotCautioned(ValueError):
    """A lead warns first, in words, who sent at least three manifestly unfounded reports and as many as others in a year; and
    has looked at later only who went on after that.
    """


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a person says of the two criteria that are not numbers, and why."""

    gravity: Degree
    intent: Degree
    reasons: str


@action
def unfounded(report: Report, by: Staff, now: datetime) -> None:
    """Say of a report that it was manifestly unfounded. Raises `NotUnfounded`."""
    decided = report.case.state in (CaseState.DECIDED, CaseState.CLOSED)
    child = may_be_a_child(Harm(report.harm), Tri(report.minor)) or report.case.needs_clearance
    if child or not decided or not report.reporter_ref or not by.may_decide(child_safety=False):
        raise NotUnfounded(NotUnfounded.__doc__)
    if Report.objects.filter(pk=report.pk, unfounded_at=None).update(unfounded_by=by, unfounded_at=now):
        note("report.unfounded", about=report, by=by.journal_name, now=now)


@action
def warn(report: Report, weighed: Weighed, by: Staff, now: datetime) -> Caution:
    """Warn who sent a report, on that report's page. Raises `NotCautioned`."""
    row = _caution(report, Step.WARNED, weighed, by, now)
    writing.write(report, weighed.reasons, by, now)
    return row


@action
def slow(report: Report, weighed: Weighed, by: Staff, now: datetime) -> Caution:
    """Have what this pseudonym sends looked at later, for a while. Raises `NotCautioned`."""
    return _caution(report, Step.SLOWED, weighed, by, now)


def _caution(report: Report, step: Step, weighed: Weighed, by: Staff, now: datetime) -> Caution:
    ref = bytes(report.reporter_ref or b"")
    found = misuse.record(ref, now)
    enough = found.may_be_warned if step is Step.WARNED else found.may_be_slowed
    if not ref or not enough or by.role != Role.LEAD or not weighed.reasons.strip():
        raise NotCautioned(NotCautioned.__doc__)
    row = Caution.objects.create(
        reporter_ref=ref,
        step=step,
        number=found.unfounded,
        of=found.of,
        gravity=weighed.gravity,
        intent=weighed.intent,
        reasons_sealed=words.seal(weighed.reasons, settings.WORKING_PUBLIC),
        by=by,
        at=now,
        until=now + FOR if step is Step.SLOWED else None,
    )
    note(f"reporter.{step.value}", about=row, by=by.journal_name, now=now, number=found.unfounded, of=found.of)
    return row


@action
def lift(caution: Caution, by: Staff, now: datetime) -> None:
    """Take a caution back: it counts no more. Raises `NotCautioned`."""
    if by.role != Role.LEAD:
        raise NotCautioned(NotCautioned.__doc__)
    if Caution.objects.filter(pk=caution.pk, lifted_at=None).update(lifted_at=now):
        note("reporter.lifted", about=caution, by=by.journal_name, now=now)
