"""What a destruction takes away, inside its transaction: the case's key, the reporter's address, or the whole file.

What stays of a destroyed file tells nobody's story: that there was a case, of which harm, when, decided by whom of the
staff, and how many reported it. The journal's entries about it lose their words, and its tree verifies as before.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.db.models import Model, Q

from staydown.authorities.models import Referral
from staydown.authority_orders.models import AuthorityOrder, CallBack, OrderedItem, UploaderNotice
from staydown.cases import details
from staydown.cases.models import (
    AccountLine,
    Addition,
    Answer,
    Case,
    Complaint,
    Decision,
    Message,
    Print,
    Report,
    Script,
    Statement,
    Subject,
)
from staydown.cases.models import Line as DecisionLine
from staydown.flaggers.models import FlagLine
from staydown.journal import actions as journal
from staydown.journal.models import Entry
from staydown.regimes.retention import Kept
from staydown.vault import opening, words
from staydown.vault.evidence import destroying
from staydown.vault.evidence.models import CaseKey, Evidence, Release, ReviewCopy
from staydown.vault.retention import plans
from staydown.vault.retention.models import Destruction, Hold

type Counts = dict[str, int]
NAMED_AT_ONCE = 500  # rows in one question to the database


def erase(cases: list[Case], row: Destruction, now: datetime) -> Counts:
    """Take it away; how much of what."""
    if row.kept is Kept.CONTACT:
        return _contact(row.case)
    counts = destroying.destroy_keys(cases, now) | {"packages": _packages(cases)}
    if row.kept is Kept.MEDIA:
        return counts
    names = _names(cases)
    return counts | _words(cases, now) | {"journal_entries": erase_entries(names, row, now)}


def _packages(cases: list[Case]) -> int:
    """How many released packages were written, which are with the custodians and not ours to destroy."""
    about = [f"{row._meta.label_lower}:{row.pk}" for row in Release.objects.filter(case__in=cases)]
    return Entry.objects.filter(act="evidence.packed", about__in=about).count()


def _contact(case: Case) -> Counts:
    """Take the reporters' addresses and names out of what they answered."""
    wiped = 0
    for report in case.reports.exclude(details_sealed=None):
        if gone := plans.personal(report):
            told = details.unpack(opening.read(report.details_sealed or b""))
            kept = details.pack({detail: text for detail, text in told.items() if detail not in gone})
            sealed = words.seal(kept, report.public_key, settings.WORKING_PUBLIC) if kept else None
            wiped += Report.objects.filter(pk=report.pk).update(details_sealed=sealed)
    return {"contacts": wiped}


def _words(cases: list[Case], now: datetime) -> Counts:
    """Everything that people wrote, what it was about, and the receipts that led to it."""
    reports, decisions = Report.objects.filter(case__in=cases), Decision.objects.filter(case__in=cases)
    nothing = words.seal("", settings.WORKING_PUBLIC)
    counts = {"reports": reports.count(), "decisions": decisions.count()}
    Answer.objects.filter(report__in=reports).delete()
    Complaint.objects.filter(decision__in=decisions).update(words_sealed=None, answer_sealed=None)
    Evidence.objects.filter(addition__report__in=reports).delete()  # what was sealed of them goes with the case's key
    ReviewCopy.objects.filter(evidence__case__in=cases).delete()
    for kind in (Addition, Message, Print, Script):
        kind.objects.filter(report__in=reports).delete()
    for report in reports:
        Report.objects.filter(pk=report.pk).update(lookup=secrets.token_bytes(32), reporter_ref=None)
    reports.update(words_sealed=None, details_sealed=None)
    decisions.update(reasons_sealed=nothing, answer_sealed=nothing)
    decisions.filter(statement_sealed__isnull=False).update(statement_sealed=nothing)
    decisions.filter(refusal_sealed__isnull=False).update(refusal_sealed=nothing)
    Statement.objects.filter(decision__in=decisions).update(words_sealed=nothing)
    for line in (DecisionLine, AccountLine):
        line.objects.filter(decision__in=decisions).delete()
    counts["subjects"] = Subject.objects.filter(case__in=cases).count()
    Report.subjects.through.objects.filter(report__in=reports).delete()
    Subject.objects.filter(case__in=cases).delete()
    Release.objects.filter(case__in=cases).update(reason=nothing)
    Referral.objects.filter(case__in=cases).update(words_sealed=nothing)
    Referral.objects.filter(case__in=cases, reason_sealed__isnull=False).update(reason_sealed=nothing)
    AuthorityOrder.objects.filter(report__in=reports).update(said_sealed=nothing, digest=None)
    AuthorityOrder.objects.filter(report__in=reports, reason_sealed__isnull=False).update(reason_sealed=nothing)
    UploaderNotice.objects.filter(
        authority_order__report__in=reports, told_at=None
    ).delete()  # nothing to tell any more
    UploaderNotice.objects.filter(authority_order__report__in=reports).update(words_sealed=nothing)
    OrderedItem.objects.filter(authority_order__report__in=reports).delete()
    FlagLine.objects.filter(report__in=reports).update(said_sealed=nothing)
    Hold.objects.filter(case__in=cases).update(reason_sealed=nothing)
    Hold.objects.filter(case__in=cases, lifted_at__isnull=False).update(lift_reason_sealed=nothing)
    Destruction.objects.filter(case__in=cases, reason_sealed__isnull=False).update(reason_sealed=nothing)
    return counts


def _names(cases: list[Case]) -> list[str]:
    """How the journal names the case and what belongs to it. Destructions are not among them: they stay told."""
    of_case = (Subject, Report, Decision, CaseKey, Evidence, Release, Hold, Referral)
    of_reports = (Addition, Message, Print, Answer)
    rows: list[Model] = [*cases]
    for kind in of_case:
        rows += kind.objects.filter(case__in=cases)
    for each in of_reports:
        rows += each.objects.filter(report__case__in=cases)
    rows += Statement.objects.filter(decision__case__in=cases)
    rows += AuthorityOrder.objects.filter(report__case__in=cases)
    rows += CallBack.objects.filter(authority_order__report__case__in=cases)
    rows += UploaderNotice.objects.filter(authority_order__report__case__in=cases)
    rows += Complaint.objects.filter(decision__case__in=cases)
    return [f"{row._meta.label_lower}:{row.pk}" for row in rows]


def erase_entries(names: list[str], row: Model, now: datetime) -> int:
    """Erase the words of the journal's entries about them; how many."""
    erased = 0
    for start in range(0, len(names), NAMED_AT_ONCE):
        about = Q(about__in=names[start : start + NAMED_AT_ONCE])
        entries = list(Entry.objects.filter(about, salt__isnull=False).exclude(act=journal.ERASED))
        if entries:
            journal.erase(entries, about=row, by="worker", now=now)
        erased += len(entries)
    return erased
