"""Deciding on a case: its page, what follows from a ruling, the decision, its undoing, and a second person's word."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staydown.banks.actions import keeping
from staydown.cases.actions import deciding, making, refusals, seconding, stating
from staydown.cases.consequences import Consequences
from staydown.cases.models import Case
from staydown.cases.rules import STANDS, DecisionState
from staydown.console import reading
from staydown.console.forms import RulingForm
from staydown.console.views import of_case, staff_of
from staydown.regimes.harms import Harm
from staydown.vault import opening

TO_CHANGE = (  # what was written can be changed, and is not lost
    refusals.NotComplete,
    keeping.NotLawfulHere,
    keeping.TooCommon,
    refusals.NotOffered,
    refusals.NobodyElse,
    refusals.NotExplained,
    stating.NotToBeSent,
)


@require_safe
@of_case
def case_page(request: HttpRequest, case: Case) -> HttpResponse:
    """One case: words and facts first, the picture last."""
    items = reading.items(case)
    form = RulingForm(items, deciding.accounts_of(case), _hidden(case), initial=reading.first_words(case, items))
    return _page(request, case, form)


def _hidden(case: Case) -> frozenset[str]:
    """The rulings that its queue does not offer."""
    hidden: frozenset[str] = settings.HIDDEN.get(Harm(case.harm), frozenset())
    return hidden


def _page(request: HttpRequest, case: Case, form: RulingForm, status: int = 200) -> HttpResponse:
    context = reading.whole(case, form, staff_of(request), timezone.now()) | {
        "form": form,
        "ruled": reading.ruled(form),
        "accounts_ruled": reading.accounts_ruled(form),
    }
    return render(request, "console/case.html", context, status=status)


@require_POST
@of_case
def decide(request: HttpRequest, case: Case) -> HttpResponse:
    """Show what a ruling does; take it once that was seen. A form that is not complete comes back as it was typed."""
    form = RulingForm(reading.items(case), deciding.accounts_of(case), _hidden(case), request.POST)
    if not form.is_valid():
        return _again(request, case, form)
    if request.POST.get("word") == "change":
        return _page(request, case, form)
    try:
        follows = deciding.foresee(case, form.proposal(), staff_of(request), timezone.now())
    except TO_CHANGE as refusal:
        form.refuse(refusal)
        return _again(request, case, form)
    if request.POST.get("seen") != follows.mark:
        return _confirm(request, case, form, follows)
    decision = deciding.decide(case, form.proposal(), staff_of(request), timezone.now())
    proposed = decision.state == DecisionState.PROPOSED
    messages.success(request, _("Proposed. A second person has to agree.") if proposed else _("Decided."))
    return redirect("case", case_id=case.pk)


def _again(request: HttpRequest, case: Case, form: RulingForm) -> HttpResponse:
    """What has to be changed before anything is decided."""
    return _confirm(request, case, form, None) if _inline(request) else _page(request, case, form, status=422)


def _confirm(request: HttpRequest, case: Case, form: RulingForm, follows: Consequences | None) -> HttpResponse:
    """What follows from a ruling: within the page, or on a page of its own that carries what was typed."""
    typed = [(name, each) for name in form.fields for each in request.POST.getlist(name)]
    said = {"case": case, "form": form, "follows": follows, "typed": typed, "changed": bool(request.POST.get("seen"))}
    template = "console/confirm_inline.html" if _inline(request) else "console/confirm.html"
    return render(request, template, said)


def _inline(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


@require_POST
@of_case
def undo(request: HttpRequest, case: Case) -> HttpResponse:
    """Take back a decision that is not carried out yet."""
    decision = case.decisions.filter(state__in=(*STANDS, DecisionState.UNDONE)).order_by("-proposed_at").first()
    if decision is None:
        raise Http404
    making.undo(decision, staff_of(request), timezone.now())
    messages.success(request, _("Undone. What was hidden stays hidden; decide again."))
    return redirect("case", case_id=case.pk)


@require_POST
@of_case
def second(request: HttpRequest, case: Case) -> HttpResponse:
    """The second person's word on a proposal."""
    decision = get_object_or_404(case.decisions, state=DecisionState.PROPOSED)
    if request.POST.get("word") == "agree":
        seconding.second(decision, opening.read(decision.answer_sealed), staff_of(request), timezone.now())
    else:
        seconding.decline(decision, request.POST.get("reason", ""), staff_of(request), timezone.now())
    return redirect("case", case_id=case.pk)
