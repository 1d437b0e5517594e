"""A person asks for help: the doors, the report, the receipt, and what became of it. No cookie, no session, no script."""

import secrets
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from staydown.cases import story
from staydown.cases.actions import intake
from staydown.cases.models import Report
from staydown.platforms import links
from staydown.platforms.models import Item
from staydown.portal import law
from staydown.portal.forms import DOORS, ReportForm
from staydown.portal.help import chosen
from staydown.vault.receipts import Receipt


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: who to call now, and the same page in the other language."""
    return {"help": chosen(request), "languages": _languages(request)}


def _languages(request: HttpRequest) -> list[tuple[str, str, str]]:
    rest = request.path_info.split("/", 2)[2] if request.path_info.count("/") > 1 else ""
    here = translation.get_language()
    return [(code, str(name), f"/{code}/{rest}") for code, name in settings.LANGUAGES if code != here]


@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """The first page: who to call in danger, three doors, and two beside them."""
    return render(request, "portal/doors.html")


@require_safe
def official(request: HttpRequest) -> HttpResponse:
    """What authorities and organisations do, as long as they have no desk of their own here."""
    return render(request, "portal/official.html", {"contact": settings.CONTACT})


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, token: str = "", door: str = "") -> HttpResponse:
    """One page, one press: the door pressed sends the report. A door chosen before is the only one there."""
    if door and door not in DOORS:
        raise Http404
    try:
        item = _item(token)
    except links.BadLink:
        return render(request, "portal/bad_link.html", status=404)
    if request.method != "POST":
        return _form(request, ReportForm(initial={"door": door}), item)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _form(request, form, item, status=422)
    try:
        receipt, found = _receive(form, item)
    except intake.NothingReported:
        form.add_error("links", _("Please paste at least one link or account name, so that we know where it is."))
        return _form(request, form, item, status=422)
    steps = story.steps(found, timezone.now())
    return render(request, "portal/receipt.html", {"receipt": receipt, "item": item, "steps": steps})


def _item(token: str) -> Item | None:
    if not token:
        return None
    item_id = links.read(token, settings.LINK_PUBLIC, timezone.now())
    return Item.objects.select_related("platform").filter(pk=item_id).first()


def _form(request: HttpRequest, form: ReportForm, item: Item | None, status: int = 200) -> HttpResponse:
    once = form.data.get("once") or secrets.token_urlsafe(24)
    door = request.resolver_match.kwargs.get("door", "") if request.resolver_match else ""
    form.bend(door)
    shown = {"form": form, "item": item, "once": once, "door": door}
    shown |= {"passed_on": law.passed_on(timezone.now()), "no_picture": law.no_picture()}
    return render(request, "portal/report.html", shown, status=status)


def _receive(form: ReportForm, item: Item | None) -> tuple[Receipt, Report]:
    receipt = form.receipt()
    notice = form.notice(item, translation.get_language() or "en")
    return receipt, intake.receive_once(notice, receipt, timezone.now())
