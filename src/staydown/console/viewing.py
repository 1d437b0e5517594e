"""Pictures, step by step: each step is asked for, and comes from an address that is good for a minute and one person."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staydown.cases.models import Case
from staydown.console import grades, not_shown, reviewing
from staydown.console.grades import Grade, Reason
from staydown.console.views import of_case, staff_of
from staydown.platforms import evidence
from staydown.platforms.models import Check, Item
from staydown.regimes.harms import Harm, Tri
from staydown.vault.evidence.models import Evidence
from staydown.vault.evidence.rules import Kind

NEXT = {Grade.GREY: (Grade.BLURRED,), Grade.BLURRED: (Grade.PEEK, Grade.FULL), Grade.FULL: (Grade.PEEK,)}


@require_POST
@of_case
def media(request: HttpRequest, case: Case, kind: str, media_id: UUID) -> HttpResponse:
    """One step more of a picture, because a person asked for it."""
    grade, reason = request.POST.get("grade", ""), request.POST.get("reason", "")
    if grade not in Grade:
        raise Http404
    look = reviewing.Look(case, _what(case, kind, media_id), staff_of(request))
    try:
        token = reviewing.asked(look, Grade(grade), Reason(reason) if reason in Reason else None, timezone.now())
    except not_shown.NotShown as refusal:
        said = {"why": _(str(refusal)), "again": isinstance(refusal, not_shown.NoReason), "path": request.path}
        return render(request, "console/not_shown.html", said, status=409)
    said = {"token": token, "path": request.path, "reason": reason}
    return render(request, "console/look.html", said | _steps(case, Grade(grade)))


def _what(case: Case, kind: str, media_id: UUID) -> Item | Check | Evidence:
    """The media, if it is of the case: reported in it, met by one of its entries, or handed over by one of its reporters."""
    if kind == "shot":
        return get_object_or_404(Evidence, pk=media_id, report__case=case, kind=Kind.SCREENSHOT)
    if kind == "check":
        return get_object_or_404(Check.objects.select_related("platform"), pk=media_id, case=case)
    hers = Item.objects.filter(Q(subjects__case=case) | Q(matches__entry__case=case)).select_related("platform")
    return get_object_or_404(hers.distinct(), pk=media_id)


def _steps(case: Case, grade: Grade) -> dict[str, object]:
    """What may be asked for next, and whether that needs a reason."""
    steps = NEXT.get(grade, ())
    return {
        "grade": grade.value,
        "seconds": grades.SECONDS[grade],
        "steps": [step.value for step in steps],
        "needs_reason": grades.needs_reason(Grade.FULL, Harm(case.harm), Tri(case.minor)),
        "reasons": [reason.value for reason in Reason],
    }


@require_safe
@login_required
@never_cache
def look(request: HttpRequest, token: str) -> HttpResponse:
    """The picture that was asked for within the last minute, by whoever asked for it."""
    try:
        made = reviewing.drawn(token, staff_of(request), timezone.now())
    except (not_shown.NotShown, evidence.Unobtainable) as refusal:
        return HttpResponse(_(str(refusal)), content_type="text/plain; charset=utf-8", status=409)
    return HttpResponse(made, content_type="image/jpeg", headers={"Cross-Origin-Resource-Policy": "same-origin"})
