"""No second factor, no console; and no session that nobody uses."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from staydown.people import factors
from staydown.people.models import Staff
from staydown.people.rules import OUTSIDE
from staydown.site.middleware import Handler

IDLE = 30 * 60  # seconds without an act of hers, after which a session ends
SEEN, EVERY = "seen_at", 60  # written once a minute, not with each request
ADDING = frozenset({"mfa_add_webauthn", "mfa_activate_totp"})
OPEN = frozenset({"account_logout", "account_inactive", "enter", "ask_for_a_link", "health"})
READING = frozenset({"mfa_index", "mfa_list_webauthn", "account_reauthenticate"})
SETTING_UP = frozenset(
    {
        "account_set_password",
        "account_change_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
    }
)


def second_factor(handler: Handler) -> Handler:
    """Send staff who are signed in without a second factor to its set-up; fails closed for pages it does not know."""

    def handle(request: HttpRequest) -> HttpResponse:
        staff = request.user
        if settings.DEMO or not isinstance(staff, Staff) or request.path_info.startswith(settings.STATIC_URL):
            return handler(request)
        if staff.role in OUTSIDE and not _may_add(request, staff):
            return redirect("ask_for_a_link")
        elsewhere = _elsewhere(_page(request), factors.has_second_factor(staff), factors.is_proven(request, staff))
        return redirect(elsewhere) if elsewhere else handler(request)

    return handle


def idle(handler: Handler) -> Handler:
    """End the session of somebody who has gone. What a page asks for by itself (`HX-Request` with GET) is no act of hers."""

    def handle(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Staff):
            now, seen = int(time.time()), int(request.session.get(SEEN, 0))
            if seen and now - seen > IDLE:
                logout(request)
            elif now - seen >= EVERY and not (request.headers.get("HX-Request") and request.method == "GET"):
                request.session[SEEN] = now
        return handler(request)

    return handle


def _page(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def _may_add(request: HttpRequest, staff: Staff) -> bool:
    """Whoever comes from outside adds a key where an invitation or a key was shown, and no code that a thief could ask for."""
    page = _page(request)
    if page not in ADDING:
        return True
    return page == "mfa_add_webauthn" and (
        factors.came_by_link(request, staff) or factors.came_by_passkey(request, staff)
    )


def _elsewhere(page: str, has_factor: bool, proven: bool) -> str | None:
    """Where this person has to go instead of `page`; None where they may have it."""
    if page in OPEN or (has_factor and proven):
        return None
    if has_factor:  # signed in by a password before the factor existed, or in a way we do not know
        return "ask_for_a_link"
    if page in READING or (proven and page in SETTING_UP):
        return None
    return "ask_for_a_link" if page in SETTING_UP else "mfa_index"
