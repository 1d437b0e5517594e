"""May this be published? Uploads, hashes and words."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Router

from staydown.banks.actions import checking
from staydown.decoding import Unavailable
from staydown.platforms import hashes, texts, uploads
from staydown.platforms.api.door import api, need, refusals
from staydown.platforms.problems import Refused
from staydown.platforms.rules import Scope
from staydown.platforms.schemas.checks import CheckOut, HashesOut
from staydown.platforms.schemas.texts import TextsIn, TextsOut
from staydown.recognition import NoModel

router = Router()


@router.post("/uploads/check", response={200: CheckOut, **refusals(413, 415, 503)}, openapi_extra=uploads.REQUEST_BODY)
def check_upload(request: HttpRequest) -> HttpResponse:
    """May this be published? Send the media (multipart, field `media`) or its fingerprints (JSON).

    Media that cannot be opened is held for a person, unless its very bytes are known; `reasons` then says `unreadable`.
    What the platform's own policy of recognition labels or holds has `recognised` among them.
    """
    key = need(request, Scope.CHECK)
    try:
        check = checking.answer_check(key.platform, uploads.read(request, key.platform), timezone.now())
    except (Unavailable, NoModel) as error:
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
    said = {"check_id": check.pk, "verdict": check.verdict, "reasons": check.reasons, "labels": check.labels}
    return api.create_response(request, said, status=HTTPStatus.OK)  # a `CheckOut`, as tests hold it to


@router.post("/hashes/check", response={200: HashesOut, **refusals()}, openapi_extra=hashes.REQUEST_BODY)
def check_hashes(request: HttpRequest) -> HttpResponse:
    """May these be published? For platforms that hash by themselves: 1 to 1,000 hashes, answered in their order.

    Nothing is kept of what is allowed, so `PUT /items` cannot name it: what is published goes by `/uploads/check`.
    """
    key = need(request, Scope.CHECK)
    return JsonResponse({"answers": hashes.answers(key.platform, hashes.read(request), timezone.now())})


@router.post("/texts/check", response={200: TextsOut, **refusals()})
def check_texts(request: HttpRequest, payload: TextsIn) -> dict[str, Any]:
    """What do these words do? Only for the places that the operator named in STAYDOWN_TEXTS; off by default.

    Read, answered and kept nowhere. Nothing follows from it here, and it misses most of what is only hinted at.
    """
    return texts.answer(need(request, Scope.CHECK).platform, payload)
