"""What a reporter does with the receipt, any day after: tell more, contest a decision, take the report back."""

from datetime import datetime

from staydown.cases import owing
from staydown.cases.actions import belonging, intake
from staydown.cases.actions.intake import REPORTER, Notice
from staydown.cases.models import Case, Complaint, Decision, Report
from staydown.cases.rules import CaseState
from staydown.journal.acting import action, note
from staydown.promises.actions import owe
from staydown.regimes.clocks import DECIDING, Deadline, Facts, owed
from staydown.regimes.duties import Act, Event
from staydown.regimes.harms import Capacity, Flag, Harm, Tri
from staydown.vault.evidence import actions as evidence
from staydown.vault.retention import holding


class NothingToContest(ValueError):
    """There is no decision that can still be contested."""


@action
def tell_more(report: Report, notice: Notice, now: datetime) -> None:
    """Keep what a reporter answered later as if it had been said at first; what is new opens a decided case again."""
    items = belonging.locked(notice)
    case = belonging.joined(current(report), notice, now)
    if case is None and (items or notice.accounts or notice.links or notice.prints):
        case = again(current(report), owing.facts(report), now)
    if case is not None:
        intake.bring(report, case, notice, items, now)
    Report.objects.filter(pk=report.pk).update(
        harm=notice.harm,
        minor=notice.minor,
        flags=sorted(flag.value for flag in notice.flags),
        capacity=notice.capacity or "",
        details_sealed=intake.details_sealed(notice, report.public_key),
        unfounded_by=None,  # said of less than is known now
        unfounded_at=None,
    )
    if notice.words.strip():
        intake.add_words(report, notice.words, now)
    note("report.told_more", about=report, by=REPORTER, now=now)


def current(report: Report) -> Case:
    """The case a report belongs to now, after any joining."""
    case = report.case
    while case.joined_into:
        case = case.joined_into
    return case


def known(report: Report) -> Notice:
    """What a report says so far, without its words and details."""
    return Notice(
        harm=Harm(report.harm),
        minor=Tri(report.minor),
        flags=frozenset(Flag(flag) for flag in report.flags),
        language=report.language,
        capacity=Capacity(report.capacity) if report.capacity else None,
    )


def again(case: Case, facts: Facts, now: datetime, by: str = REPORTER) -> Case:
    """Open a decided case, with a deadline that starts now."""
    due = owed(facts, now).first(DECIDING)
    if due is None:
        raise ValueError(f"The data of the law sets no time to decide upon {facts.event.value}.")
    fresh = {"due_at": due.at, "clock": due.duty.id, "escalated_at": None}
    case.move_from_any((CaseState.DECIDED, CaseState.CLOSED), to=CaseState.OPEN, **fresh)
    note("case.reopened", about=case, by=by, now=now, clock=due.duty.id)
    return case


def contestable(report: Report) -> tuple[Decision, datetime] | None:
    """The last decision that the reporter was told of, and until when it can be contested; None where there is none."""
    answer = report.answers.select_related("decision").order_by("-at").first()
    if answer is None or answer.decision.complaints.filter(report=report).exists():
        return None
    window = _window(report, answer.at)
    return (answer.decision, window.at) if window else None


def _window(report: Report, at: datetime) -> Deadline | None:
    return owed(owing.facts(report, Event.DECISION), at).last(Act.LISTEN)


@action
def contest(report: Report, text: str, now: datetime) -> Complaint:
    """Ask for another person's decision. Raises `NothingToContest` after its time, or where it was asked already."""
    case = Case.objects.select_for_update().get(pk=current(report).pk)
    found = contestable(report)
    if found is None or now > found[1]:
        raise NothingToContest(NothingToContest.__doc__)
    due = owed(owing.facts(report, Event.COMPLAINT), now).first(DECIDING)
    row = Complaint.objects.create(
        report=report,
        decision=found[0],
        decided_by=found[0].by,
        seconded_by=found[0].second_by,
        language=report.language,
        words_sealed=intake.sealed(text, report.public_key) if text.strip() else None,
        at=now,
        due_at=due.at if due else now,
    )
    if case.state != CaseState.OPEN:
        again(case, owing.facts(report, Event.COMPLAINT), now)
    note("decision.contested", about=found[0], by=REPORTER, now=now, report=str(report.pk))
    return row


@action
def withdraw(report: Report, now: datetime) -> bool:
    """Take a report back: what was written is deleted, unless a child is concerned or a legal hold or a preservation keeps
    the case; whether it was.

    What is hidden stays so until a person decides, and what was removed stays removed.
    """
    case = current(report)
    deletes = not case.is_child_safety and not holding.running([case], now).exists()
    wiped = {"words_sealed": None, "details_sealed": None} if deletes else {}
    if not Report.objects.filter(pk=report.pk, withdrawn_at=None).update(withdrawn_at=now, **wiped):
        return False
    if deletes:
        evidence.forget_words(report, now)
        report.additions.all().delete()
        report.messages.all().delete()
        report.scripts.all().delete()
        report.complaints.update(words_sealed=None)
    if report.prints.exists():
        owe("staydown.banks.tasks.stop_watching", str(report.pk), key=f"stop:{report.pk}")
    note("report.withdrawn", about=report, by=REPORTER, now=now)
    return deletes
