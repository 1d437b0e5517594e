"""How far long work is, how fast it goes, and when it will be done: imports of catalogues, and sweeps. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` by `moved`; of these, `before` were done when the work was `begun` (or gone on with)."""

    done: int
    total: int
    begun: datetime
    moved: datetime
    ended: datetime | None = None
    before: int = 0

    @property
    def rate(self) -> float | None:
        """How many a second since it began; None where nothing can be said yet."""
        seconds = (self.moved - self.begun).total_seconds()
        return (self.done - self.before) / seconds if seconds > 0 and self.done > self.before else None

    @property
    def expected(self) -> datetime | None:
        """When it will be done at this rate; None where it is, or nothing can be said yet."""
        if self.ended or not self.rate:
            return None
        return self.moved + timedelta(seconds=(self.total - self.done) / self.rate)

    @property
    def percent(self) -> int:
        """0 to 100; what has nothing to do is done."""
        return 100 * self.done // self.total if self.total else 100
