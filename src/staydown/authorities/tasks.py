"""Promises to authorities, kept later: open a report, file it for good; and see that nothing is late."""

import structlog
from django.conf import settings
from django.utils import timezone

from staydown.authorities import actions, telling
from staydown.authorities.cybertip import client, reports
from staydown.authorities.cybertip.connection import Connection
from staydown.authorities.cybertip.errors import FiledAlready, NotAccepted, NotLetIn, NotNow, NotThere, TipError
from staydown.authorities.cybertip.reports import Disabled, Tip
from staydown.authorities.models import Referral
from staydown.authorities.rules import OWED, ReferralState
from staydown.cases.severity import flags_of
from staydown.platforms.rules import AccountState
from staydown.promises.errors import Later
from staydown.regimes.harms import Harm
from staydown.vault import opening

log = structlog.get_logger("staydown.authorities")
WAIT = 60.0  # seconds, where the far side names none
DENIED = 3600.0  # until an operator has mended the login
DISABLED = {AccountState.SUSPENDED: Disabled.FOR_A_TIME, AccountState.ENDED: Disabled.FOR_GOOD}


def open_tip(referral_id: str) -> None:
    """Open a report at NCMEC, and keep its number. Killed in between, it is opened again: unfiled, the other expires."""
    referral = Referral.objects.select_related("case", "decision", "account__platform").get(pk=referral_id)
    to = settings.CYBERTIP
    if referral.state != ReferralState.APPROVED:
        return
    if to is None:
        raise Later(DENIED)
    now = timezone.now()
    try:
        number = client.submit(to, reports.report(tip_of(referral), to.person, now))
    except NotAccepted as error:
        telling.refused(referral, error.code, now)
        return
    except TipError as error:
        raise _later(error) from error
    if not telling.opened(referral, number, to.environment, now):
        _take_back(to, number)


def finish_tip(referral_id: str) -> None:
    """File an opened report for good, once. Killed before the answer is kept, the next attempt learns that it is filed."""
    referral = Referral.objects.select_related("case").get(pk=referral_id)
    if referral.state != ReferralState.OPENED or referral.second_by_id is None or referral.waits_for_files:
        return
    to, now = settings.CYBERTIP, timezone.now()
    if to is None or to.environment != referral.environment:
        raise Later(DENIED)  # never filed in another environment than it was opened in
    try:
        client.finish(to, referral.number)
    except FiledAlready:
        pass
    except NotThere:
        telling.expired(referral, now)
        return
    except NotAccepted as error:
        number = referral.number
        telling.refused(referral, error.code, now)
        _take_back(to, number)
        return
    except TipError as error:
        raise _later(error) from error
    telling.finished(referral, now)


def tip_of(referral: Referral) -> Tip:
    """What NCMEC is told: the posts of one account that were taken down, and the approved words. Never who reported it."""
    account = referral.account
    posts = actions.posts_of(referral.decision).filter(**({"account": account} if account else {}))
    items = list(posts.select_related("platform"))
    platform = account.platform if account else items[0].platform if items else None
    return Tip(
        harm=Harm(referral.case.harm),
        at=min([item.posted_at for item in items] + [referral.prepared_at]),
        addresses=tuple(item.url for item in items),
        service=platform.name if platform else "",
        account=account.external_id if account else "",
        words=opening.read(referral.words_sealed),
        flags=flags_of(referral.case.flags),
        disabled=DISABLED.get(AccountState(account.state)) if account else None,
    )


def watch_deadlines() -> int:
    """Note every referral whose time is over and that is not sent; how many are new."""
    now = timezone.now()
    late = Referral.objects.filter(state__in=OWED, due_at__lt=now, late_at=None)[:500]
    return sum(actions.call_out(referral, now) for referral in late)


def _take_back(to: Connection, number: str) -> None:
    try:
        client.retract(to, number)
    except TipError:
        log.info("an opened report could not be taken back: it expires by itself")


def _later(error: TipError) -> Later:
    log.warning("cybertip", error=type(error).__name__, code=error.code)
    if isinstance(error, NotLetIn):
        return Later(DENIED)
    return Later(error.seconds or WAIT if isinstance(error, NotNow) else WAIT)
