"""The parts of a picture that may be somebody's whole picture, cut out and brought to one size.

A copy comes back inside a screenshot, under a caption, in a frame or among others in a collage. What was put
around it is plain, or begins at a long straight edge; both are cheap to see. Runs inside the sandbox.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import numpy.typing as npt

from staydown.decoding.bezels import inside_frame
from staydown.decoding.edges import Numbers, held, sharpened
from staydown.decoding.fitting import fitted
from staydown.decoding.kernel import address, library
from staydown.decoding.places import canvas, colours
from staydown.decoding.plain import banded, inside_border
from staydown.decoding.quads import quads
from staydown.decoding.rectangles import rectangles
from staydown.decoding.shapes import area_of, around, aspect_of, corners_of, shared, sides_of, turning
from staydown.decoding.types import REGIONS, Box, Corners, Floats, Kind, Region, Small

LOOKED_AT = 256  # samples, about, of the longer side of the picture in which parts are proposed
TILTS_AT = 128  # samples, about, of the one in which tilted parts are
SMALLEST = 0.12  # of a side; smaller parts hold too little to be compared
LEAST_TURN = 0.003  # of the area, spanned by two sides: a corner is a corner, on the wire as well
LARGEST = 0.975  # of the area; larger parts are the whole
SAME = 0.04  # of the longer side: parts whose corners are all nearer are one
OVERLAP, VARIANTS = 0.7, 2  # of the union: so many parts that share so much are looked at; others have a turn
BANDS = 3  # parts of that kind, at most
FRAME_REACH = 3  # samples by which the inner side of a frame may be moved
PLAIN_COUNTS = 0.15  # what plain colour around a part adds to how well it is held
LEAST_HELD = 0.5  # of evidence that the sides of a part lie on edges; what is in plain photographs has less
LEAST_PLAIN = 0.45  # of evidence, for what plain colour surrounds: a page's text is held better than the picture above
LEAST_CELL, LEAST_WITHIN = 0.3, 0.4  # of evidence, for cells of a collage, and within these: they fill the picture
FIRST, WITHIN = 0.5, 0.25  # of evidence, by which plain and first cells, and those within, come before others
OF_BEST = 0.6  # of the evidence of the part that is held best: beside a clear part, doubtful ones are left out
WHOLE = corners_of((0.0, 0.0, 1.0, 1.0))
HELD_BY_EDGES = (Kind.RECTANGLE, Kind.QUAD)

Place = tuple[Kind, Corners, float]
"""With the evidence by which it comes before others."""
Span = tuple[int, int, int, int]
"""Left, top, right, bottom in samples."""


def found(small: Small, aspect: float) -> tuple[Region, ...]:
    """The whole of a small upright picture (about 512 samples a side) and at most eight parts of it.

    `aspect` is the whole picture's width divided by its height, in pixels.
    """
    best = islice(_best(small.luma, _proposed(small.luma)), REGIONS - 1)
    parts = [_cut(small, kind, corners, aspect) for kind, corners, _ in best]
    inner = _inside_frames(small.luma, [part for part in parts if part.kind in HELD_BY_EDGES])
    kept = [_cut(small, Kind.WHOLE, WHOLE, aspect)]
    for part in parts:
        kept.append(part)
        if (inside := inner.get(part)) and len(kept) < REGIONS:
            kept.append(_cut(small, part.kind, inside, aspect))
    return tuple(kept[:REGIONS])


def _inside_frames(small: Floats, parts: list[Region]) -> dict[Region, Corners]:
    """Of parts that have a frame, what it surrounds."""
    framed = {part: inside for part in parts if (inside := inside_frame(part.canvas, part.corners))}
    moved = dict(
        zip(framed, _onto_edges(small, np.array([*framed.values()]).reshape(-1, 4, 2), FRAME_REACH), strict=True)
    )
    sensible = {part: corners for part, corners in moved.items() if _is_sensible(corners)}
    scores = _held(small, [*sensible.values()])
    return {
        part: corners for (part, corners), score in zip(sensible.items(), scores, strict=True) if score >= LEAST_HELD
    }


def _best(small: Floats, proposals: list[Place]) -> Iterator[Place]:
    """Sensible proposals, the best first; of those that are nearly the same place, the one best held by edges."""
    some = [place for place in proposals if _is_sensible(place[1])]
    scores = _held(small, [corners for _, corners, _ in some])
    same = _same([corners for _, corners, _ in some])
    kept: list[int] = []
    for at in np.argsort(-scores, kind="stable"):
        if not same[at, kept].any():
            kept.append(int(at))
    worth = {at: scores[at] + (0.0 if some[at][0] in HELD_BY_EDGES else PLAIN_COUNTS) for at in kept}
    doubtful = max([LEAST_HELD, *(OF_BEST * each for each in worth.values())])
    given: list[Box] = []
    for at in sorted(kept, key=lambda at: -worth[at] - some[at][2]):
        box = around(some[at][1])
        if worth[at] >= _least(some[at], doubtful) and _alike(box, given) < VARIANTS:
            given.append(box)
            yield some[at]


def _least(place: Place, doubtful: float) -> float:
    """The evidence that is asked for a place."""
    kind, _, first = place
    if kind not in HELD_BY_EDGES:
        return LEAST_PLAIN
    return {FIRST: LEAST_CELL, WITHIN: LEAST_WITHIN}.get(first, doubtful)


def _alike(box: Box, others: list[Box]) -> int:
    """How many of the others share most of their area with a box."""
    return sum(shared(box, other) >= OVERLAP for other in others)


def _held(small: Floats, some: list[Corners]) -> Numbers:
    return held(small, np.array(some).reshape(-1, 4, 2) * small.shape[::-1])


def _cut(small: Small, kind: Kind, corners: Corners, aspect: float) -> Region:
    rgb = None if small.rgb is None else colours(small.rgb, corners)
    return Region(kind, corners, aspect_of(corners, aspect), canvas(small.luma, corners), rgb)


def _proposed(small: Floats) -> list[Place]:
    """Every proposal: what plain colour says, and what straight edges say."""
    if min(small.shape) < 32 * max(1, round(max(small.shape) / LOOKED_AT)):
        return []
    seen = _shrunk(small, LOOKED_AT)
    some: dict[Span, tuple[Kind, float]] = {}
    for kind, span, first in _upright(seen):
        some.setdefault(span, (kind, first))  # of the same place the first would be kept later on, too
    places = _placed(small, [*some], seen)
    upright = [(kind, corners, first) for (kind, first), corners in zip(some.values(), places, strict=True)]
    return upright + [(Kind.QUAD, corners, 0.0) for corners in _tilted(small, _shrunk(seen, TILTS_AT))]


def _upright(seen: Floats) -> Iterator[tuple[Kind, Span, float]]:
    if trimmed := inside_border(seen):
        yield Kind.TRIMMED, trimmed, FIRST
    for span in islice(banded(seen), BANDS):
        yield Kind.BAND, span, FIRST
    for first, spans in zip((FIRST, WITHIN, 0.0), rectangles(seen), strict=True):
        for span in spans:
            yield Kind.RECTANGLE, span, first


def _placed(small: Floats, spans: list[Span], seen: Floats) -> list[Corners]:
    """Where in the picture spans of the one in which they were seen lie, to the sample."""
    (height, width), (rows, columns) = small.shape, seen.shape
    boxes = np.array(spans).reshape(-1, 4) / [columns, rows, columns, rows] * [width, height, width, height]
    places = fitted(small, np.rint(boxes).astype(np.int64)) / [width, height, width, height]
    return [corners_of((left, top, right, bottom)) for left, top, right, bottom in places.tolist()]


def _tilted(small: Floats, seen: Floats) -> list[Corners]:
    height, width = seen.shape
    found = np.array(quads(seen)).reshape(-1, 4, 2) / [width, height]
    return _onto_edges(small, found, round(max(small.shape) / TILTS_AT) + 2)


def _onto_edges(small: Floats, some: Numbers, reach: int) -> list[Corners]:
    """Quadrilaterals (n x 4 x 2, as parts of the whole) moved onto edges."""
    size = small.shape[::-1]
    moved = np.clip(sharpened(small, some * size, reach) / size, 0, 1)
    return [(one, two, three, four) for one, two, three, four in (map(tuple, quad) for quad in moved.tolist())]


def _shrunk(small: Floats, side: int) -> Floats:
    """Means of fold x fold samples, so that the longer side has about so many."""
    fold = max(1, round(max(small.shape) / side))
    if (compiled := library()) is not None:
        seen = np.ascontiguousarray(small, np.float32)
        found = np.empty((seen.shape[0] // fold, seen.shape[1] // fold), np.float32)
        compiled.staydown_shrunk(address(seen), *seen.shape[::-1], fold, address(found))
        return found
    height, width = (length // fold * fold for length in small.shape)
    parts = [small[row:height:fold, column:width:fold] for row in range(fold) for column in range(fold)]
    means: Floats = np.add.reduce(parts) / np.float32(fold * fold)
    return means


def _is_sensible(corners: Corners) -> bool:
    smallest = min(sides_of(corners, (1.0, 1.0)))
    return turning(corners) >= LEAST_TURN and smallest >= SMALLEST and area_of(corners) <= LARGEST


def _same(some: list[Corners]) -> npt.NDArray[np.bool_]:
    """Which of n places are nearly which others: n x n truths."""
    places = np.array(some).reshape(-1, 4, 2)
    longest = np.array([max(sides_of(corners, (1.0, 1.0))) for corners in some])
    apart = np.abs(places[:, None] - places).max(axis=(2, 3))
    near: npt.NDArray[np.bool_] = apart < SAME * np.maximum(longest[:, None], longest)
    return near
