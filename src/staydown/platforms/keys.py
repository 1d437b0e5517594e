"""Platforms' bearer keys: made, shown once, kept as a digest, rotated by making a second one and revoking the first."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import connection

from staydown.journal.acting import action, note
from staydown.platforms.models import ApiKey, Platform
from staydown.platforms.rules import Scope
from staydown.vault import words

PREFIX = "sd_live_"
FOUND = (
    f"SELECT * FROM {ApiKey._meta.db_table} k JOIN {Platform._meta.db_table} p ON p.id = k.platform_id "  # noqa: S608
    "WHERE k.digest = %s"
)
_rows: dict[bytes, tuple[tuple[Any, ...], ApiKey]] = {}


@action
def add_platform(name: str, slug: str, *, by: str, now: datetime, working_public: str, **addresses: str) -> Platform:
    """Register a service to protect. `addresses`: webhook_url, webhook_secret, evidence_url (all optional)."""
    secret = addresses.get("webhook_secret", "")
    platform = Platform.objects.create(
        name=name,
        slug=slug,
        webhook_url=addresses.get("webhook_url", ""),
        webhook_secret_sealed=words.seal(secret, working_public) if secret else b"",
        evidence_url=addresses.get("evidence_url", ""),
        added_at=now,
    )
    note("platform.added", about=platform, by=by, now=now)
    return platform


@action
def make(platform: Platform, scopes: frozenset[Scope], *, by: str, now: datetime) -> str:
    """Make a key and return it: it cannot be shown again."""
    key = PREFIX + secrets.token_urlsafe(32)
    row = ApiKey.objects.create(
        platform=platform,
        digest=digest(key),
        hint=key[:12],
        scopes=sorted(scope.value for scope in scopes),
        made_at=now,
    )
    note("key.made", about=row, by=by, now=now, scopes=row.scopes)
    return key


@action
def revoke(row: ApiKey, *, by: str, now: datetime) -> None:
    """End a key at once."""
    if ApiKey.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now):
        note("key.revoked", about=row, by=by, now=now)


def digest(key: str) -> bytes:
    """SHA-256 of a key: 256 random bits need no slow hash."""
    return hashlib.sha256(key.encode()).digest()


def find(key: str, now: datetime) -> ApiKey | None:
    """The working key that `key` is, or None: as its row says at this moment."""
    row = _row(digest(key))
    return row if row and row.works(now) else None


def _row(mark: bytes) -> ApiKey | None:
    """The key's row with its platform's. Read at every request; made an object of only when it has changed since."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [mark])
        said = cursor.fetchone()
    if said is None:
        return None
    before, row = _rows.get(mark, (None, None))
    if row is None or before != said:
        row = ApiKey.objects.select_related("platform").get(digest=mark)
        _rows[mark] = said, row
    return row
