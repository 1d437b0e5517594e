"""Receiving a report: one transaction writes the report, its case, the holds and the promises. Only then is it acknowledged."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError

from staydown.cases import details
from staydown.cases.actions import belonging, holding, rising
from staydown.cases.actions.notice import REPORTER, NothingReported, Notice
from staydown.cases.models import Addition, Case, Print, Report, Subject
from staydown.journal.acting import action, note
from staydown.platforms.models import Item
from staydown.promises.actions import owe
from staydown.vault import words
from staydown.vault.evidence import actions as evidence
from staydown.vault.evidence.rules import Kind
from staydown.vault.receipts import Keyed

__all__ = ["REPORTER", "NothingReported", "Notice", "receive", "receive_once"]


@action
def receive(notice: Notice, receipt: Keyed, now: datetime) -> Report:
    """Write down a report and everything that follows from it at once. Raises `NothingReported`."""
    if not notice.names_something:
        raise NothingReported(NothingReported.__doc__)
    items = belonging.locked(notice)
    case = belonging.case_for(notice, items, now)
    belonging.inherit(case, items)
    report = _report(notice, case, receipt, now)
    note("report.received", about=report, by=notice.door, now=now, case=str(case.pk), harm=notice.harm.value)
    bring(report, case, notice, items, now)
    return report


def bring(report: Report, case: Case, notice: Notice, items: list[Item], now: datetime) -> None:
    """Make what a notice names part of the case, and hide it where the rules say so. The caller holds the locks."""
    report.subjects.add(*_subjects(case, notice, items, report.public_key, now))
    for text in notice.prints:
        Print.objects.create(report=report, print_sealed=sealed(text, report.public_key), at=now)
    if notice.prints:
        owe("staydown.banks.tasks.watch_for_prints", str(report.pk), key=f"prints:{report.pk}")
    if report.words_sealed or report.details_sealed or notice.links:
        evidence.want_words(report, now)
    for item in items:
        evidence.want(case, item, now)
        evidence.want(case, item, now, Kind.PAGE)
        holding.hold(item, case, notice, now)
    rising.look({item.account_id for item in items} | {account.pk for account in notice.accounts}, now)
    if report.words_sealed or items or notice.accounts:
        owe(rising.WEIGH, str(report.pk), key=f"weigh:{report.pk}")
    if items or notice.prints:
        owe("staydown.cases.tasks.join_by_media", str(report.pk), key=f"join:{report.pk}")


def sealed(text: str, public: str) -> bytes:
    """Readable with the receipt, and with the working key."""
    return words.seal(text, public, settings.WORKING_PUBLIC)


def receive_once(notice: Notice, receipt: Keyed, now: datetime) -> Report:
    """Receive a report that may arrive again (a page sent twice, a connection lost): it is written once."""
    try:
        return find(receipt) or receive(notice, receipt, now)
    except IntegrityError:
        found = find(receipt)
        if found is None:
            raise
        return found


def _report(notice: Notice, case: Case, receipt: Keyed, now: datetime) -> Report:
    return Report.objects.create(
        case=case,
        platform=notice.platform,
        lookup=receipt.lookup,
        public_key=receipt.public,
        words_sealed=sealed(notice.words, receipt.public) if notice.words else None,
        harm=notice.harm,
        minor=notice.minor,
        flags=sorted(flag.value for flag in notice.flags),
        language=notice.language,
        reporter_ref=notice.reporter_ref,
        received_at=now,
        door=notice.door,
        capacity=notice.capacity or "",
        details_sealed=details_sealed(notice, receipt.public),
    )


def details_sealed(notice: Notice, public: str) -> bytes | None:
    """The answers to the questions, sealed; None where there are none."""
    told = details.pack(notice.details)
    return sealed(told, public) if told else None


def _subjects(case: Case, notice: Notice, items: list[Item], public: str, now: datetime) -> list[Subject]:
    rows = [
        Subject.objects.get_or_create(case=case, item=item, defaults={"added_at": now, "views_before": item.views})[0]
        for item in items
    ]
    rows += [
        Subject.objects.get_or_create(case=case, account=account, defaults={"added_at": now})[0]
        for account in notice.accounts
    ]
    for link in notice.links:
        rows.append(Subject.objects.create(case=case, link_sealed=sealed(link, public), added_at=now))
    return rows


@action
def add_words(report: Report, text: str, now: datetime) -> Addition:
    """Keep words a reporter adds later."""
    row = Addition.objects.create(report=report, words_sealed=sealed(text, report.public_key), at=now)
    note("report.added_to", about=report, by=REPORTER, now=now)
    evidence.want_words(report, now, row)
    owe(rising.WEIGH, str(report.pk), key=f"weigh:{report.pk}")
    return row


def find(receipt: Keyed) -> Report | None:
    """The report that a receipt opens."""
    return Report.objects.select_related("case", "case__joined_into").filter(lookup=receipt.lookup).first()
