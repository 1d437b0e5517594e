"""Reports that a platform passes on, links to the report page, and complaints of who published something."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from staydown.cases.actions import intake
from staydown.cases.models import Complaint
from staydown.platforms import contesting, links, recalling
from staydown.platforms.api import named
from staydown.platforms.api.door import need, refusals
from staydown.platforms.models import ApiKey
from staydown.platforms.problems import Refused
from staydown.platforms.rules import Scope
from staydown.platforms.schemas.reports import ComplaintIn, ComplaintOut, LinkIn, LinkOut, ReportIn, ReportOut
from staydown.vault import fingerprints
from staydown.vault.receipts import Receipt

router = Router()


@router.post("/reports", response={201: ReportOut, **refusals(404, 409)}, openapi_extra=recalling.HEADER)
def report(request: HttpRequest, payload: ReportIn) -> Status[dict[str, Any]]:
    """Pass on a report from the platform's own button; the receipt in the answer belongs to the reporter alone."""
    key = need(request, Scope.REPORTS)
    return Status(201, recalling.once(request, key.platform, payload, lambda: _report(key, payload)))


def _report(key: ApiKey, payload: ReportIn) -> dict[str, Any]:
    now = timezone.now()
    receipt = Receipt.new(settings.RECEIPT_SALT, payload.language)
    ref = payload.reporter_ref
    notice = intake.Notice(
        harm=payload.harm,
        minor=payload.minor,
        flags=frozenset(payload.flags),
        words=payload.words,
        language=payload.language,
        items=tuple(named.item(key, item_id) for item_id in dict.fromkeys(payload.item_ids)),
        accounts=tuple(named.account(key, account_id) for account_id in dict.fromkeys(payload.account_ids)),
        platform=key.platform,
        reporter_ref=fingerprints.keyed_digest(f"{key.platform_id}:{ref}".encode(), "pseudonym") if ref else None,
        door="platform",
    )
    try:
        intake.receive(notice, receipt, now)
    except intake.NothingReported as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "Name at least one of item_ids and account_ids.") from error
    return {"receipt": receipt.code, "follow_url": f"{settings.PORTAL_URL}/{_language(payload.language)}/follow"}


def _language(asked: str) -> str:
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@router.post("/complaints", response={201: ComplaintOut, **refusals(404, 409)}, openapi_extra=recalling.HEADER)
def complain(request: HttpRequest, payload: ComplaintIn) -> Status[dict[str, Any]]:
    """Pass on what who published an item says against its removal or label, within six months: another person decides."""
    key = need(request, Scope.REPORTS)
    return Status(201, recalling.once(request, key.platform, payload, lambda: contesting.take(key.platform, payload)))


@router.get("/complaints/{complaint_id}", response={200: ComplaintOut, **refusals(404)})
def complaint(request: HttpRequest, complaint_id: UUID) -> dict[str, Any]:
    """What became of a complaint: open, upheld or reversed, with the answer to show to the account."""
    key = need(request, Scope.REPORTS)
    row = Complaint.objects.filter(item__platform=key.platform, pk=complaint_id).select_related("item").first()
    if row is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No complaint with this id came from this platform.")
    return contesting.told(row)


@router.post("/report-links", response={201: LinkOut, **refusals(404)})
def report_link(request: HttpRequest, payload: LinkIn) -> Status[dict[str, Any]]:
    """Make a link that opens the report page with the item filled in. It says nothing of who presses it."""
    item = named.item(need(request, Scope.REPORTS), payload.item_id)
    expires_at = timezone.now() + links.VALID_FOR
    token = links.sign(item.pk, expires_at, settings.LINK_KEY)
    url = f"{settings.PORTAL_URL}/{_language(payload.language)}/report/{token}"
    return Status(201, {"url": url, "expires_at": expires_at})
