"""The windows of many pictures, kept together so that those which share one are found; changed by replacing."""

from dataclasses import dataclass

import numpy as np

from staydown.banks.seeing import Seen
from staydown.fingerprints import Shelf, resting, search, shelved


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """A shelf, and for each of its places the picture's seq. Whoever holds one sees it as it was."""

    shelf: Shelf
    seqs: tuple[int, ...] = ()

    @classmethod
    def none(cls) -> "Windows":
        return cls(shelved([]))

    def having(self, pictures: dict[int, bytes]) -> "Windows":
        """With more pictures: {seq: 660 bytes}."""
        if not pictures:
            return self
        new = shelved(list(pictures.values()))
        coarse = np.concatenate([self.shelf.coarse, new.coarse])
        return Windows(
            Shelf(coarse, np.concatenate([self.shelf.entry, new.entry + len(self.seqs)])), (*self.seqs, *pictures)
        )

    def without(self, seq: int) -> "Windows":
        """Without a picture; the same where it is not here."""
        if seq not in self.seqs:
            return self
        place = self.seqs.index(seq)
        stay = self.shelf.entry != place
        entry = self.shelf.entry[stay]
        shelf = Shelf(self.shelf.coarse[stay], entry - (entry > place))
        return Windows(shelf, self.seqs[:place] + self.seqs[place + 1 :])

    def alike(self, seen: Seen, most: int) -> list[int]:
        """The seqs of at most so many pictures that share a window with what is seen, the most alike first."""
        if seen.made is not None:
            places = search(self.shelf, seen.made)[:most]
        elif seen.kept.windows:
            places = resting.alike(self.shelf, seen.kept.windows, most)
        else:
            places = []
        return [self.seqs[place] for place in places]
