"""Complaints: what who published something is told, and how often complaints were right: for training, never for ranking."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staydown.cases import rules, seeing
from staydown.cases.actions import complaining
from staydown.cases.models import Case, Complaint
from staydown.cases.rules import Outcome
from staydown.console.views import of_case, staff_of
from staydown.people.rules import Role


@require_POST
@of_case
def answer(request: HttpRequest, case: Case, complaint_id: UUID) -> HttpResponse:
    """Write down what who published it is told, once another person has decided."""
    row = get_object_or_404(Complaint, pk=complaint_id, decision__case=case, item__isnull=False)
    try:
        complaining.answer(row, request.POST.get("words", "")[:10_000], staff_of(request), timezone.now())
        messages.success(request, _("Written down. It is sent with the decision."))
    except (complaining.NotYours, complaining.NotAnswered) as refusal:
        messages.error(request, _(str(refusal)))
    return redirect("case", case_id=case.pk)


@dataclass(frozen=True, slots=True)
class Line:
    """Of one rule, or of one person's decisions: how many complaints were settled, and how many of them were right."""

    name: str
    settled: int
    reversed: int
    waiting: int

    @property
    def too_few(self) -> bool:
        """Whether a share would say more of chance than of anything else."""
        return self.settled < rules.FEWEST

    @property
    def share(self) -> int:
        """Of a hundred."""
        return round(100 * self.reversed / self.settled)


@require_safe
@login_required
@never_cache
def outcomes(request: HttpRequest) -> HttpResponse:
    """By rule and by who decided first, in alphabetical order, for the lead alone, of the cases that she may know of."""
    if staff_of(request).role != Role.LEAD:
        raise Http404
    hers = Complaint.objects.filter(seeing.may_know(staff_of(request), "decision__case__"))
    rows = list(hers.values_list("decision__provision", "decided_by__username", "outcome"))
    said = {
        "rules": _lines((rule, outcome) for rule, _who, outcome in rows),
        "people": _lines((who or "?", outcome) for _rule, who, outcome in rows),
        "fewest": rules.FEWEST,
    }
    return render(request, "console/complaints.html", said)


def _lines(rows: Iterable[tuple[str, str]]) -> list[Line]:
    found: dict[str, list[str]] = {}
    for name, outcome in rows:
        found.setdefault(name, []).append(outcome)
    return [
        Line(name, sum(map(bool, said)), said.count(Outcome.REVERSED.value), said.count(""))
        for name, said in sorted(found.items())
    ]
