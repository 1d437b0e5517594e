"""Recall and wrong matches over the sixty edits: one picture edited in sixty ways, sought among all."""

import io
import random
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PIL import Image

from bench.table import EDITS
from staydown import fingerprints
from staydown.fingerprints import ENOUGH, LOOKED_UP, Evidence, ImageFingerprints, Shelf, Verdict

RADIUS = 31  # bits: the distance at which the peer, and our own lookups, match at once
Hashes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Bank:
    """What the banks of both sides hold of the gallery."""

    pdq: Hashes
    windows: list[bytes]
    shelf: Shelf

    @staticmethod
    def of(known: list[ImageFingerprints]) -> "Bank":
        hashes = np.array([np.frombuffer(each.pdq, np.uint8) for each in known])
        windows = [each.windows for each in known]
        return Bank(hashes, windows, fingerprints.shelved(windows))


@dataclass
class Tally:
    """For one edited picture: whether each way found it, wrong entries each way accepted, evidence of both kinds."""

    edit: str
    peer: bool
    looked_up: bool
    sought: bool
    verdict: Verdict
    wrong_peer: int
    wrong_looked_up: int
    own: Evidence
    others: dict[int, Evidence] = field(default_factory=dict)


def measured(source: int, pictures: list[bytes], bank: Bank) -> list[Tally]:
    """The sixty tallies of one source; the generator is seeded by it, so that a run can be repeated."""
    rng = random.Random(source)  # noqa: S311 - not for secrets
    picture = Image.open(io.BytesIO(pictures[source])).convert("RGB")
    found = []
    for name, edit in EDITS.items():
        beside = rng.choice([place for place in range(len(pictures)) if place != source])
        other = Image.open(io.BytesIO(pictures[beside])).convert("RGB")
        made = io.BytesIO()
        edit(picture, rng, other).save(made, "JPEG", quality=88)
        found.append(_tally(name, (source, beside), fingerprints.of_image(made.getvalue()), bank))
    return found


def _tally(name: str, shown: tuple[int, int], query: ImageFingerprints, bank: Bank) -> Tally:
    """`shown` are the places of the source and of the picture put beside it: finding that one is not wrong."""
    source, beside = shown
    peer = np.flatnonzero(_apart((query.pdq,), bank.pdq) <= RADIUS) if query.quality >= ENOUGH else np.empty(0, int)
    forms = (*(query.turned if query.quality >= ENOUGH else ()), *query.regions)
    whole = np.array([np.frombuffer(each[:32], np.uint8) for each in bank.windows])
    nearest = np.minimum(_apart(forms, bank.pdq), _apart(forms, whole))
    at_once = np.flatnonzero(nearest <= RADIUS)
    candidates = dict.fromkeys(
        [*map(int, np.flatnonzero(nearest <= LOOKED_UP)), *fingerprints.search(bank.shelf, query)]
    )
    evidence = {entry: fingerprints.verify(query, bank.windows[entry]) for entry in candidates}
    evidence.pop(beside, None)
    own = evidence.pop(source, None) or fingerprints.NOTHING
    return Tally(
        name, source in peer, source in at_once, source in candidates, fingerprints.verdict(own),
        len(set(peer) - set(shown)), len(set(at_once) - set(shown)), own, evidence,
    )  # fmt: skip


def _apart(forms: tuple[bytes, ...], known: Hashes) -> npt.NDArray[np.int64]:
    """The smallest distance of any form to each known fingerprint."""
    if not forms:
        return np.full(len(known), 256)
    queries = np.array([np.frombuffer(form, np.uint8) for form in forms])
    smallest: npt.NDArray[np.int64] = (
        np.bitwise_count(queries[:, None] ^ known[None]).sum(axis=2, dtype=np.int64).min(axis=0)
    )
    return smallest
