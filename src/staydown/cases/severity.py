"""What is known of a case: the gravest that its reports name, the surest they say, the earliest they want. Pure."""

from dataclasses import dataclass
from datetime import datetime

from staydown.regimes.harms import Flag, Harm, Tri

SEVERITY = (
    Harm.CSAM,
    Harm.GROOMING,
    Harm.SEXTORTION,
    Harm.SEXUAL_VIOLENCE_RECORDING,
    Harm.NCII,
    Harm.SYNTHETIC_NCII,
    Harm.VOYEURISM,
    Harm.EXPOSURE_HARASSMENT,
    Harm.UNSPECIFIED,
)


def graver(one: Harm, other: Harm) -> Harm:
    """The graver of two harms: a case carries the gravest that any of its reports names."""
    return min(one, other, key=SEVERITY.index)


def surer(one: Tri, other: Tri) -> Tri:
    """What a case says of a minor when two reports differ: a yes stands, and "not known" outweighs "no"."""
    return min(one, other, key=(Tri.YES, Tri.UNKNOWN, Tri.NO).index)


def flags_of(words: list[str]) -> frozenset[Flag]:
    return frozenset(Flag(word) for word in words)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a case, and by when which duty wants it decided."""

    harm: Harm
    minor: Tri
    flags: frozenset[str]
    due_at: datetime
    clock: str

    def with_(self, other: "Standing") -> "Standing":
        """What is known of two cases that are one: the graver, the surer, and the earlier deadline. In any order the same."""
        first = min(self, other, key=lambda one: (one.due_at, one.clock))
        return Standing(
            graver(self.harm, other.harm),
            surer(self.minor, other.minor),
            self.flags | other.flags,
            first.due_at,
            first.clock,
        )
