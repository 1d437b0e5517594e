"""How many people under age reported one account, and from how many on it is looked at first. Pure."""

from dataclasses import dataclass

SEVERAL = 3  # people under age: from so many on, whom they report is looked at first
VOICES_DAYS = 90
RISEN_MINUTES = 60  # by when a person looks then


@dataclass(frozen=True, slots=True)
class Voices:
    """How many people under age reported one account, for themselves, and in how many cases. Who takes back counts no more."""

    pseudonyms: int = 0  # different ones of a platform (decision 20)
    receipts: int = 0  # reports of people of whom nothing is known, each counted
    cases: int = 0

    @property
    def people(self) -> int:
        return self.pseudonyms + self.receipts

    @property
    def rise(self) -> bool:
        """Whether what they say is looked at first. It hides nothing and proves nothing."""
        return self.people >= SEVERAL
