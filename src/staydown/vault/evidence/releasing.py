"""Releasing sealed evidence to its custodians: proposed by one person, agreed to by another, and written out (decision 7).

What leaves is ciphertext and the case's key, sealed to the custodians: whoever has the file has nothing yet.
"""

from datetime import datetime

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from staydown.cases.models import Case
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.regimes.harms import CHILD_HARMS, Tri
from staydown.vault import opening, words
from staydown.vault.evidence import rules
from staydown.vault.evidence.models import CaseKey, Evidence, Release
from staydown.vault.evidence.rules import EvidenceState, ReleaseState


class NotYours(ValueError):
    """This takes somebody of the staff who decides cases or keeps evidence, cleared where a child is concerned."""


class AnotherPerson(ValueError):
    """A different person has to agree: whoever proposed a release does not release it."""


class NothingSealed(ValueError):
    """Nothing is sealed in this case. `staydown evidence list` says why."""


class AlreadyAnswered(ValueError):
    """Somebody has answered this proposal already. Propose again if it is still needed."""


class NoReason(ValueError):
    """Say why this evidence is to be opened: who asks for it, by which right, in which matter."""


def of_case(case: Case) -> QuerySet[Evidence]:
    """The evidence of a case, and of those that were joined into it, the oldest first."""
    return (
        Evidence.objects.filter(Q(case=case) | Q(case__joined_into=case)).select_related("item").order_by("wanted_at")
    )


def visible(staff: Staff) -> QuerySet[Case]:
    """The cases with evidence that this person may know of, also those that became part of another."""
    cases = Case.objects.filter(evidence__isnull=False).annotate(newest=Max("evidence__wanted_at")).order_by("-newest")
    if not rules.may_know(staff.person, child=False):
        return cases.none()
    if rules.may_know(staff.person, child=True):
        return cases
    children = [harm.value for harm in CHILD_HARMS]
    no_child = Q(minor=Tri.NO) & ~Q(harm__in=children)
    joined = Q(joined_into=None) | Q(joined_into__minor=Tri.NO) & ~Q(joined_into__harm__in=children)
    return cases.filter(no_child & joined)


def reason_of(release: Release) -> str:
    """Why a release was proposed, for whoever is to agree."""
    try:
        return opening.read(release.reason)
    except opening.CannotOpen:  # the working key was changed since: the custodians read it all the same
        return "(the reason was sealed to a former working key)"


@action
def propose(case: Case, reason: str, by: Staff, now: datetime) -> Release:
    """Propose that a case's evidence is released. Raises `NotYours`, `NoReason` and `NothingSealed`."""
    _may(case, by)
    if not reason.strip():
        raise NoReason(NoReason.__doc__)
    key = CaseKey.objects.filter(case=case, private_half__isnull=False).first()
    if key is None or not Evidence.objects.filter(case=case, state=EvidenceState.SEALED).exists():
        raise NothingSealed(NothingSealed.__doc__)
    sealed = words.seal(reason, settings.WORKING_PUBLIC, key.public)
    release = Release.objects.create(case=case, reason=sealed, by=by, proposed_at=now)
    note("evidence.release_proposed", about=release, by=by.journal_name, now=now, case=str(case.pk))
    return release


@action
def agree(release: Release, by: Staff, now: datetime) -> Release:
    """The second person agrees. Raises `NotYours`, `AnotherPerson` and `AlreadyAnswered`."""
    return _answer(release, ReleaseState.AGREED, by, now)


@action
def decline(release: Release, by: Staff, now: datetime) -> Release:
    """The second person does not agree: nothing leaves. Raises as `agree`."""
    return _answer(release, ReleaseState.DECLINED, by, now)


def _answer(release: Release, to: ReleaseState, by: Staff, now: datetime) -> Release:
    _may(release.case, by)
    if release.by_id == by.pk:
        raise AnotherPerson(AnotherPerson.__doc__)
    if not release.move(ReleaseState.PROPOSED, to=to, second_by=by, answered_at=now):
        raise AlreadyAnswered(AlreadyAnswered.__doc__)
    note(f"evidence.release_{to.value}", about=release, by=by.journal_name, now=now, case=str(release.case_id))
    return release


def _may(case: Case, by: Staff) -> None:
    """Raise `NotYours`; where a case became part of others, what is known of those counts, too."""
    now: Case | None = case
    while now:
        if not rules.may_release(by.person, child=now.needs_clearance):
            raise NotYours(NotYours.__doc__)
        now = now.joined_into
