"""What people reported in a case, sealed words opened: of posts here, and of what is elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staydown import recognition
from staydown.cases import details, hosts
from staydown.cases.details import Detail
from staydown.cases.models import Addition, Case, Message, Report, Subject
from staydown.console.terms import HARMS
from staydown.people.models import Staff
from staydown.people.rules import Act
from staydown.recognition import TextSignals
from staydown.regimes.harms import Flag
from staydown.vault import opening
from staydown.vault.evidence.models import Evidence

WHO_SHE_IS = frozenset({Detail.CONTACT, Detail.SIGNATURE, Detail.MANDATE})
KEPT = _("given; not shown to your role")


@dataclass(frozen=True, slots=True)
class Told:
    """One report with its words opened."""

    report: Report
    words: str
    additions: list[tuple[datetime, str]]
    flags: list[Flag]
    details: list[tuple[Promise, str]]
    complaints: list[tuple[datetime, str]]
    messages: list[tuple[datetime, str, str]]  # when, by whom, what
    waits: bool  # the last word is hers
    shots: list[UUID]  # screenshots of which there is a copy to look at

    @property
    def all_words(self) -> str:
        """What she wrote, at first and later, as `cases.telling` reads it."""
        return "\n\n".join(each for each in (self.words, *(text for _, text in self.additions)) if each)

    @property
    def signals(self) -> TextSignals:
        """What the words look like to the patterns; found anew each time, and kept nowhere."""
        return recognition.of_words(self.words)

    @property
    def quotes(self) -> list[str]:
        """The words that it was found in."""
        tactics = [each.hit for each in self.signals.shown if each.hit.means in self.signals.tactics]
        return [self.words[hit.start : hit.end] for hit in tactics]


def told(case: Case, staff: Staff) -> list[Told]:
    """Every report of a case, opened, those first who wait for an answer to what they added; seven queries, however many.

    Who the reporter is, where she said so, is for whoever decides on it, or audits that.
    """
    with_all = case.reports.prefetch_related(
        Prefetch("additions", Addition.objects.order_by("at")),
        Prefetch("messages", Message.objects.select_related("by").order_by("at")),
        "complaints",
        "answers",
        Prefetch("evidence", Evidence.objects.filter(review__isnull=False).only("report").order_by("wanted_at")),
    )
    unsaid = frozenset() if _may_know_her(staff) else WHO_SHE_IS
    return sorted((_told(report, unsaid) for report in with_all.order_by("received_at")), key=lambda one: not one.waits)


def _may_know_her(staff: Staff) -> bool:
    """Whether this role needs the name and address that a reporter gave for a formal request: to act on it, or to audit."""
    return staff.may(Act.DECIDE) or staff.may(Act.OVERSEE)


def _waits(report: Report) -> bool:
    """Whether a reporter added something to which nobody has written back."""
    hers = max((each.at for each in report.additions.all()), default=None)
    ours = [each.at for each in report.messages.all()] + [each.at for each in report.answers.all()]
    return bool(hers and not report.withdrawn_at and all(at < hers for at in ours))


def _told(report: Report, unsaid: frozenset[Detail]) -> Told:
    return Told(
        report=report,
        words=opening.read(report.words_sealed) if report.words_sealed else "",
        additions=[(each.at, opening.read(each.words_sealed)) for each in report.additions.all()],
        flags=[Flag(flag) for flag in report.flags],
        details=_details(report, unsaid),
        messages=[(each.at, each.by.username, opening.read(each.words_sealed)) for each in report.messages.all()],
        waits=_waits(report),
        shots=[each.pk for each in report.evidence.all()],
        complaints=[
            (each.at, opening.read(each.words_sealed) if each.words_sealed else "") for each in report.complaints.all()
        ],
    )


def _details(report: Report, unsaid: frozenset[Detail]) -> list[tuple[Promise, str]]:
    """(label, answer) of what the reporter answered besides words; of what stays unsaid, that there is something."""
    told = details.unpack(opening.read(report.details_sealed)) if report.details_sealed else {}
    return [(details.LABELS[detail], str(KEPT) if detail in unsaid else text) for detail, text in told.items()]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something that no platform of ours has, and what to tell whoever hosts it."""

    subject: Subject
    link: str
    notice: str


def elsewhere(case: Case, staff: Staff) -> list[Elsewhere]:
    """What a case is about on other sites, with the notice for whoever may send it."""
    unsaid = frozenset() if _may_know_her(staff) else WHO_SHE_IS
    found = []
    for row in Subject.objects.filter(case=case, link_sealed__isnull=False).select_related("host_told_by"):
        link = opening.read(row.link_sealed or b"")
        found.append(Elsewhere(row, link, hosts.notice(link, _harm(case), _formally(row, unsaid), settings.CONTACT)))
    return found


def _harm(case: Case) -> str:
    return str(HARMS.get(case.harm, HARMS["UNSPECIFIED"]))


def _formally(subject: Subject, unsaid: frozenset[Detail]) -> dict[Detail, str]:
    """What a reporter of it declared, the first who made it a formal request."""
    for report in subject.reports.filter(details_sealed__isnull=False, withdrawn_at=None).order_by("received_at"):
        told = details.unpack(opening.read(report.details_sealed or b""))
        if Detail.FORMAL in told:
            return {detail: text for detail, text in told.items() if detail not in unsaid}
    return {}
