"""The files of a report to NCMEC: which ones custodians are to add from their own machine, and their word that they did.

The running server seals and cannot open (decision 1). What leaves here names files and holds none; what comes back is signed
with the case's own key (`vault.evidence.openings`).
"""

from datetime import datetime

from django.conf import settings

from staydown.authorities import actions, rules
from staydown.authorities.actions import FINISH_TIP, OPEN_TIP
from staydown.authorities.cybertip.adding import Errand, Wanted, target
from staydown.authorities.cybertip.reports import TipFile
from staydown.authorities.errors import NoFiles, NotConnected, NotWaiting, NotYours, WentOn
from staydown.authorities.models import Referral
from staydown.authorities.rules import Form, ReferralState
from staydown.journal.acting import action, note
from staydown.journal.models import Entry
from staydown.people.models import Staff
from staydown.platforms.models import Item
from staydown.promises.actions import owe
from staydown.vault.evidence import returning
from staydown.vault.evidence.models import Evidence
from staydown.vault.evidence.openings import OpeningRecord
from staydown.vault.evidence.rules import EvidenceState, Kind

SENT = "sent"  # how a custodians' machine calls it in its record
UNFILED = (ReferralState.PREPARED, ReferralState.APPROVED, ReferralState.OPENED)
LOOKS = ("media.peek", "media.full", "media.revealed")  # acts of the console by which somebody has seen a picture


@action
def ask(referral: Referral, by: Staff, now: datetime) -> None:
    """Have custodians add the files before it is filed. Raises `NotYours`, `NoFiles`, and `WentOn` where it is being filed."""
    _may(referral, by)
    if not sealed_of(referral):
        raise NoFiles(NoFiles.__doc__)
    _set(referral, True)
    _tell("files_wanted", referral, by.journal_name, now)


@action
def skip(referral: Referral, by: Staff, now: datetime) -> None:
    """File it without files. Raises `NotYours` and `WentOn`."""
    _may(referral, by)
    _set(referral, False)
    _tell("files_left_out", referral, by.journal_name, now)
    _finish(referral)


@action
def anew(referral: Referral, by: Staff, now: datetime) -> None:
    """Have the report opened again where NCMEC has deleted it, with the same approvals. Raises `NotYours`, `WentOn`."""
    _may(referral, by)
    gone = {"number": "", "environment": "", "opened_at": None, "files_at": None}
    if not (referral.with_files and referral.move(ReferralState.OPENED, to=ReferralState.APPROVED, **gone)):
        raise WentOn(WentOn.__doc__)
    _tell("opened_anew", referral, by.journal_name, now)
    owe(OPEN_TIP, str(referral.pk), key=f"open tip {referral.pk}")


def sealed_of(referral: Referral) -> list[Evidence]:
    """The sealed originals of the posts that a report is about, the oldest first."""
    posts = actions.posts_of(referral.decision).filter(account=referral.account)
    rows = Evidence.objects.filter(kind=Kind.ITEM, state=EvidenceState.SEALED, item__in=posts)
    return list(rows.select_related("item").order_by("wanted_at", "pk"))


def errand(referral: Referral) -> Errand:
    """What custodians' machines need besides the package. Raises `NotWaiting`, `NoFiles` and `NotConnected`."""
    if referral.state != ReferralState.OPENED or not referral.waits_for_files:
        raise NotWaiting(NotWaiting.__doc__)
    to, rows = settings.CYBERTIP, sealed_of(referral)
    if to is None or to.environment != referral.environment:
        raise NotConnected(NotConnected.__doc__)
    if not rows:
        raise NoFiles(NoFiles.__doc__)
    wanted = tuple(Wanted(str(row.pk), _file(row.item, referral.prepared_at)) for row in rows if row.item)
    return Errand(str(referral.pk), referral.environment, to.url, referral.number, wanted)


@action
def added(said: OpeningRecord, now: datetime) -> Referral | None:
    """Note what a journalled record of custodians says was sent; the report, where now all of its files are there."""
    _, _, number = said.to.rpartition(" ")
    found = Referral.objects.filter(form=Form.CYBERTIP, number=number, state=ReferralState.OPENED, files_at=None)
    for referral in found:
        if said.to != target(referral.environment, number) or not _all_sent(referral, said.to):
            continue
        if Referral.objects.filter(pk=referral.pk, number=number, files_at=None).update(files_at=now):
            _tell("files_added", referral, "custodians", now, files=len(sealed_of(referral)))
            _finish(referral)
            return referral
    return None


def _all_sent(referral: Referral, to: str) -> bool:
    rows = Entry.objects.filter(act=returning.ACT, salt__isnull=False, facts__opening__to=to, facts__opening__how=SENT)
    sent = {each["id"] for row in rows for each in (row.facts or {})["opening"]["released"]}
    return {str(row.pk) for row in sealed_of(referral)} <= sent


def _file(item: Item, latest: datetime) -> TipFile:
    """What NCMEC is told of a post's file: posted at `latest` by the latest, whatever a platform's clock said."""
    looked = Entry.objects.filter(about=f"platforms.item:{item.pk}", act__in=LOOKS).exists()
    return TipFile(item.external_id, min(item.posted_at, latest), item.url, looked, item.audience == "everyone")


def _set(referral: Referral, wanted: bool) -> None:
    waits = Referral.objects.filter(pk=referral.pk, form=Form.CYBERTIP, state__in=UNFILED, with_files=not wanted)
    if wanted:
        waits = waits.exclude(state=ReferralState.OPENED, second_by__isnull=False)
    if not waits.update(with_files=wanted):
        raise WentOn(WentOn.__doc__)
    referral.refresh_from_db()


def _finish(referral: Referral) -> None:
    if referral.state == ReferralState.OPENED and referral.second_by_id:
        owe(FINISH_TIP, str(referral.pk), key=f"finish tip {referral.pk}")


def _may(referral: Referral, by: Staff) -> None:
    if not rules.may_approve(by.person, child=referral.case.needs_clearance):
        raise NotYours(NotYours.__doc__)


def _tell(what: str, referral: Referral, by: str, now: datetime, **also: object) -> None:
    facts = {"case": str(referral.case_id), "authority": referral.authority, "number": referral.number}
    note(f"referral.{what}", about=referral, by=by, now=now, **facts, **also)
