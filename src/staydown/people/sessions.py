"""The staff's sessions and sign-in limits at rest: a stolen database opens no session, and names no address.

The cookie's value is stored as a keyed digest, so that no cookie can be made from a copy of the table. The content, which
for some minutes holds the secret of an authenticator app that is being set up, is encrypted. Both keys come from
`STAYDOWN_SECRET_KEY`: replace that, and everybody signs in again.
"""

import base64
import json
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone
from django.utils.crypto import salted_hmac

LENGTH = 40  # of Django's column for the key: 160 bits in hex


class SessionStore(db.SessionStore):
    """Django's sessions in the database, with the key digested and the content encrypted."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        rows = self.model.objects.filter(session_key=_digest(self.session_key or ""), expire_date__gt=timezone.now())
        found = rows.first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Whether there is such a session."""
        return super().exists(_digest(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row of this session."""
        row = super().create_model_instance(data)
        row.session_key = _digest(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """End a session: this one, or the one named."""
        if ended := session_key or self.session_key:
            super().delete(_digest(ended))

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The content as it is stored."""
        return _cipher(settings.SECRET_KEY).encrypt(json.dumps(session_dict).encode()).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """What `encode` stored; an empty session where another key was in use: its owner signs in again."""
        try:
            content: dict[str, Any] = json.loads(_cipher(settings.SECRET_KEY).decrypt(session_data))
        except InvalidToken:
            return {}
        return content


def cache_key(key: str, prefix: str, version: int) -> str:
    """What the sign-in limits are counted under: of addresses and codes only keyed digests are kept."""
    return salted_hmac("staydown cache", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()


def _digest(session_key: str) -> str:
    return salted_hmac("staydown session", session_key, algorithm="sha256").hexdigest()[:LENGTH]


@cache
def _cipher(secret: str) -> Fernet:
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"staydown sessions").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
