"""What is held before anyone has looked, and what goes to a person first because so much was. Pure."""

from dataclasses import dataclass

from staydown.regimes.harms import CHILD_HARMS, Harm, Tri


@dataclass(frozen=True, slots=True)
class Claim:
    """What one report asserts about one item, as the hold rules see it."""

    harm: Harm
    minor: Tri  # unknown counts as yes for viewing and storing, not for holding (decision 16)
    from_person_shown: bool
    trusted_flagger: bool = False


def holds_at_once(claim: Claim) -> bool:
    """Whether an item is hidden before anyone has looked (reversible, and reviewed within its deadline)."""
    if claim.harm in CHILD_HARMS or claim.minor is Tri.YES:
        return True
    return claim.from_person_shown or claim.trusted_flagger


def new_fact(harm: Harm, decided_harms: frozenset[str]) -> bool:
    """Whether a report says something new about an item that a person put back (decision 12)."""
    return harm.value not in decided_harms


@dataclass(frozen=True, slots=True)
class HoldsLastHour:
    """How many holds were written in the last hour, around one item."""

    item: int
    account: int
    platform: int


@dataclass(frozen=True, slots=True)
class Brake:
    """Beyond this many holds an hour, new ones go to a person first (decision 16)."""

    item: int = 2
    account: int = 20
    platform: int = 200

    def on(self, holds: HoldsLastHour) -> bool:
        return holds.item >= self.item or holds.account >= self.account or holds.platform >= self.platform


FLAGGERS_BRAKE = Brake(item=2, account=200, platform=1000)  # one list of a trusted flagger, counted apart
BRAKE_MINUTES = 15  # by when a person looks at what the brake let stay up
