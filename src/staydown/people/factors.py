"""The second factor: whether somebody has one, and whether this session is worth trusting with one.

Only the app program has allauth's tables; nothing that the portal or the worker imports may import this module.
"""

from datetime import datetime

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from staydown.journal.acting import action, note
from staydown.people import actions
from staydown.people.models import Staff

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none
PROOFS = frozenset({"link", "mfa"})


def has_second_factor(staff: Staff) -> bool:
    """Whether an authenticator app or a passkey belongs to this person."""
    return bool(Authenticator.objects.filter(user_id=staff.pk, type__in=SECOND_FACTORS).exists())


def has_passkey(staff: Staff) -> bool:
    """Whether a passkey or security key belongs to this person, which no false page can ask for."""
    return bool(Authenticator.objects.filter(user_id=staff.pk, type=Authenticator.Type.WEBAUTHN).exists())


def came_by_passkey(request: HttpRequest, staff: Staff) -> bool:
    """Whether a passkey or security key was used in this session. A code of an app or of paper can be talked out of somebody."""
    return any(
        record.get("type") == Authenticator.Type.WEBAUTHN for record in get_authentication_records(request, staff)
    )


def came_by_link(request: HttpRequest, staff: Staff) -> bool:
    """Whether this session began with an invitation."""
    return any(record["method"] == "link" for record in get_authentication_records(request, staff))


def is_proven(request: HttpRequest, staff: Staff) -> bool:
    """Whether this session began with an invitation or a second factor, and not with a password alone.

    A stolen password must neither set up the thief's own second factor nor wait until its owner has set one up.
    """
    return any(record["method"] in PROOFS for record in get_authentication_records(request, staff))


def prove_by_link(request: HttpRequest, staff: Staff) -> None:
    """Note in the session that it began with an invitation."""
    record_authentication(request, staff, method="link")


@action
def forget(staff: Staff, now: datetime) -> None:
    """Remove every authenticator of somebody who lost theirs, and the password: they need a new invitation."""
    Authenticator.objects.filter(user_id=staff.pk).delete()
    actions.set_password_aside(staff, now)
    note("staff.factors_forgotten", about=staff, by=actions.BY_OPERATOR, now=now)
