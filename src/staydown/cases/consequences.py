"""What follows from a decision, step by step: shown before it is made, and carried out by the same rule. Pure."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from staydown.cases.rules import AccountRuling, Ruling
from staydown.cases.two_people import Act
from staydown.platforms.rules import ACCOUNT, ITEM, AccountState, ItemState


class Step(StrEnum):
    """One thing that a decision does."""

    REMOVE = "remove"
    BANK = "bank"
    PUT_BACK = "put_back"
    LABEL = "label"


class AccountStep(StrEnum):
    """What a decision does to an account."""

    RESTRICT = "restrict"
    SUSPEND = "suspend"
    END = "end"
    REINSTATE = "reinstate"


@dataclass(frozen=True, slots=True)
class Post:
    """An item as it stands when it is ruled on. `media`: the number of its fingerprint, where there is one to bank."""

    name: str
    state: ItemState
    media: int | None
    labels: tuple[str, ...] = ()


def of_item(ruling: Ruling, post: Post, label: str = "") -> tuple[Step, ...]:
    """The steps that a ruling makes of an item, in their order. What is so already takes no step."""
    if ruling in (Ruling.REMOVE, Ruling.ONCE):
        removes = (Step.REMOVE,) if _may_become(post, ItemState.REMOVED) else ()
        banks = ruling is Ruling.REMOVE and post.media is not None  # also of what is gone: deleting is no way past it
        return removes + ((Step.BANK,) if banks else ())
    back = (Step.PUT_BACK,) if _may_become(post, ItemState.UP) else ()
    labels = ruling is Ruling.LABEL and post.state is not ItemState.GONE and label not in post.labels
    return back + ((Step.LABEL,) if labels else ())


MAKES = {
    AccountRuling.RESTRICT: AccountState.RESTRICTED,
    AccountRuling.SUSPEND: AccountState.SUSPENDED,
    AccountRuling.END: AccountState.ENDED,
    AccountRuling.REINSTATE: AccountState.ACTIVE,
}


def of_account(ruling: AccountRuling, state: AccountState) -> AccountStep | None:
    """What a ruling does to an account; nothing where it is left, is so already, or cannot become so."""
    to = MAKES.get(ruling)
    return AccountStep(ruling.value) if to in ACCOUNT.moves[state] else None


def hides_at_once(ruling: Ruling, post: Post) -> bool:
    """Whether a decision hides an item while it can still be undone: hiding does not wait, removing does."""
    return ruling in (Ruling.REMOVE, Ruling.ONCE) and post.state is ItemState.UP


def _may_become(post: Post, to: ItemState) -> bool:
    return to in ITEM.moves[post.state]


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everything that a decision does. `referrals`: the authorities that are to be told."""

    items: tuple[tuple[str, tuple[Step, ...]], ...]
    entries: int
    answers: int
    statements: int = 0
    accounts: tuple[tuple[str, AccountStep], ...] = ()
    referrals: tuple[str, ...] = ()
    takes_two: tuple[Act, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """{step: how many items it is taken for}."""
        return dict(Counter(step.value for _, steps in self.items for step in steps))

    @property
    def untouched(self) -> int:
        """How many items stay as they are."""
        return sum(not steps for _, steps in self.items)

    @property
    def mark(self) -> str:
        """The same for the same consequences: what was shown is compared with what is about to be done."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]
