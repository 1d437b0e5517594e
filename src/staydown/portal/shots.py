"""Screenshots of messages and pages: handed over where no child may be shown, kept for the police where one may be."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from staydown import decoding
from staydown.cases.models import Report
from staydown.portal import followed
from staydown.vault.evidence import screenshots
from staydown.vault.evidence.custodians import NotSealed
from staydown.vault.evidence.rules import MOST_SCREENSHOTS
from staydown.vault.evidence.screenshots import Told
from staydown.vault.receipts import Receipt

REFUSALS = (screenshots.NotAccepted, screenshots.NoPicture, screenshots.TooLarge, screenshots.TooMany)


@require_POST
def shot(request: HttpRequest) -> HttpResponse:
    """Hand over a screenshot, for whoever holds the report's receipt; or learn why not, and what to do instead."""
    return followed.opened(request, _handed)


def _handed(request: HttpRequest, found: Report, receipt: Receipt) -> HttpResponse:
    sent = request.FILES.get("shot")
    if sent is None:
        return _page(request, found, receipt)
    try:
        told = Told(sent.content_type or "", covered=_count(request.POST.get("covered", "")))
        screenshots.keep(found, sent.chunks(), told, timezone.now())
    except (decoding.Unavailable, NotSealed):
        return _page(request, found, receipt, _("We cannot take it right now. Please try again in some minutes."))
    except REFUSALS as refusal:
        return _page(request, found, receipt, _(str(refusal)))
    return followed.case(
        request,
        found,
        receipt,
        _("We have your screenshot. It is locked away. Until it is decided, who works on it can see a smaller copy."),
    )


def _count(said: str) -> int:
    return min(int(said), 1000) if said.isascii() and said.isdigit() and len(said) < 5 else 0


def _page(request: HttpRequest, found: Report, receipt: Receipt, wrong: str = "") -> HttpResponse:
    shown = {
        "receipt": receipt,
        "wrong": wrong,
        "offered": screenshots.offered(),
        "accepted": screenshots.accepted(found),
        "most": MOST_SCREENSHOTS,
    }
    return render(request, "portal/shot.html", shown, status=422 if wrong else 200)
