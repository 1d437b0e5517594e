"""Which passages of a known film are in another, wherever they are, however they were cut, framed or sped up."""

from dataclasses import dataclass

import numpy as np

from staydown.fingerprints import changes, coherence
from staydown.fingerprints.coherence import Pairs, Rows
from staydown.fingerprints.footage import ENOUGH, FilmFingerprints, Frames, Hashes, Part, Truths
from staydown.fingerprints.turns import TURNS, UPRIGHT, Turn

RADIUS = 48  # bits between frames that look alike; safe only because of the order they must come in
OF_ONE = 8  # rows of one picture that are compared
MOST = 20_000  # pairs of rows looked at in two films, the most alike first
SAME = 12  # bits: a frame nearer to the first of a scene than this shows no other picture


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of one film found in another; times in seconds, `speed` how many known seconds one of the query shows.

    `agreeing` is the number of half seconds with frames that agree, as seconds; `nearest` the smallest distance in
    bits; `turn` says how the query shows it; `framed` that it was found inside bars, captions or buttons, `cropped`
    that one film shows a crop of what the other does.
    """

    query_start: float
    query_end: float
    known_start: float
    known_end: float
    speed: float
    turn: Turn
    framed: bool
    cropped: bool
    agreeing: float
    nearest: int

    @property
    def words(self) -> str:
        """How the passage was found, for the person who decides."""
        ways = [f"at {self.speed:.2f} times the speed"] if abs(self.speed - 1) > 0.03 else []
        ways += [self.turn.words] if self.turn != UPRIGHT else []
        ways += ["inside a frame, bars or captions that do not move"] if self.framed else []
        ways += ["cropped"] if self.cropped else []
        return (
            f"Found {_clock(self.known_start)} to {_clock(self.known_end)} of the known film at "
            f"{_clock(self.query_start)} to {_clock(self.query_end)}{', ' * bool(ways)}{', '.join(ways)}: its frames "
            f"agree, in the same order, in {self.agreeing:g} seconds (the nearest differs in {self.nearest} of 256 bits)."
        )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{int(minutes)}:{rest:04.1f}"


Ways = tuple[bool, bool]
"""Framed, cropped."""


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """n pairs of rows that look alike: rows of the query and of the known film, which of `TURNS`, and bits apart."""

    query: Rows
    known: Rows
    turn: Rows
    distance: Rows


def passages(query: FilmFingerprints, known: FilmFingerprints) -> list[Passage]:
    """Every passage of a known film in a query, the longest first; the query is looked at in eight orientations."""
    return ordered(query.frames, known.frames, _alike(query.frames, known.frames))


def ordered(query: Frames, known: Frames, alike: Alike) -> list[Passage]:
    """The passages in pairs of rows that look alike."""
    groups, forms = (pictures(query), pictures(known)), query.turned()
    found: list[Passage] = []
    for number in np.unique(alike.turn).tolist():
        which = np.flatnonzero(alike.turn == number)
        which = which[np.argsort(alike.distance[which], kind="stable")[:MOST]]
        rows = alike.query[which], alike.known[which], alike.distance[which]
        weight = (RADIUS + 1 - rows[2]).astype(np.float64) ** 2
        pairs = Pairs(query.time[rows[0]], known.time[rows[1]], groups[0][rows[0]], groups[1][rows[1]], weight)
        for line in coherence.lines(pairs):
            on = pairs.some(line.on)
            if on.agreeing >= coherence.AGREEING and changes.agree((query, forms[number]), known, line, rows[:2]):
                found.append(_passage(on, line, TURNS[number], _ways(query, known, rows, line.on), rows[2]))
    return sorted(found, key=lambda each: -each.agreeing)


def _passage(on: Pairs, line: coherence.Line, turn: Turn, ways: Ways, distances: Rows) -> Passage:
    return Passage(
        query_start=float(on.query.min()),
        query_end=float(on.query.max()),
        known_start=float(on.known.min()),
        known_end=float(on.known.max()),
        speed=round(line.speed, 3),
        turn=turn,
        framed=ways[0],
        cropped=ways[1],
        agreeing=on.agreeing * coherence.BIN,
        nearest=int(distances[line.on].min()),
    )


def _ways(query: Frames, known: Frames, rows: tuple[Rows, Rows, Rows], on: Truths) -> Ways:
    """Whether most frames are nearest to a known one where one of the two is without a frame; where one is a crop."""
    places = np.flatnonzero(on)
    places = places[np.argsort(rows[2][places], kind="stable")]
    _, nearest = np.unique(query.time[rows[0][places]], return_index=True)
    one, other = query.part[rows[0][places[nearest]]], known.part[rows[1][places[nearest]]]
    framed = (one == Part.INSIDE) != (other == Part.INSIDE)
    cropped = (one > Part.INSIDE) != (other > Part.INSIDE)
    return bool(framed.mean() > 0.5), bool(cropped.mean() > 0.5)


def telling(frames: Frames) -> Rows:
    """The rows that are compared: with enough in them, and of each picture at most eight, evenly spread.

    A still of an hour is eight rows, so that two of them are not ten million pairs.
    """
    rows = np.flatnonzero(frames.quality >= ENOUGH)
    keys = pictures(frames)[rows] * len(Part) + frames.part[rows]
    order = np.argsort(keys, kind="stable")
    _, first, counts = np.unique(keys[order], return_index=True, return_counts=True)
    rank, count = np.arange(len(rows)) - np.repeat(first, counts), np.repeat(counts, counts)
    kept = (rank == 0) | (rank * OF_ONE // count != (rank - 1) * OF_ONE // count)
    return np.sort(rows[order[kept]])


def pictures(frames: Frames) -> Rows:
    """A number for each row: equal for all rows of frames that stay within 12 bits of the first of them."""
    whole = np.flatnonzero(frames.part == Part.WHOLE)
    numbers = np.zeros(len(whole), np.intp)
    begun = -1
    for place, row in enumerate(whole.tolist()):
        if begun < 0 or np.bitwise_count(frames.hash[row] ^ frames.hash[begun]).sum() > SAME:
            begun = row
        numbers[place] = begun
    if not len(whole):
        return np.zeros(len(frames), np.intp)
    return numbers[np.searchsorted(frames.time[whole], frames.time, side="right") - 1]


def _alike(query: Frames, known: Frames) -> Alike:
    rows = telling(query), telling(known)
    parts = []
    for number, hashes in enumerate(query.turned()):
        at, other, bits = _within(hashes[rows[0]], known.hash[rows[1]])
        parts.append((rows[0][at], rows[1][other], np.full(len(at), number), bits))
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Alike(*columns)


def _within(one: Hashes, other: Hashes) -> tuple[Rows, Rows, Rows]:
    """The pairs within the radius: places in one, places in the other, bits apart."""
    words, others = (np.ascontiguousarray(each).view(np.uint64).reshape(-1, 4) for each in (one, other))
    found = []
    for place, word in enumerate(words):
        bits = np.bitwise_count(others ^ word).sum(axis=1, dtype=np.intp)
        near = np.flatnonzero(bits <= RADIUS)
        found.append((np.full(len(near), place), near, bits[near]))
    if not found:
        none = np.empty(0, np.intp)
        return none, none, none
    at, near, bits = (np.concatenate(column) for column in zip(*found, strict=True))
    return at, near, bits
