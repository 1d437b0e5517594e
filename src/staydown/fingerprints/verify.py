"""Whether an upload holds the picture of a bank entry, told from fingerprints alone.

One window of the upload that resembles one window of the entry says where in the upload the whole picture
would lie. Then every other window of the entry has its place, and its distance there is evidence for or
against: chance makes one window agree, not several where the first one says they must be.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Box, Floats
from staydown.fingerprints import align, spectrum, windows
from staydown.fingerprints.rules import AGREES, CHANCE, Evidence
from staydown.fingerprints.sight import Looks, Sight, coarse
from staydown.fingerprints.spectrum import Bits
from staydown.fingerprints.turns import TURNS
from staydown.fingerprints.types import ImageFingerprints
from staydown.fingerprints.windows import PLACES, Entry

PAIRS = 400  # pairs of windows, the most alike in their coarse bits, that are compared in all bits
FOLLOWED_UP = 80  # of them, the most alike, that may become seeds
SEEDS = 6  # pairs of windows that are followed up
FOLLOWED = 3  # of them, the best after alignment
APART = 0.08  # of the picture: seeds that say nearly the same place are one
LEAST_SIDE, MOST_SIDE = 0.2, 5.0  # of the region: how small or large the whole picture may lie in it
_COARSE_WEIGHT = 2  # a coarse bit says twice as much as a bit: it survives misplacement

NOTHING = Evidence(score=0, agreeing=0, visible=0, nearest=256, region=None, turn=TURNS[0], frame=(0.0, 0.0, 1.0, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Guess:
    """A pair of windows that would agree: n places in the looks, and n of the entry's windows, best first."""

    look: npt.NDArray[np.intp]
    window: npt.NDArray[np.intp]


def verify(query: ImageFingerprints, stored: bytes) -> Evidence:
    """The best evidence that a bank entry's picture (660 bytes) is in an upload; `rules.verdict` says its worth.

    Some 10 ms; the windows of the upload, made at its first candidate, cost as much once. Raises
    `MalformedWindows`.
    """
    return compared(query.sight, windows.unpack(stored))


def compared(sight: Sight, entry: Entry) -> Evidence:
    """`verify` for what is unpacked already."""
    looks = sight.looks
    if not len(looks.region) or not entry.telling.any():
        return NOTHING
    guess = _seeds(looks, entry)
    canvases = np.stack([
        TURNS[turn].of_canvas(sight.regions[region].canvas)
        for region, turn in zip(looks.region[guess.look], looks.turn[guess.look], strict=True)
    ])  # fmt: skip
    bits = spectrum.unpacked(entry.hashes)
    frames = _frames(canvases, _turned(looks, guess.look), guess.window, bits)
    frames, order = _settled(canvases, frames, entry, bits)
    best = max((_weighed(canvases[at], frames[at], entry, bits), -place, at) for place, at in enumerate(order))
    score, _, at = best
    look = guess.look[at]
    return _told(score, sight, int(looks.region[look]), int(looks.turn[look]), frames[at])


def _seeds(looks: Looks, entry: Entry) -> _Guess:
    """The most alike pairs of windows that say different places."""
    apart = np.bitwise_count(looks.coarse[:, None] ^ coarse(entry.hashes)[None]).astype(np.int32)
    apart[:, ~entry.telling] = 64
    near = np.argpartition(apart.ravel(), PAIRS)[:PAIRS] if apart.size > PAIRS else np.arange(apart.size)
    look, window = np.divmod(near, len(PLACES))
    both = _COARSE_WEIGHT * apart[look, window] + _apart(looks.hashes[look], entry.hashes[window])
    order = np.argsort(both, kind="stable")[:FOLLOWED_UP]
    look, window = look[order], window[order]
    return _different(looks, look, window)


def _apart(some: Bits, others: Bits) -> npt.NDArray[np.int32]:
    """Bits between each of n fingerprints and its counterpart."""
    return np.bitwise_count(some ^ others).sum(axis=1, dtype=np.int32)


def _different(looks: Looks, look: npt.NDArray[np.intp], window: npt.NDArray[np.intp]) -> _Guess:
    places = _framed(_turned(looks, look), window)
    kept: list[int] = []
    for at in range(len(look)):
        same = [
            other for other in kept
            if looks.region[look[at]] == looks.region[look[other]] and looks.turn[look[at]] == looks.turn[look[other]]
            and np.abs(places[at] - places[other]).max() < APART
        ]  # fmt: skip
        if not same:
            kept.append(at)
        if len(kept) == SEEDS:
            break
    return _Guess(look[kept], window[kept])


def _turned(looks: Looks, look: npt.NDArray[np.intp]) -> Floats:
    """Where looks are on their turned canvases."""
    boxes = looks.boxes[look]
    for turn in np.unique(looks.turn[look]):
        rows = looks.turn[look] == turn
        boxes[rows] = TURNS[turn].of_boxes(boxes[rows])
    return boxes


def _framed(boxes: Floats, window: npt.NDArray[np.intp]) -> Floats:
    """Where the whole picture lies when these windows of it lie in these boxes (all n x 4)."""
    part = PLACES[window]
    size = (boxes[:, 2:] - boxes[:, :2]) / (part[:, 2:] - part[:, :2])
    corner = boxes[:, :2] - part[:, :2] * size
    return np.concatenate([corner, corner + size], axis=1)


def _placed(frame: Floats, window: npt.NDArray[np.intp] | slice) -> Floats:
    """Where windows of the whole picture lie when it lies in a frame (4, or n x 4 for n windows)."""
    part, size = PLACES[window], frame[..., 2:] - frame[..., :2]
    return np.concatenate([frame[..., :2] + part[:, :2] * size, frame[..., :2] + part[:, 2:] * size], axis=-1)


def _frames(canvases: Floats, boxes: Floats, window: npt.NDArray[np.intp], bits: npt.NDArray[np.bool_]) -> Floats:
    """The frames that the seeds say, each seed moved into place first."""
    moved, _ = align.aligned(canvases, boxes, bits[window], (align.WIDE, align.NARROW))
    return _framed(moved, window)


def _settled(canvases: Floats, frames: Floats, entry: Entry, bits: npt.NDArray[np.bool_]) -> tuple[Floats, list[int]]:
    """Frames measured again at the largest window that is visible, and the places of the best few."""
    window = np.array([_largest_visible(frame, entry) for frame in frames])
    sensible = np.array([_is_sensible(frame) for frame in frames]) & (window >= 0)
    window = np.maximum(window, 0)
    moved, distances = align.aligned(canvases, _placed(frames, window), bits[window], (align.NARROW, align.FINE))
    settled = _framed(moved, window)
    ranked = np.argsort(np.where(sensible, distances, 256), kind="stable")
    return settled, [int(at) for at in ranked[:FOLLOWED]]


def _is_sensible(frame: Floats) -> bool:
    sides = frame[2:] - frame[:2]
    return bool(sides.min() > LEAST_SIDE and sides.max() < MOST_SIDE)


def _visible(frame: Floats, entry: Entry) -> npt.NDArray[np.bool_]:
    """Which telling windows of the entry lie on the canvas."""
    boxes = _placed(frame, slice(None))
    on = (boxes[:, :2] > -align.OUTSIDE).all(axis=1) & (boxes[:, 2:] < 1 + align.OUTSIDE).all(axis=1)
    seen: npt.NDArray[np.bool_] = on & entry.telling
    return seen


def _largest_visible(frame: Floats, entry: Entry) -> int:
    seen = np.flatnonzero(_visible(frame, entry))
    return int(seen[0]) if len(seen) else -1  # windows are ordered by size


def _weighed(canvas: Floats, frame: Floats, entry: Entry, bits: npt.NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Score, windows that agree, smallest distance (negative: nearer is better), windows that are visible."""
    seen = np.flatnonzero(_visible(frame, entry))
    if not len(seen) or not _is_sensible(frame):
        return 0, 0, -256, 0
    boxes = _placed(frame, seen)
    apart = (spectrum.above(spectrum.coefficients(canvas, boxes)) != bits[seen]).sum(axis=1)
    return int(np.maximum(0, CHANCE - apart).sum()), int((apart <= AGREES).sum()), -int(apart.min()), len(seen)


def _told(score: tuple[int, int, int, int], sight: Sight, region: int, turn: int, frame: Floats) -> Evidence:
    left, top, right, bottom = map(float, frame)
    box: Box = (left, top, right, bottom)
    points, agreeing, nearest, visible = score
    return Evidence(points, agreeing, visible, -nearest, sight.regions[region].kind, TURNS[turn], box)
