"""A moderator decides: the queue by deadline, a case with its words first, a decision, a second person."""

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staydown.banks.actions import allowing as bank_allowing
from staydown.banks.actions import keeping
from staydown.cases import seeing
from staydown.cases.actions import allowing, deciding
from staydown.cases.models import Case
from staydown.cases.rules import CaseState, DecisionState
from staydown.console import reading, reviewing
from staydown.console.forms import CopiesForm, RulingForm
from staydown.people.models import Staff
from staydown.platforms import evidence
from staydown.platforms.models import Check, Item, Order
from staydown.platforms.rules import OPEN_ORDER, Action
from staydown.vault import opening

View = Callable[..., HttpResponse]
REFUSALS = (
    deciding.AlreadyDecided,
    deciding.NotComplete,
    deciding.NotCleared,
    deciding.SecondPersonNeeded,
    deciding.SomebodyElse,
    keeping.SamePerson,
    keeping.NotLawfulHere,
    keeping.TooCommon,
    bank_allowing.NotYours,
    bank_allowing.NotSeen,
)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What every page of the console shows: what waits, and what is late."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    waiting = seeing.waiting(staff_of(request))
    late = waiting.filter(due_at__lt=timezone.now(), state=CaseState.OPEN).count()
    return {"waiting_count": waiting.count(), "late_count": late, "now": timezone.now()}


def staff_of(request: HttpRequest) -> Staff:
    """Who asks."""
    return cast(Staff, request.user)  # every view here is behind login_required


def of_case(view: View) -> View:
    """Give a view the case its address names, if this person may know of it; back to the case with what was refused."""

    @login_required
    @never_cache
    @wraps(view)
    def viewed(request: HttpRequest, case_id: UUID, **rest: Any) -> HttpResponse:
        case = get_object_or_404(seeing.visible(staff_of(request)), pk=case_id)
        try:
            return view(request, case, **rest)
        except REFUSALS as refusal:
            messages.error(request, _(str(refusal)))
            return redirect("case", case_id=case.pk)

    return viewed


@require_safe
@login_required
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits, the earliest deadline first."""
    template = "console/queue_rows.html" if request.headers.get("HX-Request") else "console/queue.html"
    return render(request, template, {"cases": reading.rows(seeing.waiting(staff_of(request)))})


@require_safe
@of_case
def case_page(request: HttpRequest, case: Case) -> HttpResponse:
    """One case: words and facts first, the picture last."""
    return _page(request, case, RulingForm(reading.items(case), initial=reading.first_words(case)))


def _page(request: HttpRequest, case: Case, form: RulingForm, status: int = 200) -> HttpResponse:
    context = reading.whole(case, staff_of(request)) | {"form": form, "ruled": reading.ruled(form)}
    return render(request, "console/case.html", context, status=status)


@require_POST
@of_case
def decide(request: HttpRequest, case: Case) -> HttpResponse:
    """Take a ruling; a form that is not complete comes back with everything that was typed."""
    form = RulingForm(reading.items(case), request.POST)
    if not form.is_valid():
        return _page(request, case, form, status=422)
    decision = deciding.decide(case, form.proposal(), staff_of(request), timezone.now())
    done = decision.state == DecisionState.MADE
    messages.success(request, _("Decided.") if done else _("Proposed. A second person has to agree."))
    return redirect("case", case_id=case.pk)


@require_POST
@of_case
def second(request: HttpRequest, case: Case) -> HttpResponse:
    """The second person's word on a proposal."""
    decision = get_object_or_404(case.decisions, state=DecisionState.PROPOSED)
    if request.POST.get("word") == "agree":
        deciding.second(decision, opening.read(decision.answer_sealed), staff_of(request), timezone.now())
    else:
        deciding.decline(decision, staff_of(request), timezone.now())
    return redirect("case", case_id=case.pk)


@require_POST
@of_case
def answer_copies(request: HttpRequest, case: Case) -> HttpResponse:
    """Remove or put back the chosen held copies."""
    form = CopiesForm([match.item.pk for match in deciding.copies(case) if match.item], request.POST)
    if form.is_valid():
        act = Action.REMOVE if form.cleaned_data["act"] == "remove" else Action.RELEASE
        ids = frozenset(form.cleaned_data["copy"])
        deciding.answer_copies(case, ids, act, staff_of(request), timezone.now())
    else:
        messages.error(request, _("Choose at least one copy that is still held."))
    return redirect("case", case_id=case.pk)


@require_POST
@of_case
def answer_upload(request: HttpRequest, case: Case, check_id: UUID) -> HttpResponse:
    """Say whether a held upload may be published."""
    check = get_object_or_404(case.checks, pk=check_id)
    word = request.POST.get("word")
    if word == "always":
        allowing.publish_always(check, staff_of(request), timezone.now())
    else:
        deciding.answer_upload(check, "allow" if word == "allow" else "block", staff_of(request), timezone.now())
    return redirect("case", case_id=case.pk)


@require_POST
@of_case
def publish_none(request: HttpRequest, case: Case) -> HttpResponse:
    """Say of every upload of the case that could not be opened that it may not be published."""
    deciding.publish_none(case, staff_of(request), timezone.now())
    return redirect("case", case_id=case.pk)


@require_POST
@of_case
def answer_entry(request: HttpRequest, case: Case, entry_id: UUID) -> HttpResponse:
    """Raise an entry to block, as the second person, or withdraw it."""
    entry = get_object_or_404(case.entries, pk=entry_id)
    act = {
        "confirm": deciding.confirm_print,
        "raise": keeping.raise_to_block,
        "thaw": keeping.thaw,
        "lower": keeping.lower,
        "withdraw": deciding.withdraw_entry,
    }.get(request.POST.get("word", ""))
    if act is None:
        raise Http404
    act(entry, staff_of(request), timezone.now())
    return redirect("case", case_id=case.pk)


@of_case
def media(request: HttpRequest, case: Case, kind: str, media_id: UUID) -> HttpResponse:
    """GET: the veiled picture. POST: the picture itself, because a person asked for it."""
    what: Item | Check = (
        get_object_or_404(Check.objects.select_related("platform"), pk=media_id)
        if kind == "check"
        else get_object_or_404(Item.objects.select_related("platform"), pk=media_id)
    )
    look = reviewing.Look(case, what, staff_of(request))
    try:
        if request.method == "POST":
            shown = base64.b64encode(reviewing.revealed(look, timezone.now())).decode()
            return render(request, "console/revealed.html", {"shown": shown, "case": case})
        return HttpResponse(reviewing.veiled(look, timezone.now()), content_type="image/png")
    except (reviewing.NotShown, evidence.Unobtainable) as refusal:
        return render(request, "console/not_shown.html", {"why": _(str(refusal)), "case": case}, status=409)


@require_safe
@login_required
@never_cache
def orders(request: HttpRequest) -> HttpResponse:
    """The orders that platforms have not confirmed, the oldest first."""
    due = Order.objects.filter(state__in=OPEN_ORDER).select_related("platform", "item", "account", "case")
    mine = due.filter(case__in=seeing.visible(staff_of(request))) | due.filter(case=None)
    return render(request, "console/orders.html", {"orders": mine.order_by("written_at")[:200]})
