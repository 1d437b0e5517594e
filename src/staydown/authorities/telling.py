"""What the worker writes down of a report to the CyberTipline: each answer of the far side, before it goes on."""

from datetime import datetime

from staydown.authorities.actions import FINISH_TIP, FRESH, OPEN_TIP
from staydown.authorities.models import Referral
from staydown.authorities.rules import Environment, ReferralState
from staydown.cases.severity import flags_of
from staydown.journal.acting import action, note
from staydown.promises.actions import owe
from staydown.regimes.clocks import Facts, owed
from staydown.regimes.duties import Act, Event
from staydown.regimes.harms import Harm, Tri
from staydown.site import deployment
from staydown.vault.retention import holding

WHY_KEPT = "Kept because {authority} was told of it (report {number}); the law wants it preserved."


@action
def opened(referral: Referral, number: str, environment: Environment, now: datetime) -> bool:
    """The report has a number. False where another attempt came first: this number is nobody's, and expires there."""
    if not referral.move(
        ReferralState.APPROVED, to=ReferralState.OPENED, number=number, environment=environment, opened_at=now
    ):
        return False
    _note("opened", referral, now)
    if referral.second_by_id:
        owe(FINISH_TIP, str(referral.pk), key=f"finish tip {referral.pk}")
    return True


@action
def finished(referral: Referral, now: datetime) -> None:
    """The report is filed, or was tried; what was filed is preserved from now on."""
    if referral.environment == Environment.TEST:
        if referral.move(ReferralState.OPENED, to=ReferralState.TRIED):
            _note("tried", referral, now)
        return
    if not referral.move(ReferralState.OPENED, to=ReferralState.SENT, sent_at=now):
        return
    referral.move(ReferralState.SENT, to=ReferralState.ACKNOWLEDGED)
    _note("sent", referral, now)
    _preserve(referral, now)


@action
def expired(referral: Referral, now: datetime) -> None:
    """The far side has deleted what was not filed in time: it is opened again, with the same approvals."""
    gone = {"number": "", "environment": "", "opened_at": None, "files_at": None}
    if referral.move(ReferralState.OPENED, to=ReferralState.APPROVED, **gone):
        _note("expired", referral, now)
        owe(OPEN_TIP, str(referral.pk), key=f"open tip {referral.pk}")


@action
def refused(referral: Referral, code: int, now: datetime) -> None:
    """The far side does not take it as it is: a person mends it, and two approve it anew."""
    nows = (ReferralState.APPROVED, ReferralState.OPENED)
    if referral.move_from_any(nows, to=ReferralState.REFUSED, trouble=f"code {code}", **FRESH):
        _note("refused", referral, now, code=code)


def _preserve(referral: Referral, now: datetime) -> None:
    case = referral.case
    facts = Facts(Harm(case.harm), Tri(case.minor), flags_of(case.flags), deployment.here(), Event.REFERRAL)
    until = owed(facts, now).last(Act.PRESERVE)
    if until and referral.second_by:
        why = WHY_KEPT.format(authority=referral.body.name, number=referral.number)
        holding.by_law(case, why, referral.second_by, now, until.at)


def _note(what: str, referral: Referral, now: datetime, **facts: object) -> None:
    said = {"case": str(referral.case_id), "authority": referral.authority, "number": referral.number}
    note(f"referral.{what}", about=referral, by="worker", now=now, **said, **facts)
