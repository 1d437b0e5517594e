"""Several people tell the same of one person: counted, so that a case about it can rise and say why.

A pure rule over what reports said. It gives no score: either there is a reason, with its counts, or there is none. Nobody
is sanctioned by it; a person looks sooner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from staydown.recognition.patterns import Tactic

SEVERAL = 3  # people who tell the same of one person
SURE = 2  # pseudonyms of a platform, which are surely two people


class Reason(StrEnum):
    """Why a case rises, the gravest first."""

    MINORS = "minors"  # a person under age among several reporters
    SAME_REQUEST = "same_request"
    SEVERAL_REPORTERS = "several_reporters"  # whom the platform tells apart
    SEVERAL_ACCOUNTS = "several_accounts"  # of one person, as the platform says


@dataclass(frozen=True, slots=True)
class Told:
    """What one report says of an account.

    `reporter` tells reporters apart (a keyed digest, never a name), or is empty where nobody can; `receipt` then stands for
    one report, of which two may be one person's. `person` is the platform's own word for who holds several accounts, or
    empty; `tactics` is what the words that she received do.
    """

    account: str
    reporter: str
    under_age: bool
    person: str = ""
    tactics: frozenset[Tactic] = frozenset()
    receipt: str = ""

    @property
    def by(self) -> str:
        return self.reporter or self.receipt


@dataclass(frozen=True, slots=True)
class Pattern:
    """The reasons, and the counts that a sentence about them needs."""

    reasons: tuple[Reason, ...]
    reporters: int
    receipts: int  # of them only known by a receipt each
    under_age: int
    accounts: int
    tactic: Tactic | None  # the one that most of them met
    met_by: int

    @property
    def pseudonyms(self) -> int:
        """Of the reporters, those whom their platform tells apart."""
        return self.reporters - self.receipts

    @property
    def same(self) -> bool:
        """Whether several met the same."""
        return Reason.SAME_REQUEST in self.reasons


def pattern(told: Sequence[Told]) -> Pattern | None:
    """What the reports about one person amount to; None where nothing makes a case rise.

    Reports of whose reporters nothing at all is known count as one reporter together. Three receipts count as three people,
    but never for their number alone: only where a minor is among them, or where they met the same.
    """
    people, sure = {each.by for each in told}, {each.reporter for each in told if each.reporter}
    under_age = {each.by for each in told if each.under_age}
    accounts = {each.account for each in told}
    held_together = len({each.person for each in told}) == 1 and bool(told[0].person) if told else False
    tactic, met = _most_met(told)
    holds = {
        Reason.MINORS: bool(under_age) and _several(people, sure),
        Reason.SAME_REQUEST: _several(met, met & sure),
        Reason.SEVERAL_REPORTERS: len(sure) >= SEVERAL,
        Reason.SEVERAL_ACCOUNTS: held_together and len(accounts) >= 2 and _several(people, sure),
    }
    reasons = tuple(reason for reason in Reason if holds[reason])
    counts = len(people), len(people - sure), len(under_age), len(accounts)
    return Pattern(reasons, *counts, tactic, len(met)) if reasons else None


def _several(people: set[str], sure: set[str]) -> bool:
    return len(people) >= SEVERAL or len(sure) >= SURE


def _most_met(told: Sequence[Told]) -> tuple[Tactic | None, set[str]]:
    """The tactic that most people met, and who they are."""
    met: dict[Tactic, set[str]] = {}
    for each in told:
        for tactic in each.tactics:
            met.setdefault(tactic, set()).add(each.by)
    return max(met.items(), key=lambda one: (len(one[1]), one[0]), default=(None, set()))


def in_words(found: Pattern) -> str:
    """The reasons as one English sentence with counts, for a journal or a log."""
    said = [
        f"{found.reporters} people reported {'one account' if found.accounts == 1 else f'{found.accounts} accounts'}"
    ]
    if found.receipts:
        said.append(f"{found.receipts} of them known by a receipt only, of whom two may be one")
    if found.under_age:
        said.append(f"{found.under_age} of them under age")
    if Reason.SEVERAL_ACCOUNTS in found.reasons:
        said.append("which the platform says belong to one person")
    if found.tactic and found.same:
        said.append(f"{found.met_by} met the same: {found.tactic.value.replace('_', ' ')}")
    return ", ".join(said) + "."
