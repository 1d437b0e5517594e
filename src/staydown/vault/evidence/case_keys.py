"""The key pair of a case: what is sealed of the case is sealed to it, and the journal has which it is."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from staydown.journal.acting import action, note
from staydown.journal.models import Entry
from staydown.vault import words
from staydown.vault.evidence import openings
from staydown.vault.evidence.actions import BY
from staydown.vault.evidence.models import CaseKey

if TYPE_CHECKING:
    from staydown.cases.models import Case


class KeyExchanged(ValueError):
    """A case's public key is not the one that the journal has. Nothing is sealed to it: run `staydown evidence check`."""


def key_of(case: "Case", now: datetime) -> CaseKey:
    """The case's key pair, made now if there is none; the private half leaves this function sealed only.

    Raises `KeyExchanged`.
    """
    found = CaseKey.objects.filter(case=case, private_half__isnull=False).first()
    if found:
        return _as_made(found)
    private, public = words.new_key_pair()
    return _keep_key(case, (public, openings.public_of(private)), settings.CUSTODIANS.seal(private), now)


def _as_made(key: CaseKey) -> CaseKey:
    """The key, if it is the one that the journal has: otherwise who writes into the database has all sealed to himself."""
    made = Entry.objects.filter(act="evidence.key_made", about=f"{key._meta.label_lower}:{key.pk}", salt__isnull=False)
    latest = made.order_by("index").last()
    if latest is None or (latest.facts or {}).get("public") != key.public:
        raise KeyExchanged(KeyExchanged.__doc__)
    return key


@action
def _keep_key(case: "Case", publics: tuple[str, str], private_half: bytes, now: datetime) -> CaseKey:
    public, opening_public = publics
    key, made = CaseKey.objects.get_or_create(
        case=case, defaults={"public": public, "private_half": private_half, "made_at": now}
    )
    if not made:  # the former one was destroyed, and there is something new to seal
        made = bool(
            CaseKey.objects.filter(pk=key.pk, private_half=None).update(
                public=public, private_half=private_half, made_at=now
            )
        )
        key.refresh_from_db()
    if made:
        facts = {"public": public, "opening_public": opening_public, "sealed_sha256": _sha256(private_half)}
        told = settings.CUSTODIANS.told()
        note("evidence.key_made", about=key, by=BY, now=now, case=str(case.pk), custodians=told, **facts)
    return key


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
