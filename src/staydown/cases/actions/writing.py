"""Writing to one reporter: she reads it on her page, with her receipt, and answers there."""

from datetime import datetime

from django.conf import settings

from staydown.cases import templates
from staydown.cases.models import Message, Report
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.vault import words


class NotWritten(ValueError):
    """Write something, to somebody who has not taken the report back, in a case that you may work on."""


@action
def write(report: Report, text: str, by: Staff, now: datetime) -> Message:
    """Write to a reporter. Raises `NotWritten`, and `templates.Unedited`."""
    if not text.strip() or report.withdrawn_at or not by.may_decide(report.case.needs_clearance):
        raise NotWritten(NotWritten.__doc__)
    templates.check(text)
    sealed = words.seal(text, report.public_key, settings.WORKING_PUBLIC)
    row = Message.objects.create(report=report, by=by, words_sealed=sealed, at=now)
    note("report.written_to", about=report, by=by.journal_name, now=now)
    return row
