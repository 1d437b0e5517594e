"""The fingerprints of everything registered, in this process's memory: what a sweep searches."""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings

from staydown.banks import policy, segments, spread
from staydown.banks.models import Fingerprint
from staydown.banks.seeing import Seen, ids_of, rows_of, seq_of
from staydown.banks.shelving import Windows
from staydown.fingerprints import LOOKED_UP
from staydown.matching import Changes, Index

if TYPE_CHECKING:
    from staydown.cluster.cluster import Cluster

BATCH = 5000  # rows read at once


class CatalogueIndex:
    """Followed up to a number below which all rows are committed; each row is opened once.

    The forms come from a sealed file first (`segments`). The windows have none yet: the first search of a process
    for parts reads the table, after the copies that whole pictures tell are ordered down.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start: segments.Start | None = None
        self._seq = 0
        self._windows = Windows.none()
        self._windows_seq = 0

    def near(self, seen: Seen, upto: int) -> dict[int, int]:
        """{seq: distance} of the pictures up to number `upto` that resemble an entry; later ones met it themselves.

        A whole picture meets the entry in any orientation, or a region of the entry; a region of a picture meets
        the entry in any orientation. Two regions never meet: two screenshots share their frames.
        """
        forms, turned = seen.kept.forms, set(seen.kept.turned)
        best: dict[int, int] = {}
        matches = self.upto(upto).search(rows_of(forms)).whole()
        for query, number, distance in zip(
            matches.query.tolist(), matches.id.tolist(), matches.distance.tolist(), strict=True
        ):
            seq, place = seq_of(number)
            if place == 0 or forms[query] in turned:
                best[seq] = min(distance, best.get(seq, distance))
        return best

    def alike(self, seen: Seen, upto: int, most: int) -> list[int]:
        """The seqs of at most `most` pictures that may hold a part of the entry, or be one, the most alike first."""
        matches = self.upto(upto).search(rows_of(seen.kept.turned), LOOKED_UP).whole()
        wide = matches.id[np.argsort(matches.distance, kind="stable")].tolist()
        ranked = [seq_of(number)[0] for number in wide] + self._windows_upto(upto).alike(seen, most)
        return list(dict.fromkeys(ranked))[:most]

    def upto(self, upto: int) -> "Index | Cluster":
        """The index of forms, with every row up to `upto`: of this deployment's cluster, or in this process's memory."""
        if not settings.CLUSTER:
            return self.here(upto)
        return spread.catalogue(added_between, upto)

    def here(self, upto: int) -> Index:
        """The index of forms in this process's memory."""
        with self._lock:
            if self._start is None:
                self._start = segments.start("catalogue", policy.RADIUS)
                self._seq = self._start.index.generation
            for changes, seq in added_between(self._seq, upto):
                self._start.index.apply(changes, seq)
                self._seq = seq
            return self._start.index

    def _windows_upto(self, upto: int) -> Windows:
        with self._lock:
            for rows in _batches(self._windows_seq, upto):
                kept = {row.seq: row.kept().windows for row in rows}
                self._windows = self._windows.having({seq: windows for seq, windows in kept.items() if windows})
                self._windows_seq = rows[-1].seq
            return self._windows


def added_between(seq: int, upto: int) -> Iterator[tuple[Changes, int]]:
    """The rows of the catalogue after one number up to another, some thousands at a time, and the last number of each.

    Of each picture the form as it is, in the first place, and those of its regions as they are.
    """
    for rows in _batches(seq, upto):
        forms = {row.seq: row.kept().upright for row in rows}
        ids = np.concatenate([ids_of(seq, len(each)) for seq, each in forms.items()])
        added = rows_of([form for each in forms.values() for form in each])
        yield Changes(added=ids, fingerprints=added), rows[-1].seq


def _batches(seq: int, upto: int) -> Iterator[list[Fingerprint]]:
    while rows := list(Fingerprint.objects.filter(seq__gt=seq, seq__lte=upto).order_by("seq")[:BATCH]):
        yield rows
        seq = rows[-1].seq


catalogue = CatalogueIndex()
