"""Where a picture is plain: borders of one colour, bands of an application, the paper of a caption.

In C (kernel/plain.c), and with numpy, some ten times slower, where no compiler was there.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from staydown.decoding.kernel import address, library
from staydown.decoding.types import Floats

NEAR = 14.0  # of 255: what compression leaves of one colour
ALMOST_ALL = 0.92  # of a line, for it to belong to a border
LEAST = 16  # samples, for what remains inside a border
AT_ONCE = 16  # lines whose medians are found together; most borders have fewer
LEVELS = 32  # steps of 8 of 255 in which the commonest colour of a line is counted
PLAIN = 0.45  # of a line in its commonest colour: photographs stay below, text on paper above
SHORTEST_BAND, LONGEST_BAND = 0.12, 0.985  # of a side
_WAYS = np.array([NEAR, ALMOST_ALL, LEAST, PLAIN, SHORTEST_BAND, LONGEST_BAND])  # to C
_MOST_BANDS = 5

Span = tuple[int, int, int, int]
Shares = npt.NDArray[np.float64]


def inside_border(seen: Floats) -> Span | None:
    """What remains when lines of the border's colour are taken off each side; None when nothing would."""
    if (compiled := library()) is None:
        return _inside_border(seen)
    lines, found = np.ascontiguousarray(seen, np.float32), np.empty(4, np.int64)
    there = compiled.staydown_inside(address(lines), *seen.shape[::-1], address(_WAYS), address(found))
    if there < 0:
        raise MemoryError
    left, top, right, bottom = found.tolist()
    return (left, top, right, bottom) if there else None


def _inside_border(seen: Floats) -> Span | None:
    top, bottom = _border(seen), _border(seen[::-1])
    height, width = seen.shape
    if height - top - bottom < LEAST:
        return None
    middle = seen[top : height - bottom].T
    left, right = _border(middle), _border(middle[::-1])
    if width - left - right < LEAST or not top + bottom + left + right:
        return None
    return left, top, width - right, height - bottom


def _border(lines: Floats) -> int:
    """How many first lines are plain and of the first one's colour."""
    first = _medians(lines[:1])
    if not _are_plain(lines[:1], first)[0]:
        return 0
    for start in range(0, len(lines), AT_ONCE):
        some = lines[start : start + AT_ONCE]
        medians = _medians(some)
        stays = _are_plain(some, medians) & (np.abs(medians - first) <= 2 * NEAR)
        if not stays.all():
            return start + int(np.argmin(stays))
    return len(lines)


def _medians(lines: Floats) -> Floats:
    """The median of each line."""
    middle = lines.shape[1] // 2
    if lines.shape[1] % 2:
        return np.partition(lines, middle, axis=1)[:, middle]
    halves = np.partition(lines, (middle - 1, middle), axis=1)
    return (halves[:, middle - 1] + halves[:, middle]) / np.float32(2)


def _are_plain(lines: Floats, medians: Floats) -> npt.NDArray[np.bool_]:
    near = np.count_nonzero(np.abs(lines - medians[:, None]) <= NEAR, axis=1)
    plain: npt.NDArray[np.bool_] = near / lines.shape[1] >= ALMOST_ALL
    return plain


def banded(seen: Floats) -> Iterator[Span]:
    """The longest band of rows, and of columns, that is not plain, with what is plain beside it taken off."""
    if (compiled := library()) is None:
        yield from _banded(seen)
        return
    lines, found = np.ascontiguousarray(seen, np.float32), np.empty((_MOST_BANDS, 4), np.int64)
    count = compiled.staydown_banded(address(lines), *seen.shape[::-1], address(_WAYS), address(found))
    if count < 0:
        raise MemoryError
    yield from ((left, top, right, bottom) for left, top, right, bottom in found[:count].tolist())


def _banded(seen: Floats) -> Iterator[Span]:
    height, width = seen.shape
    shares, levels = _commonest(seen)
    if rows := _longest(~_of_page(shares, levels)):
        yield 0, rows[0], width, rows[1]
    if rows := _longest(shares < PLAIN):
        yield 0, rows[0], width, rows[1]
        inner = seen[rows[0] : rows[1]]
        if kept := _inside_border(inner):
            yield kept[0], rows[0] + kept[1], kept[2], rows[0] + kept[3]
        if columns := _busiest(inner.T):
            yield columns[0], rows[0], columns[1], rows[1]
    if columns := _busiest(seen.T):
        yield columns[0], 0, columns[1], height


def _busiest(lines: Floats) -> tuple[int, int] | None:
    """First line and end of the longest run without a commonest colour; None when it is short, or all."""
    return _longest(_commonest(lines)[0] < PLAIN)


def _of_page(shares: Shares, levels: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Which lines are of the page's paper, with or without text: the colour that is commonest in most plain lines.

    A picture's own sky or ground is plain, too, and of another colour.
    """
    plain = shares >= PLAIN
    if not plain.any():
        return plain
    page = np.bincount(levels[plain], minlength=LEVELS).argmax()
    of_page: npt.NDArray[np.bool_] = plain & (np.abs(levels - page) <= 1)
    return of_page


def _longest(busy: npt.NDArray[np.bool_]) -> tuple[int, int] | None:
    """First line and end of the longest run of busy lines; None when it is short, or all."""
    count = len(busy)
    reach = max(1, count // 60)  # a single line of the other kind does not end a run
    kernel = np.ones(2 * reach + 1) / (2 * reach + 1)
    smooth = np.convolve(np.pad(busy.astype(float), reach, mode="edge"), kernel, "valid") > 0.5
    turns = np.flatnonzero(np.diff(np.concatenate([[False], smooth, [False]]).astype(np.int8)))
    starts, ends = turns[::2], turns[1::2]
    if not len(starts):
        return None
    longest = int(np.argmax(ends - starts))
    start, end = int(starts[longest]), int(ends[longest])
    return (start, end) if SHORTEST_BAND * count <= end - start <= LONGEST_BAND * count else None


def _commonest(lines: Floats) -> tuple[Shares, npt.NDArray[np.intp]]:
    """For each line, the part of it in its two commonest neighbouring levels, and the lower of the two."""
    count, length = lines.shape
    level = np.minimum(np.maximum(lines, 0), 255).astype(np.uint8) // (256 // LEVELS)
    places = np.arange(count)[:, None] * LEVELS + level
    counted = np.bincount(places.ravel(), minlength=count * LEVELS).reshape(count, LEVELS)
    together = counted[:, :-1] + counted[:, 1:]
    shares: Shares = together.max(axis=1) / length
    return shares, together.argmax(axis=1)
