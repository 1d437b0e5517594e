"""The register of authorities and trusted flaggers: proposed by one, called back, admitted by another; ended by anybody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from staydown.cases.actions import cautioning, writing
from staydown.cases.actions.cautioning import Weighed
from staydown.cases.models import Caution, Report
from staydown.cases.rules import Degree
from staydown.cases.templates import Unedited
from staydown.console.posted import id_of
from staydown.console.views import staff_of
from staydown.flaggers import actions as flagging
from staydown.flaggers import standing
from staydown.organisations import actions
from staydown.organisations.errors import OrganisationError
from staydown.organisations.models import Officer, Organisation
from staydown.organisations.rules import Kind, Proposed
from staydown.people.errors import PeopleError
from staydown.people.models import Staff
from staydown.regimes.duties import by_id
from staydown.regimes.harms import Harm
from staydown.vault import opening

REFUSALS = (OrganisationError, PeopleError, cautioning.NotCautioned, writing.NotWritten, Unedited)
ISSUERS = sorted({each for duty in by_id().values() for each in duty.issuers})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def organisations(request: HttpRequest) -> HttpResponse:
    """GET: everybody from outside. POST: propose an organisation."""
    if request.method == "POST":
        try:
            row = actions.propose(_proposed(request), staff_of(request), timezone.now())
            return redirect("organisation", organisation_id=row.pk)
        except OrganisationError as refusal:
            messages.error(request, _(str(refusal)))
    rows = Organisation.objects.select_related("proposed_by", "admitted_by").order_by("kind", "name")
    shown = {"rows": rows, "harms": list(Harm), "issuers": ISSUERS}
    return render(request, "console/organisations.html", shown)


def _proposed(request: HttpRequest) -> Proposed:
    said = request.POST
    if said.get("kind") not in Kind or said.get("issuer", "") not in ("", *ISSUERS):
        raise Http404
    names = ("name", "country", "number", "found", "listed")
    lengths = {"name": 200, "country": 2, "number": 40, "found": 300, "listed": 300}
    told = {name: said.get(name, "")[: lengths[name]] for name in names}
    harms = tuple(each for each in said.getlist("harms") if each in Harm)
    return Proposed(kind=Kind(said["kind"]), issuer=said.get("issuer", ""), harms=harms, **told)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """GET: one organisation, its officers, keys, and how well it flags. POST: one person's word on it."""
    row = get_object_or_404(Organisation, pk=organisation_id)
    shown: dict[str, str] = {}
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            shown = act(request, row, staff_of(request), timezone.now())
        except REFUSALS as refusal:
            messages.error(request, _(str(refusal)))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        if not shown:
            return redirect("organisation", organisation_id=row.pk)
        row.refresh_from_db()
    return render(request, "console/organisation.html", _page(row, staff_of(request)) | shown)


def _page(row: Organisation, staff: Staff) -> dict[str, object]:
    officers = row.officers.select_related("staff", "proposed_by", "called_by", "admitted_by").order_by(
        "staff__username"
    )
    found: dict[str, object] = {
        "row": row,
        "officers": [(each, opening.read(each.name_sealed)) for each in officers],
        "keys": row.keys.order_by("made_at"),
    }
    if row.kind == Kind.FLAGGER:
        cautions = Caution.objects.filter(reporter_ref=flagging.reference(row)).select_related("by").order_by("at")
        found["statistics"] = standing.statistics(row, timezone.now(), staff)
        found["cautions"] = [(each, opening.read(each.reasons_sealed)) for each in cautions]
    return found


def _admit(_request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    actions.admit(row, by, now)
    return {}


def _end(_request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    actions.end(row, by, now)
    return {}


def _propose_officer(request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    said = request.POST
    name = said.get("name", "")[:200]
    actions.propose_officer(row, said.get("username", "")[:60], name, _day(request, now), by=by, now=now)
    return {}


def _renew(request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    actions.renew(_officer(request, row), _day(request, now), by, now)
    return {}


def _called(request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    actions.called(_officer(request, row), by, now)
    return {}


def _admit_officer(request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    return {"link": f"{settings.APP_URL}/enter/{actions.admit_officer(_officer(request, row), by, now)}"}


def _end_officer(request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    actions.end_officer(_officer(request, row), by, now)
    return {}


def _key(_request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    return {"key": actions.make_key(row, by, now)}


def _revoke(request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    actions.revoke_key(get_object_or_404(row.keys, pk=id_of(request, "of")), by, now)
    return {}


def _caution(request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    """Warn, or suspend its priority: by the four criteria of art. 23(3), which a person weighs."""
    said = request.POST
    degrees = [said.get(name, "") for name in ("gravity", "intent")]
    if not set(degrees) <= set(Degree):
        raise Http404
    last = (
        Report.objects.filter(reporter_ref=flagging.reference(row))
        .exclude(unfounded_at=None)
        .order_by("unfounded_at")
        .last()
    )
    if last is None:
        raise cautioning.NotCautioned(cautioning.NotCautioned.__doc__)
    act = cautioning.warn if said["act"] == "warn" else cautioning.slow
    act(last, Weighed(Degree(degrees[0]), Degree(degrees[1]), said.get("reasons", "")[:10_000]), by, now)
    return {}


def _lift(request: HttpRequest, row: Organisation, by: Staff, now: datetime) -> dict[str, str]:
    rows = Caution.objects.filter(reporter_ref=flagging.reference(row))
    cautioning.lift(get_object_or_404(rows, pk=id_of(request, "of")), by, now)
    return {}


def _officer(request: HttpRequest, row: Organisation) -> Officer:
    officers = row.officers.select_related("staff", "organisation")
    found: Officer = get_object_or_404(officers, pk=id_of(request, "of"))
    return found


def _day(request: HttpRequest, now: datetime) -> datetime:
    """The end of the day that was typed; a year where none was."""
    try:
        day = datetime.strptime(request.POST.get("until", ""), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return now + timedelta(days=365)
    return day + timedelta(days=1)


ACTS: dict[str, Callable[[HttpRequest, Organisation, Staff, datetime], dict[str, str]]] = {
    "admit": _admit,
    "end": _end,
    "propose_officer": _propose_officer,
    "renew": _renew,
    "called": _called,
    "admit_officer": _admit_officer,
    "end_officer": _end_officer,
    "key": _key,
    "revoke": _revoke,
    "warn": _caution,
    "suspend": _caution,
    "lift": _lift,
}
