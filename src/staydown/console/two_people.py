"""The queue of what takes two people: every act that one person proposed and another has to agree with, whatever its kind."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from staydown.banks.allowed import AllowState
from staydown.banks.models import Allowance, Entry
from staydown.banks.rules import EntryState
from staydown.cases import seeing
from staydown.cases.models import Case, Decision
from staydown.cases.rules import DecisionState
from staydown.console.views import staff_of
from staydown.people.models import Staff
from staydown.vault.evidence import releasing
from staydown.vault.evidence.models import Release
from staydown.vault.evidence.rules import ReleaseState

SHOWN = 100  # of each kind
LAPSED_SHOWN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Proposed:
    """One act that waits for a second person; `page` is the address' name where it is answered."""

    acts: tuple[str, ...]
    case: Case
    by: Staff | None
    at: datetime
    lapses_at: datetime | None = None
    page: str = "case"


def _decisions(staff: Staff) -> QuerySet[Decision]:
    waiting = Decision.objects.filter(seeing.may_know(staff, "case__"), state=DecisionState.PROPOSED)
    return waiting.select_related("case", "by").order_by("lapses_at")


def _entries(staff: Staff) -> QuerySet[Entry]:
    """What one person banked and nobody has raised to block: until then what resembles it is only held."""
    waiting = Entry.objects.filter(seeing.may_know(staff, "case__"), state=EntryState.HOLDING, raised_by=None)
    return waiting.select_related("case", "banked_by").order_by("banked_at")


def _allowances(staff: Staff) -> QuerySet[Allowance]:
    waiting = Allowance.objects.filter(seeing.may_know(staff, "case__"), state=AllowState.PROPOSED)
    return waiting.select_related("case", "by").order_by("made_at")


def _releases(staff: Staff) -> QuerySet[Release]:
    waiting = Release.objects.filter(case__in=releasing.visible(staff), state=ReleaseState.PROPOSED)
    return waiting.select_related("case", "by").order_by("proposed_at")


def proposed(staff: Staff) -> list[Proposed]:
    """Everything that waits for a second person in what this person may see; what lapses comes first."""
    rows = [
        Proposed(tuple(one.takes_two), one.case, one.by, one.proposed_at, one.lapses_at) for one in _decisions(staff)
    ]
    rows += [
        Proposed(("unseal_evidence",), one.case, one.by, one.proposed_at, page="evidence") for one in _releases(staff)
    ]
    rows += [Proposed(("allow",), one.case, one.by, one.made_at, page="bank") for one in _allowances(staff)[:SHOWN]]
    rows += [Proposed(("raise_entry",), one.case, one.banked_by, one.banked_at) for one in _entries(staff)[:SHOWN]]
    return rows


def count(staff: Staff) -> int:
    """How many decisions wait for somebody like this person; her own wait for others. One query: every page asks."""
    return _decisions(staff).exclude(by=staff).count()


def lapsed(staff: Staff, now: datetime) -> list[Decision]:
    """The proposals of the last two weeks that nobody answered in time."""
    rows = Decision.objects.filter(seeing.may_know(staff, "case__"), state=DecisionState.LAPSED)
    return list(rows.filter(lapses_at__gt=now - LAPSED_SHOWN).select_related("case", "by").order_by("-lapses_at"))


@require_safe
@login_required
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, hers among it, and what lapsed."""
    staff = staff_of(request)
    said = {"rows": proposed(staff), "lapsed": lapsed(staff, timezone.now())}
    return render(request, "console/two_people.html", said)
