"""Signed report links: the platform's report button opens the portal with the item filled in.

The app signs with a private key (Ed25519); the portal holds the public half only and can check, never sign.
"""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DOMAIN = b"staydown report link 1\n"
VALID_FOR = timedelta(days=7)


class BadLink(ValueError):
    """This link is not complete or too old. Go back to the picture and press its report button again."""


def sign(item: UUID, expires_at: datetime, key: bytes) -> str:
    """A token for the item with this row id: 16 bytes of id, 5 of time, 64 of signature, as base64url text."""
    body = item.bytes + int(expires_at.timestamp()).to_bytes(5)
    signature = Ed25519PrivateKey.from_private_bytes(key).sign(DOMAIN + body)
    return base64.urlsafe_b64encode(body + signature).decode().rstrip("=")


def read(token: str, public: bytes, now: datetime) -> UUID:
    """The item's row id. Raises `BadLink` for a token that was changed or has expired."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(raw[21:], DOMAIN + raw[:21])
    except (ValueError, InvalidSignature) as error:
        raise BadLink(BadLink.__doc__) from error
    if len(raw) != 85 or datetime.fromtimestamp(int.from_bytes(raw[16:21]), UTC) < now:
        raise BadLink(BadLink.__doc__)
    return UUID(bytes=raw[:16])
