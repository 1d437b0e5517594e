"""Known films, kept together so that those of which a passage is in another are found.

A passage is held for a person and never blocked: an opening, credits or a countdown that two films share is one, too
(docs/films.md).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from staydown.fingerprints import FilmFingerprints, FilmShelf, Passage


@dataclass(frozen=True, slots=True, eq=False)
class Films:
    """A shelf, and for each of its places the fingerprint's seq. Whoever holds one sees it as it was."""

    shelf: FilmShelf = field(default_factory=lambda: FilmShelf.of([]))
    seqs: tuple[int, ...] = ()

    @classmethod
    def of(cls, films: Mapping[int, FilmFingerprints]) -> "Films":
        """Some films: {seq: fingerprints}."""
        return cls(FilmShelf.of(list(films.values())), tuple(films))

    def changed(self, added: Mapping[int, FilmFingerprints], removed: Collection[int]) -> "Films":
        """With some more, and without some; the index is made again, so many at once cost little more than one."""
        known = {seq: film for seq, film in zip(self.seqs, self.shelf.films, strict=True) if seq not in removed}
        return Films.of(known | dict(added))

    def passages(self, film: FilmFingerprints | None) -> dict[int, Passage]:
        """{seq: its longest passage} of the films of which one is in this film."""
        if film is None or not self.seqs:
            return {}
        return {self.seqs[place]: longest for place, (longest, *_) in self.shelf.search(film).items()}
