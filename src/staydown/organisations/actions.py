"""Letting somebody from outside in: proposed by one of the staff, called back, admitted by another; and out again."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings

from staydown.journal.acting import action, note
from staydown.organisations import rules
from staydown.organisations.errors import (
    AnotherPerson,
    NotAdmitted,
    NotCalled,
    NotComplete,
    NotYours,
    TooLong,
    WentOn,
)
from staydown.organisations.models import Key, Officer, Organisation
from staydown.organisations.rules import KEY_LASTS, LONGEST, ROLE, Kind, Proposed, Standing
from staydown.people import actions as people
from staydown.people.models import Staff
from staydown.vault import words

PREFIX = "sd_desk_"


@action
def propose(what: Proposed, by: Staff, now: datetime) -> Organisation:
    """Propose an organisation. Raises `NotYours` and `NotComplete`."""
    _may(rules.may_propose(by.person))
    if not what.complete:
        raise NotComplete(NotComplete.__doc__)
    row = Organisation.objects.create(
        kind=what.kind,
        name=what.name.strip(),
        country=what.country.upper(),
        number=what.number.strip(),
        found=what.found.strip(),
        issuer=what.issuer,
        harms=list(what.harms),
        listed=what.listed,
        until=now + LONGEST,
        proposed_by=by,
        proposed_at=now,
    )
    note("organisation.proposed", about=row, by=by.journal_name, now=now, kind=row.kind, country=row.country)
    return row


@action
def admit(row: Organisation, by: Staff, now: datetime) -> None:
    """Admit an organisation that another person proposed. Raises `NotYours`, `AnotherPerson` and `WentOn`."""
    _may(rules.may_admit(by.person))
    if row.proposed_by_id == by.pk:
        raise AnotherPerson(AnotherPerson.__doc__)
    if not row.move(Standing.PROPOSED, to=Standing.ADMITTED, admitted_by=by, admitted_at=now):
        raise WentOn(WentOn.__doc__)
    note("organisation.admitted", about=row, by=by.journal_name, now=now)


@action
def end(row: Organisation, by: Staff, now: datetime) -> None:
    """End an organisation at once: its officers come in no more, its keys open nothing. Raises `NotYours` and `WentOn`."""
    _may(rules.may_propose(by.person))
    if not row.move_from_any((Standing.PROPOSED, Standing.ADMITTED), to=Standing.ENDED):
        raise WentOn(WentOn.__doc__)
    for officer in row.officers.exclude(state=Standing.ENDED):
        end_officer(officer, by, now)
    for key in row.keys.filter(revoked_at=None):
        revoke_key(key, by, now)
    note("organisation.ended", about=row, by=by.journal_name, now=now)


@action
def propose_officer(
    organisation: Organisation, username: str, name: str, until: datetime, *, by: Staff, now: datetime
) -> Officer:
    """Propose a person of an admitted organisation, until a day within a year.

    Raises `NotYours`, `NotAdmitted`, `TooLong`, `people.errors.NameTaken` and `ValidationError`.
    """
    _may(rules.may_propose(by.person))
    if not organisation.stands(now):
        raise NotAdmitted(NotAdmitted.__doc__)
    _soon(until, now)
    role = ROLE[Kind(organisation.kind)]
    staff = people.create(username, role, cleared=False, now=now, by=by.journal_name)
    sealed = words.seal(name.strip() or username, settings.WORKING_PUBLIC)
    row = Officer.objects.create(
        organisation=organisation, staff=staff, name_sealed=sealed, until=until, proposed_by=by
    )
    note("officer.proposed", about=row, by=by.journal_name, now=now, organisation=str(organisation.pk))
    return row


@action
def called(row: Officer, by: Staff, now: datetime) -> None:
    """Note that the organisation, called at its own number, says that this person works there. Raises `NotYours`, `WentOn`."""
    _may(rules.may_propose(by.person))
    if not Officer.objects.filter(pk=row.pk, state=Standing.PROPOSED).update(called_by=by, called_at=now):
        raise WentOn(WentOn.__doc__)
    row.refresh_from_db()
    note("officer.called", about=row, by=by.journal_name, now=now)


@action
def admit_officer(row: Officer, by: Staff, now: datetime) -> str:
    """Let an officer in; answers with the token of a link that opens once.

    Raises `NotYours`, `AnotherPerson`, `NotCalled`, `NotAdmitted` and `WentOn`.
    """
    _may(rules.may_admit(by.person))
    if row.proposed_by_id == by.pk:
        raise AnotherPerson(AnotherPerson.__doc__)
    if row.called_at is None:
        raise NotCalled(NotCalled.__doc__)
    if not row.organisation.stands(now):
        raise NotAdmitted(NotAdmitted.__doc__)
    if not row.move(Standing.PROPOSED, to=Standing.ADMITTED, admitted_by=by, admitted_at=now):
        raise WentOn(WentOn.__doc__)
    note("officer.admitted", about=row, by=by.journal_name, now=now)
    return people.invite(row.staff, now, by=by.journal_name)


@action
def renew(row: Officer, until: datetime, by: Staff, now: datetime) -> None:
    """Propose to prolong an officer's time: called for anew, admitted by another. Raises `NotYours`, `TooLong`, `WentOn`."""
    _may(rules.may_propose(by.person))
    _soon(until, now)
    anew = {"until": until, "proposed_by": by, "called_by": None, "called_at": None, "admitted_by": None}
    if not row.move(Standing.ADMITTED, to=Standing.PROPOSED, **anew):
        raise WentOn(WentOn.__doc__)
    note("officer.proposed", about=row, by=by.journal_name, now=now, organisation=str(row.organisation_id))


@action
def end_officer(row: Officer, by: Staff, now: datetime) -> None:
    """Close an officer's account at once. Raises `NotYours` and `WentOn`."""
    _may(rules.may_propose(by.person))
    if not row.move_from_any((Standing.PROPOSED, Standing.ADMITTED), to=Standing.ENDED):
        raise WentOn(WentOn.__doc__)
    people.leave(row.staff, now, by=by.journal_name)
    note("officer.ended", about=row, by=by.journal_name, now=now)


@action
def make_key(organisation: Organisation, by: Staff, now: datetime) -> str:
    """Make a key for an organisation's program and return it: it cannot be shown again. Raises `NotYours`, `NotAdmitted`."""
    _may(rules.may_admit(by.person))
    if not organisation.stands(now):
        raise NotAdmitted(NotAdmitted.__doc__)
    key = PREFIX + secrets.token_urlsafe(32)
    row = Key.objects.create(
        organisation=organisation,
        digest=digest(key),
        hint=key[:12],
        made_by=by,
        made_at=now,
        expires_at=now + KEY_LASTS,
    )
    note("desk_key.made", about=row, by=by.journal_name, now=now, organisation=str(organisation.pk))
    return key


@action
def revoke_key(row: Key, by: Staff, now: datetime) -> None:
    """End a key at once. Raises `NotYours`."""
    _may(rules.may_propose(by.person))
    if Key.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now):
        note("desk_key.revoked", about=row, by=by.journal_name, now=now)


def officer_of(staff: Staff, now: datetime) -> Officer | None:
    """As whom somebody acts from outside; None for who is not in the register, or no longer."""
    row = Officer.objects.select_related("organisation", "staff").filter(staff=staff, staff__is_active=True).first()
    return row if row and row.stands(now) else None


def of_key(key: str, now: datetime) -> Organisation | None:
    """Whose working key this is."""
    row = Key.objects.select_related("organisation").filter(digest=digest(key)).first()
    return row.organisation if row and row.works(now) else None


def digest(key: str) -> bytes:
    """SHA-256 of a key: 256 random bits need no slow hash."""
    return hashlib.sha256(key.encode()).digest()


def _may(allowed: bool) -> None:
    if not allowed:
        raise NotYours(NotYours.__doc__)


def _soon(until: datetime, now: datetime) -> None:
    if not now < until <= now + LONGEST:
        raise TooLong(TooLong.__doc__)
