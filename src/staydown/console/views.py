"""A moderator decides: the queue by deadline, a case with its words first, a decision, a second person."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staydown.banks.actions import allowing as bank_allowing
from staydown.banks.actions import keeping, watching
from staydown.cases import searching, seeing, templates
from staydown.cases.actions import allowing, answering, banking, claiming, complaining, hosts, refusals, writing
from staydown.cases.models import Case
from staydown.cases.searching import Wanted
from staydown.console import listing
from staydown.console.forms import CopiesForm
from staydown.people.models import Staff
from staydown.platforms.models import Order
from staydown.platforms.rules import OPEN_ORDER, Action
from staydown.regimes.harms import Harm

View = Callable[..., HttpResponse]
PAGE = 50  # cases
PAGES = 20  # what is less urgent than a thousand others is looked for by other means
REFUSALS = (
    claiming.Claimed,
    claiming.TurnOver,
    complaining.NotAnswered,
    refusals.AlreadyDecided,
    refusals.NotComplete,
    refusals.NotCleared,
    refusals.SecondPersonNeeded,
    refusals.SomebodyElse,
    refusals.TooLate,
    refusals.OrderedDown,
    refusals.NobodyElse,
    refusals.NoReason,
    keeping.SamePerson,
    keeping.NotLawfulHere,
    keeping.TooCommon,
    bank_allowing.NotYours,
    bank_allowing.NotSeen,
    watching.NothingSeen,
    templates.Unedited,
    writing.NotWritten,
)


def staff_of(request: HttpRequest) -> Staff:
    """Who asks."""
    return cast(Staff, request.user)  # every view here is behind login_required


def of_case(view: View) -> View:
    """Give a view the case its address names, if this person may know of it; back to the case with what was refused."""

    @login_required
    @never_cache
    @wraps(view)
    def viewed(request: HttpRequest, case_id: UUID, **rest: Any) -> HttpResponse:
        if whole := seeing.joined_into(staff_of(request), case_id):
            if request.method == "POST":
                messages.error(
                    request, _("This case belongs to another one now: here it is. What you sent was not done.")
                )
            return redirect("case", case_id=whole.pk)
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
    """Everything that waits, the most urgent first, fifty to a page."""
    now = timezone.now()
    asked = request.GET.get("page", "")
    number = min(max(int(asked), 1), PAGES) if asked.isdecimal() else 1
    staff, wanted = staff_of(request), Wanted.of(request.GET.dict())
    cases = searching.narrowed(seeing.hers(staff, now), wanted, staff)
    waiting = seeing.urgent_first(cases, now, PAGE * (number - 1), PAGE + 1)
    page = {
        "number": number,
        "before": number - 1,
        "after": number + 1 if len(waiting) > PAGE and number < PAGES else 0,
    }
    template = "console/queue_rows.html" if request.headers.get("HX-Request") else "console/queue.html"
    sought = {"wanted": wanted, "harms": list(Harm), "query": "&" + searching.query_of(wanted) if wanted.any else ""}
    return render(request, template, {"cases": listing.rows(waiting[:PAGE], now), "page": page, **sought})


@require_POST
@of_case
def claim(request: HttpRequest, case: Case) -> HttpResponse:
    """Work on a case, take it over, or hand it over."""
    act = {"claim": claiming.claim, "take": claiming.take_over, "hand": claiming.hand_over}.get(
        request.POST.get("word", "")
    )
    if act is None:
        raise Http404
    act(case, staff_of(request), timezone.now())
    return redirect("queue") if act is claiming.hand_over else redirect("case", case_id=case.pk)


@require_POST
@of_case
def answer_copies(request: HttpRequest, case: Case) -> HttpResponse:
    """Remove or put back the chosen held copies."""
    form = CopiesForm([match.item.pk for match in answering.copies(case) if match.item], request.POST)
    if form.is_valid():
        act = Action.REMOVE if form.cleaned_data["act"] == "remove" else Action.RELEASE
        ids = frozenset(form.cleaned_data["copy"])
        answering.answer_copies(case, ids, act, staff_of(request), timezone.now())
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
        answering.answer_upload(check, "allow" if word == "allow" else "block", staff_of(request), timezone.now())
    return redirect("case", case_id=case.pk)


@require_POST
@of_case
def publish_none(request: HttpRequest, case: Case) -> HttpResponse:
    """Say of every upload of the case that could not be opened that it may not be published."""
    answering.publish_none(case, staff_of(request), timezone.now())
    return redirect("case", case_id=case.pk)


@require_POST
@of_case
def answer_entry(request: HttpRequest, case: Case, entry_id: UUID) -> HttpResponse:
    """Raise an entry to block, as the second person, or withdraw it."""
    entry = get_object_or_404(case.entries, pk=entry_id)
    act = {
        "confirm": banking.confirm_print,
        "raise": keeping.raise_to_block,
        "thaw": keeping.thaw,
        "lower": keeping.lower,
        "withdraw": banking.withdraw_entry,
    }.get(request.POST.get("word", ""))
    if act is None:
        raise Http404
    act(entry, staff_of(request), timezone.now())
    return redirect("case", case_id=case.pk)


@require_POST
@of_case
def host_told(request: HttpRequest, case: Case, subject_id: UUID) -> HttpResponse:
    """Note that a person sent the notice about something elsewhere."""
    hosts.told(get_object_or_404(case.subjects, pk=subject_id), staff_of(request), timezone.now())
    return redirect("case", case_id=case.pk)


@require_safe
@login_required
@never_cache
def orders(request: HttpRequest) -> HttpResponse:
    """The orders that platforms have not confirmed, the oldest first."""
    due = Order.objects.filter(state__in=OPEN_ORDER).select_related("platform", "item", "account", "case")
    mine = due.filter(Q(case=None) | Q(case__isnull=False) & seeing.may_know(staff_of(request), "case__"))
    return render(request, "console/orders.html", {"orders": mine.order_by("written_at")[:200]})
