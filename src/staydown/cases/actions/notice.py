"""What one person tells us, before any of it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from staydown.cases.details import Detail
from staydown.cases.holds import Claim, holds_at_once
from staydown.platforms.models import Account, Item, Platform
from staydown.regimes.harms import Capacity, Flag, Harm, Tri

REPORTER = "reporter"
FOR_THE_PERSON_SHOWN = (Capacity.SELF, Capacity.PARENT, Capacity.AGENT)


class NothingReported(ValueError):
    """Tell us at least one post, account or link that this is about, or in your words what happened to you."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person tells us: what it is about, which harm, and whatever else they chose to say."""

    harm: Harm
    minor: Tri = Tri.UNKNOWN
    flags: frozenset[Flag] = frozenset()
    words: str = ""
    language: str = "en"
    items: tuple[Item, ...] = ()
    accounts: tuple[Account, ...] = ()
    links: tuple[str, ...] = ()
    platform: Platform | None = None
    reporter_ref: bytes | None = None
    door: str = field(default="portal")
    capacity: Capacity | None = None  # None: nobody said
    details: Mapping[Detail, str] = field(default_factory=dict)
    prints: tuple[str, ...] = ()  # fingerprints that the reporter's device made, as text

    @property
    def claim(self) -> Claim:
        shown = Flag.PERSON_SHOWN in self.flags or self.capacity in FOR_THE_PERSON_SHOWN
        return Claim(self.harm, self.minor, shown, self.capacity is Capacity.TRUSTED_FLAGGER)

    @property
    def names_something(self) -> bool:
        """Whether there is something to act on; a person harmed, or a child, is heard for words alone."""
        named = self.items or self.accounts or self.links or self.prints
        return bool(named or (self.words.strip() and holds_at_once(self.claim)))
