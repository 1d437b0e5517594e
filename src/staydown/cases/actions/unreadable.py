"""Uploads that could not be opened, or that a platform's policy of recognition holds: a person answers them,
in one case an account, whatever an account sends.

Whoever uploads rubbish in mass gets one line of the queue and one click: the same bytes again are the same check, a
person's word on them stands, and beyond `MOST_CASES` accounts of a platform the further ones share a line.
"""

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from staydown.banks.models import Fingerprint
from staydown.cases.models import Case
from staydown.cases.rules import CaseState
from staydown.journal.acting import action, note
from staydown.platforms.models import Check, Platform
from staydown.platforms.rules import RECOGNISED, UNREADABLE, CheckState, Verdict
from staydown.regimes.clocks import Deadline, Facts, deadline
from staydown.regimes.duties import Event
from staydown.regimes.harms import Harm, Tri
from staydown.site import deployment
from staydown.vault.evidence import actions as evidence

BY = "stay-down"
MOST_CASES = 20  # open ones of a platform
SENT_BEFORE = f"SELECT 1 FROM {Fingerprint._meta.db_table} WHERE exact = %s AND quality = 0 LIMIT 1"  # noqa: S608  our own name


def waiting(platform: Platform, exact: bytes, account_id: str | None) -> Check | None:
    """The check of the very same bytes of the same account that a person has yet to answer for one of these reasons."""
    same = _same(platform, exact, UNREADABLE) | _same(platform, exact, RECOGNISED)
    same = same.filter(account__external_id=account_id)
    return same.filter(state=CheckState.PENDING).first()


def is_known(platform: Platform, exact: bytes) -> bool:
    """Whether these bytes could not be opened before, so that nobody needs to try again."""
    with connection.cursor() as cursor:  # at every upload: what was read is told by one index, however often it came
        cursor.execute(SENT_BEFORE, [exact])
        seen = cursor.fetchone() is not None
    return seen and _same(platform, exact, UNREADABLE).exists()


def _same(platform: Platform, exact: bytes, reason: str) -> QuerySet[Check]:
    return Check.objects.filter(platform=platform, fingerprint__exact=exact, reasons=[reason])


@action
def hold(check: Check, now: datetime) -> None:
    """Hold a new check for a person; or answer as a person answered the very same bytes before."""
    Platform.objects.select_for_update(no_key=True).get(pk=check.platform_id)  # two at once find one case
    reason = check.reasons[0]
    word = _said_before(check, reason)
    if word:
        Check.objects.filter(pk=check.pk).update(verdict=word)
    else:
        case = _open_case(check, reason, now)
        Check.objects.filter(pk=check.pk).update(verdict=Verdict.HOLD, case=case)
        check.move(CheckState.ANSWERED, to=CheckState.PENDING, due_at=_due(now).at)
        evidence.want_upload(case, check, now, unreadable=reason == UNREADABLE)
    check.refresh_from_db()
    note(f"upload.{check.verdict}", about=check, by=BY, now=now, reason=reason)


def _said_before(check: Check, reason: str) -> Verdict | None:
    """A person's word on the same bytes; what she lets pass keeps its labels."""
    same = _same(check.platform, bytes(check.fingerprint.exact or b""), reason)
    last = same.filter(state=CheckState.RESOLVED).order_by("-asked_at").first()
    if last and last.resolution == Verdict.ALLOW and check.labels:
        return Verdict.LABEL
    return Verdict(last.resolution) if last else None


def _open_case(check: Check, reason: str, now: datetime) -> Case:
    """The account's case; the oldest one where there are too many; a new one else. Locked against being closed."""
    of_platform = Case.objects.filter(state=CaseState.OPEN, reports=None, subjects=None)
    ours = of_platform.filter(checks__platform=check.platform_id)
    found = of_platform.filter(checks__platform=check.platform_id, checks__account=check.account_id).first()
    if found is None and ours.values("pk").distinct().count() >= MOST_CASES:
        found = ours.order_by("opened_at").first()
    locked = Case.objects.select_for_update().filter(pk=found.pk, state=CaseState.OPEN).first() if found else None
    return locked or _opened(reason, now)


def _opened(reason: str, now: datetime) -> Case:
    due = _due(now)
    case = Case.objects.create(
        harm=Harm.UNSPECIFIED,
        minor=Tri.UNKNOWN,
        opened_at=now,
        due_at=due.at,
        clock=due.duty.id,
    )
    note("case.opened", about=case, by=BY, now=now, reason=reason)
    return case


def _due(now: datetime) -> Deadline:
    return deadline(Facts(Harm.UNSPECIFIED, Tri.UNKNOWN, frozenset(), deployment.here(), Event.UPLOAD_HELD), now)


def is_only_uploads(case: Case) -> bool:
    """Whether nobody reported anything in this case, so that answering its uploads is all there is to decide."""
    return not case.reports.exists() and not case.subjects.exists()


@action
def close_when_answered(case: Case, by: str, now: datetime) -> None:
    """End a case of uploads alone with the answer to its last one."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not is_only_uploads(case) or case.checks.filter(state=CheckState.PENDING).exists():
        return
    if case.state == CaseState.OPEN and case.move(CaseState.OPEN, to=CaseState.DECIDED, decided_at=now):
        note("case.decided", about=case, by=by, now=now, reason="uploads answered")
