"""What each law wants to find in a formal notice: one form asks for all of it, and names the law beside each field."""

from enum import StrEnum
from functools import cache

from pydantic import model_validator

from staydown.regimes.reading import Row, Sourced, read


class Element(StrEnum):
    """One thing that some law wants to be told."""

    PLACE = "place"  # where it is: the exact links, and what else helps to find it
    REASONS = "reasons"  # why it is illegal
    NOT_AGREED = "not_agreed"  # the person shown did not agree to its being published
    GOOD_FAITH = "good_faith"
    DECLARES = "declares"  # it is an intimate image, and the sender is the person shown or acts for them
    CONTACT = "contact"
    SIGNATURE = "signature"  # typed: an electronic one suffices


class Law(Row):
    name: str
    source: str
    read: str
    verified: bool
    to_verify: str = ""


class Wanted(Sourced):
    """An element of a notice, and an article that wants it. `not_for_children`: not where a child is abused."""

    element: Element
    law: str
    not_for_children: bool = False


class Notices(Row):
    version: str
    elements: tuple[Wanted, ...]

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: dict[str, object]) -> dict[str, object]:
        laws = {key: Law.model_validate(law) for key, law in dict(data.pop("laws", {})).items()}  # type: ignore[call-overload]  # checked here
        rows = [dict(row) for row in data["elements"]]  # type: ignore[attr-defined]  # the same
        told = [row | laws[row["law"]].model_dump(exclude={"name"}) | {"law": laws[row["law"]].name} for row in rows]
        return {"version": str(data["version"]), "elements": told}


@cache
def wanted(element: Element) -> tuple[Wanted, ...]:
    """The articles that want this element."""
    return tuple(each for each in read("notices.yaml", Notices).elements if each.element is element)
