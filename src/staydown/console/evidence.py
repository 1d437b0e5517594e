"""The page of sealed evidence: what there is of each case, and its release, proposed by one person and agreed to by another."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staydown.cases.models import Case
from staydown.console.views import staff_of
from staydown.vault.evidence import releasing, returning
from staydown.vault.evidence.models import Release
from staydown.vault.evidence.rules import EvidenceState, ReleaseState

SHOWN = 100  # cases, those with the newest evidence first
ANSWERS = {"agree": releasing.agree, "decline": releasing.decline}
REFUSALS = (
    releasing.NotYours,
    releasing.AnotherPerson,
    releasing.NothingSealed,
    releasing.AlreadyAnswered,
    releasing.NoReason,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A release, why (opened), and what custodians' machines wrote of its opening; `waits`: packed, and nothing came back."""

    release: Release
    reason: str
    opened: list[dict[str, Any]]
    waits: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One case, how many pieces are in which state, and who asked for them."""

    case: Case
    pieces: list[tuple[str, str, int]]  # kind, state, how many
    releases: list[Asked]

    @property
    def may_be_proposed(self) -> bool:
        """Whether something is sealed, and nobody waits for an answer."""
        waits = any(asked.release.state == ReleaseState.PROPOSED for asked in self.releases)
        return not waits and any(state == EvidenceState.SEALED for _kind, state, _count in self.pieces)


def _row(case: Case) -> Row:
    found = Counter(case.evidence.values_list("kind", "state"))
    releases = case.releases.select_related("by", "second_by").order_by("proposed_at")
    return Row(
        case,
        [(kind, state, count) for (kind, state), count in sorted(found.items())],
        [_asked(release) for release in releases],
    )


def _asked(release: Release) -> Asked:
    opened = [(entry.facts or {})["opening"] for entry in returning.returned(release)]
    return Asked(release, releasing.reason_of(release), opened, returning.is_packed(release) and not opened)


@require_safe
@login_required
@never_cache
def evidence(request: HttpRequest) -> HttpResponse:
    """What is sealed, by case, with the releases that wait for a second person. Nothing is opened here."""
    cases = releasing.visible(staff_of(request))[:SHOWN]
    return render(request, "console/evidence.html", {"rows": [_row(case) for case in cases]})


@require_POST
@login_required
@never_cache
def propose(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Propose that a case's evidence is released to its custodians."""
    case = get_object_or_404(releasing.visible(staff_of(request)), pk=case_id)
    try:
        releasing.propose(case, request.POST.get("reason", ""), staff_of(request), timezone.now())
        messages.success(request, _("Proposed. A second person has to agree."))
    except REFUSALS as refusal:
        messages.error(request, _(str(refusal)))
    return redirect("evidence")


@require_POST
@login_required
@never_cache
def answer(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """The second person's word on a release."""
    cases = releasing.visible(staff_of(request))
    release = get_object_or_404(Release.objects.filter(case__in=cases), pk=release_id)
    act = ANSWERS.get(request.POST.get("word", ""))
    if act is None:
        raise Http404
    try:
        act(release, staff_of(request), timezone.now())
    except REFUSALS as refusal:
        messages.error(request, _(str(refusal)))
    return redirect("evidence")
