"""What a verification of the journal reports. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the journal, at an entry's index where there is one."""

    kind: str
    index: int | None
    words: str

    def __str__(self) -> str:
        return f"{self.kind}{'' if self.index is None else f' at entry {self.index}'}: {self.words}"
