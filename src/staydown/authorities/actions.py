"""Preparing a referral with the decision that obliges it, and what people of the staff do with it until it is sent."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from staydown.authorities import rules
from staydown.authorities.errors import AnotherPerson, NoNumber, NoReason, NotConnected, NotYours, NoWords, WentOn
from staydown.authorities.models import Referral
from staydown.authorities.rules import OWED, Form, ReferralState
from staydown.cases.models import Case, Decision
from staydown.cases.rules import AccountRuling, Ground, Ruling
from staydown.cases.severity import flags_of
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.models import Account, Item
from staydown.promises.actions import owe
from staydown.regimes.authorities import Route, routes
from staydown.regimes.clocks import Facts
from staydown.regimes.harms import CHILD_HARMS, Harm, Tri
from staydown.site import deployment
from staydown.vault import words

OPEN_TIP = "staydown.authorities.tasks.open_tip"
FINISH_TIP = "staydown.authorities.tasks.finish_tip"
FRESH = {
    "approved_by": None, "second_by": None, "number": "", "environment": "", "opened_at": None, "files_at": None
}  # fmt: skip
TAKEN_DOWN = frozenset({Ruling.REMOVE, Ruling.ONCE})
LIMITING = frozenset({AccountRuling.RESTRICT, AccountRuling.SUSPEND, AccountRuling.END})


def visible(by: Staff) -> QuerySet[Referral]:
    """The referrals that exist for this person, those due first before the others."""
    found = Referral.objects.select_related("case", "account", "account__platform", "approved_by", "second_by")
    if not rules.may_see(by.person, child=False):
        return found.none()
    if not rules.may_see(by.person, child=True):
        found = found.filter(case__minor=Tri.NO).exclude(case__harm__in=[harm.value for harm in CHILD_HARMS])
    return found.order_by("due_at", "prepared_at", "pk")


@action
def prepare(decision: Decision, now: datetime) -> list[Referral]:
    """Prepare what the law, or nobody's law but good practice, wants told of what was found illegal and taken down.

    Runs within the decision's transaction. Who was told of this case already is not told again.
    """
    if decision.ground != Ground.LAW or not (posts_of(decision).exists() or limited(decision).exists()):
        return []
    about = Q(items__in=posts_of(decision)) | Q(pk__in=limited(decision).values("pk"))
    accounts = list(Account.objects.filter(about).distinct().order_by("pk"))
    made = [
        _prepared(decision, route, account, now)
        for route in due(decision.case, now)
        for account in _whom(route, accounts)
    ]
    return [each for each in made if each]


def due(case: Case, now: datetime) -> tuple[Route, ...]:
    """Who is to be told when something of a case is found illegal and taken down now."""
    facts = Facts(Harm(case.harm), Tri(case.minor), flags_of(case.flags), deployment.here())
    return routes(facts, now)


def posts_of(decision: Decision) -> QuerySet[Item]:
    """The posts that a decision takes down, the oldest first."""
    ruled = [ruling.value for ruling in TAKEN_DOWN]
    return Item.objects.filter(lines__decision=decision, lines__ruling__in=ruled).order_by("posted_at", "pk")


def limited(decision: Decision) -> QuerySet[Account]:
    """The accounts that a decision limits or ends."""
    ruled = [ruling.value for ruling in LIMITING]
    return Account.objects.filter(lines__decision=decision, lines__ruling__in=ruled).order_by("pk")


def _whom(route: Route, accounts: list[Account]) -> list[Account | None]:
    """NCMEC wants one report for each person; anybody else is told of the case as a whole."""
    return [*accounts] if Form(route.authority.form) is Form.CYBERTIP and accounts else [None]


def _prepared(decision: Decision, route: Route, account: Account | None, now: datetime) -> Referral | None:
    referral, made = Referral.objects.get_or_create(
        case=decision.case,
        authority=route.authority.id,
        account=account,
        defaults={
            "decision": decision,
            "form": route.authority.form,
            "duty": route.deadline.duty.id if route.deadline else "",
            "prepared_at": now,
            "due_at": route.at,
            "words_sealed": bytes(decision.reasons_sealed),
        },
    )
    if not made:
        return None
    facts = {"case": str(decision.case_id), "authority": route.authority.id, "duty": referral.duty}
    note("referral.prepared", about=referral, by=decision.by.journal_name, now=now, **facts)
    return referral


@action
def approve(referral: Referral, text: str, by: Staff, now: datetime) -> None:
    """Stand for what the authority is told. Raises `NotYours`, `NoWords`, `NotConnected` and `WentOn`."""
    _may(rules.may_approve(by.person, child=referral.case.needs_clearance))
    if not text.strip():
        raise NoWords(NoWords.__doc__)
    if referral.form == Form.CYBERTIP and settings.CYBERTIP is None:
        raise NotConnected(NotConnected.__doc__)
    sealed = words.seal(text, settings.WORKING_PUBLIC)
    _go(referral, ReferralState.PREPARED, ReferralState.APPROVED, words_sealed=sealed, approved_by=by, trouble="")
    _tell("approved", referral, by.journal_name, now)
    if referral.form == Form.CYBERTIP:
        owe(OPEN_TIP, str(referral.pk), key=f"open tip {referral.pk}")


@action
def file(referral: Referral, by: Staff, now: datetime) -> None:
    """The second person's word, upon which a report is filed for good. Raises `NotYours`, `AnotherPerson`, `WentOn`."""
    _may(rules.may_file(by.person, child=referral.case.needs_clearance))
    if referral.approved_by_id == by.pk:
        raise AnotherPerson(AnotherPerson.__doc__)
    waits = Referral.objects.filter(
        pk=referral.pk, form=Form.CYBERTIP, second_by=None, state__in=[ReferralState.APPROVED, ReferralState.OPENED]
    )
    if not waits.update(second_by=by):
        raise WentOn(WentOn.__doc__)
    referral.refresh_from_db()
    _tell("agreed", referral, by.journal_name, now)
    if referral.state == ReferralState.OPENED:
        owe(FINISH_TIP, str(referral.pk), key=f"finish tip {referral.pk}")


@action
def sent_by_hand(referral: Referral, number: str, by: Staff, now: datetime) -> None:
    """Say that a dossier was handed over, with the authority's number if it gave one. Raises `NotYours`, `WentOn`."""
    _may(rules.may_approve(by.person, child=referral.case.needs_clearance) and referral.form == Form.DOSSIER)
    _go(referral, ReferralState.APPROVED, ReferralState.SENT, sent_at=now)
    _tell("sent", referral, by.journal_name, now)
    if number.strip():
        acknowledge(referral, number, by, now)


@action
def acknowledge(referral: Referral, number: str, by: Staff, now: datetime) -> None:
    """Keep the authority's receipt. Raises `NotYours`, `NoNumber` and `WentOn`."""
    _may(rules.may_approve(by.person, child=referral.case.needs_clearance))
    if not number.strip():
        raise NoNumber(NoNumber.__doc__)
    _go(referral, ReferralState.SENT, ReferralState.ACKNOWLEDGED, number=number.strip()[:80])
    _tell("acknowledged", referral, by.journal_name, now)


@action
def dismiss(referral: Referral, reason: str, by: Staff, now: datetime) -> None:
    """Decide that nobody is told: a second person does, never who decided the case. Raises as `file`, and `NoReason`."""
    _may(rules.may_file(by.person, child=referral.case.needs_clearance))
    if referral.decision.by_id == by.pk:
        raise AnotherPerson(AnotherPerson.__doc__)
    if not reason.strip():
        raise NoReason(NoReason.__doc__)
    sealed = words.seal(reason, settings.WORKING_PUBLIC)
    nows = (ReferralState.PREPARED, ReferralState.REFUSED)
    if not referral.move_from_any(nows, to=ReferralState.DISMISSED, reason_sealed=sealed):
        raise WentOn(WentOn.__doc__)
    _tell("dismissed", referral, by.journal_name, now)


@action
def again(referral: Referral, by: Staff, now: datetime) -> None:
    """Begin anew with what was refused, or only tried. Raises `NotYours` and `WentOn`."""
    _may(rules.may_approve(by.person, child=referral.case.needs_clearance))
    nows = (ReferralState.TRIED, ReferralState.REFUSED)
    if not referral.move_from_any(nows, to=ReferralState.PREPARED, **FRESH):
        raise WentOn(WentOn.__doc__)
    _tell("begun_again", referral, by.journal_name, now)


@action
def call_out(referral: Referral, now: datetime) -> bool:
    """Note that a referral is late; True the first time."""
    late = Referral.objects.filter(pk=referral.pk, late_at=None, state__in=OWED).update(late_at=now)
    if late:
        _tell("late", referral, "worker", now)
    return bool(late)


def of_case(case: Case) -> QuerySet[Referral]:
    """Who is told of a case, and of those that were joined into it."""
    return Referral.objects.filter(case__in=[case, *case.joined.all()]).order_by("prepared_at", "pk")


def _go(referral: Referral, now: ReferralState, to: ReferralState, **also: object) -> None:
    if not referral.move(now, to=to, **also):
        raise WentOn(WentOn.__doc__)


def _may(allowed: bool) -> None:
    if not allowed:
        raise NotYours(NotYours.__doc__)


def _tell(what: str, referral: Referral, by: str, now: datetime) -> None:
    facts = {"case": str(referral.case_id), "authority": referral.authority}
    facts |= {"number": referral.number} if referral.number else {}
    note(f"referral.{what}", about=referral, by=by, now=now, **facts)
