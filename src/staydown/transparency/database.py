"""Asking the EU Transparency Database. Each verb is one call: what it answered, or a `DatabaseError`.

Source: the database's published code, commit 69e80a0 of 24 June 2026 (docs/law, art. 24(5)).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from staydown.outside import http
from staydown.outside.errors import OutsideError

ANSWER_LIMIT = 4 * 2**20  # it sends back what it has stored
SECONDS = 60.0


class BadDatabase(ValueError):
    """STAYDOWN_TRANSPARENCY is `test https://address` or `production https://address`, as the Commission gave it."""


class DatabaseError(Exception):
    """The Transparency Database did not do what it was asked. `status` is that of its answer, 0 where there was none."""

    def __init__(self, status: int = 0, seconds: float = 0, trouble: str = "") -> None:
        super().__init__(f"{type(self).__doc__} (status {status})")
        self.status, self.seconds, self.trouble = status, seconds, trouble


class NotNow(DatabaseError):
    """It is not there, busy, or in trouble: ask again later."""


class NotLetIn(DatabaseError):
    """It does not accept this token. An operator looks at STAYDOWN_TRANSPARENCY_TOKEN."""


class NotAccepted(DatabaseError):
    """It does not take this. `trouble` names the fields, and nothing of what they hold."""


class Environment(StrEnum):
    TEST = "test"  # the sandbox: satisfies no duty
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Database:
    """Where statements go, and as whom."""

    environment: Environment
    url: str
    token: str = field(default="", repr=False)


def read(text: str, token: str = "") -> Database | None:
    """The database of the settings; None where none is named. Raises `BadDatabase`."""
    if not text.strip():
        return None
    environment, _, url = text.strip().partition(" ")
    if environment not in set(Environment) or not url.strip().startswith(("https://", "http://")):
        raise BadDatabase(BadDatabase.__doc__)
    return Database(Environment(environment), url.strip().rstrip("/"), token)


def store(to: Database, statements: Sequence[dict[str, Any]]) -> None:
    """Store statements, at most a hundred: all of them, or `NotAccepted` and none."""
    body = json.dumps({"statements": list(statements)}).encode()
    _checked(_call(to, "POST", "statements", body), 201)


def is_stored(to: Database, puid: str) -> bool:
    """Whether it has a statement with this identifier of ours: 302 where it has, 404 where not."""
    answer = _call(to, "GET", f"statement/existing-puid/{puid}")
    return _checked(answer, 302, 200, 404).status != 404


def _call(to: Database, method: str, path: str, body: bytes = b"") -> http.Answer:
    url = f"{to.url}/api/v1/{path}"
    headers = {"Authorization": f"Bearer {to.token}", "Accept": "application/json"}
    try:
        if method == "GET":
            return http.get(url, headers=headers, limit=ANSWER_LIMIT)
        sending = http.Sending(iter([body]), len(body), SECONDS)
        return http.send(url, sending, headers=headers | {"Content-Type": "application/json"}, limit=ANSWER_LIMIT)
    except OutsideError as error:
        raise NotNow from error


def _checked(answer: http.Answer, *wanted: int) -> http.Answer:
    if answer.status in wanted:
        return answer
    if answer.status in (401, 403):
        raise NotLetIn(answer.status)
    if answer.status == 422:
        raise NotAccepted(422, trouble=_fields(answer.body))
    text = answer.headers.get("retry-after", "")
    raise NotNow(answer.status, min(float(text), 3600.0) if text.isascii() and text.isdigit() else 0)


def _fields(body: bytes) -> str:
    """The names of the fields that it complains of (Laravel's `errors`)."""
    try:
        errors = json.loads(body).get("errors", {})
        return ", ".join(sorted(str(name) for name in errors))[:200]
    except (ValueError, AttributeError):
        return ""
