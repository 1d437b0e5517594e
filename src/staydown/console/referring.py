"""The page of referrals: what authorities are to be told, who stands for it, and what they answered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staydown.authorities import actions, dossiers, files, forms
from staydown.authorities.errors import ReferralError
from staydown.authorities.forms import Step
from staydown.authorities.models import Referral
from staydown.authorities.rules import OWED, Environment, Form, ReferralState
from staydown.console.views import staff_of
from staydown.people.models import Staff
from staydown.vault import opening

PAGE = 20
type Act = Callable[[Referral, str, Staff, datetime], None]
ACTS: dict[str, Act] = {
    "approve": actions.approve,
    "file": lambda referral, _said, by, now: actions.file(referral, by, now),
    "sent": actions.sent_by_hand,
    "acknowledge": actions.acknowledge,
    "dismiss": actions.dismiss,
    "files": lambda referral, _said, by, now: files.ask(referral, by, now),
    "no_files": lambda referral, _said, by, now: files.skip(referral, by, now),
    "anew": lambda referral, _said, by, now: files.anew(referral, by, now),
    "again": lambda referral, _said, by, now: actions.again(referral, by, now),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A referral with its words opened, and what may be done with it now."""

    row: Referral
    text: str
    copied: str  # what goes into the authority's form
    steps: tuple[Step, ...]  # or this, where its steps are known
    late: bool
    connected: bool

    @property
    def acts(self) -> frozenset[str]:
        """The forms that its state has; whether somebody may send one, the action says."""
        cybertip = self.row.form == Form.CYBERTIP
        waits = cybertip and self.row.second_by_id is None
        found = {
            ReferralState.PREPARED: {"approve", "dismiss"},
            ReferralState.APPROVED: {"file"} if waits else set() if cybertip else {"sent"},
            ReferralState.OPENED: {"file"} if waits else set(),
            ReferralState.SENT: {"acknowledge"},
            ReferralState.REFUSED: {"again", "dismiss"},
            ReferralState.TRIED: {"again"},
        }
        return frozenset(found.get(ReferralState(self.row.state), set()) | self._files)

    @property
    def _files(self) -> set[str]:
        """What may be said of the files that custodians add before a report is filed."""
        if self.row.form != Form.CYBERTIP or self.row.state not in files.UNFILED:
            return set()
        if not self.row.with_files:
            return {"files"}
        return {"no_files", "anew"} if self.row.state == ReferralState.OPENED else {"no_files"}

    @property
    def only_tried(self) -> bool:
        """Whether it went, or goes, to a test environment."""
        return self.row.environment == Environment.TEST


def _shown(row: Referral, now: datetime) -> Shown:
    late = bool(row.due_at and row.due_at < now and row.state in OWED)
    ready = row.form == Form.DOSSIER and row.state == ReferralState.APPROVED
    steps = forms.steps(row) if ready else ()
    copied = dossiers.text(row) if ready and not steps else ""
    return Shown(row, opening.read(row.words_sealed), copied, steps, late, settings.CYBERTIP is not None)


@require_safe
@login_required
@never_cache
def referrals(request: HttpRequest) -> HttpResponse:
    """What is owed to authorities, the most urgent first; at its end, what they were told."""
    now, found = timezone.now(), actions.visible(staff_of(request))
    done = request.GET.get("done") == "1"
    rows = found.exclude(state__in=OWED).order_by("-prepared_at") if done else found.filter(state__in=OWED)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = [_shown(row, now) for row in page]
    return render(request, "console/referrals.html", {"rows": shown, "page": page, "done": done})


@require_POST
@login_required
@never_cache
def act(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One person's word on a referral; what is refused is said on the page."""
    referral = get_object_or_404(actions.visible(staff_of(request)), pk=referral_id)
    done = ACTS.get(request.POST.get("act", ""))
    if done is None:
        raise Http404
    try:
        done(referral, request.POST.get("said", ""), staff_of(request), timezone.now())
    except ReferralError as refusal:
        messages.error(request, _(str(refusal)))
    return redirect("referrals")


@require_safe
@login_required
@never_cache
def dossier(request: HttpRequest, referral_id: UUID, form: str) -> HttpResponse:
    """The dossier as PDF, or its list as CSV. What is not approved has none."""
    ready = actions.visible(staff_of(request)).filter(form=Form.DOSSIER).exclude(approved_by=None)
    referral = get_object_or_404(ready, pk=referral_id)
    name = f"{referral.case.reference}-{referral.authority}.{form}"
    if form == "pdf":
        answer = HttpResponse(dossiers.pdf(referral, timezone.now()), content_type="application/pdf")
    else:
        answer = HttpResponse(dossiers.table(referral), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
