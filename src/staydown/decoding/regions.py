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
REACH = 3  # samples by which a side may be moved to its edge
JOINT = 0.03  # of a part's side: a plain strip, at most as wide, before what it shows is the joint to another
CUT = 16.0  # of 255, from a joint to what it parts: a picture's own sky or ground ends less sharply, and not all along
PLAIN = 8.0  # of 255: the deviation along a line of one colour, after compression
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
    kept = [_cut(small, Kind.WHOLE, WHOLE, aspect)]
    for kind, corners, _ in _best(small.luma, _proposed(small.luma)):
        if len(kept) == REGIONS:
            break
        kept.append(_cut(small, kind, corners, aspect))
        inside = inside_frame(kept[-1].canvas, corners) if kind in HELD_BY_EDGES else None
        if inside and len(kept) < REGIONS:
            moved = _onto_edges(small.luma, inside, FRAME_REACH)
            if _is_sensible(moved) and _held(small.luma, [moved])[0] >= LEAST_HELD:
                kept.append(_cut(small, kind, moved, aspect))
    return tuple(kept)


def _best(small: Floats, proposals: Iterator[Place]) -> Iterator[Place]:
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


def _proposed(small: Floats) -> Iterator[Place]:
    """Every proposal: what plain colour says, and what straight edges say."""
    if min(small.shape) < 32 * max(1, round(max(small.shape) / LOOKED_AT)):
        return
    seen = _shrunk(small, LOOKED_AT)
    if trimmed := inside_border(seen):
        yield Kind.TRIMMED, _placed(small, trimmed, seen), FIRST
    for span in islice(banded(seen), BANDS):
        yield Kind.BAND, _placed(small, span, seen), FIRST
    for first, spans in zip((FIRST, WITHIN, 0.0), rectangles(seen), strict=True):
        for span in spans:
            yield Kind.RECTANGLE, _placed(small, span, seen), first
    for corners in _tilted(small, _shrunk(seen, TILTS_AT)):
        yield Kind.QUAD, corners, 0.0


def _tilted(small: Floats, seen: Floats) -> Iterator[Corners]:
    height, width = seen.shape
    for quad in quads(seen):
        (a, b), (c, d), (e, f), (g, h) = quad / [width, height]
        yield _onto_edges(small, ((a, b), (c, d), (e, f), (g, h)), round(max(small.shape) / TILTS_AT) + 2)


def _onto_edges(small: Floats, corners: Corners, reach: int) -> Corners:
    height, width = small.shape
    moved = np.clip(sharpened(small, np.array(corners) * [width, height], reach) / [width, height], 0, 1)
    upper_left, upper_right, lower_right, lower_left = ((float(x), float(y)) for x, y in moved)
    return upper_left, upper_right, lower_right, lower_left


def _shrunk(small: Floats, side: int) -> Floats:
    """Means of fold x fold samples, so that the longer side has about so many."""
    fold = max(1, round(max(small.shape) / side))
    height, width = (length // fold * fold for length in small.shape)
    parts = [small[row:height:fold, column:width:fold] for row in range(fold) for column in range(fold)]
    means: Floats = np.add.reduce(parts) / np.float32(fold * fold)
    return means


def _sharpened(small: Floats, box: Box) -> Box:
    """A box whose sides are moved, by a sample or two, to where the picture steps most beside them."""
    height, width = small.shape
    left, right = round(box[0] * width), round(box[2] * width)
    top, bottom = round(box[1] * height), round(box[3] * height)
    rows, columns = small[top:bottom], small[:, left:right].T
    return (
        _steepest(rows, left) / width, _steepest(columns, top) / height,
        _steepest(rows, right) / width, _steepest(columns, bottom) / height,
    )  # fmt: skip


def _inside_joints(small: Floats, box: Box) -> Box:
    """A box without the thin plain strips at its sides."""
    height, width = small.shape
    left, right = round(box[0] * width), round(box[2] * width)
    top, bottom = round(box[1] * height), round(box[3] * height)
    part = small[top:bottom, left:right]
    if min(part.shape) * JOINT < 1:
        return box
    left, right = left + _joint(part.T), right - _joint(part.T[::-1])
    top, bottom = top + _joint(part), bottom - _joint(part[::-1])
    return left / width, top / height, right / width, bottom / height


def _joint(lines: Floats) -> int:
    """How many first lines are a joint: plain, and all along a cut away from what follows them; 0 for none."""
    most = round(JOINT * len(lines))
    plain = lines[: most + 1].std(axis=1) <= PLAIN
    end = int(np.argmin(plain))
    if plain.all() or not end:
        return 0
    return end if np.median(np.abs(lines[end + 1] - lines[end - 1])) >= CUT else 0


def _steepest(lines: Floats, at: int) -> int:
    """The place near `at` before which all lines together step most; `at` on the picture's own sides."""
    length = lines.shape[1]
    first, last = max(1, at - REACH), min(length - 1, at + REACH)
    if not 0 < at < length or first >= last:
        return at
    steps = np.abs(np.diff(lines[:, first - 1 : last + 1], axis=1)).mean(axis=0)
    return first + int(np.argmax(steps))


def _placed(small: Floats, span: Span, seen: Floats) -> Corners:
    height, width = seen.shape
    box = _sharpened(small, (span[0] / width, span[1] / height, span[2] / width, span[3] / height))
    return corners_of(_inside_joints(small, box))


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
