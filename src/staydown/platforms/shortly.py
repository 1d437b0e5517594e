"""The short way of a small hash check, beside Django's: a working key, hashes in form, and nothing that they resemble.

That is nearly every call, and of such a call the search took a tenth: the rest was spent on what only other answers
need. Whatever is not just that (no key or scope, a body not in form, a likeness, a fault) goes the whole way, by the same
functions, with its body as it came; what was looked up here left nothing behind.
"""

import json
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.db import close_old_connections
from django.http import HttpRequest, JsonResponse
from django.middleware.security import SecurityMiddleware
from django.utils import timezone
from pydantic import ValidationError

from staydown.banks import following
from staydown.platforms import hashes, keys
from staydown.platforms.rules import Scope
from staydown.platforms.schemas.checks import HashesIn

PATH = "/api/v1/hashes/check"
LONGEST = 4096  # bytes of a body: in larger ones the hashes take longer than the way
BEARER = "Bearer "


class Shortly:
    """A WSGI application in front of another, which answers whatever this one does not."""

    def __init__(self, whole: WSGIApplication) -> None:
        self._whole = whole
        self._headers = _headers()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = _read(environ)
        allowed = _allowed(environ, body) if body else None
        if allowed is None:
            return self._whole(environ, start_response)
        start_response("200 OK", [*self._headers, ("Content-Length", str(len(allowed)))])
        return [allowed]


def _read(environ: WSGIEnvironment) -> bytes:
    """The body of what may go the short way, put back for the whole one; else nothing."""
    if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
        return b""
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isdecimal() or int(length) > LONGEST:
        return b""
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _allowed(environ: WSGIEnvironment, body: bytes) -> bytes | None:
    """What to answer where every hash is let pass; None for all else."""
    try:
        close_old_connections()  # as Django does before each request
        key = _key(environ)
        if key is None or Scope.CHECK not in key.scopes:
            return None
        asked = HashesIn.model_validate_json(body).hashes
        return None if following.bank.resembled(hashes.forms(asked)) else _said(len(asked))
    except ValidationError:
        return None
    except Exception:  # noqa: BLE001  the whole way meets it again, answers it and writes it into the log
        return None


def _key(environ: WSGIEnvironment) -> Any:
    given: str = environ.get("HTTP_AUTHORIZATION", "")
    return keys.find(given.removeprefix(BEARER), timezone.now()) if given.startswith(BEARER) else None


def _said(count: int) -> bytes:
    """The answer, as the whole way writes it."""
    return b'{"answers": [' + b", ".join([_ONE] * count) + b"]}"


_ONE = json.dumps(hashes.ALLOWED).encode()


def _headers() -> list[tuple[str, str]]:
    """What the whole way sends with every answer: as over https, without which a browser ignores the one that matters."""
    request = HttpRequest()
    request.META["HTTP_X_FORWARDED_PROTO"] = "https"
    said = JsonResponse({})
    SecurityMiddleware(lambda _: said)(request)
    return list(said.items())
