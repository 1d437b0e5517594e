"""Do the indexes find what they must? A sample of searches, compared with an exact answer from the tables themselves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.banks import policy, rules
from staydown.banks.models import Fingerprint
from staydown.banks.seeing import ids_of, rows_of
from staydown.matching import Matches, clickhouse

FARTHEST = policy.RADIUS + 5  # bits: a sample has queries on both sides of the radius
BATCH = 5000  # rows read at once

Rows = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables say an index must find: n ids, n x 32 uint8."""

    ids: npt.NDArray[np.uint64]
    forms: Rows


@dataclass(frozen=True, slots=True)
class Audited:
    """How many fingerprints there are, how many searches were made, and the matches that differ, as (query, id)."""

    known: int
    asked: int
    missed: tuple[tuple[int, int], ...]
    wrong: tuple[tuple[int, int], ...]


def bank_rows() -> Known:
    """The forms of the followed entries."""
    states = [state.value for state in rules.FOLLOWED]
    rows = Fingerprint.objects.filter(entries__state__in=states).distinct()
    return _known((row.seq, row.kept().turned) for row in rows.order_by("seq").iterator(BATCH))


def catalogue_rows(upto: int) -> Known:
    """The forms of everything registered, up to a number."""
    rows = Fingerprint.objects.filter(seq__lte=upto).order_by("seq")
    return _known((row.seq, row.kept().upright) for row in rows.iterator(BATCH))


def _known(rows: Iterator[tuple[int, tuple[bytes, ...]]]) -> Known:
    ids, forms = [np.empty(0, np.uint64)], [np.empty((0, 32), np.uint8)]
    for seq, each in rows:
        ids.append(ids_of(seq, len(each)))
        forms.append(rows_of(each))
    return Known(np.concatenate(ids), np.concatenate(forms))


def sampled(known: Known, count: int, rng: np.random.Generator) -> Rows:
    """So many queries: known fingerprints with 0 to 36 bits changed, every fourth at random."""
    asked = rng.integers(0, 256, (count, 32), dtype=np.uint8)
    near = np.flatnonzero(np.arange(count) % 4 != 0)
    if len(known.ids):
        bits = np.argsort(np.argsort(rng.random((len(near), 256)), axis=1), axis=1)
        flips = bits < rng.integers(0, FARTHEST + 1, len(near))[:, None]
        asked[near] = known.forms[rng.integers(0, len(known.ids), len(near))] ^ np.packbits(flips, axis=1)
    return asked


def audit(known: Known, asked: Rows, search: Callable[[Rows], Matches]) -> Audited:
    """Compare an index's answers with ClickHouse's over the same rows. Raises `Incomplete`.

    What an index still holds of rows that were deleted since is no match of anything, and not looked at.
    """
    wanted = _triples(clickhouse.search(known.ids, known.forms, asked, policy.RADIUS))
    there = set(known.ids.tolist())
    found = {each for each in _triples(search(asked).whole()) if each[1] in there}
    missed = tuple(sorted(each[:2] for each in wanted - found))
    return Audited(len(known.ids), len(asked), missed, tuple(sorted(each[:2] for each in found - wanted)))


def _triples(matches: Matches) -> set[tuple[int, int, int]]:
    return set(zip(matches.query.tolist(), matches.id.tolist(), matches.distance.tolist(), strict=True))
