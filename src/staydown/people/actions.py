"""The verbs: a member of the staff is created, invited, comes in, loses their keys, and leaves."""

import hashlib
import secrets
from datetime import datetime, timedelta

from staydown.journal.acting import action, note
from staydown.people.errors import LinkSpent, NameTaken
from staydown.people.models import EntryLink, Staff
from staydown.people.rules import Role

TOKEN_BYTES = 32
BY_OPERATOR = "operator"  # the command line: whoever may run it on this machine
VALID_FOR = timedelta(hours=24)


@action
def create(username: str, role: Role, cleared: bool, now: datetime, by: str = BY_OPERATOR) -> Staff:
    """Add a member of the staff, who cannot sign in before an invitation. Raises `NameTaken`, `ValidationError`."""
    if Staff.objects.filter(username=username).exists():
        raise NameTaken(NameTaken.__doc__)
    staff = Staff(username=username, role=role.value, cleared=cleared, joined_at=now)
    staff.set_unusable_password()
    staff.full_clean()
    staff.save(force_insert=True)
    note("staff.created", about=staff, by=by, now=now, role=role.value, cleared=cleared)
    return staff


@action
def invite(staff: Staff, now: datetime, valid_for: timedelta = VALID_FOR, by: str = BY_OPERATOR) -> str:
    """Make a link that lets `staff` in once; answers with its token, which is stored nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = EntryLink.objects.create(staff=staff, digest=_digest(token), made_at=now, expires_at=now + valid_for)
    note("staff.invited", about=staff, by=by, now=now, link=str(link.pk))
    return token


def opens(token: str, now: datetime) -> bool:
    """Whether this token would let somebody in now; looking at it does not use it up."""
    return EntryLink.objects.open(_digest(token), now).exists()


@action
def enter(token: str, now: datetime) -> Staff:
    """Use up a link and answer with whose it was. Of two who try at once one gets in. Raises `LinkSpent`."""
    if not EntryLink.objects.open(_digest(token), now).update(used_at=now):
        raise LinkSpent(LinkSpent.__doc__)
    link = EntryLink.objects.select_related("staff").get(digest=_digest(token))
    note("staff.entered", about=link.staff, by=link.staff.journal_name, now=now, link=str(link.pk))
    return link.staff


@action
def set_password_aside(staff: Staff, now: datetime) -> None:
    """Make the password useless, which also ends every session opened with it."""
    staff.set_unusable_password()
    staff.save(update_fields=["password"])
    note("staff.password_set_aside", about=staff, by=staff.journal_name, now=now)


@action
def leave(staff: Staff, now: datetime, by: str = BY_OPERATOR) -> None:
    """Close the account of somebody who no longer works here: no sign-in, no session, no open link."""
    staff.is_active = False
    staff.set_unusable_password()
    staff.save(update_fields=["is_active", "password"])
    note("staff.left", about=staff, by=by, now=now)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
