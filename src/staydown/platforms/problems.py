"""Errors of the platform API as RFC 9457 problem documents: a title, the status, and a sentence that helps."""

from http import HTTPStatus
from typing import Any

import pydantic
import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from staydown.matching import Incomplete

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger("staydown.platforms")


UNKNOWN = "Not everything could be searched, so the answer is unknown. Publish nothing, keep the upload, ask again."


class Problem(Schema):
    """An RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str


class Refused(Exception):
    """A request that cannot be done; says which status and why."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def invalid(error: pydantic.ValidationError) -> Refused:
    """A body that was read by us and not by ninja: the first thing that is wrong with it."""
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "body"
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}: {first['msg']}")


def answer(status: HTTPStatus, detail: str) -> HttpResponse:
    """The problem document as a response."""
    body = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    response = JsonResponse(body, status=int(status), content_type=MEDIA_TYPE)
    if status is HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _where(error: dict[str, Any]) -> str:
    return ".".join(str(part) for part in error.get("loc", ()) if part not in ("body", "payload")) or "body"


def install(api: NinjaAPI) -> None:
    """Answer every refusal of `api` as a problem document."""

    def refused(_request: HttpRequest, error: Refused) -> HttpResponse:
        return answer(error.status, error.detail)

    def not_valid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        said = "; ".join(f"{_where(one)}: {one.get('msg', 'not valid')}" for one in error.errors[:5])
        return answer(HTTPStatus.UNPROCESSABLE_ENTITY, said)

    def unknown_key(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return answer(HTTPStatus.UNAUTHORIZED, "Send your key as `Authorization: Bearer sd_live_…`.")

    def unknown(_request: HttpRequest, error: Incomplete) -> HttpResponse:
        log.error("an index did not answer as a whole", generation=error.about[0])
        return answer(HTTPStatus.SERVICE_UNAVAILABLE, UNKNOWN)

    def http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(HTTPStatus(error.status_code), str(error))

    api.exception_handler(Refused)(refused)
    api.exception_handler(ValidationError)(not_valid)
    api.exception_handler(Incomplete)(unknown)
    api.exception_handler(AuthenticationError)(unknown_key)
    api.exception_handler(HttpError)(http_error)
