"""A person asks for help: the doors, the report, the receipt, and what became of it. No cookie, no session, no script."""

import secrets
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from staydown.cases.actions import intake
from staydown.cases.models import Report
from staydown.platforms import links
from staydown.platforms.models import Item
from staydown.portal import keeping, law
from staydown.portal.forms import DOORS, ReportForm, resolve
from staydown.portal.help import chosen
from staydown.portal.pasted import search
from staydown.portal.pressed import is_pressed
from staydown.vault.evidence import screenshots
from staydown.vault.receipts import Receipt

LONGEST_ADDRESS = 4000


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: who to call now, and the same page in the other language."""
    return {"help": chosen(request), "languages": _languages(request)}


def _languages(request: HttpRequest) -> list[tuple[str, str, str]]:
    rest = request.path_info.split("/", 2)[2] if request.path_info.count("/") > 1 else ""
    here = translation.get_language()
    others = [code for code, _name in settings.LANGUAGES if code != here]
    return [
        (code, translation.get_language_info(code)["name_local"].capitalize(), f"/{code}/{rest}") for code in others
    ]


@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """The first page: who to call in danger, three doors, and two beside them."""
    return render(request, "portal/doors.html")


@require_safe
def official(request: HttpRequest) -> HttpResponse:
    """Where authorities and organisations have their desk, and how they are let in."""
    return render(request, "portal/official.html", {"contact": settings.CONTACT, "desk": f"{settings.APP_URL}/desk/"})


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
    return keeping.shown(request, found, receipt, pressed=is_pressed(form.cleaned_data["words"]))


@require_http_methods(["GET", "HEAD", "POST"])
def button(request: HttpRequest) -> HttpResponse:
    """What a platform's plain button opens: the form with the post's address filled in. Nothing is reported by opening it."""
    said = request.POST.get("links", "")[:LONGEST_ADDRESS]
    items, _others = resolve(search(said).links)
    return _form(request, ReportForm(initial={"links": said}), items[0] if len(items) == 1 else None)


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
    shown["shots"] = screenshots.offered()
    return render(request, "portal/report.html", shown, status=status)


def _receive(form: ReportForm, item: Item | None) -> tuple[Receipt, Report]:
    language = translation.get_language() or "en"
    receipt, notice = form.receipt(language), form.notice(item, language)
    return receipt, intake.receive_once(notice, receipt, timezone.now())
