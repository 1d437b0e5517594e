"""The page behind the receipt: what happened, what comes next, and what its holder can do. Each look is a form that is sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staydown.cases import details, prints, story
from staydown.cases.actions import intake, later
from staydown.cases.details import Detail
from staydown.cases.models import Report
from staydown.portal import services
from staydown.portal.forms import FollowForm, Places
from staydown.portal.help import chosen
from staydown.portal.pressed import is_pressed
from staydown.portal.questions import HELPLINE
from staydown.regimes.harms import Flag
from staydown.vault.evidence.rules import Kind
from staydown.vault.receipts import Receipt

Page = Callable[[HttpRequest, Report, Receipt], HttpResponse]


def opened(request: HttpRequest, page: Page) -> HttpResponse:
    """The page for the report whose receipt was sent; else the form that asks for it."""
    form = FollowForm(request.POST)
    receipt = form.cleaned_data["receipt"] if form.is_valid() else None
    found = intake.find(receipt) if receipt else None
    if receipt and found:
        return page(request, found, receipt)
    if receipt:
        form.add_error("receipt", _("No report opens with this code. Please look at every word again."))
    return render(request, "portal/follow.html", {"form": form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """What became of a report, for whoever holds its receipt; and what was pressed there."""
    if request.method != "POST":
        return render(request, "portal/follow.html", {"form": FollowForm()})
    return opened(request, _acted)


def _acted(request: HttpRequest, found: Report, receipt: Receipt) -> HttpResponse:
    text, now = request.POST.get("words", "")[:20_000], timezone.now()
    said = ""
    match request.POST.get("act"):
        case "contest":
            said = _contested(found, text, now)
        case "withdraw" if request.POST.get("sure"):
            later.withdraw(found, now)
        case "withdraw":
            said = _("Nothing was taken back: please tick the box first.")
        case _other if text.strip():
            intake.add_words(found, text, now)
    found.refresh_from_db()
    return case(request, found, receipt, said)


def case(request: HttpRequest, found: Report, receipt: Receipt, said: str = "") -> HttpResponse:
    """The page of a report, with what was just done."""
    shown = _shown(found, receipt, said) | {"offers": services.offers(found, chosen(request).country)}
    return render(request, "portal/case.html", shown)


def _contested(found: Report, text: str, now: datetime) -> str:
    try:
        later.contest(found, text, now)
    except later.NothingToContest:
        return _("This decision was contested already, or its time is over.")
    return ""


@require_http_methods(["POST"])
def more(request: HttpRequest) -> HttpResponse:
    """The questions again, with what was answered so far; saved when sent."""
    return opened(request, _asked)


def _asked(request: HttpRequest, found: Report, receipt: Receipt) -> HttpResponse:
    if not request.POST.get("save"):
        return questions(request, found, receipt)
    form = Places(request.POST)
    if not form.is_valid():
        return _questions(request, form, receipt, status=422)
    base = replace(later.known(found), flags=later.known(found).flags & {Flag.PERSON_SHOWN, Flag.SYNTHETIC})
    later.tell_more(found, form.said(base), timezone.now())
    found.refresh_from_db()
    return case(request, found, receipt, _("Saved. You can change it whenever you want."))


def questions(request: HttpRequest, found: Report, receipt: Receipt) -> HttpResponse:
    """The questions, with what the report says so far."""
    return _questions(request, Places(initial=_answers(found, receipt)), receipt)


def _questions(request: HttpRequest, form: Places, receipt: Receipt, status: int = 200) -> HttpResponse:
    return render(request, "portal/more.html", {"form": form, "receipt": receipt}, status=status)


def _answers(found: Report, receipt: Receipt) -> dict[str, Any]:
    """What the report says so far, as the form's fields."""
    told = details.unpack(receipt.read(found.details_sealed)) if found.details_sealed else {}
    who = HELPLINE if Detail.HELPLINE in told else found.capacity
    own = {
        "kind": found.harm,
        "minor": found.minor if found.minor != "unknown" else "",
        "who": who,
        "flags": found.flags,
    }
    return own | {detail.value: text for detail, text in told.items()}


def _shown(found: Report, receipt: Receipt, said: str) -> dict[str, Any]:
    now = timezone.now()
    contestable = later.contestable(found)
    words = receipt.read(found.words_sealed) if found.words_sealed else ""
    additions = [receipt.read(addition.words_sealed) for addition in found.additions.order_by("at")]
    return {
        "receipt": receipt,
        "report": found,
        "case": story.case_of(found),
        "said": said,
        "words": words,
        "pressed": is_pressed("\n\n".join([words, *additions])),
        "places": found.subjects.count(),  # counted, never shown again
        "shots": found.evidence.filter(kind=Kind.SCREENSHOT).count(),
        "prints": [prints.of_text(receipt.read(each.print_sealed)) for each in found.prints.order_by("at")],
        "answers": [receipt.read(answer.words_sealed) for answer in found.answers.order_by("at")],
        "messages": [(each.at, receipt.read(each.words_sealed)) for each in found.messages.order_by("at")],
        "additions": additions,
        "steps": story.steps(found, now),
        "copies": story.copies(found),
        "contest_until": contestable[1] if contestable and now <= contestable[1] else None,
    }
