"""Idempotency keys: a request that is sent again with the same key gets the same answer, and nothing happens twice."""

import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema

from staydown.journal.acting import action
from staydown.platforms.models import Platform, Recalled
from staydown.platforms.problems import Refused
from staydown.vault import fingerprints, opening, words

LONGEST = 200
HEADER = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "description": "The same key with the same request gets the same answer; with another request, 409.",
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
        }
    ]
}


def once(
    request: HttpRequest, platform: Platform, payload: Schema, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Do `act`, or answer what it answered when this key was used before."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    if len(key) > LONGEST or not key.isascii() or not key.isprintable():
        raise Refused(HTTPStatus.BAD_REQUEST, f"An Idempotency-Key has at most {LONGEST} printable ASCII signs.")
    digest = hashlib.sha256(request.path.encode() + payload.model_dump_json().encode()).digest()
    asked = fingerprints.keyed_digest(digest, "request")  # a bare digest would let a thief guess short words
    try:
        return _recalled(platform, key, asked) or _done(platform, key, asked, act)
    except IntegrityError:  # the same request arrived twice at once: the other one was first
        return _recalled(platform, key, asked) or act()


def _recalled(platform: Platform, key: str, asked: bytes) -> dict[str, Any] | None:
    row = Recalled.objects.filter(platform=platform, key=key).first()
    if row is None:
        return None
    if bytes(row.asked) != asked:
        raise Refused(HTTPStatus.CONFLICT, "This Idempotency-Key was used for another request. Use a new one.")
    answer: dict[str, Any] = json.loads(opening.read(row.answer_sealed))
    return answer


@action
def _done(platform: Platform, key: str, asked: bytes, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    answer = act()
    sealed = words.seal(json.dumps(answer), settings.WORKING_PUBLIC)
    Recalled.objects.create(platform=platform, key=key, asked=asked, answer_sealed=sealed, at=timezone.now())
    return answer
