"""Authority orders in the console: what came, what it lacks, who called back, and what a person does about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from staydown.authority_orders import clocks, effect, saying, seeing
from staydown.authority_orders.actions import acknowledging, executing, pausing, receiving, undoing
from staydown.authority_orders.actions.receiving import Sender
from staydown.authority_orders.errors import OrderError
from staydown.authority_orders.models import AuthorityOrder, UploaderNotice, untold
from staydown.authority_orders.rules import WAITING, Answered, Channel, Kind, OrderState
from staydown.console.posted import as_id
from staydown.console.views import staff_of
from staydown.desk.forms import OrderForm, SaidForm, known
from staydown.organisations.models import Organisation
from staydown.organisations.rules import Kind as Organised
from staydown.people.models import Staff
from staydown.people.rules import Act
from staydown.regimes.duties import PauseReason
from staydown.vault import opening

PAGE = 30
STILL = (OrderState.INCOMPLETE, OrderState.RECEIVED)  # in which an order's time may stand still
type Word = Callable[[AuthorityOrder, str, Staff, datetime], object]


def _attribute(row: AuthorityOrder, said: str, by: Staff, now: datetime) -> None:
    found = Organisation.objects.filter(kind=Organised.AUTHORITY)
    undoing.attribute(row, get_object_or_404(found, pk=as_id(said)), by, now)


def _called(answered: Answered) -> Word:
    return lambda row, _said, by, now: undoing.called_back(row, answered, by, now)


def _paused(reason: PauseReason) -> Word:
    return lambda row, _said, by, now: pausing.pause(row, reason, by, now)


ACTS: dict[str, Word] = {
    "execute": executing.execute,
    "refuse": executing.refuse,
    "attribute": _attribute,
    "arrived": lambda row, _said, by, now: acknowledging.acknowledge(row, by, now),
    "told": lambda row, _said, by, now: executing.told_by_hand(row, by, now),
    "disclose": lambda row, _said, by, now: undoing.agree_to_disclose(row, by, now),
    "go_on": lambda row, _said, by, now: pausing.go_on(row, by, now),
    **{each.value: _called(each) for each in Answered},
    **{each.value: _paused(each) for each in PauseReason},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be done with an order now; whether somebody may, the action says."""

    row: AuthorityOrder

    @property
    def acts(self) -> frozenset[str]:
        state, found = OrderState(self.row.state), set()
        if state in (OrderState.INCOMPLETE, OrderState.RECEIVED):
            found |= {"refuse"}
            found |= {"go_on"} if self.row.pauses.filter(until=None).exists() else set(self._pauses())
        if state == OrderState.RECEIVED and self.row.kind == Kind.REMOVAL:
            found |= {"execute"}
        if state == OrderState.EXECUTED and self.row.effect_at and self.row.channel == Channel.HAND:
            found |= {"told"}
        if state in WAITING and not self.row.acknowledged_at:
            found |= {"arrived"}
        if state in (*WAITING, OrderState.ANSWERED):
            found |= {"call"} if self.row.organisation else set()
            found |= set() if self.row.verified_at else {"attribute"}
        if self.row.kind == Kind.INFORMATION and state in (OrderState.EXECUTED, OrderState.ANSWERED):
            found |= set() if self.row.disclosure_second_by_id else {"disclose"}
        return frozenset(found)

    def _pauses(self) -> list[str]:
        law = self.row.law
        return [each.value for each in PauseReason if law and law.pause_rule(each)]


@require_safe
@login_required
@never_cache
def authority_orders(request: HttpRequest) -> HttpResponse:
    """The orders of authorities, what is due first before the others; at its end, what was done."""
    found, done = seeing.visible(staff_of(request)), request.GET.get("done") == "1"
    silent = UploaderNotice.objects.filter(untold(timezone.now())).values("authority_order")
    waiting = Q(state__in=WAITING) | Q(pk__in=silent)
    waits = found.filter(waiting).order_by("due_at", "pk")
    rows = found.exclude(waiting).order_by("-received_at", "-pk") if done else waits
    page = Paginator(rows.annotate(is_untold=Q(pk__in=silent)), PAGE).get_page(request.GET.get("page"))
    return render(request, "console/authority_orders.html", {"page": page, "done": done})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Write down an order that came by letter, mail or telephone. Nobody is called back at a number that came with it."""
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = receiving.receive(form.order(), Sender(staff=staff_of(request)), timezone.now())
            return redirect("authority_order", authority_order_id=row.pk)
        except OrderError as refusal:
            form.add_error(None, _(str(refusal)))
    return render(request, "console/enter_order.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def authority_order(request: HttpRequest, authority_order_id: UUID) -> HttpResponse:
    """GET: one order. POST: one person's word on it; what is refused is said on the page."""
    row = get_object_or_404(seeing.visible(staff_of(request)), pk=authority_order_id)
    if request.method == "POST" and request.POST.get("act") == "complete":
        return _completed(request, row)
    if request.method == "POST":
        done = ACTS.get(request.POST.get("act", ""))
        if done is None:
            raise Http404
        try:
            done(row, request.POST.get("said", "")[:20_000], staff_of(request), timezone.now())
        except OrderError as refusal:
            messages.error(request, _(str(refusal)))
        return redirect("authority_order", authority_order_id=row.pk)
    return render(request, "console/authority_order.html", _page(row, staff_of(request)))


def _completed(request: HttpRequest, row: AuthorityOrder) -> HttpResponse:
    """Add what an order that was written down by hand lacked."""
    form, staff = SaidForm(request.POST), staff_of(request)
    if not form.is_valid():
        return render(request, "console/authority_order.html", _page(row, staff) | {"form": form}, status=422)
    try:
        receiving.complete_by_hand(row, form.said(), staff, timezone.now())
    except OrderError as refusal:
        messages.error(request, _(str(refusal)))
    return redirect("authority_order", authority_order_id=row.pk)


def _page(row: AuthorityOrder, staff: Staff) -> dict[str, object]:
    said = saying.read(row)
    adds = row.state == OrderState.INCOMPLETE and row.channel == Channel.HAND and staff.may(Act.DECIDE)
    authorities = Organisation.objects.filter(kind=Organised.AUTHORITY, until__gt=timezone.now(), state="admitted")
    return {
        "row": row,
        "stands_still": row.pauses.filter(until=None).exists(),
        "waits_until": clocks.deadline(row, timezone.now())[0] if row.state in STILL else None,
        "said": said,
        "form": SaidForm(initial=known(said)) if adds else None,
        "can": Shown(row).acts if staff.may(Act.DECIDE) else frozenset(),
        "effect": effect.of(row),
        "calls": row.calls.select_related("organisation", "by").order_by("at"),
        "notices": row.notices.annotate(is_untold=untold(timezone.now())).order_by("tell_from"),
        "authorities": authorities.order_by("name"),
        "refusal": opening.read(row.reason_sealed) if row.reason_sealed else "",
        "told": _uploaders(row),
    }


def _uploaders(row: AuthorityOrder) -> str:
    """What uploaders are told, to begin with: nothing of whom it is about, nor of who told the authority."""
    said = saying.read(row)
    lines = [
        _("An authority ordered that your post be removed. It is not to be seen any more."),
        _("Authority: %(authority)s") % {"authority": said.authority},
        _("Legal basis: %(basis)s") % {"basis": said.legal_basis},
        _("Territory: %(territory)s") % {"territory": said.territory},
        _("What you can do against it: %(redress)s") % {"redress": said.redress},
    ]
    return "\n".join(lines)
