"""Signing what we send to a platform, by Standard Webhooks v1 (https://www.standardwebhooks.com)."""

import base64
import secrets
from datetime import UTC, datetime

from standardwebhooks import Webhook


def new_secret() -> str:
    """A new secret to share with one platform, `whsec_` and 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def headers_for(message_id: str, body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """The three headers that prove to the platform that `body` (UTF-8) comes from us, and when it was signed."""
    at = now.astimezone(UTC).replace(microsecond=0)  # the library overwrites the zone instead of converting
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode("utf-8")),
    }
