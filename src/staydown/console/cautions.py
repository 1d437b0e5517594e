"""Misuse of reporting, from the page of a decided case: the record of one pseudonym, and what a lead does about it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from staydown.cases import misuse
from staydown.cases.actions import cautioning, writing
from staydown.cases.actions.cautioning import Weighed
from staydown.cases.models import Case, Caution, Report
from staydown.cases.rules import Degree
from staydown.cases.templates import Unedited
from staydown.console.posted import id_of
from staydown.console.views import of_case, staff_of
from staydown.people.models import Staff
from staydown.vault import opening

REFUSALS = (cautioning.NotUnfounded, cautioning.NotCautioned, writing.NotWritten, Unedited)


def _report(case: Case, report_id: UUID) -> Report:
    return get_object_or_404(case.reports.exclude(reporter_ref=None), pk=report_id)


@require_POST
@of_case
def unfounded(request: HttpRequest, case: Case, report_id: UUID) -> HttpResponse:
    """Say of a report that it was manifestly unfounded."""
    report = _report(case, report_id)
    try:
        cautioning.unfounded(report, staff_of(request), timezone.now())
    except REFUSALS as refusal:
        messages.error(request, _(str(refusal)))
        return redirect("case", case_id=case.pk)
    return redirect("reporter", case_id=case.pk, report_id=report.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@of_case
def reporter(request: HttpRequest, case: Case, report_id: UUID) -> HttpResponse:
    """GET: the four criteria. POST: warn, slow, or take that back."""
    report, now = _report(case, report_id), timezone.now()
    if request.method == "POST":
        try:
            _act(request, report, staff_of(request))
        except REFUSALS as refusal:
            messages.error(request, _(str(refusal)))
        return redirect("reporter", case_id=case.pk, report_id=report.pk)
    ref = bytes(report.reporter_ref or b"")
    rows = Caution.objects.filter(reporter_ref=ref).select_related("by").order_by("at")
    said = {
        "case": case,
        "report": report,
        "record": misuse.record(ref, now),
        "cautions": [(row, opening.read(row.reasons_sealed)) for row in rows],
        "is_slowed": ref in misuse.slowed(now),
    }
    return render(request, "console/reporter.html", said)


def _act(request: HttpRequest, report: Report, by: Staff) -> None:
    word, now = request.POST.get("word", ""), timezone.now()
    if word == "lift":
        rows = Caution.objects.filter(reporter_ref=report.reporter_ref)
        cautioning.lift(get_object_or_404(rows, pk=id_of(request, "caution")), by, now)
        return
    act = {"warn": cautioning.warn, "slow": cautioning.slow}.get(word)
    degrees = [request.POST.get(name, "") for name in ("gravity", "intent")]
    if act is None or not set(degrees) <= set(Degree):
        raise Http404
    weighed = Weighed(Degree(degrees[0]), Degree(degrees[1]), request.POST.get("reasons", "")[:10_000])
    act(report, weighed, by, now)
