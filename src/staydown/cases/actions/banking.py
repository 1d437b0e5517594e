"""The bank entries of a case: taken out of the bank, or confirmed."""

from datetime import datetime

from staydown.banks.actions import keeping, watching
from staydown.banks.models import Entry
from staydown.cases.actions.guards import may_work, second_for_a_child
from staydown.journal.acting import action
from staydown.people.models import Staff


@action
def withdraw_entry(entry: Entry, by: Staff, now: datetime) -> None:
    """Take an entry of a case out of the bank."""
    may_work(entry.case, by)
    second_for_a_child(entry.case, by)
    keeping.withdraw(entry, by, now)


@action
def confirm_print(entry: Entry, by: Staff, now: datetime) -> None:
    """Say that what matched a fingerprint from a reporter's device is what was reported: it is kept down from now on."""
    may_work(entry.case, by)
    watching.confirm(entry, by, now)
