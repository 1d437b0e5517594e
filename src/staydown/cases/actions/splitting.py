"""Making a case of its own of some of a case's reports, by hand. Joining the new one to the old takes that back."""

from datetime import datetime
from uuid import UUID

from staydown.banks.models import Entry
from staydown.cases import rules
from staydown.cases.actions import belonging, claiming, moving
from staydown.cases.actions.joining import NotCleared
from staydown.cases.models import Brought, Case, Report, Subject
from staydown.cases.rules import CaseState
from staydown.cases.severity import Standing
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.models import Item, Order
from staydown.regimes.harms import Harm, Tri
from staydown.vault.evidence import actions as evidence
from staydown.vault.evidence.rules import Kind
from staydown.vault.retention.models import Hold


class NotSplit(ValueError):
    """Choose some of the reports, and not all of them, of a case that nobody has decided or proposed to decide."""


@action
def split(case: Case, ids: frozenset[UUID], by: Staff, now: datetime) -> Case:
    """Move some reports, and what only they are about, to a new case. Raises `NotSplit`, `NotCleared`, `Claimed`.

    Nobody gains time by it, and a child's case stays one on both sides. What is sealed stays under the old case's key; the
    originals of posts are asked for once more, for the new case's own. A hold keeps both.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not by.may_decide(case.needs_clearance):
        raise NotCleared(NotCleared.__doc__)
    reports = list(case.reports.filter(pk__in=ids))
    ruled = case.decisions.filter(state__in=rules.RULED).exists()
    if case.state != CaseState.OPEN or ruled or not 0 < len(reports) < case.reports.count():
        raise NotSplit(NotSplit.__doc__)
    claiming.claim(case, by, now)
    made = _opened(case, reports, now)
    _carry(reports, case, made)
    made.apart.add(case)
    belonging.inherit(made, Item.objects.filter(subjects__case=made))
    note("case.split", about=case, by=by.journal_name, now=now, made=str(made.pk), reports=len(reports))
    note("case.opened", about=made, by=by.journal_name, now=now, split_from=str(case.pk))
    _keep(made, now)
    return made


def _opened(case: Case, reports: list[Report], now: datetime) -> Case:
    known = moving.standing(case)
    if not case.is_child_safety:
        known = _of(reports, known)
    return Case.objects.create(
        harm=known.harm,
        minor=known.minor,
        flags=sorted(known.flags),
        opened_at=min(report.received_at for report in reports),
        due_at=case.due_at,
        clock=case.clock,
        escalated_at=case.escalated_at,
        split_from=case,
    )


def _of(reports: list[Report], known: Standing) -> Standing:
    said = [
        Standing(Harm(one.harm), Tri(one.minor), frozenset(map(str, one.flags)), known.due_at, known.clock)
        for one in reports
    ]
    first, *others = said
    for other in others:
        first = first.with_(other)
    return first


def _carry(reports: list[Report], case: Case, made: Case) -> None:
    before = _items(case)
    Brought.objects.filter(report__in=reports).delete()
    moving.reports(reports, made)
    gone = before - _items(case)
    orders = Order.objects.filter(case=case, item__in=gone)
    entries = Entry.objects.filter(case=case, prints__report__in=reports)
    Brought.objects.filter(order__in=orders).delete()
    Brought.objects.filter(entry__in=entries).delete()
    orders.update(case=made)
    Entry.objects.filter(pk__in=list(entries.values_list("pk", flat=True))).update(case=made)


def _items(case: Case) -> set[UUID | None]:
    return set(Subject.objects.filter(case=case, item__isnull=False).values_list("item_id", flat=True))


def _keep(made: Case, now: datetime) -> None:
    for item in Item.objects.filter(subjects__case=made).select_related("platform"):
        evidence.want(made, item, now)
        evidence.want(made, item, now, Kind.PAGE)
    former = made.split_from
    for hold in Hold.objects.filter(case=former, lifted_at=None):
        hold.pk, hold.case, hold._state.adding = None, made, True
        hold.save(force_insert=True)
        note("retention.held", about=hold, by=hold.by.journal_name, now=now, case=str(made.pk), kind=hold.kind)
