"""Which orders exist for whom: of the staff, by clearance; from outside, those of one's own organisation."""

from django.db.models import Q, QuerySet

from staydown.authority_orders.models import AuthorityOrder
from staydown.organisations.models import Organisation
from staydown.people.models import Staff
from staydown.people.rules import Act
from staydown.regimes.harms import CHILD_HARMS, Tri

CHILDS = Q(harm__in=[harm.value for harm in CHILD_HARMS]) | ~Q(minor=Tri.NO)
OF_CHILDS_CASE = Q(report__isnull=False) & (
    Q(report__case__harm__in=[harm.value for harm in CHILD_HARMS]) | ~Q(report__case__minor=Tri.NO)
)
ALSO = ("organisation", "officer", "entered_by", "executed_by", "report__case", "disclosure_by", "disclosure_second_by")


def visible(staff: Staff) -> QuerySet[AuthorityOrder]:
    """The orders that exist for one of the staff: without clearance none in which a child is, or may be, concerned."""
    found = AuthorityOrder.objects.select_related(*ALSO).prefetch_related("pauses")
    if not staff.may(Act.READ):
        return found.none()
    return found if staff.may_see_child_safety() else found.exclude(CHILDS).exclude(OF_CHILDS_CASE)


def of(organisation: Organisation) -> QuerySet[AuthorityOrder]:
    """The orders that an organisation sent by its desk or its key; not what somebody wrote down by hand in its name."""
    sent = AuthorityOrder.objects.filter(organisation=organisation).exclude(channel="hand")
    found = sent.select_related("organisation", "report__case").prefetch_related("pauses")
    return found.order_by("-received_at", "-pk")
