"""What we know, what we owe, by when."""

from staydown.cases.models.case import Alert, Brought, Case, Subject
from staydown.cases.models.complaint import Complaint
from staydown.cases.models.decision import AccountLine, Answer, Decision, Line, Statement
from staydown.cases.models.report import Addition, Caution, Message, Print, Report, Script

__all__ = [
    "AccountLine",
    "Addition",
    "Alert",
    "Answer",
    "Brought",
    "Case",
    "Caution",
    "Complaint",
    "Decision",
    "Line",
    "Message",
    "Print",
    "Report",
    "Script",
    "Statement",
    "Subject",
]
