"""Recall and wrong matches: a photograph edited, fingerprinted as an upload, and sought among all pictures."""

import dataclasses
import functools
import hashlib
import io
import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from bench.gallery import Picture
from bench.table import EDITS
from bench.unlisted import UNLISTED
from staydown import fingerprints
from staydown.fingerprints import ENOUGH, LOOKED_UP, Evidence, ImageFingerprints, Shelf, background, descriptor
from staydown.fingerprints.rules import RULES, Rule, satisfied

RADIUS = 31  # bits: the distance at which the peer, and our own lookups, match at once
CANDIDATES = 12  # entries most alike by their descriptors that are verified
ALL = EDITS | UNLISTED
Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]
Kept = tuple[bytes, bytes, bytes]  # PDQ, windows, descriptor
Weight = tuple[int, int, int, int, bool, float | None]  # score, agreeing, nearest, whole, negative, likeness


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of one upload. Wrong ones are entries that have nothing to do with what is shown in it.

    `own` is the evidence for the source's entry, by whichever way it became a candidate, and `by_hashes` the same where
    no descriptors are known; `by_hash` and `by_descriptor` say which ways proposed it. `others` is the evidence for the
    wrong entries that were proposed, each with whether its hashes proposed it, and verified as if no descriptors were
    known, which finds more; `pairs` the wrong entries it was compared with. Of more wrong entries, that nothing proposed but
    that were drawn and verified with their descriptors, those that any rule accepts are among the others; `drawn` were not.
    """

    source: str
    edit: str
    peer: bool
    looked_up: bool
    by_hash: bool
    by_descriptor: bool
    own: Weight
    by_hashes: Weight
    wrong_peer: int
    wrong_looked_up: int
    others: tuple[tuple[bool, str, Weight], ...]
    pairs: int
    drawn: int


class Bank:
    """What the banks of both sides hold of the pictures; for one source, without its relatives."""

    def __init__(self, pictures: list[Picture], kept: list[Kept]) -> None:
        self.pictures = pictures
        self._places = {picture.name: place for place, picture in enumerate(pictures)}
        self.windows = [windows for _, windows, _ in kept]
        self.pdq = _words([pdq for pdq, _, _ in kept])
        self.whole = _words([windows[:32] for windows in self.windows])
        self.levels = descriptor.levels(found or _NO_DESCRIPTOR for _, _, found in kept)
        self.bias = background.bias(self.levels)
        self.described = np.array([bool(found) for _, _, found in kept])
        self.of = np.array([picture.of for picture in pictures])

    def named(self, name: str) -> Picture:
        """The picture of that name."""
        return self.pictures[self._places[name]]

    @functools.lru_cache(maxsize=2)  # noqa: B019 - one bank lives as long as the process
    def without(self, source: int) -> tuple[npt.NDArray[np.intp], Shelf]:
        """The places of the source and of all that is not related to it, and their shelf."""
        places = np.flatnonzero((self.of != self.of[source]) | (np.arange(len(self.of)) == source))
        return places, fingerprints.shelved([self.windows[place] for place in places])


_NO_LIKENESS = np.float32(-2)
_NO_DESCRIPTOR = bytes(64) + bytes([127]) + bytes(511)


def kept(picture: Picture) -> Kept:
    """What a bank keeps of a picture."""
    found = fingerprints.of_image(picture.data, descriptors=True)
    return found.pdq, found.windows, found.descriptor


def made(picture: Picture, edit: str, other: Picture) -> bytes:
    """The edited picture as a JPEG; the generator is seeded by both names, so that a run can be repeated."""
    rng = _generator(picture, edit)
    seen = Image.open(io.BytesIO(picture.data)).convert("RGB")
    beside = Image.open(io.BytesIO(other.data))  # RGB, as `gallery` saves all; decoded only where an edit looks at it
    upload = io.BytesIO()
    ALL[edit](seen, rng, beside).save(upload, "JPEG", quality=88)
    return upload.getvalue()


def measured(source: int, edit: str, bank: Bank, draw: int) -> Tally:
    """What comes of one source in one edit, sought in the bank; and of so many entries that nothing proposes, verified."""
    picture = bank.pictures[source]
    beside = _beside(picture, edit, bank)
    query = fingerprints.of_image(made(picture, edit, bank.pictures[beside]), descriptors=True)
    places, shelf = bank.without(source)
    wrong = bank.of[places] != bank.of[beside]
    wrong[places == source] = False
    upright = (query.pdq,) if query.quality >= ENOUGH else ()
    forms = (*(query.turned if query.quality >= ENOUGH else ()), *query.regions)
    peer = _apart(upright, bank.pdq[places]) <= RADIUS
    apart = np.minimum(_apart(forms, bank.pdq[places]), _apart(forms, bank.whole[places]))
    opposite = _apart(query.negatives if query.quality >= ENOUGH else (), bank.pdq[places])
    similar, alike = (found[places] for found in _similarities(query, bank))
    hashed = {*map(int, np.flatnonzero(np.minimum(apart, opposite) <= LOOKED_UP)), *fingerprints.search(shelf, query)}
    described = {int(place) for place in np.argsort(-similar)[:CANDIDATES] if similar[place] >= descriptor.CANDIDATE}
    own = int(np.flatnonzero(places == source)[0])
    proposed = hashed | described

    def weighed(place: int, likeness: float | None) -> Weight:
        known = dataclasses.replace(fingerprints.NOTHING, likeness=likeness)
        evidence = fingerprints.verify_with(query, bank.windows[places[place]], known)
        return _weight(evidence, float(alike[place]), query)

    def told(place: int) -> float | None:
        return _told(float(alike[place]), query)

    others = [(place, place in hashed, weighed(place, None)) for place in sorted(proposed) if wrong[place]]
    drawn = _drawn(picture, edit, [int(place) for place in np.flatnonzero(wrong) if place not in proposed], draw)
    accepted = [(place, False, weight) for place in drawn if worth(weight := weighed(place, told(place)))]
    nothing = _weight(fingerprints.NOTHING, float(alike[own]), query)
    return Tally(
        picture.name, edit, bool(peer[own]), bool(apart[own] <= RADIUS), own in hashed, own in described,
        weighed(own, told(own)) if own in proposed else nothing, weighed(own, None) if own in proposed else nothing,
        int((peer & wrong).sum()), int(((apart <= RADIUS) & wrong).sum()),
        tuple((by_hash, bank.pictures[places[place]].name, weight) for place, by_hash, weight in others + accepted),
        int(wrong.sum()), len(drawn) - len(accepted),
    )  # fmt: skip


def _drawn(picture: Picture, edit: str, places: list[int], draw: int) -> list[int]:
    return sorted(_generator(picture, f"drawn {edit}").sample(places, min(draw, len(places))))


def worth(weight: Weight) -> bool:
    """Whether any rule accepts it, holding or not, with descriptors or without."""
    both = _evidence(weight, False), _evidence(weight, True)
    return any(satisfied(evidence, rule) for rule in RULES for evidence in both)


def holds(weight: Weight, rule: Rule, similar: bool) -> bool:
    """Whether a rule is satisfied; `similar` says whether descriptors are to be had."""
    return satisfied(_evidence(weight, similar), rule)


def _evidence(weight: Weight, similar: bool) -> Evidence:
    score, agreeing, nearest, whole, negative, likeness = weight
    return dataclasses.replace(
        fingerprints.NOTHING, score=score, agreeing=agreeing, nearest=nearest, whole=whole, negative=negative,
        likeness=likeness if similar else None,
    )  # fmt: skip


def accepted(weight: Weight, similar: bool) -> bool:
    """Whether any rule is satisfied that would hold the upload."""
    return any(rule.holds and holds(weight, rule, similar) for rule in RULES)


def _weight(evidence: Evidence, likeness: float, query: ImageFingerprints) -> Weight:
    told = _told(likeness, query)
    told = None if told is None else round(told, 4)
    return evidence.score, evidence.agreeing, evidence.nearest, evidence.whole, evidence.negative, told


def _told(likeness: float, query: ImageFingerprints) -> float | None:
    """What descriptors say, or None where there are none."""
    return likeness if query.descriptors and likeness > _NO_LIKENESS else None


def _generator(picture: Picture, edit: str) -> random.Random:
    seed = hashlib.sha256(f"{picture.name}\n{edit}".encode()).digest()
    return random.Random(seed)  # noqa: S311 - not for secrets


def _beside(picture: Picture, edit: str, bank: Bank) -> int:
    """An unrelated photograph to put beside the source."""
    rng = _generator(picture, f"beside {edit}")
    others = [place for place, other in enumerate(bank.pictures) if other.is_source and other.of != picture.of]
    return rng.choice(others)


def _similarities(query: ImageFingerprints, bank: Bank) -> tuple[Floats, Floats]:
    """The largest cosine, and likeness, of any described part of the upload with each entry; -2 where there is none."""
    if not query.descriptors:
        none = np.full(len(bank.of), _NO_LIKENESS, np.float32)
        return none, none
    ours = descriptor.levels(query.descriptors)
    cosines = descriptor.similarities(ours, bank.levels)
    likeness = cosines - (background.bias(ours)[:, None] + bank.bias) / 2
    similar, alike = (np.where(bank.described, found.max(axis=0), _NO_LIKENESS) for found in (cosines, likeness))
    return similar, alike


def _words(hashes: list[bytes]) -> Hashes:
    return np.frombuffer(b"".join(hashes), np.uint64).reshape(-1, 4)


def _apart(forms: tuple[bytes, ...], known: Hashes) -> npt.NDArray[np.int64]:
    """The smallest distance of any form to each known fingerprint."""
    if not forms:
        return np.full(len(known), 256)
    smallest = np.full(len(known), 256, np.int64)
    for form in _words(list(forms)):
        np.minimum(smallest, np.bitwise_count(known ^ form).sum(axis=1, dtype=np.int64), out=smallest)
    return smallest
