"""Reading an upload check: media as multipart, or fingerprints as JSON, at one address."""

from dataclasses import replace
from functools import partial
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from pydantic import ValidationError

from staydown import decoding, fingerprints
from staydown.banks import media, recognising
from staydown.banks.actions.asking import Asked
from staydown.banks.digests import OtherDigests
from staydown.banks.kept import Kept
from staydown.cases.actions import unreadable
from staydown.platforms.models import Platform
from staydown.platforms.problems import Refused, invalid
from staydown.platforms.schemas.bodies import described
from staydown.platforms.schemas.checks import CheckIn, Uploader
from staydown.recognition.policy import Where
from staydown.regimes.lawful import Feature, permission
from staydown.site import deployment
from staydown.vault import fingerprints as sealed

LARGEST = 32 * 2**20  # bytes of one picture
ENVELOPE = 2**20  # what multipart may add around it
REQUEST_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["media"],
                    "properties": {
                        "media": {"type": "string", "format": "binary"},
                        "account_id": {"type": "string", "maxLength": 200},
                        "surface": {"type": "string", "maxLength": 60},
                        "audience": {"type": "string", "maxLength": 60},
                    },
                }
            },
            "application/json": {"schema": described(CheckIn)},
        },
    }
}


def read(request: HttpRequest, platform: Platform) -> Asked:
    """The upload that a platform asks about.

    Raises `Refused` with 400, 413, 415 or 422 and a sentence that helps; 503 when nothing can be opened at all.
    """
    if int(request.headers.get("Content-Length") or 0) > LARGEST + ENVELOPE:
        raise _too_large()
    if request.content_type == "application/json":
        return _fingerprints(request.body)
    if request.content_type == "multipart/form-data":
        _may_receive()
        return _media(request, platform)
    raise Refused(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send multipart/form-data with a file `media`, or application/json."
    )


def _may_receive() -> None:
    """Raise `Refused`, before anything of the media is read, where this deployment's role may not have it."""
    receiving = permission(Feature.RECEIVE_MEDIA, deployment.here())
    if not receiving.allowed:
        raise Refused(HTTPStatus.FORBIDDEN, f"{receiving.refusals[0].why} Send fingerprints (application/json).")


def _fingerprints(body: bytes) -> Asked:
    try:
        said = CheckIn.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error) from error
    forms = tuple(bytes.fromhex(each.value) for each in said.fingerprints)
    return Asked(
        Kept(forms[:1], forms[1:]), min(each.quality for each in said.fingerprints), None, said.account_id, said.surface
    )


def _too_large() -> Refused:
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"Media may have at most {LARGEST} bytes.")


def _media(request: HttpRequest, platform: Platform) -> Asked:
    try:
        media = request.FILES.get("media")
        said = {name: request.POST.get(name, "") for name in ("surface", "audience")}
        fields = Uploader.model_validate(said | {"account_id": request.POST.get("account_id") or None})
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "The multipart body could not be read.") from error
    except ValidationError as error:
        raise invalid(error) from error
    if not media or not media.size:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "media: the file is missing or empty")
    if media.size > LARGEST:
        raise _too_large()
    return _seen(media.read(), platform, fields)


def _seen(data: bytes, platform: Platform, said: Uploader) -> Asked:
    """The media opened; or, when it cannot be, its bytes alone: losing it would be a way round the bank.

    What could not be opened before is not tried again: a platform that repeats its question gets its answer at once.
    """
    found = fingerprints.digests(data)
    others = OtherDigests.of(data, found)
    unread = Asked(Kept(()), 0, found.sha256, said.account_id, said.surface, others=others)
    if unreadable.is_known(platform, sealed.keyed_digest(found.sha256)):
        return unread
    try:
        asked = Asked.of(media.opened(data, found.sha256), said.account_id, said.surface, others)
    except decoding.Unavailable as error:
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
    except decoding.DecodingError:
        return unread
    return replace(asked, recognise=partial(recognising.look, data, Where(platform.slug, said.surface, said.audience)))
