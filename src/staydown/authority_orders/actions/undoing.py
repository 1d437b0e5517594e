"""Taking an order back: revoked by its authority, or found to be an impostor's. What it did alone is undone."""

from datetime import datetime

from staydown.authority_orders import clocks, rules
from staydown.authority_orders.actions.acknowledging import acknowledged
from staydown.authority_orders.actions.binding import hide
from staydown.authority_orders.actions.pausing import run_again
from staydown.authority_orders.actions.putting_back import put_back
from staydown.authority_orders.errors import AnotherPerson, NoNumber, NotCalledBack, NotYours, WentOn
from staydown.authority_orders.models import AuthorityOrder, CallBack
from staydown.authority_orders.rules import Answered, Kind, OrderState, Verified
from staydown.journal.acting import action, note
from staydown.organisations.models import Organisation
from staydown.organisations.rules import Kind as Organised
from staydown.people.models import Staff

GOES_ON = (OrderState.INCOMPLETE, OrderState.RECEIVED, OrderState.EXECUTED, OrderState.ANSWERED)


@action
def attribute(row: AuthorityOrder, organisation: Organisation, by: Staff, now: datetime) -> None:
    """Say which admitted authority an order claims to come from. Raises `NotYours`, `NoNumber` and `WentOn`."""
    _may(row, by)
    if organisation.kind != Organised.AUTHORITY or not organisation.stands(now):
        raise NoNumber(NoNumber.__doc__)
    mine = AuthorityOrder.objects.filter(pk=row.pk, verified_at=None, state__in=GOES_ON)
    if not mine.update(organisation=organisation):
        raise WentOn(WentOn.__doc__)
    row.refresh_from_db()
    row.due_at, row.clock = clocks.deadline(row, now)
    row.save(update_fields=["due_at", "clock"])
    note("authority_order.attributed", about=row, by=by.journal_name, now=now, organisation=str(organisation.pk))


@action
def called_back(row: AuthorityOrder, answered: Answered, by: Staff, now: datetime) -> CallBack:
    """Note what the authority said, called at the number of the register. Denied, it was an impostor's: all is undone.

    Raises `NotYours`, `NoNumber` and `WentOn`.
    """
    _may(row, by)
    if row.organisation is None or not row.organisation.stands(now):
        raise NoNumber(NoNumber.__doc__)
    if row.state not in GOES_ON:
        raise WentOn(WentOn.__doc__)
    number = row.organisation.number
    call = CallBack.objects.create(
        authority_order=row, organisation=row.organisation, number=number, answered=answered, by=by, at=now
    )
    note("authority_order.called_back", about=row, by=by.journal_name, now=now, answered=answered.value)
    if answered is Answered.CONFIRMED:
        AuthorityOrder.objects.filter(pk=row.pk).update(verified_how=Verified.CALL_BACK, verified_at=now)
        row.refresh_from_db()
        acknowledged(row, by.journal_name, now)
        if row.state == OrderState.RECEIVED and row.kind == Kind.REMOVAL:
            hide(row, by.journal_name, now)
    if answered is Answered.DENIED:
        _end(row, OrderState.IMPOSTOR, by.journal_name, now)
    return call


@action
def revoke(row: AuthorityOrder, by: str, now: datetime) -> None:
    """Its authority takes an order back (Directive (EU) 2024/1385, art. 23): it was reversible all the time. Raises `WentOn`."""
    _end(row, OrderState.REVOKED, by, now)


def _end(row: AuthorityOrder, to: OrderState, by: str, now: datetime) -> None:
    if not row.move_from_any(GOES_ON, to=to):
        raise WentOn(WentOn.__doc__)
    run_again(row, by, now)
    note(f"authority_order.{to.value}", about=row, by=by, now=now)
    row.notices.filter(told_at=None).delete()
    put_back(row, by, now)


@action
def agree_to_disclose(row: AuthorityOrder, by: Staff, now: datetime) -> None:
    """One of two people says that an order for information is to be answered. Nothing leaves by it: sealed evidence is released
    by its own two people, and data is given by hand. Raises `NotYours`, `NotCalledBack`, `AnotherPerson` and `WentOn`.
    """
    if not rules.may_agree(by.person, child=row.needs_clearance):
        raise NotYours(NotYours.__doc__)
    if row.kind != Kind.INFORMATION or row.state not in rules.DONE:
        raise WentOn(WentOn.__doc__)
    if row.verified_how != Verified.CALL_BACK:
        raise NotCalledBack(NotCalledBack.__doc__)
    if row.disclosure_by_id == by.pk:
        raise AnotherPerson(AnotherPerson.__doc__)
    column = "disclosure_second_by" if row.disclosure_by_id else "disclosure_by"
    if not AuthorityOrder.objects.filter(pk=row.pk, **{f"{column}__isnull": True}).update(**{column: by}):
        raise WentOn(WentOn.__doc__)
    row.refresh_from_db()
    note("authority_order.disclosure_agreed", about=row, by=by.journal_name, now=now, second=column != "disclosure_by")


def _may(row: AuthorityOrder, by: Staff) -> None:
    if not rules.may_execute(by.person, child=row.needs_clearance):
        raise NotYours(NotYours.__doc__)
