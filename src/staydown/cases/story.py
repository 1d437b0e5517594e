"""What has really happened to a report, as its reporter is told: read from the rows, never from intentions."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from staydown.authorities.models import Referral
from staydown.banks.models import Entry, Match
from staydown.cases import owing
from staydown.cases.models import Case, Complaint, Report
from staydown.cases.rules import CaseState
from staydown.platforms.models import Order
from staydown.platforms.rules import Action, CheckState, ItemState, OrderState
from staydown.regimes.clocks import deadline


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened (`at` set) or is owed next (`due` set). `kind` names the sentence to show."""

    kind: str
    at: datetime | None = None
    due: datetime | None = None
    facts: dict[str, object] = field(default_factory=dict)


TOLD = {
    Action.HOLD: ("hide_ordered", "hidden"),
    Action.REMOVE: ("remove_ordered", "removed"),
    Action.RELEASE: ("put_back_ordered", "put_back"),
    Action.RESTORE: ("put_back_ordered", "put_back"),
    Action.LABEL: ("label_ordered", "labelled"),
}


@dataclass(frozen=True, slots=True)
class Copies:
    """What became of copies of the reported media. Counted only once a person has confirmed the media (decision 18)."""

    hidden: int
    removed: int
    stopped: int  # uploads that never appeared

    @property
    def any(self) -> bool:
        return bool(self.hidden or self.removed or self.stopped)


def case_of(report: Report) -> Case:
    """The case a report belongs to now, after any joining."""
    case = report.case
    while case.joined_into:
        case = case.joined_into
    return case


def steps(report: Report, now: datetime) -> list[Step]:
    """Everything that happened, the earliest first, and what comes next."""
    case = case_of(report)
    done = [Step("received", at=report.received_at)]
    done += [Step("added_to", at=addition.at) for addition in report.additions.all()]
    done += [step for order in _orders(report) for step in _told(order)]
    done += [Step("decided", at=answer.at) for answer in report.answers.all()]
    done += [Step("written_to", at=message.at) for message in report.messages.all()]
    done += [Step("contested", at=complaint.at) for complaint in report.complaints.all()]
    done += [Step("publisher_contested", at=at) for at in _contested_by_publishers(report, case)]
    done += [Step("print_watched", at=entry.banked_at) for entry in _watched(report)]
    done += [Step("passed_on", at=row.sent_at, facts={"authority": row.body.name}) for row in _passed_on(report)]
    done += [Step("host_told", at=at) for at in _hosts_told(report)]
    done += [Step("withdrawn", at=report.withdrawn_at)] if report.withdrawn_at else []
    due = _due(report, case)
    if case.escalated_at and due < now:
        done.append(Step("escalated", at=max(case.escalated_at, due)))
    return sorted(done, key=lambda step: (step.at is None, step.at)) + _next(
        case, due, now, watched=copies(report) is not None
    )


def _contested_by_publishers(report: Report, case: Case) -> list[datetime]:
    """When somebody whose post it was asked to decide this case again; nothing from before this report."""
    theirs = Complaint.objects.filter(decision__case=case, item__isnull=False, at__gte=report.received_at)
    return list(theirs.values_list("at", flat=True))


def _watched(report: Report) -> list[Entry]:
    """The entries made of the fingerprints of its reporter's device."""
    return list(Entry.objects.filter(prints__report=report))


def _passed_on(report: Report) -> list[Referral]:
    """The authorities that were told of what this reporter reported; not of what others did in the same case."""
    post = Q(decision__lines__item__subjects__reports=report)
    account = Q(decision__account_lines__account__subjects__reports=report)
    return list(Referral.objects.filter(post | account, sent_at__isnull=False).distinct())


def _hosts_told(report: Report) -> list[datetime]:
    """When whoever hosts what is elsewhere was told of it: once for all that was told in one minute."""
    told = report.subjects.filter(host_told_at__isnull=False).values_list("host_told_at", flat=True)
    return list({at.replace(second=0, microsecond=0): at for at in told if at}.values())


def _due(report: Report, case: Case) -> datetime:
    """By when this reporter is answered. The case's own deadline would tell who asks that others reported it before."""
    if (contested := report.complaints.order_by("-at").first()) is not None:
        return contested.due_at
    return max(case.due_at, deadline(owing.facts(report), report.received_at).at)


def _orders(report: Report) -> list[Order]:
    return list(
        Order.objects.filter(item__subjects__reports=report, written_at__gte=report.received_at)
        .exclude(state=OrderState.SUPERSEDED, confirmed_at=None)
        .select_related("platform")
        .distinct()
        .order_by("written_at")
    )


def _told(order: Order) -> list[Step]:
    ordered, confirmed = TOLD.get(Action(order.action), ("", ""))
    if not ordered:
        return []
    facts: dict[str, object] = {"platform": order.platform.name}
    if order.state == OrderState.CONFIRMED:
        return [Step(confirmed, at=order.confirmed_at, facts=facts)]
    failing = order.state == OrderState.FAILING
    return [Step(f"{ordered}_failing" if failing else ordered, at=order.written_at, facts=facts)]


def _next(case: Case, due: datetime, now: datetime, *, watched: bool) -> list[Step]:
    if case.state == CaseState.OPEN:
        return [Step("late" if due < now else "person_will_decide", due=due)]
    return [Step("watching")] if watched else []


def copies(report: Report) -> Copies | None:
    """The counts of copies of what this reporter reported, or None where none of it is banked.

    Not of the whole case: who reports something else of the same account learns nothing of others' pictures.
    """
    reported = Entry.objects.filter(fingerprint__items__subjects__reports=report)
    sent = Entry.objects.filter(prints__report=report, banked_by__isnull=False)
    entries = Entry.objects.filter(Q(pk__in=reported.values("pk")) | Q(pk__in=sent.values("pk")))
    if not entries.exists():
        return None
    matches = Match.objects.filter(entry__in=entries)
    own = Q(item__subjects__case=case_of(report))
    items = matches.filter(item__isnull=False).exclude(own)
    return Copies(
        hidden=items.filter(item__state=ItemState.HELD).values("item").distinct().count(),
        removed=items.filter(item__state=ItemState.REMOVED).values("item").distinct().count(),
        stopped=matches.filter(check_row__isnull=False)
        .exclude(check_row__state=CheckState.RESOLVED, check_row__resolution="allow")
        .filter(check_row__items=None)
        .values("check_row")
        .distinct()
        .count(),
    )
