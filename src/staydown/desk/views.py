"""The desk's pages: an authority's orders, a trusted flagger's lists, and what became of each. Nothing else exists here."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from staydown.authority_orders import effect, saying, seeing
from staydown.authority_orders.actions import receiving, undoing
from staydown.authority_orders.actions.receiving import Sender
from staydown.authority_orders.errors import OrderError
from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import Element, OrderState
from staydown.desk.forms import ListForm, OrderForm, SaidForm, known
from staydown.flaggers import actions as flagging
from staydown.flaggers import standing
from staydown.flaggers.errors import FlagError
from staydown.flaggers.models import FlagList
from staydown.organisations import actions as organisations
from staydown.organisations.models import Officer
from staydown.organisations.rules import Kind
from staydown.people import factors
from staydown.people.models import Staff
from staydown.people.rules import OUTSIDE
from staydown.vault import opening

View = Callable[..., HttpResponse]
PAGE = 50


def outside(kind: Kind | None = None) -> Callable[[View], View]:
    """Give a view the officer who asks. To the staff there is no such page; who is no longer in the register is told so."""

    def of(view: View) -> View:
        @login_required
        @never_cache
        @wraps(view)
        def viewed(request: HttpRequest, **rest: Any) -> HttpResponse:
            staff = request.user
            if not isinstance(staff, Staff) or staff.role not in OUTSIDE:
                raise Http404
            officer = organisations.officer_of(staff, timezone.now())
            if officer is None:
                return render(request, "desk/over.html", status=403)
            if not settings.DEMO and not factors.came_by_passkey(request, staff):
                shown = {"officer": officer, "has_passkey": factors.has_passkey(staff)}
                return render(request, "desk/passkey.html", shown, status=403)
            if kind and officer.organisation.kind != kind:
                raise Http404
            return view(request, officer, **rest)

        return viewed

    return of


@require_safe
@outside()
def desk(request: HttpRequest, officer: Officer) -> HttpResponse:
    """What this organisation sent, the newest first."""
    if officer.organisation.kind == Kind.AUTHORITY:
        orders = Paginator(seeing.of(officer.organisation), PAGE).get_page(request.GET.get("page"))
        return render(request, "desk/orders.html", {"officer": officer, "page": orders})
    now = timezone.now()
    lists = officer.organisation.lists.order_by("-sent_at", "-pk")
    rows = Paginator(lists, PAGE).get_page(request.GET.get("page"))
    shown = {"officer": officer, "page": rows, "statistics": standing.statistics(officer.organisation, now)}
    return render(request, "desk/lists.html", shown | {"messages_of": standing.told(officer.organisation)})


@require_http_methods(["GET", "HEAD", "POST"])
@outside(Kind.AUTHORITY)
def new_order(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Write an order. It is written down whatever it lacks, because its time may run from now."""
    known = {"authority": officer.organisation.name, "recipient": officer.organisation.name}
    known["language"] = translation.get_language() or settings.LANGUAGE_CODE
    form = OrderForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            row = receiving.receive(form.order(), Sender(officer.organisation, officer), timezone.now())
            return redirect("desk_order", authority_order_id=row.pk)
        except OrderError as refusal:
            form.add_error(None, _(str(refusal)))
    return render(
        request, "desk/new_order.html", {"officer": officer, "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@outside(Kind.AUTHORITY)
def order(request: HttpRequest, officer: Officer, authority_order_id: UUID) -> HttpResponse:
    """GET: how far an order is, and what it lacks. POST: add that, or revoke it."""
    row = get_object_or_404(seeing.of(officer.organisation), pk=authority_order_id)
    if request.method == "POST":
        return _act(request, officer, row)
    return _order_page(request, officer, row, SaidForm(initial=known(saying.read(row))))


def _act(request: HttpRequest, officer: Officer, row: AuthorityOrder) -> HttpResponse:
    now, form = timezone.now(), SaidForm(request.POST)
    try:
        if request.POST.get("act") == "revoke":
            undoing.revoke(row, officer.staff.journal_name, now)
        elif form.is_valid():
            receiving.complete(row, form.said(), officer.staff.journal_name, now)
        else:
            return _order_page(request, officer, row, form, 422)
    except OrderError as refusal:
        messages.error(request, _(str(refusal)))
    return redirect("desk_order", authority_order_id=row.pk)


def _order_page(
    request: HttpRequest, officer: Officer, row: AuthorityOrder, form: SaidForm, status: int = 200
) -> HttpResponse:
    shown = {
        "officer": officer,
        "row": row,
        "said": saying.read(row),
        "missing": [Element(each) for each in row.missing],
        "form": form if row.state == OrderState.INCOMPLETE else None,
        "effect": effect.of(row),
        "refusal": opening.read(row.reason_sealed) if row.reason_sealed else "",
    }
    return render(request, "desk/order.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@outside(Kind.FLAGGER)
def new_list(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Send many links and accounts at once."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        also = {"number": form.cleaned_data["number"], "language": translation.get_language() or settings.LANGUAGE_CODE}
        try:
            row = flagging.send(form.flags, officer.organisation, timezone.now(), officer=officer, **also)
            return redirect("desk_list", list_id=row.pk)
        except FlagError as refusal:
            form.add_error(None, _(str(refusal)))
    return render(request, "desk/new_list.html", {"officer": officer, "form": form}, status=422 if form.errors else 200)


@require_safe
@outside(Kind.FLAGGER)
def flag_list(request: HttpRequest, officer: Officer, list_id: UUID) -> HttpResponse:
    """What became of each line of a list."""
    row = get_object_or_404(FlagList, pk=list_id, organisation=officer.organisation)
    lines = standing.lines(row, timezone.now())
    shown = {"officer": officer, "row": row, "lines": lines, "counts": standing.counted(lines)}
    return render(request, "desk/list.html", shown)
