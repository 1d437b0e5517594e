"""Many known films at once: one index over all their frames, and then the order of those that look alike."""

from dataclasses import dataclass

import numpy as np

from staydown.fingerprints.coherence import Rows
from staydown.fingerprints.footage import FilmFingerprints
from staydown.fingerprints.passages import RADIUS, Alike, Passage, ordered, telling
from staydown.matching import Index

FEWEST = 2  # pairs of frames that look alike, before a film is worth a closer look


@dataclass(frozen=True, slots=True, eq=False)
class FilmShelf:
    """Known films, and an index of their telling frames: id n of it is row `row[n]` of film `owner[n]`."""

    films: tuple[FilmFingerprints, ...]
    index: Index
    owner: Rows
    row: Rows

    @classmethod
    def of(cls, films: list[FilmFingerprints]) -> "FilmShelf":
        """The shelf of some films."""
        rows = [telling(film.frames) for film in films]
        owner = np.repeat(np.arange(len(films)), list(map(len, rows)))
        index = Index(RADIUS)
        if len(owner):
            hashes = [film.frames.hash[some] for film, some in zip(films, rows, strict=True)]
            index.add(np.arange(len(owner)), np.concatenate(hashes))
        return cls(tuple(films), index, owner, np.concatenate(rows) if rows else np.empty(0, np.intp))

    def search(self, query: FilmFingerprints) -> dict[int, list[Passage]]:
        """The passages of each known film in the query, by the film's place on the shelf; films without are left out."""
        owner, alike = self._alike(query)
        found = {}
        for film in np.flatnonzero(np.bincount(owner, minlength=1) >= FEWEST).tolist():
            mine = owner == film
            some = Alike(alike.query[mine], alike.known[mine], alike.turn[mine], alike.distance[mine])
            if passages := ordered(query.frames, self.films[film].frames, some):
                found[film] = passages
        return found

    def _alike(self, query: FilmFingerprints) -> tuple[Rows, Alike]:
        rows = telling(query.frames)
        found = self.index.search(np.concatenate([form[rows] for form in query.frames.turned()]))
        ids = found.id.astype(np.intp)
        turn, place = np.divmod(found.query, max(1, len(rows)))
        return self.owner[ids], Alike(rows[place], self.row[ids], turn, found.distance.astype(np.intp))
