"""Reading an upload check: media as multipart, or fingerprints as JSON, at one address."""

from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from pydantic import ValidationError

from staydown import decoding, fingerprints
from staydown.banks.actions.meeting import Asked
from staydown.banks.kept import Kept
from staydown.platforms.problems import Refused
from staydown.platforms.schemas import CheckIn, Uploader

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
                    },
                }
            },
            "application/json": {"schema": CheckIn.model_json_schema()},
        },
    }
}


def read(request: HttpRequest) -> Asked:
    """The upload asked about. Raises `Refused` with 400, 413, 415 or 422 and a sentence that helps."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST + ENVELOPE:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"Media may have at most {LARGEST} bytes.")
    if request.content_type == "application/json":
        return _fingerprints(request.body)
    if request.content_type == "multipart/form-data":
        return _media(request)
    raise Refused(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send multipart/form-data with a file `media`, or application/json."
    )


def _fingerprints(body: bytes) -> Asked:
    try:
        said = CheckIn.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(error) from error
    forms = tuple(bytes.fromhex(each.value) for each in said.fingerprints)
    return Asked(
        Kept(forms[:1], forms[1:]), min(each.quality for each in said.fingerprints), None, said.account_id, said.surface
    )


def _invalid(error: ValidationError) -> Refused:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "body"
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}: {first['msg']}")


def _media(request: HttpRequest) -> Asked:
    try:
        media = request.FILES.get("media")
        said = {"account_id": request.POST.get("account_id") or None, "surface": request.POST.get("surface", "")}
        fields = Uploader.model_validate(said)
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "The multipart body could not be read.") from error
    except ValidationError as error:
        raise _invalid(error) from error
    if media is None:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "media: the file is missing")
    made = _fingerprint(media.read())
    return Asked.of(made, fields.account_id, fields.surface)


def _fingerprint(data: bytes) -> fingerprints.ImageFingerprints:
    try:
        return fingerprints.of_image(data)
    except decoding.Unavailable as error:
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
    except fingerprints.TooLarge as error:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error)) from error
    except fingerprints.Unsupported as error:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, str(error)) from error
    except fingerprints.Undecodable as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
