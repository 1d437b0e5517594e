"""Sending one webhook to a platform: signed, within its time, never following a redirect (Standard Webhooks v1)."""

import json
from dataclasses import dataclass
from typing import Any

import structlog
from django.utils import timezone

from staydown.outside import http, signing
from staydown.outside.errors import OutsideError
from staydown.platforms.models import Platform
from staydown.vault import opening

log = structlog.get_logger("staydown.platforms")
ANSWER_LIMIT = 64 * 1024
LONGEST_WAIT = 6 * 3600  # seconds between two tries


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform answered: its HTTP status (0 when nothing answered) and body."""

    status: int
    body: bytes = b""

    @property
    def took_it(self) -> bool:
        return 200 <= self.status < 300


def send(platform: Platform, message_id: str, said: dict[str, Any]) -> Answer:
    """Send a message. `said` holds ids and codes, never words; `message_id` is the same each time it is sent."""
    body = json.dumps(said, separators=(",", ":")).encode()
    secret = opening.read(platform.webhook_secret_sealed)
    headers = signing.headers_for(message_id, body, secret, timezone.now())
    try:
        answer = http.post(platform.webhook_url, body=body, headers=headers, limit=ANSWER_LIMIT)
    except OutsideError as error:
        log.warning("webhook not delivered", message=message_id, error=type(error).__name__)
        return Answer(0)
    if not 200 <= answer.status < 300:
        log.warning("webhook refused", message=message_id, status=answer.status)
    return Answer(answer.status, answer.body)
