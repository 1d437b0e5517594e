"""What a case page shows, put together from the rows, sealed words opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch
from django.forms import BoundField
from django.utils.functional import Promise

from staydown.banks.models import Match
from staydown.cases import details, owing, seeing
from staydown.cases.actions import deciding, unreadable
from staydown.cases.models import Case, Report, Subject
from staydown.cases.rules import CaseState, DecisionState
from staydown.console.forms import RulingForm
from staydown.journal.models import Entry as JournalEntry
from staydown.people.models import Staff
from staydown.platforms.models import Check, Item
from staydown.platforms.rules import UNREADABLE, CheckState, ItemState
from staydown.regimes.harms import Flag
from staydown.vault import opening

UPLOADS_SHOWN = 50  # of a case at once, the oldest first


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    case: Case
    reports: int
    items: int
    views: int
    copies: int
    uploads: int


def rows(cases: Iterable[Case]) -> list[QueueRow]:
    """The queue's lines, in the order given."""
    return [_row(case) for case in cases]


def _row(case: Case) -> QueueRow:
    about = items(case)
    return QueueRow(
        case=case,
        reports=case.reports.count(),
        items=len(about),
        views=sum(item.views for item in about),
        copies=len(deciding.copies(case)),
        uploads=case.checks.filter(state=CheckState.PENDING).count(),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One report with its words opened."""

    report: Report
    words: str
    additions: list[tuple[datetime, str]]
    flags: list[Flag]
    details: list[tuple[Promise, str]]
    complaints: list[tuple[datetime, str]]


def _told(report: Report) -> Told:
    return Told(
        report=report,
        words=opening.read(report.words_sealed) if report.words_sealed else "",
        additions=[(each.at, opening.read(each.words_sealed)) for each in report.additions.order_by("at")],
        flags=[Flag(flag) for flag in report.flags],
        details=_details(report),
        complaints=[
            (each.at, opening.read(each.words_sealed) if each.words_sealed else "") for each in report.complaints.all()
        ],
    )


def _details(report: Report) -> list[tuple[Promise, str]]:
    """(label, answer) of what the reporter answered besides words."""
    told = details.unpack(opening.read(report.details_sealed)) if report.details_sealed else {}
    return [(details.LABELS[detail], text) for detail, text in told.items()]


def items(case: Case) -> list[Item]:
    """The items a decision has to rule on."""
    about = Item.objects.filter(subjects__case=case).distinct()
    return list(about.select_related("account", "platform", "fingerprint").order_by("registered_at"))


def first_words(case: Case) -> dict[str, str]:
    """What the decision form starts with; the words are a person's own."""
    return {f"item-{item.pk}": "" for item in items(case)}


def ruled(form: RulingForm) -> list[tuple[Item, BoundField]]:
    """Each item with its field of the decision form."""
    return [(item, form[f"item-{item.pk}"]) for item in form.items]


def whole(case: Case, staff: Staff) -> dict[str, Any]:
    """Everything the case page shows."""
    proposal = case.decisions.filter(state=DecisionState.PROPOSED).select_related("by").first()
    return {
        "case": case,
        "open": case.state == CaseState.OPEN,
        "told": [_told(report) for report in case.reports.order_by("received_at")],
        "items": items(case),
        "links": [opening.read(row.link_sealed) for row in Subject.objects.filter(case=case) if row.link_sealed],
        "accounts": _accounts(case, staff),
        "clocks": owing.running(case) if case.state == CaseState.OPEN else [],
        "proposal": proposal,
        "proposal_lines": list(proposal.lines.select_related("item")) if proposal else [],
        "proposal_words": _words(proposal) if proposal else {},
        "is_proposer": bool(proposal and proposal.by_id == staff.pk),
        "decisions": [(made, _words(made)) for made in case.decisions.filter(state=DecisionState.MADE)],
        "copies": deciding.copies(case),
        "only_uploads": unreadable.is_only_uploads(case),
        "uploads": _uploads(case),
        "unreadable_count": case.checks.filter(state=CheckState.PENDING, reasons=[UNREADABLE]).count(),
        "entries": list(case.entries.select_related("banked_by", "raised_by").annotate(met=Count("matches"))),
        "timeline": _journal(case),
    }


def _uploads(case: Case) -> list[Check]:
    """The held uploads, each with the matches (`met`) of this case's own entries: another's are not for every reader."""
    own = Prefetch("matches", Match.objects.filter(entry__case=case).order_by("distance"), to_attr="met")
    pending = case.checks.filter(state=CheckState.PENDING)
    return list(
        pending.select_related("account", "platform").prefetch_related(own).order_by("asked_at")[:UPLOADS_SHOWN]
    )


def _words(decision: Any) -> dict[str, str]:
    return {"reasons": opening.read(decision.reasons_sealed), "answer": opening.read(decision.answer_sealed)}


def _accounts(case: Case, staff: Staff) -> list[dict[str, Any]]:
    """Each account the case is about, with what this person may know of it."""
    known = seeing.visible(staff)
    accounts = {item.account for item in items(case) if item.account}
    accounts |= {row.account for row in case.subjects.select_related("account") if row.account}
    return [
        {
            "account": account,
            "items": account.items.count(),
            "removed": account.items.filter(state=ItemState.REMOVED).count(),
            "reports": Report.objects.filter(subjects__item__account=account, case__in=known).distinct().count(),
        }
        for account in accounts
    ]


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the journal, with the name of who did it."""

    at: datetime
    act: str
    who: str


def _journal(case: Case) -> list[Act]:
    """The acts about this case and its items, as the journal has them."""
    about = [f"cases.case:{case.pk}"] + [f"platforms.item:{item.pk}" for item in items(case)]
    about += [f"cases.report:{report.pk}" for report in case.reports.all()]
    about += [f"banks.entry:{entry.pk}" for entry in case.entries.all()]
    about += [f"banks.allowance:{made.pk}" for made in case.allowances.all()]
    about += [f"platforms.check:{check.pk}" for check in case.checks.all()]
    entries = list(JournalEntry.objects.filter(about__in=about).order_by("index")[:500])
    names = {staff.journal_name: staff.username for staff in Staff.objects.all()}
    return [Act(entry.at, entry.act, names.get(entry.actor or "", entry.actor or "")) for entry in entries]
