"""Who works on a case: claimed for an hour, taken over when somebody cannot go on, handed over without a question."""

from datetime import datetime, timedelta

from django.db.models import Q

from staydown.cases.models import Case
from staydown.journal.acting import action, note
from staydown.people import exposure, exposures
from staydown.people.models import Staff
from staydown.regimes.harms import Harm, Tri

LEASE = timedelta(hours=1)  # a browser that crashed, or somebody who went home, keeps nobody waiting longer


class TurnOver(ValueError):
    """Your turn at what is gravest is over for some days: somebody else takes this case. Your own page says until when."""


class Claimed(ValueError):
    """Somebody else is working on this case. Take it over if it cannot wait."""


@action
def claim(case: Case, by: Staff, now: datetime) -> None:
    """Work on a case for the next hour; said again, for an hour from then. Raises `Claimed`, `TurnOver`."""
    hers = Q(claimed_by=by, claimed_until__gt=now)
    if Case.objects.filter(hers, pk=case.pk).update(claimed_until=now + LEASE):
        return
    _may_begin(case, by, now)
    free = Q(claimed_by=None) | Q(claimed_until__lte=now)
    if not Case.objects.filter(free, pk=case.pk).update(claimed_by=by, claimed_until=now + LEASE):
        raise Claimed(Claimed.__doc__)
    note("case.claimed", about=case, by=by.journal_name, now=now)


@action
def take_over(case: Case, by: Staff, now: datetime) -> None:
    """Work on a case that somebody else had claimed; that is in the journal."""
    case = Case.objects.select_for_update(of=("self",)).select_related("claimed_by").get(pk=case.pk)
    had = case.claimant(now)
    if had is None or had == by:
        claim(case, by, now)
        return
    _may_begin(case, by, now)
    Case.objects.filter(pk=case.pk).update(claimed_by=by, claimed_until=now + LEASE)
    note("case.taken_over", about=case, by=by.journal_name, now=now, had=had.journal_name)


def _may_begin(case: Case, by: Staff, now: datetime) -> None:
    """What she has begun she may end, or hand over; what is gravest she does not begin while her turn is over."""
    if exposure.weight(Harm(case.harm), Tri(case.minor)) == exposure.GRAVEST and exposures.away(by, now):
        raise TurnOver(TurnOver.__doc__)


@action
def hand_over(case: Case, by: Staff, now: datetime) -> None:
    """Work no longer on a case; nobody asks why."""
    if Case.objects.filter(pk=case.pk, claimed_by=by).update(claimed_by=None, claimed_until=None):
        note("case.handed_over", about=case, by=by.journal_name, now=now)


def end(case: Case) -> None:
    """The work is done: the claim ends with the decision, in its transaction."""
    Case.objects.filter(pk=case.pk).update(claimed_by=None, claimed_until=None)
