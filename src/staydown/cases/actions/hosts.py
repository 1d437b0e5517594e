"""A person has told whoever hosts something elsewhere: its reporters see it on their page."""

from datetime import datetime

from staydown.cases.models import Subject
from staydown.journal.acting import action, note
from staydown.people.models import Staff


@action
def told(subject: Subject, by: Staff, now: datetime) -> bool:
    """Note that the notice about a link was sent; whether it was the first time."""
    links = Subject.objects.filter(pk=subject.pk, link_sealed__isnull=False, host_told_at=None)
    if not links.update(host_told_at=now, host_told_by=by):
        return False
    note("host.told", about=subject.case, by=by.journal_name, now=now, subject=str(subject.pk))
    return True
