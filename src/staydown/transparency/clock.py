"""A clock as the proof of a case or an order has it: moments, and the journal's entries that say them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stood:
    """A time in which a clock stood still; `until` is empty while it does."""

    reason: str
    since: str
    since_entry: int
    until: str = ""
    until_entry: int = -1


@dataclass(frozen=True, slots=True)
class Clock:
    """One duty's clock: moments are those of the entries at `start_entry` and `end_entry`; empty while it runs."""

    duty: str
    law: str
    article: str
    started_at: str
    start_entry: int
    due_at: str
    ended_at: str = ""
    end_entry: int = -1
    stood_still: tuple[Stood, ...] = ()
