"""The offences a notice or a statement may cite, by the day of the offence: a code that changed has two answers."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Self

from pydantic import Field, model_validator

from staydown.regimes.harms import Harm
from staydown.regimes.reading import Row, Sourced, read


class Statute(Sourced):
    """One article of a criminal code, while it is in force. `until` is its last day."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    country: str
    code: str
    fact: str
    penalty: str = ""
    harms: frozenset[Harm]
    child: bool = False  # only where a child is concerned
    since: date | None = None
    until: date | None = None


class Codes(Row):
    version: date
    codes: dict[str, dict[str, str]]
    statutes: tuple[Statute, ...]

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: dict[str, Any]) -> dict[str, Any]:
        codes = data.get("codes", {})
        return data | {"statutes": [_of_code(row, codes) for row in data.get("statutes", [])]}

    @model_validator(mode="after")
    def _is_unique(self) -> Self:
        ids = [each.id for each in self.statutes]
        if twice := {each for each in ids if ids.count(each) > 1}:
            raise ValueError(f"two statutes named {', '.join(sorted(twice))}")
        return self


def _of_code(row: dict[str, Any], codes: dict[str, dict[str, str]]) -> dict[str, str]:
    code = codes.get(row.get("code", ""))
    if code is None:
        raise ValueError(f"{row.get('id')}: no code named {row.get('code')!r} among this file's codes")
    return code | row | {"code": code["code"]}


@cache
def all_statutes() -> tuple[Statute, ...]:
    return read("statutes.yaml", Codes).statutes


def of(country: str, harm: Harm, days: Iterable[date], *, child: bool) -> tuple[Statute, ...]:
    """What the country's law says of this harm on the day of the offence, or on any of the days it may have been.

    An empty answer means that the data has nothing for it, never that nothing is forbidden. `days`: one where the day
    is known, the first and the last possible one else; which of two codes is milder, and so applies, is for a judge.
    """
    span = sorted(days)
    if not span:
        raise ValueError("Say on which day the offence was committed, or the first and the last day it may have been.")
    return tuple(
        each
        for each in all_statutes()
        if each.country == country and harm in each.harms and (child or not each.child) and _meets(each, span)
    )


def _meets(each: Statute, span: list[date]) -> bool:
    return (each.since is None or each.since <= span[-1]) and (each.until is None or each.until >= span[0])
