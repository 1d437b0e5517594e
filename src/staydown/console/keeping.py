"""Keeping a case beyond its time, from its page: a lead or a custodian sets a legal hold, a lead lifts it, with a reason."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from staydown.cases.models import Case
from staydown.console.views import of_case, staff_of
from staydown.vault.retention import errors, holding
from staydown.vault.retention.rules import HoldKind


@require_POST
@of_case
def hold(request: HttpRequest, case: Case) -> HttpResponse:
    """Keep the case until the hold is lifted."""
    try:
        holding.hold(case, HoldKind.LEGAL, request.POST.get("reason", ""), staff_of(request), timezone.now())
    except errors.RetentionError as refusal:
        messages.error(request, _(str(refusal)))
    return redirect("case", case_id=case.pk)


@require_POST
@of_case
def lift(request: HttpRequest, case: Case, hold_id: UUID) -> HttpResponse:
    """End a hold of the case."""
    row = get_object_or_404(case.holds, pk=hold_id)
    try:
        holding.lift(row, request.POST.get("reason", ""), staff_of(request), timezone.now())
    except errors.RetentionError as refusal:
        messages.error(request, _(str(refusal)))
    return redirect("case", case_id=case.pk)
