"""What the search among copy-detection descriptors costs, beside other ways to do the same: `descriptors_section`.

On one thread: `OPENBLAS_NUM_THREADS=1 python -m bench.descriptors`.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from staydown.fingerprints import descriptor
from staydown.matching import Descriptors

SIZES = (10_000, 100_000)
QUERIES = 7  # parts of an upload, and one to spare
AT_ONCE = 10_000
TRIED = 5

Levels = npt.NDArray[np.int8]


def descriptors_section(sizes: tuple[int, ...] = SIZES) -> str:
    """Milliseconds for one upload's search, in Markdown."""
    lines = [
        "## Search among descriptors",
        "",
        f"{QUERIES} queries at once, cosine of {descriptor.CANDIDATE} or more; random directions, for nothing depends on",
        "them; medians of CPU time, on one thread. *Multiplied at once*: the same as float32, in one product of matrices.",
        "*Signs first*: rows whose 512 signs differ in at most 240, in numpy, and their cosines.",
        "",
        "| entries | **ours**, ms | multiplied at once, ms | signs first, ms | add one, ms | remove one, ms | bytes a row |",
        "|---|---|---|---|---|---|---|",
        *(_row(size) for size in sizes),
        "",
        "Ours and the second column give the same answers; the third has no bound on what it misses. 2,048 bytes a row",
        "is what the second column takes.",
        "",
    ]
    return "\n".join(lines)


def _row(size: int) -> str:
    index, kept = Descriptors(), list(_directions(size))
    for place, (_, levels) in enumerate(kept):
        index.add(np.arange(len(levels)) + place * AT_ONCE, levels)
    queries = kept[0][1][:QUERIES]
    ours = _milliseconds(lambda: index.search(queries, descriptor.CANDIDATE))
    added = [_milliseconds(lambda new=new: index.add([size + new], queries[:1]), 1) for new in range(TRIED)]
    removed = [_milliseconds(lambda new=new: index.remove([size + new]), 1) for new in range(TRIED)]
    per_row = index.nbytes / len(index)
    signs = np.concatenate([_words(stored) for stored, _ in kept])
    by_signs = _milliseconds(lambda: _signs_first(signs, kept, queries))
    numbers = np.concatenate([_units(levels) for _, levels in kept])
    asked = _units(queries)
    at_once = _milliseconds(lambda: np.nonzero(numbers @ asked.T >= descriptor.CANDIDATE))
    cells = (ours, at_once, by_signs, statistics.median(added), statistics.median(removed))
    return f"| {size:,} | " + " | ".join(f"{each:.2f}" for each in cells) + f" | {per_row:.0f} |"


def _directions(size: int) -> Iterator[tuple[tuple[bytes, ...], Levels]]:
    rng = np.random.default_rng(1)
    for start in range(0, size, AT_ONCE):
        count = min(AT_ONCE, size - start)
        stored = descriptor.packed(rng.standard_normal((count, descriptor.NUMBERS), dtype=np.float32))
        yield stored, descriptor.levels(stored)


def _units(levels: Levels) -> npt.NDArray[np.float32]:
    numbers = levels.astype(np.float32)
    numbers /= np.linalg.norm(numbers, axis=1, keepdims=True)
    return numbers


def _words(stored: tuple[bytes, ...]) -> npt.NDArray[np.uint64]:
    return descriptor.signs(stored).view(np.uint64)


def _signs_first(
    signs: npt.NDArray[np.uint64], kept: list[tuple[tuple[bytes, ...], Levels]], queries: Levels
) -> list[npt.NDArray[np.intp]]:
    found = []
    for query in queries:
        word = np.packbits(query > 0).view(np.uint64)
        near = np.flatnonzero(np.bitwise_count(signs ^ word).sum(axis=1, dtype=np.uint16) <= 240)
        rows = np.stack([kept[row // AT_ONCE][1][row % AT_ONCE] for row in near])
        found.append(near[descriptor.similarities(query[None], rows)[0] >= descriptor.CANDIDATE])
    return found


def _milliseconds(act: Callable[[], object], times: int = TRIED) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time()
        act()
        taken.append(1000 * (time.process_time() - began))
    return statistics.median(taken)


if __name__ == "__main__":
    print(descriptors_section(tuple(map(int, sys.argv[1:])) or SIZES))
