"""Filters of the queue that somebody keeps for herself."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from staydown.cases import searching
from staydown.cases.searching import Wanted
from staydown.console.views import staff_of
from staydown.people.models import Staff

MOST, LONGEST = 20, 40  # filters of a person, signs of a name


@require_POST
@login_required
@never_cache
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what is wanted under a name, in place of what had it; without anything wanted, forget it."""
    staff, name = staff_of(request), request.POST.get("name", "").strip()[:LONGEST]
    query = searching.query_of(Wanted.of(request.POST.dict()))
    kept = [one for one in staff.filters if one["name"] != name]
    if name and query:
        kept = [*kept, {"name": name, "query": query}][-MOST:]
    Staff.objects.filter(pk=staff.pk).update(filters=kept)
    return redirect(f"{reverse('queue')}?{query}")
