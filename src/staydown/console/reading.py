"""What a case page shows, put together from the rows, sealed words opened."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Prefetch, prefetch_related_objects
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy

from staydown.banks.models import Match
from staydown.cases import owing, seeing, templates
from staydown.cases.actions import answering, complaining, unreadable
from staydown.cases.models import Case, Complaint, Decision
from staydown.cases.rules import STANDS, CaseState, DecisionState
from staydown.console import accounts, history, reported, scripts, together
from staydown.console.forms import RulingForm
from staydown.people.models import Staff
from staydown.platforms.models import Account, Check, Item
from staydown.platforms.rules import UNREADABLE, CheckState
from staydown.regimes import statutes
from staydown.regimes.harms import Harm
from staydown.regimes.statutes import Statute
from staydown.vault import opening
from staydown.vault.retention import holding, plans
from staydown.vault.retention import rules as retention

MATCHES = 50  # of a case's posts, the nearest first
UPLOADS_SHOWN = 50  # of a case at once, the oldest first


def items(case: Case) -> list[Item]:
    """The items a decision has to rule on; `since` is how often each was seen since it was reported, None where not known."""
    about = Item.objects.filter(subjects__case=case).annotate(since=F("views") - F("subjects__views_before")).distinct()
    return list(about.select_related("account", "platform", "fingerprint").order_by("registered_at"))


_DECISIONS = Decision.objects.select_related("by", "second_by").order_by("proposed_at")
ANSWER = gettext_lazy(
    "We looked at what you reported. [What we found, and what we did.] If you think this is wrong, you can say so with "
    "your code, and somebody else decides."
)
STATEMENT = gettext_lazy(
    "A person looked at what you published. [What it is, without a word of who reported it.] It is not allowed because "
    "[why, and where that is written]. If you think this is wrong, you can complain; you can also go to an out-of-court "
    "body or to a court."
)


def first_words(case: Case, items: list[Item]) -> dict[str, str]:
    """What the decision form starts with: templates with gaps, or what was said in the decision that was just undone."""
    last = case.decisions.order_by("-proposed_at").first()
    if last is None or last.state != DecisionState.UNDONE:
        return {f"item-{item.pk}": "" for item in items} | {"answer": str(ANSWER), "statement": str(STATEMENT)}
    rulings = {f"item-{line.item_id}": line.ruling for line in last.lines.all()}
    rulings |= {f"account-{line.account_id}": line.ruling for line in last.account_lines.all()}
    return {"ground": last.ground, "provision": last.provision, **_words(last), **rulings}


def ruled(form: RulingForm) -> list[tuple[Item, BoundField]]:
    """Each item with its field of the decision form."""
    return [(item, form[f"item-{item.pk}"]) for item in form.items]


def accounts_ruled(form: RulingForm) -> list[tuple[Account, BoundField]]:
    """Each account with its field of the decision form."""
    return [(account, form[f"account-{account.pk}"]) for account in form.accounts]


def whole(case: Case, form: RulingForm, staff: Staff, now: datetime) -> dict[str, Any]:
    """Everything the case page shows, `form` with what it is about among it."""
    prefetch_related_objects([case], "reports", "entries", Prefetch("decisions", _DECISIONS))
    decisions = list(case.decisions.all())
    proposal = next((one for one in decisions if one.state == DecisionState.PROPOSED), None)
    settling = next((one for one in decisions if one.state == DecisionState.SETTLING), None)
    said = reported.told(case, staff)
    return {
        "case": case,
        "open": case.state == CaseState.OPEN,
        "claimant": case.claimant(now),
        "told": said,
        "scripts": scripts.same(case, said, staff),
        "items": form.items,
        "links": reported.elsewhere(case, staff),
        "accounts": accounts.known(case, form.accounts, staff, now),
        "clocks": owing.running(case) if case.state == CaseState.OPEN else [],
        "proposal": proposal,
        "proposal_lines": list(proposal.lines.select_related("item")) if proposal else [],
        "proposal_accounts": list(proposal.account_lines.select_related("account")) if proposal else [],
        "proposal_words": _words(proposal) if proposal else {},
        "refused": _refused(decisions[-1]) if decisions else None,
        "is_proposer": bool(proposal and proposal.by_id == staff.pk),
        "statutes": _statutes(case, form.items, now) if case.state == CaseState.OPEN else [],
        "settling": settling,
        "may_undo": bool(settling and staff.pk in (settling.by_id, settling.second_by_id)),
        "decisions": [(made, _words(made)) for made in decisions if made.state in STANDS],
        "copies": answering.copies(case),
        "matched": _matched(case, staff),
        "only_uploads": unreadable.is_only_uploads(case),
        "uploads": _uploads(case),
        "unreadable_count": case.checks.filter(state=CheckState.PENDING, reasons=[UNREADABLE]).count(),
        "entries": list(case.entries.select_related("banked_by", "raised_by").annotate(met=Count("matches"))),
        "timeline": history.of(case, form.items, staff),
        **_kept(case, staff),
        **together.context(case),
        **_writing_to(case),
        "contests": _contests(case, staff),
    }


def _writing_to(case: Case) -> dict[str, Any]:
    """In which languages its reporters read, the most frequent first, and which beginnings of answers there are."""
    read = Counter(report.language for report in case.reports.all())
    return {"languages": read.most_common(), "beginnings": list(templates.OUTCOMES)}


@dataclass(frozen=True, slots=True)
class Contest:
    """The complaint of who published something, opened, and what he is to be told so far."""

    row: Complaint
    words: str
    answer: str
    may_answer: bool


def _contests(case: Case, staff: Staff) -> list[Contest]:
    rows = [row for row in complaining.waiting(case) if row.item_id]
    deciders = complaining.contested_by(case) if rows else frozenset()
    return [
        Contest(row, _opened(row.words_sealed), _opened(row.answer_sealed), staff.pk not in deciders) for row in rows
    ]


def _opened(sealed: bytes | memoryview | None) -> str:
    return opening.read(sealed) if sealed else ""


def _kept(case: Case, staff: Staff) -> dict[str, Any]:
    """The holds that keep it beyond its time, with their reasons, and what this person may do."""
    running = holding.running(plans.whole(case), timezone.now()).select_related("by").order_by("set_at")
    return {
        "holds": [(row, opening.read(row.reason_sealed)) for row in running],
        "may_hold": retention.may_hold(staff.person, child=case.needs_clearance),
        "may_lift": retention.may_lift(staff.person, child=case.needs_clearance),
    }


def _matched(case: Case, staff: Staff) -> list[Match]:
    """What the reported posts resemble, the nearest first, with where that comes from: of cases this person may know of."""
    known = Match.objects.filter(seeing.may_know(staff, "entry__case__"), item__subjects__case=case).distinct()
    return list(
        known.select_related("item", "entry__case", "entry__banked_by").order_by("distance", "found_at")[:MATCHES]
    )


def _uploads(case: Case) -> list[Check]:
    """The held uploads, each with the matches (`met`) of this case's own entries: another's are not for every reader."""
    own = Prefetch("matches", Match.objects.filter(entry__case=case).order_by("distance"), to_attr="met")
    pending = case.checks.filter(state=CheckState.PENDING)
    return list(
        pending.select_related("account", "platform").prefetch_related(own).order_by("asked_at")[:UPLOADS_SHOWN]
    )


def _words(decision: Decision) -> dict[str, str]:
    statement = opening.read(decision.statement_sealed) if decision.statement_sealed else ""
    said = {"reasons": opening.read(decision.reasons_sealed), "answer": opening.read(decision.answer_sealed)}
    return said | {"statement": statement}


def _statutes(case: Case, items: list[Item], now: datetime) -> list[Statute]:
    """What the law of the place says of this harm, on the days on which it may have been done."""
    posted = [item.posted_at.date() for item in items]
    days = [*posted, case.opened_at.date(), now.date()]
    return list(statutes.of(settings.COUNTRY, Harm(case.harm), days, child=case.needs_clearance))


def _refused(last: Decision) -> dict[str, Any] | None:
    """The last proposal, where a second person did not agree or nobody answered in time, and what she said."""
    if last.state not in (DecisionState.DECLINED, DecisionState.LAPSED):
        return None
    return {"decision": last, "reason": _opened(last.refusal_sealed)}
