"""The record of a platform's pseudonym (decision 20): what it sent in a year, and whether it is slowed now."""

from datetime import datetime, timedelta

from django.db.models import Q

from staydown.cases import rules
from staydown.cases.models import Caution, Report
from staydown.cases.rules import Record, Step
from staydown.regimes.harms import CHILD_HARMS, Tri

YEAR = timedelta(days=rules.MISUSE_DAYS)
NO_CHILD = (
    Q(minor=Tri.NO, case__minor=Tri.NO) & ~Q(harm__in=CHILD_HARMS) & ~Q(case__harm__in=CHILD_HARMS)
)  # nor a part of what may concern one


def record(ref: bytes, now: datetime) -> Record:
    """The numbers of one pseudonym; three queries."""
    sent = Report.objects.filter(NO_CHILD, reporter_ref=ref, received_at__gt=now - YEAR)
    unfounded = sent.exclude(unfounded_at=None)
    warned = Caution.objects.filter(reporter_ref=ref, step=Step.WARNED, lifted_at=None).order_by("-at").first()
    since = unfounded.filter(received_at__gt=warned.at).count() if warned else 0
    return Record(unfounded.count(), sent.count(), since)


def slowed(now: datetime) -> list[bytes]:
    """The pseudonyms that are slowed at this moment."""
    rows = Caution.objects.filter(step=Step.SLOWED, lifted_at=None, until__gt=now)
    return [bytes(ref) for ref in rows.values_list("reporter_ref", flat=True).distinct()]
