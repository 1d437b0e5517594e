"""Reports from the platform's own button, links to the report page, and complaints."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from staydown.platforms.schemas.fields import Id, Language, Strict, Words
from staydown.regimes.harms import Flag, Harm, Tri


class ReportIn(Strict):
    item_ids: Annotated[list[Id], Field(max_length=100)] = []
    account_ids: Annotated[list[Id], Field(max_length=100)] = []
    harm: Harm = Harm.UNSPECIFIED
    minor: Tri = Tri.UNKNOWN
    flags: Annotated[list[Flag], Field(max_length=10)] = []
    words: Words = ""
    language: Language = "en"
    reporter_ref: Id | None = None


class ReportOut(Schema):
    receipt: str
    follow_url: str


class LinkIn(Strict):
    item_id: Id
    language: Language = "en"


class LinkOut(Schema):
    url: str
    expires_at: datetime


class ComplaintIn(Strict):
    """What who published a post says against a decision on it. The platform vouches that it is that account."""

    item_id: Id
    account_id: Id
    words: Words = ""
    language: Language = "en"


class ComplaintOut(Schema):
    complaint_id: UUID
    item_id: str
    state: Literal["open", "upheld", "reversed"]
    answer: str | None  # what to show to the account, once another person has decided
    due_at: datetime
