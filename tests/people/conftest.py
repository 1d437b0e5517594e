"""Pages for these tests: the staff's sign-in, and a console that says so."""

import sys
import types
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from staydown.people import actions
from staydown.people.models import Staff
from staydown.people.rules import Role

PASSWORD = "seven grey horses on a boat"


@login_required
def console(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the console")


pages = types.ModuleType("pages_for_people_tests")
pages.urlpatterns = [path("", console), path("", include("staydown.people.urls"))]  # type: ignore[attr-defined]
sys.modules[pages.__name__] = pages


@pytest.fixture(autouse=True)
def pages_of_people(settings):
    settings.ROOT_URLCONF = pages.__name__
    settings.DEMO = False
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def noor(db, now) -> Staff:
    return actions.create("noor", Role.MODERATOR, cleared=False, now=now)


@pytest.fixture
def with_password() -> Callable[[Staff], Staff]:
    def give(staff: Staff) -> Staff:
        staff.set_password(PASSWORD)
        staff.save()
        return staff

    return give
