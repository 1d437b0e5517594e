"""Upright parts fitted to what they show: sides moved onto edges, and the joints of a collage left out.

In C (kernel/edges.c), and with numpy, some twenty times slower, where no compiler was there.
"""

import numpy as np
import numpy.typing as npt

from staydown.decoding.kernel import library
from staydown.decoding.types import Floats

REACH = 3  # samples by which a side may be moved to its edge
JOINT = 0.03  # of a part's side: a plain strip, at most as wide, before what it shows is the joint to another
CUT = 16.0  # of 255, from a joint to what it parts: a picture's own sky or ground ends less sharply, and not all along
PLAIN = 8.0  # of 255: the deviation along a line of one colour, after compression

Boxes = npt.NDArray[np.int64]
"""n x 4: left, top, right, bottom in samples."""


def fitted(small: Floats, boxes: Boxes) -> Boxes:
    """Boxes whose sides are moved, by a few samples, to where the picture steps most beside them, and without the
    thin plain strips inside them.
    """
    seen = np.ascontiguousarray(small, np.float32)
    moved = _moved(seen, np.ascontiguousarray(boxes, np.int64))
    joints = _joints(seen, moved)
    return np.concatenate([moved[:, :2] + joints[:, :2], moved[:, 2:] - joints[:, 2:]], axis=1)


def _moved(small: Floats, boxes: Boxes) -> Boxes:
    compiled, found = library(), np.empty_like(boxes)
    if compiled is None:
        return np.array([_each_moved(small, *box) for box in boxes]).reshape(-1, 4)
    height, width = small.shape
    compiled.staydown_moved(small.ctypes.data, width, height, boxes.ctypes.data, len(boxes), REACH, found.ctypes.data)
    return found


def _each_moved(small: Floats, left: int, top: int, right: int, bottom: int) -> list[int]:
    rows, columns = small[top:bottom], small[:, left:right].T
    return [_steepest(rows, left), _steepest(columns, top), _steepest(rows, right), _steepest(columns, bottom)]


def _steepest(lines: Floats, at: int) -> int:
    """The place near `at` before which all lines together step most; `at` on the picture's own sides."""
    length = lines.shape[1]
    first, last = max(1, at - REACH), min(length - 1, at + REACH)
    if not 0 < at < length or first >= last:
        return at
    steps = np.abs(np.diff(lines[:, first - 1 : last + 1], axis=1)).mean(axis=0)
    return first + int(np.argmax(steps))


def _joints(small: Floats, boxes: Boxes) -> Boxes:
    """How many samples at each side of boxes are a joint: plain, and all along a cut away from what follows them."""
    sizes = boxes[:, 2:] - boxes[:, :2]
    most = np.rint(JOINT * sizes).astype(np.int64)
    most[sizes.min(axis=1) * JOINT < 1] = 0
    compiled, found = library(), np.empty_like(boxes)
    if compiled is None:
        return np.array([_each_joints(small, box, *each) for box, each in zip(boxes, most, strict=True)]).reshape(-1, 4)
    compiled.staydown_joints(
        small.ctypes.data,
        small.shape[1],
        boxes.ctypes.data,
        most.ctypes.data,
        len(boxes),
        PLAIN,
        CUT,
        found.ctypes.data,
    )
    return found


def _each_joints(small: Floats, box: Boxes, across: int, down: int) -> list[int]:
    left, top, right, bottom = box
    part = small[top:bottom, left:right]
    return [_joint(part.T, across), _joint(part, down), _joint(part.T[::-1], across), _joint(part[::-1], down)]


def _joint(lines: Floats, most: int) -> int:
    """How many first lines are a joint, at most so many."""
    if not most:
        return 0
    plain = lines[: most + 1].std(axis=1) <= PLAIN
    if plain.all() or not plain[0]:
        return 0
    end = int(np.argmin(plain))
    return end if np.median(np.abs(lines[end + 1] - lines[end - 1])) >= CUT else 0
