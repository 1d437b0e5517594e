"""What the portal does around every request: it keeps nothing, and it slows down whoever sends too much."""

import hmac
import secrets
import threading
import time
from collections import Counter
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staydown.site.middleware import Handler


def keep_nothing(handler: Handler) -> Handler:
    """Let no browser, proxy or cookie jar keep a page: the phone may be shared with the person who harms."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = handler(request)
        if not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
            response.cookies.clear()
        return response

    return handle


class Hourly:
    """How many reports each address sent this hour, under a key that dies with the hour; in memory only (decision 20)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start(time.monotonic())

    def _start(self, now: float) -> None:
        self._until = now + 3600
        self._key = secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()

    def count(self, address: str, now: float) -> int:
        """Count one more from `address` and answer how many there were this hour."""
        with self._lock:
            if now >= self._until:
                self._start(now)
            name = hmac.digest(self._key, address.encode(), "sha256")[:16]
            self._counts[name] += 1
            return self._counts[name]


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
    """Answer 429, with who to call meanwhile, to an address that sends more than a person would."""
    hourly = Hourly()

    def handle(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            sent = hourly.count(address_of(request), time.monotonic())
            if sent > settings.REPORTS_PER_HOUR:
                return render(request, "portal/too_many.html", status=429)
        return handler(request)

    return handle
