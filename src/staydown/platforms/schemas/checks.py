"""What is asked of uploads and hashes, and what is answered."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from staydown.platforms.rules import Verdict
from staydown.platforms.schemas.fields import Id, Pdq, Quality, Strict, Surface


class FingerprintIn(Strict):
    kind: Literal["pdq"]
    value: Pdq
    quality: Quality


class Uploader(Strict):
    """Who uploads, where on the platform, and for whom."""

    account_id: Id | None = None
    surface: Surface = ""
    audience: Surface = ""


class CheckIn(Uploader):
    fingerprints: Annotated[list[FingerprintIn], Field(min_length=1, max_length=8)]


class CheckOut(Schema):
    check_id: UUID
    verdict: Verdict
    reasons: list[str]
    labels: list[str]


class HashIn(BaseModel):
    """What a platform computed of one picture. No digest of the file: nobody asks the bank about one without the file.

    Unlike what is sent singly it is no `ninja.Schema`, which takes many times as long to read.
    """

    model_config = ConfigDict(extra="forbid")

    pdq: Pdq
    quality: Quality
    account_id: Id | None = None
    surface: Surface = ""


class HashesIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    hashes: Annotated[list[HashIn], Field(min_length=1, max_length=1000)]


class HashOut(Schema):
    verdict: Verdict
    check_id: UUID | None = None  # of what is not let pass: `check.resolved` speaks of it
    reasons: list[str] = []


class HashesOut(Schema):
    answers: list[HashOut]
