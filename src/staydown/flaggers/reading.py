"""Lists as they are sent: a table, or rows of JSON; each line checked, and what is wrong named by its number. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from staydown.flaggers.errors import NotALine, TooMany
from staydown.regimes.harms import Harm, Tri

MOST = 1000  # lines of a list
MOST_AN_HOUR = 10_000  # lines of an organisation
LONGEST = 2_000_000  # signs of a table
COLUMNS = ("place", "harm", "minor", "words", "mandate")


@dataclass(frozen=True, slots=True)
class Flag:
    """One line: an address, or an account's name (`@name`, `platform/@name`).

    `mandate`: by which somebody acts for the person shown; empty where nobody asked the organisation to.
    """

    place: str
    harm: Harm
    minor: Tri = Tri.UNKNOWN
    words: str = ""
    mandate: str = ""


def table(text: str) -> tuple[Flag, ...]:
    """A CSV table with a heading: place, harm, and where wanted minor, words, mandate. Raises `NotALine`, `TooMany`."""
    if len(text) > LONGEST:
        raise TooMany(TooMany.__doc__)
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    if rows.fieldnames is None or not {"place", "harm"} <= set(rows.fieldnames) <= set(COLUMNS):
        raise NotALine(0, f"the heading names place and harm, and may name the others of {', '.join(COLUMNS)}")
    try:
        return flags({name: value or "" for name, value in row.items() if name in COLUMNS} for row in rows)
    except csv.Error as error:
        raise NotALine(rows.line_num, "this is no table") from error


def flags(rows: Iterable[Mapping[str, str]]) -> tuple[Flag, ...]:
    """The lines of a list, in their order. Raises `NotALine` and `TooMany`."""
    found: list[Flag] = []
    for number, row in enumerate(rows, 1):
        if number > MOST:
            raise TooMany(TooMany.__doc__)
        found.append(_flag(number, row))
    if not found:
        raise TooMany(TooMany.__doc__)
    return tuple(found)


def _flag(number: int, row: Mapping[str, str]) -> Flag:
    said = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    if any("\x00" in value for value in said.values()):
        raise NotALine(number, "it holds a sign that is no text")
    is_link = said["place"].lower().startswith(("http://", "https://"))
    if not (is_link or "@" in said["place"]) or len(said["place"]) > 2000 or " " in said["place"]:
        raise NotALine(number, "place is an address (https://…) or an account (@name, platform/@name)")
    if said["harm"] not in Harm:
        raise NotALine(number, f"harm is one of {', '.join(Harm)}")
    if (said["minor"] or Tri.UNKNOWN) not in Tri:
        raise NotALine(number, "minor is yes, no or unknown")
    minor = Tri(said["minor"] or Tri.UNKNOWN)
    return Flag(said["place"], Harm(said["harm"]), minor, said["words"][:5000], said["mandate"][:2000])
