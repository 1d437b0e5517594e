"""Complaints of who published something, through the platform API (EU law, art. 20)."""

from http import HTTPStatus
from typing import Any

from django.utils import timezone

from staydown.cases.actions import complaining
from staydown.cases.actions.later import NothingToContest
from staydown.cases.models import Complaint
from staydown.platforms.models import Item, Platform
from staydown.platforms.problems import Refused
from staydown.platforms.schemas.reports import ComplaintIn
from staydown.vault import opening

NOT_THEIRS = "This account did not publish this item: only who published it contests what was decided on it."
NOTHING = (
    "Nothing that was decided on this item can be contested (any more): it is up, it was contested, or time is over."
)


def take(platform: Platform, said: ComplaintIn) -> dict[str, Any]:
    """Write a complaint down. Raises `Refused`."""
    item = Item.objects.filter(platform=platform, external_id=said.item_id).select_related("account").first()
    if item is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No item with this id is registered.")
    if item.account is None or item.account.external_id != said.account_id:
        raise Refused(HTTPStatus.NOT_FOUND, NOT_THEIRS)
    try:
        return told(complaining.contest(item, said.words, said.language, timezone.now()))
    except NothingToContest as error:
        raise Refused(HTTPStatus.CONFLICT, NOTHING) from error


def told(row: Complaint) -> dict[str, Any]:
    """A complaint as its platform is told of it: the answer only once it is decided. JSON: it may be recalled."""
    settled = bool(row.outcome)
    return {
        "complaint_id": str(row.pk),
        "item_id": row.item.external_id if row.item else "",
        "state": row.outcome or "open",
        "answer": opening.read(row.answer_sealed) if settled and row.answer_sealed else None,
        "due_at": row.due_at.isoformat(),
    }
