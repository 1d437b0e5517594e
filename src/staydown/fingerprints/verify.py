"""Whether an upload holds the picture of a bank entry, told from fingerprints alone.

One window of the upload that resembles one window of the entry says where in the upload the whole picture
would lie. Then every other window of the entry has its place, and its distance there is evidence for or
against: chance makes one window agree, not several where the first one says they must be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Box, Floats
from staydown.fingerprints import align, background, crossings, descriptor, frames, seeds, wholes, windows
from staydown.fingerprints.rules import AGREES, CHANCE, SAME, Evidence, differs
from staydown.fingerprints.sight import Sight
from staydown.fingerprints.turns import TURNS, Turn
from staydown.fingerprints.types import ImageFingerprints
from staydown.fingerprints.views import MOST, STEP, View
from staydown.fingerprints.windows import Entry

SEEDS = 6  # pairs of windows that are followed up
FOLLOWED = 4  # of them, the best after alignment
FITTED = 5  # windows that say together where the picture lies
DOUBTFUL = 900  # points: with fewer, tilting the upload a little more may say more
ALIKE = 70  # bits: with no window as near as that, it will not
UNLIKE = 100  # bits (see `seeds.FAR`): where descriptors differ, too, what is farther never verified

Truths = npt.NDArray[np.bool_]

NOTHING = Evidence(score=0, agreeing=0, visible=0, nearest=256, region=None, turn=TURNS[0], frame=(0.0, 0.0, 1.0, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Lay:
    """One way in which the picture may lie in an upload: a view, how it is turned, the frame on it when turned."""

    view: View
    turn: Turn
    negative: bool
    frame: Floats

    @property
    def steps(self) -> Floats:
        """The canvas when turned, stepped (see `spectrum.stepped`)."""
        return self.view.steps(self.turn)

    def at(self, frame: Floats) -> "_Lay":
        """The same with another frame."""
        return _Lay(self.view, self.turn, self.negative, frame)

    def shows(self, boxes: Floats) -> Truths:
        """Which boxes (n x 4) of the turned canvas lie on the picture."""
        return self.view.shows(self.turn.undone(boxes) if self.view.tilt else boxes)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A way in which the picture may lie, and what speaks for it."""

    lay: _Lay
    evidence: Evidence

    @property
    def strength(self) -> tuple[int, int, int]:
        return self.evidence.score, self.evidence.agreeing, -self.evidence.nearest


def verify(query: ImageFingerprints, stored: bytes, described: bytes = b"") -> Evidence:
    """The best evidence that a bank entry's picture (660 bytes) is in an upload; `rules.verdict` says its worth.

    With the entry's descriptor (576 bytes), how similar it is to the upload's is evidence, too. Some ms at most; the
    windows of the upload, made at its first candidate, cost as much once. Raises `MalformedWindows` or
    `MalformedDescriptor`.
    """
    return verify_with(query, stored, likened(NOTHING, query.descriptors, described))


def verify_with(query: ImageFingerprints, stored: bytes, known: Evidence) -> Evidence:
    """`verify` where it is known what descriptors say (`likened`): where they differ, windows must say something at once.

    Raises `MalformedWindows`.
    """
    entry = windows.unpack(stored)
    evidence = compared(query.sight, entry, UNLIKE if differs(known) else seeds.FAR)
    evidence = replace(evidence, similarity=known.similarity, likeness=known.likeness)
    return wholes.compared(evidence, query, entry)


def likened(evidence: Evidence, some: Sequence[bytes], described: bytes) -> Evidence:
    """Evidence with the best similarity and likeness of some descriptors to an entry's, where both are to be had."""
    if not described or not some:
        return evidence
    ours, theirs = descriptor.levels(some), descriptor.levels([described])
    cosines = descriptor.similarities(ours, theirs)
    shared = (background.bias(ours)[:, None] + background.bias(theirs)) / 2
    return replace(evidence, similarity=float(cosines.max()), likeness=float((cosines - shared).max()))


def compared(sight: Sight, entry: Entry, far: int = seeds.FAR) -> Evidence:
    """What windows say, for what is unpacked already; nothing where the nearest pair of windows is `far`."""
    looks = sight.looks
    if not len(looks.region) or not entry.telling.any():
        return NOTHING
    begun = seeds.found(looks, entry, SEEDS, far)
    if not len(begun.look):
        return NOTHING
    lays = [
        _Lay(sight.view(int(looks.region[look]), int(looks.tilt[look])), TURNS[looks.turn[look]], bool(negative), box)
        for look, negative, box in zip(begun.look, begun.negative, seeds.turned(looks, begun.look), strict=True)
    ]
    lays = _aligned(lays, begun.window, entry, (align.WIDE, align.NARROW))
    best = _best([_weighed(lay, entry) for lay in _settled(lays, entry)[:FOLLOWED]])
    if best is None:
        return NOTHING
    if best.evidence.score < DOUBTFUL and best.evidence.nearest <= ALIKE:
        best = _best([best, *(_weighed(lay, entry) for lay in _settled(_tilted(sight, best.lay), entry))]) or best
        best = _best([best, _weighed(_fitted(best.lay, entry), entry)]) or best
    return replace(best.evidence, region=sight.regions[best.lay.view.region].kind)


def _moved(
    lays: list[_Lay], window: npt.NDArray[np.intp], entry: Entry, steps: tuple[align.Options, ...]
) -> tuple[Floats, align.Distances]:
    """Lays whose frame is, so far, the box of a window: the boxes moved into place, and distances there."""
    wanted = entry.bits[window] ^ np.array([lay.negative for lay in lays])[:, None]
    canvases = [lay.view.small_steps(lay.turn) for lay in lays]
    return align.aligned(canvases, np.stack([lay.frame for lay in lays]), wanted, steps)


def _aligned(
    lays: list[_Lay], window: npt.NDArray[np.intp], entry: Entry, steps: tuple[align.Options, ...]
) -> list[_Lay]:
    """The same, as the frames of the whole picture."""
    boxes, _ = _moved(lays, window, entry, steps)
    return [lay.at(frame) for lay, frame in zip(lays, frames.framed(boxes, window), strict=True)]


def _settled(lays: list[_Lay], entry: Entry) -> list[_Lay]:
    """Sensible frames measured again at the largest window that is visible, the nearest first."""
    seen = [(lay, _visible(lay, entry)) for lay in lays if frames.is_sensible(lay.frame)]
    some = [(lay, visible[0]) for lay, visible in seen if len(visible)]  # windows are ordered by size
    if not some:
        return []
    window = np.array([first for _, first in some])
    begun = [lay.at(frames.placed(lay.frame[None], np.array([at]))[0]) for lay, at in some]
    settled = _aligned(begun, window, entry, (align.NARROW, align.FINE))
    apart = [_apart(lay, window[[at]], entry)[0] for at, lay in enumerate(settled)]
    return [settled[at] for at in np.argsort(apart, kind="stable")]


def _fitted(lay: _Lay, entry: Entry) -> _Lay:
    """The same where several windows, each moved into place by itself, together say that the picture lies."""
    window = _visible(lay, entry)
    window = window[np.argsort(_apart(lay, window, entry), kind="stable")[:FITTED]]
    boxes, apart = _moved(
        [lay.at(box) for box in frames.placed(lay.frame, window)], window, entry, (align.NARROW, align.FINE)
    )
    return lay.at(frames.fitted(boxes, window, np.maximum(1, CHANCE - apart).astype(np.float32)))


def _tilted(sight: Sight, lay: _Lay) -> list[_Lay]:
    """The same with the upload tilted by a step more, and less."""
    view = lay.view
    found = []
    for tilt in (view.tilt - STEP, view.tilt + STEP):
        if abs(tilt) <= MOST + STEP:
            frame = lay.turn.undone(lay.frame[None])[0]
            moved = frames.tilted(frame, tilt - view.tilt, view.aspect)
            found.append(replace(lay, view=sight.view(view.region, tilt), frame=lay.turn.of_boxes(moved[None])[0]))
    return found


def _visible(lay: _Lay, entry: Entry) -> npt.NDArray[np.intp]:
    """Which telling windows of the entry are shown."""
    boxes = frames.placed(lay.frame, slice(None))
    return np.flatnonzero(lay.shows(boxes) & entry.telling)


def _apart(lay: _Lay, window: npt.NDArray[np.intp], entry: Entry) -> npt.NDArray[np.int64]:
    """Bits between windows of the entry and what lies at their places, more for plain ones."""
    wanted = entry.bits[window] ^ lay.negative
    return (
        crossings.apart(lay.steps, frames.crossed(lay.frame), windows.CROSSED[window], wanted) + entry.handicap[window]
    )


def _best(weighed: list[_Weighed]) -> _Weighed | None:
    """The lay that has most evidence, the first of equals."""
    return max(weighed, key=lambda each: each.strength, default=None)


def _weighed(lay: _Lay, entry: Entry) -> _Weighed:
    seen = _visible(lay, entry)
    if not len(seen) or not frames.is_sensible(lay.frame):
        return _Weighed(lay, NOTHING)
    apart = _apart(lay, seen, entry)
    left, top, right, bottom = map(float, lay.frame)
    box: Box = (left, top, right, bottom)
    evidence = Evidence(
        score=int(np.maximum(0, CHANCE - apart).sum()), agreeing=int((apart <= AGREES).sum()), visible=len(seen),
        nearest=int(apart.min()), region=None, turn=lay.turn, frame=box, negative=lay.negative, tilt=lay.view.tilt,
        same=tuple(seen[apart <= SAME].tolist()),
    )  # fmt: skip
    return _Weighed(lay, evidence)
