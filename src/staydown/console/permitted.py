"""Which act each page of the console is. A page that is not named here is read with GET and decides with POST."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from staydown.people.models import Staff
from staydown.people.rules import Act
from staydown.site.middleware import Handler

OPEN = Act.OWN
READING: dict[str, Act] = {
    "queue": OPEN,  # empty for whom there is nothing in it
    "yours": OPEN,
    "evidence": Act.READ_EVIDENCE,
    "look": Act.LOOK,
    "board": Act.OVERSEE,
    "board_table": Act.OVERSEE,
    "complaints": Act.OVERSEE,
}
ACTING: dict[str, Act] = {
    "yours": OPEN,
    "keep_filter": Act.READ,
    "claim": Act.CLAIM,
    "media": Act.LOOK,
    "answer_entry": Act.BANK,
    "answer_allowance": Act.BANK,
    "keep_case": Act.KEEP,
    "lift_hold": Act.KEEP,
    "propose_release": Act.RELEASE,
    "answer_release": Act.RELEASE,
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def needed(page: str, method: str) -> Act:
    """The act that a request to a page of the console is."""
    return READING.get(page, Act.READ) if method in SAFE else ACTING.get(page, Act.DECIDE)


def by_role(handler: Handler) -> Handler:
    """Refuse, whatever the page would do, what the role of whoever is signed in does not have."""

    def handle(request: HttpRequest) -> HttpResponse:
        staff, page = request.user, _page(request)
        if page and isinstance(staff, Staff) and not staff.may(needed(page, request.method or "")):
            return render(request, "console/not_yours.html", status=403)
        return handler(request)

    return handle


def _page(request: HttpRequest) -> str:
    """The name of a page of the console; nothing for what is not the console's."""
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return ""
    ours = str(getattr(found.func, "__module__", "")).startswith("staydown.console")
    return (found.url_name or "") if ours else ""
