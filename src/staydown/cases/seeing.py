"""What a person of the staff may see: enforced in the query, so that no address, count or search leads around it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from staydown.banks.models import Entry, Match
from staydown.banks.rules import EntryState
from staydown.cases.models import Case
from staydown.cases.rules import CaseState
from staydown.people.models import Staff
from staydown.platforms.models import Check
from staydown.platforms.rules import CheckState, ItemState
from staydown.regimes.harms import CHILD_HARMS, Tri


def visible(staff: Staff) -> QuerySet[Case]:
    """The cases this person may know of: without clearance, only those where no child is shown for certain."""
    cases = Case.objects.exclude(state=CaseState.JOINED)
    if not staff.may_decide(child_safety=False):
        return cases.none()
    if staff.may_see_child_safety():
        return cases
    return cases.exclude(Q(harm__in=[harm.value for harm in CHILD_HARMS]) | ~Q(minor=Tri.NO))


def waiting(staff: Staff) -> QuerySet[Case]:
    """The cases in which somebody has to do something, the earliest deadline first."""
    copies = Match.objects.filter(entry__case=OuterRef("pk"), item__state=ItemState.HELD)
    uploads = Check.objects.filter(case=OuterRef("pk"), state=CheckState.PENDING)
    frozen = Entry.objects.filter(case=OuterRef("pk"), state=EntryState.FROZEN)
    return (
        visible(staff)
        .annotate(has_copies=Exists(copies), has_uploads=Exists(uploads), has_frozen=Exists(frozen))
        .filter(Q(state=CaseState.OPEN) | Q(has_copies=True) | Q(has_uploads=True) | Q(has_frozen=True))
        .order_by("due_at")
    )
