"""What the portal does around every request: it keeps nothing, and it slows down whoever sends too much."""

import math
import time
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from staydown.portal.limits import Hourly
from staydown.site.middleware import Handler

REPORTS = ("report", "report_item", "report_door")  # never refused; all else is asked with a code, which may be guessed
OPENS = "button"  # writes nothing


def keep_nothing(handler: Handler) -> Handler:
    """Let no browser, proxy or cookie jar keep a page: the phone may be shared with the person who harms."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = handler(request)
        if not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
            response.cookies.clear()
        return response

    return handle


def address_of(request: HttpRequest) -> str:
    """The sender's address: what our own proxies say, and never what a stranger writes into the header."""
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.PROXIES <= len(said):
        return _sender(said[-settings.PROXIES])
    return _sender(str(request.META.get("REMOTE_ADDR", "")))


def _sender(address: str) -> str:
    """Who counts as one: an IPv4 address, or the /64 of an IPv6 one, all of which one line can write from."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))
    return str(found)


def not_too_many(handler: Handler) -> Handler:
    """Ask an address that sends more than a person would for some work or some patience, and say who to call meanwhile."""
    hourly = Hourly()

    def handle(request: HttpRequest) -> HttpResponse:
        page = page_of(request)
        if request.method != "POST" or page == OPENS:
            return handler(request)
        address, now = address_of(request), time.monotonic()
        if hourly.count(address, now) <= settings.REPORTS_PER_HOUR:
            return handler(request)
        if page not in REPORTS:
            return render(request, "portal/too_many.html", status=429)
        if hourly.is_solved(request.POST.get("proof", "")) or hourly.takes(request.POST.get("turn", ""), address, now):
            return handler(request)
        return once_more(request, hourly, address, now)

    return handle


def page_of(request: HttpRequest) -> str:
    """The name of the page that is asked for; nothing where there is none."""
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def once_more(request: HttpRequest, hourly: Hourly, address: str, now: float) -> HttpResponse:
    """The page that keeps what was typed, and sends it again when the device has worked or the turn has come."""
    turn = request.POST.get("turn", "")
    waits = hourly.waits(turn, address, now)
    if not waits:
        turn = hourly.turn(address, now)
        waits = hourly.waits(turn, address, now) or 0.0
    typed = [
        (name, value) for name, values in request.POST.lists() for value in values if name not in ("proof", "turn")
    ]
    shown = {"typed": typed, "turn": turn, "minutes": max(1, math.ceil(waits / 60)), "challenge": hourly.challenge()}
    return render(request, "portal/too_many.html", shown, status=429)
