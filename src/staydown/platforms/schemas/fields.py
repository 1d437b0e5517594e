"""What one field may hold, wherever a program sends it."""

from datetime import UTC, datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def storable(text: str) -> str:
    """Text that every database can hold: no NUL, no lone surrogate."""
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("holds a sign that is no text (NUL or a lone surrogate)")
    return text


def _plausible(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("must lie between 1990 and 2200")
    return moment


Id = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]
Url = Annotated[
    str, StringConstraints(min_length=8, max_length=2000, pattern=r"^https?://\S+$"), AfterValidator(storable)
]
Words = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(storable)]
Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]
Surface = Annotated[str, StringConstraints(max_length=60), AfterValidator(storable)]
Pdq = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]
Quality = Annotated[int, Field(ge=0, le=100)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")
