"""What a reviewer may look at: fetched from the platform's evidence endpoint, redrawn in the sandbox, kept nowhere.

Every look of every grade is in the journal before it happens (promise P9). A decided media is not shown again (promise P11),
but to whoever answers a complaint; what met a child's entry that two people confirmed is not shown at all.
"""

import base64
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models import QuerySet

from staydown.banks.actions import meeting
from staydown.banks.models import Entry, Match
from staydown.banks.rules import EntryState
from staydown.cases import seeing
from staydown.cases.actions import complaining
from staydown.cases.models import Case
from staydown.cases.rules import CaseState, DecisionState
from staydown.console import drawing, grades
from staydown.console.grades import Grade, Reason
from staydown.console.not_shown import (
    ChildsScreenshot,
    DecidedAlready,
    Elsewhere,
    Known,
    NoReason,
    NotCleared,
    NotForYou,
    Rest,
    StepByStep,
    TooLate,
    TurnOver,
)
from staydown.journal.acting import action, note
from staydown.journal.models import Entry as JournalEntry
from staydown.people import exposure, exposures
from staydown.people.models import Staff
from staydown.people.rules import Act
from staydown.platforms import evidence
from staydown.platforms.models import Check, Item
from staydown.platforms.rules import CheckState, ItemState
from staydown.regimes.harms import Harm, Tri
from staydown.regimes.lawful import may_review_media
from staydown.site import deployment
from staydown.vault import opening
from staydown.vault.evidence.models import Evidence, ReviewCopy

SALT = "staydown look"
KINDS: dict[str, type[Item] | type[Check] | type[Evidence]] = {"item": Item, "check": Check, "shot": Evidence}
VALID = 60  # seconds for which an address of a picture is good, and for her alone


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at what of which case."""

    case: Case
    what: Item | Check | Evidence
    by: Staff

    @property
    def kind(self) -> str:
        return next(kind for kind, model in KINDS.items() if isinstance(self.what, model))


@action
def asked(look: Look, grade: Grade, reason: Reason | None, now: datetime) -> str:
    """Write the look down and answer with a token for the picture. Raises `NotShown`."""
    _may(look)
    if grade in grades.COUNTED:
        _may_look_now(look, now)
    before = grades.BEFORE.get(grade)
    if before and not _looked(look, before):
        raise StepByStep(StepByStep.__doc__)
    harm, minor = Harm(look.case.harm), Tri(look.case.minor)
    if grades.needs_reason(grade, harm, minor) and reason is None:
        raise NoReason(NoReason.__doc__)
    told = {"reason": reason.value} if reason else {}
    note(grades.ACTS[grade], about=look.what, by=look.by.journal_name, now=now, case=str(look.case.pk), **told)
    if grade in grades.COUNTED:
        exposures.looked(look.by, harm, minor, grades.SECONDS[grade], now)
    return signing.dumps([str(look.case.pk), look.kind, str(look.what.pk), str(look.by.pk), grade.value], salt=SALT)


def drawn(token: str, by: Staff, now: datetime) -> bytes:
    """The picture that was asked for (JPEG), with her name in it. Raises `NotShown` and `evidence.Unobtainable`."""
    try:
        case, kind, media, viewer, grade = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.BadSignature as error:
        raise TooLate(TooLate.__doc__) from error
    row = seeing.visible(by).filter(pk=case).first()
    what = KINDS[kind].objects.filter(pk=media).first()
    if viewer != str(by.pk) or row is None or not isinstance(what, Item | Check | Evidence):
        raise TooLate(TooLate.__doc__)
    look = Look(row, what, by)
    _may(look)
    return drawing.drawn(_fetch(look, now), Grade(grade), f"{by.username} {now:%Y-%m-%d %H:%M}")


def _may(look: Look) -> None:
    """Whether this person may see anything of it, whatever the grade."""
    child = look.case.needs_clearance
    if not look.by.may(Act.LOOK) or not look.by.may_decide(child):
        raise NotCleared(NotCleared.__doc__)
    if not may_review_media(deployment.here(), child=child):
        raise NotCleared(NotCleared.__doc__)
    if _of_another_childs_case(look):  # before any reason that would tell her of it
        raise NotForYou(NotForYou.__doc__)
    if not _still_to_decide(look):
        raise DecidedAlready(DecidedAlready.__doc__)
    if child and isinstance(look.what, Evidence):
        raise ChildsScreenshot(ChildsScreenshot.__doc__)
    if _met(look).filter(entry__state=EntryState.BLOCKING, entry__case__in=_children()).exists():
        raise Known(Known.__doc__)
    if _is_the_very_picture(look):
        raise DecidedAlready(DecidedAlready.__doc__)


def _met(look: Look) -> QuerySet[Match]:
    """What this media met; a screenshot is compared with nothing."""
    if isinstance(look.what, Evidence):
        return Match.objects.none()
    return Match.objects.filter(item=look.what) if isinstance(look.what, Item) else look.what.matches.all()


def _is_the_very_picture(look: Look) -> bool:
    """Whether its bytes are those on which a person has decided, whoever published them again; not where that is contested."""
    row = None if isinstance(look.what, Evidence) else look.what.fingerprint
    if row is None or row.exact is None:
        return False
    banked = Entry.objects.filter(fingerprint__exact=bytes(row.exact), banked_by__isnull=False)
    decided = banked.filter(state__in=(EntryState.HOLDING, EntryState.BLOCKING)).exists()
    return decided and not complaining.may_look_again(look.case, look.by)


def _children() -> QuerySet[Case]:
    return Case.objects.filter(seeing.CERTAINLY_CHILDS)


def _of_another_childs_case(look: Look) -> bool:
    """Whether this person must not know of a case that the same picture belongs to."""
    if look.by.may_see_child_safety() or isinstance(look.what, Evidence):
        return False
    of = seeing.posts_of_unknown(look.by) if isinstance(look.what, Item) else seeing.uploads_of_unknown(look.by)
    if of.filter(pk=look.what.pk).exists():
        return True
    return any(case.needs_clearance for case in meeting.cases_of_like(look.what.fingerprint))


def _looked(look: Look, grade: Grade) -> bool:
    """Whether she has seen this much of it already."""
    about = f"{look.what._meta.label_lower}:{look.what.pk}"
    by = look.by.journal_name
    return JournalEntry.objects.filter(about=about, act=grades.ACTS[grade], actor=by).exists()


def _may_look_now(look: Look, now: datetime) -> None:
    if look.case.claimant(now) not in (None, look.by) and not _proposed(look.case):
        raise Elsewhere(Elsewhere.__doc__)
    if exposures.of(look.by, now).rests_until:
        raise Rest(Rest.__doc__)
    grave = exposure.weight(Harm(look.case.harm), Tri(look.case.minor)) == exposure.GRAVEST
    if grave and exposures.away(look.by, now):
        raise TurnOver(TurnOver.__doc__)


def _still_to_decide(look: Look) -> bool:
    """An item or a screenshot of an open case, a held copy, or a held upload; nothing else."""
    if isinstance(look.what, Evidence):
        return look.case.state == CaseState.OPEN and ReviewCopy.objects.filter(evidence=look.what).exists()
    if isinstance(look.what, Check):
        return look.what.case_id == look.case.pk and look.what.state == CheckState.PENDING
    if look.what.subjects.filter(case=look.case).exists():
        again = look.what.state != ItemState.REMOVED or complaining.may_look_again(look.case, look.by)
        return look.case.state == CaseState.OPEN and again
    return look.what.state == ItemState.HELD and look.what.matches.filter(entry__case=look.case).exists()


def _proposed(case: Case) -> bool:
    """Whether a second person has to look."""
    return case.decisions.filter(state=DecisionState.PROPOSED).exists()


def _fetch(look: Look, now: datetime) -> bytes:
    if isinstance(look.what, Evidence):
        return base64.b64decode(opening.read(look.what.review.picture_sealed))
    name = look.what.external_id if isinstance(look.what, Item) else str(look.what.pk)
    return evidence.fetch(look.what.platform, look.kind, name, now)
