"""The onion service beside the portal: Tor Browser is told where it is (community.torproject.org, "Onion-Location")."""

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from staydown.site.middleware import Handler  # the settings read this module before there are any models

ADDRESS = re.compile(r"https?://[a-z2-7]{56}\.onion(:\d{1,5})?")  # version 3: rend-spec-v3, section 6


class BadOnion(ValueError):
    """STAYDOWN_ONION is http:// and an onion address of 56 letters and digits, with nothing behind it."""


def read(text: str) -> str:
    """The address in a setting, or nothing. Raises `BadOnion`."""
    address = text.strip().rstrip("/")
    if address and not ADDRESS.fullmatch(address):
        raise BadOnion(BadOnion.__doc__)
    return address


def told(handler: "Handler") -> "Handler":
    """Say on every page where it is as an onion service, to whoever is not there yet."""

    address: str = settings.ONION

    def handle(request: HttpRequest) -> HttpResponse:
        response = handler(request)
        is_page = response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
        if address and request.method == "GET" and is_page and not request.get_host().endswith(".onion"):
            response["Onion-Location"] = address + request.get_full_path()
        return response

    return handle
