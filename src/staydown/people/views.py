"""How a member of the staff comes in with a link."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from staydown.people import actions, factors
from staydown.people.errors import LinkSpent
from staydown.people.models import Staff


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows one button and uses nothing up, because link previews look too; POST signs in."""
    now = timezone.now()
    if request.method != "POST":
        opens = actions.opens(token, now)
        return render(request, "people/enter.html", {"opens": opens}, status=200 if opens else 410)
    try:
        staff = actions.enter(token, now)
    except LinkSpent:
        return render(request, "people/enter.html", {"opens": False}, status=410)
    logout(request)  # whoever was signed in here before is no longer
    return _sign_in_for_demo(request, staff) if settings.DEMO else _begin_set_up(request, staff)


def _sign_in_for_demo(request: HttpRequest, staff: Staff) -> HttpResponse:
    login(request, staff, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(settings.LOGIN_REDIRECT_URL)


def _begin_set_up(request: HttpRequest, staff: Staff) -> HttpResponse:
    """A link opens only the way to a new password and a second factor; an existing factor is still asked for."""
    actions.set_password_aside(staff, timezone.now())
    factors.prove_by_link(request, staff)
    response: HttpResponse = perform_login(request, staff, redirect_url=reverse("account_set_password"))
    return response


@never_cache
@require_safe
def ask_for_a_link(request: HttpRequest) -> HttpResponse:
    """A password alone does not set up a second factor: the operator's link does."""
    return render(request, "people/ask_for_a_link.html", status=403)
