"""Joining cases, taking them apart and splitting them, from the page of a case."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from staydown.cases import seeing
from staydown.cases.actions import joining, splitting
from staydown.cases.models import Case
from staydown.console.views import of_case, staff_of

REFUSALS = (joining.NotJoined, joining.NotTakenApart, joining.NotCleared, splitting.NotSplit)


@require_POST
@of_case
def join(request: HttpRequest, case: Case) -> HttpResponse:
    """Join this case to the open one whose reference was typed."""
    into = seeing.by_reference(staff_of(request), request.POST.get("reference", ""))
    if into is None:
        messages.error(request, _("You know of no case with this reference."))
        return redirect("case", case_id=case.pk)
    try:
        joining.join_by_hand(case, into, staff_of(request), timezone.now())
    except REFUSALS as refusal:
        messages.error(request, _(str(refusal)))
        return redirect("case", case_id=case.pk)
    messages.success(request, _("Joined. You can take them apart again below, until somebody decides."))
    return redirect("case", case_id=into.pk)


@require_POST
@of_case
def take_apart(request: HttpRequest, case: Case, part_id: UUID) -> HttpResponse:
    """Make a case that was joined to this one a case of its own again."""
    part = get_object_or_404(case.joined, pk=part_id)
    try:
        joining.take_apart(part, staff_of(request), timezone.now())
    except REFUSALS as refusal:
        messages.error(request, _(str(refusal)))
        return redirect("case", case_id=case.pk)
    return redirect("case", case_id=part.pk)


@require_POST
@of_case
def split(request: HttpRequest, case: Case) -> HttpResponse:
    """Make a case of its own of the chosen reports."""
    chosen = set(request.POST.getlist("report"))
    ids = frozenset(report for report in case.reports.values_list("pk", flat=True) if str(report) in chosen)
    try:
        made = splitting.split(case, ids, staff_of(request), timezone.now())
    except REFUSALS as refusal:
        messages.error(request, _(str(refusal)))
        return redirect("case", case_id=case.pk)
    return redirect("case", case_id=made.pk)
