"""The bank's pages: what must stay down, what was said not to be, what matching would have done, what is under way."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staydown.banks import under_way as work
from staydown.banks.actions import allowing
from staydown.banks.models import Allowance, Entry, Match
from staydown.cases import seeing
from staydown.cases.actions import allowing as widening
from staydown.console.views import staff_of
from staydown.people.models import Staff

SHOWN = 200  # rows of a table, the newest
REFUSALS = (allowing.NotYours, allowing.NobodyElse, allowing.NotSeen)
ACTS: dict[str, Callable[[Allowance, Staff, datetime], object]] = {
    "agree": allowing.agree,
    "revoke": allowing.revoke,
    "everywhere": partial(widening.widen, alike=False),
    "alike": partial(widening.widen, alike=True),
}


@require_safe
@login_required
@never_cache
def bank(request: HttpRequest) -> HttpResponse:
    """Entries and allow entries with where each came from. No picture, no fingerprint."""
    hers = seeing.may_know(staff_of(request), "case__")
    entries = Entry.objects.filter(hers).select_related("case", "banked_by", "raised_by")
    allowances = Allowance.objects.filter(hers).select_related("case", "platform", "by", "second_by")
    shown = {
        "entries": entries.order_by("-banked_at")[:SHOWN],
        "allowances": allowances.order_by("-made_at")[:SHOWN],
    }
    return render(request, "console/bank.html", shown)


@require_safe
@login_required
@never_cache
def watched(request: HttpRequest) -> HttpResponse:
    """What matching would have stopped, where it is in shadow or a distance is on trial."""
    found = Match.objects.filter(seeing.may_know(staff_of(request), "entry__case__"), watched=True)
    by_harm = found.values_list("entry__harm").annotate(Count("pk")).order_by("entry__harm")
    newest = found.select_related(
        "entry__case", "item__platform", "item__account", "check_row__platform", "check_row__account"
    ).order_by("-found_at")[:SHOWN]
    return render(request, "console/watched.html", {"counts": list(by_harm), "matches": newest})


@require_safe
@login_required
@never_cache
def under_way(request: HttpRequest) -> HttpResponse:
    """How far imports of catalogues and sweeps are. What all entries together stopped would tell of children's."""
    staff = staff_of(request)
    shown: dict[str, object] = {"imports": work.imports(), "sweeps": work.sweeps(seeing.visible(staff))}
    shown |= {"counts": staff.may_see_child_safety()}
    shown |= {"to_look_at": work.to_look_at()} if shown["counts"] else {}
    return render(request, "console/under_way.html", shown)


@require_POST
@login_required
@never_cache
def answer_allowance(request: HttpRequest, allowance_id: UUID) -> HttpResponse:
    """Agree to an allow entry, take it back, or propose a wider one."""
    staff = staff_of(request)
    made = get_object_or_404(Allowance, seeing.may_know(staff, "case__"), pk=allowance_id)
    act = ACTS.get(request.POST.get("word", ""))
    if act is None:
        raise Http404
    try:
        act(made, staff, timezone.now())
    except REFUSALS as refusal:
        messages.error(request, _(str(refusal)))
    return redirect("bank")
