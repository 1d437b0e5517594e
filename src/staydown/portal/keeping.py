"""The page that shows the receipt, once: it is left when the words were typed again, or somebody says that they are saved."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from staydown.cases import story
from staydown.cases.models import Report
from staydown.portal import followed
from staydown.portal.forms import KeptForm
from staydown.vault.receipts import Receipt


def shown(
    request: HttpRequest, found: Report, receipt: Receipt, form: KeptForm | None = None, *, pressed: bool = False
) -> HttpResponse:
    """The receipt, ways to keep it, and what happens next; with help against threats for who was `pressed`."""
    told = {
        "receipt": receipt,
        "form": form or KeptForm(receipt),
        "square": square(receipt),
        "steps": story.steps(found, timezone.now()),
        "pressed": pressed,
    }
    return render(request, "portal/receipt.html", told, status=422 if form else 200)


@require_POST
def kept(request: HttpRequest) -> HttpResponse:
    """On to the report's page, or to more questions, for whoever kept the receipt; else the receipt again."""
    return followed.opened(request, _kept)


def _kept(request: HttpRequest, found: Report, receipt: Receipt) -> HttpResponse:
    form = KeptForm(receipt, request.POST)
    if not form.is_valid():
        return shown(request, found, receipt, form)
    onward = followed.questions if request.POST.get("next") == "more" else followed.case
    return onward(request, found, receipt)


def square(receipt: Receipt) -> SafeString:
    """A QR code of the words, as SVG to stand in the page.

    It holds what is typed, and no address: an address would stand in the history of the device that reads it, and of every
    device that shares it. Large letters make it smaller, and are read as well.
    """
    made = segno.make(receipt.code.upper(), error="m", micro=False)
    return mark_safe(made.svg_inline(scale=6, border=4, dark="#000", light="#fff", omitsize=True, svgclass=None))  # noqa: S308  our own words
