"""What a person has looked at, told to her alone; and what her queue leaves out."""

from datetime import datetime
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from staydown.console.views import staff_of
from staydown.people import exposure, exposures
from staydown.people.models import Exposed, Staff
from staydown.regimes.harms import Harm

DAYS = 7


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def yours(request: HttpRequest) -> HttpResponse:
    """GET: her ledger. POST: the harms that her queue leaves out from now on."""
    staff, now = staff_of(request), timezone.now()
    if request.method == "POST":
        exposures.spare(staff, frozenset(map(Harm, set(request.POST.getlist("harm")) & set(Harm))), now)
        return redirect("yours")
    said = {
        "exposure": exposures.of(staff, now),
        "away": exposures.away(staff, now),
        "days": _days(staff, now),
        "harms": list(Harm),
    }
    return render(request, "console/yours.html", said)


def _days(staff: Staff, now: datetime) -> list[tuple[object, int, int]]:
    """(day, looks, weighted seconds) of the last week, the latest first."""
    rows = Exposed.objects.filter(staff=staff, at__gt=now - DAYS * exposure.DAY).order_by("-at")
    days = [(day, list(some)) for day, some in groupby(rows, key=lambda row: row.at.date())]
    return [(day, len(some), sum(row.seconds * row.weight for row in some)) for day, some in days]
