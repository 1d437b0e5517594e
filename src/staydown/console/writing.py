"""Writing to reporters, from the page of a case: to one of them, or the beginning of an answer to all."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staydown.cases import templates
from staydown.cases.actions import writing
from staydown.cases.models import Case
from staydown.cases.rules import Ruling
from staydown.console.forms import RulingForm
from staydown.console.views import of_case, staff_of
from staydown.regimes.harms import Harm


@require_POST
@of_case
def write(request: HttpRequest, case: Case, report_id: UUID) -> HttpResponse:
    """Write to one reporter."""
    report = get_object_or_404(case.reports, pk=report_id)
    writing.write(report, request.POST.get("words", "")[:10_000], staff_of(request), timezone.now())
    messages.success(request, _("Sent. It is on the reporter's page."))
    return redirect("case", case_id=case.pk)


@require_safe
@of_case
def template(request: HttpRequest, case: Case) -> HttpResponse:
    """The field of the answer, with the beginning of one: it is sent only once it was edited."""
    ruling, language = request.GET.get("ruling", ""), request.GET.get("language", "")
    if ruling not in set(templates.OUTCOMES):
        raise Http404
    text = templates.beginning(Harm(case.harm), Ruling(ruling), language)
    return HttpResponse(str(RulingForm([], [], frozenset(), initial={"answer": text})["answer"]))
