"""What every page of the console shows: what waits, and what is late."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from staydown.cases import seeing
from staydown.cases.actions import alerting
from staydown.cases.rules import CaseState
from staydown.console import two_people
from staydown.console.views import staff_of
from staydown.people.rules import Act

COUNTED = 999  # as far as numbers on every page go


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The context of every template, for whoever is signed in."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    now = timezone.now()
    hers = seeing.hers(staff_of(request), now)
    late = seeing.at_most(hers.filter(due_at__lt=now, state=CaseState.OPEN), COUNTED)
    acts = {act.value for act in Act if staff_of(request).may(act)}  # what a page offers: never what is refused then
    shown = {"warned": alerting.of(staff_of(request), now), "acts": acts}
    return {
        "waiting_count": seeing.waiting(hers, COUNTED),
        "late_count": late,
        "counted": COUNTED,
        "second_count": two_people.count(staff_of(request)),
        "now": now,
        **shown,
    }
