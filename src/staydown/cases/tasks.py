"""Promises of a case kept later: join cases about the same media; settle decisions; notice every deadline that passes."""

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from staydown.banks import catalogue
from staydown.banks import rules as banks
from staydown.banks.actions import keeping
from staydown.banks.kept import Kept
from staydown.banks.models import Fingerprint, Match
from staydown.banks.seeing import Forms, Seen
from staydown.cases import prints
from staydown.cases.actions import alerting, joining, making, refusals, seconding, weighing
from staydown.cases.models import Case, Decision, Report
from staydown.cases.prints import DevicePrint
from staydown.cases.rules import CaseState, DecisionState
from staydown.platforms.rules import ItemState
from staydown.vault import opening

NO_LONGER = (keeping.NotLawfulHere, keeping.TooCommon, refusals.NotCleared, refusals.SecondPersonNeeded)


def join_by_media(report_id: str) -> None:
    """Join the report's case to the oldest open case whose media, or whose reporter's device, had a picture like it."""
    report = Report.objects.select_related("case").get(pk=report_id)
    if report.case.state != CaseState.OPEN:
        return
    found = _cases_of(_alike(_pictures_of(report))).exclude(pk=report.case_id).order_by("opened_at", "pk").first()
    if found:
        older, younger = sorted([report.case, found], key=_age)
        joining.join(younger, older, timezone.now())


def weigh_words(report_id: str) -> None:
    """See whether others tell the same of its accounts, or were sent the same script."""
    weighing.weigh(Report.objects.get(pk=report_id), timezone.now())


def _age(case: Case) -> tuple[object, object]:
    return case.opened_at, case.pk


def _pictures_of(report: Report) -> list[Kept]:
    """What is kept of the pictures that a report is about: those of posts, and those that only her device has seen."""
    rows = Fingerprint.objects.filter(items__subjects__reports=report, quality__gte=banks.QUALITY).distinct()
    sent = [prints.of_text(opening.read(each.print_sealed)) for each in report.prints.all()]
    pictures = [made for made in sent if isinstance(made, DevicePrint) and made.quality >= banks.QUALITY]
    own = [tuple(map(bytes.fromhex, made.pdq)) for made in pictures]
    return [row.kept() for row in rows] + [Kept(forms) for forms in own]


def _alike(pictures: list[Kept]) -> set[int]:
    """The fingerprints here that meet one of these, either of them in any orientation, by the catalogue's index."""
    upto = Fingerprint.objects.aggregate(last=Max("seq"))["last"] or 0
    near = {seq for kept in pictures for seq in catalogue.catalogue.near(Seen(kept, banks.QUALITY, None), upto)}
    forms = Forms()
    for row in Fingerprint.objects.filter(seq__in=near, quality__gte=banks.QUALITY):
        forms.add(row.seq, row.kept().turned)
    return {seq for kept in pictures for seq in forms.near(kept.forms)}


def _cases_of(seqs: set[int]) -> QuerySet[Case]:
    """The open cases about posts, or of reporters' devices, with one of these."""
    posts = Q(subjects__item__fingerprint__in=seqs)
    devices = Q(reports__prints__entry__fingerprint__in=seqs)
    return Case.objects.filter(posts | devices, state=CaseState.OPEN).distinct()


def settle(decision_id: str) -> None:
    """Carry out a decision whose time to be undone has passed."""
    decision = Decision.objects.select_related("case", "by").get(pk=decision_id)
    if decision.state != DecisionState.SETTLING:
        return
    try:
        making.settle(decision, opening.read(decision.answer_sealed), timezone.now())
    except NO_LONGER:
        making.reopen(decision, timezone.now())


def watch_deadlines() -> None:
    """Say which deadlines come, and escalate every open case whose deadline has passed.

    Deadlines, and when alerts fire, are columns: a lost queue loses none.
    """
    alerting.plan(timezone.now())
    alerting.fire(timezone.now())
    for case in Case.objects.filter(state=CaseState.OPEN, escalated_at=None, due_at__lt=timezone.now()):
        joining.escalate(case, timezone.now())


def hint() -> None:
    """Say of each match whether its item is held, so that a queue looks at those only and not at every copy ever found.

    A match waits from its beginning, and whatever hides its item later is noticed here: the item's state stays what counts.
    """
    Match.objects.filter(waits=True).exclude(item__state=ItemState.HELD).update(waits=False)
    Match.objects.filter(waits=False, item__state=ItemState.HELD).update(waits=True)


def lapse_proposals() -> None:
    """Let lapse every proposal that no second person answered in time. Doing it late loses nothing."""
    waiting = Decision.objects.filter(state=DecisionState.PROPOSED, lapses_at__lt=timezone.now())
    for decision in waiting.select_related("case"):
        seconding.lapse(decision, timezone.now())
