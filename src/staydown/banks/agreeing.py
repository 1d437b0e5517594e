"""What of a stranger's fingerprint a person has really seen: only so much of it may be kept down.

Eight forms, twenty windows and a digest may be those of different pictures. Who had one of them confirmed by a copy that
they put up themselves would have the others kept down unseen. Windows agree at their own places, or where looking at
what was stopped found them; of a film those frames agree that one that was stopped shows, too,
and what stands within a second of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from staydown.banks.kept import Kept
from staydown.banks.policy import RADIUS
from staydown.fingerprints import distance, footage, windows
from staydown.matching import Index

BESIDE = 1.0  # seconds around a frame of a film that was seen


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is said of one picture: what is kept of it, and the keyed digest of its file."""

    kept: Kept
    exact: bytes | None


def agreed(sent: Claimed, seen: Sequence[Claimed], same: Collection[int] = ()) -> Claimed | None:
    """What of `sent` is of the media that a person has `seen`; None where nothing is.

    `same` names the windows of `sent` that were found in it, wherever they lay (`fingerprints.Evidence`).
    """
    forms = [form for each in seen for form in each.kept.forms]
    turned = tuple(form for form in sent.kept.turned if any(distance(form, other) <= RADIUS for other in forms))
    exact = sent.exact if any(each.exact == sent.exact for each in seen) else None
    known = _windows(sent.kept.windows, [each.kept.windows for each in seen], same)
    film = _film(sent.kept.film, [each.kept.film for each in seen])
    if not (turned or known or film) and exact is None:
        return None
    return Claimed(Kept(turned, windows=known, film=film), exact)


def _windows(sent: bytes, seen: Sequence[bytes], same: Collection[int]) -> bytes:
    """The record, with no quality for windows that are in no picture seen, and never more than the best of theirs."""
    if not sent:
        return b""
    ours, qualities = windows.unpack(sent), np.zeros(len(windows.WINDOWS), np.uint8)
    found, most = np.isin(np.arange(len(qualities)), list(same)), np.uint8(0)
    for theirs in (windows.unpack(each) for each in seen if each):
        near = np.bitwise_count(ours.hashes ^ theirs.hashes).sum(axis=1, dtype=np.int64) <= RADIUS
        qualities = np.where(near, np.maximum(qualities, np.minimum(ours.qualities, theirs.qualities)), qualities)
        most = max(most, theirs.qualities.max())
    qualities = np.where(found, np.maximum(qualities, np.minimum(ours.qualities, most)), qualities)
    return windows.pack(replace(ours, qualities=qualities)) if qualities.any() else b""


def _film(sent: bytes, seen: Sequence[bytes]) -> bytes:
    """The film's frames that a film seen shows, too, in any orientation, with those beside them; nothing where none does.

    Those beside them, because a passage is known again by its order only; no further, because nobody has seen the rest.
    """
    films = [footage.unpack(each) for each in seen if each]
    if not sent or not films:
        return b""
    ours = footage.unpack(sent)
    theirs = Index(RADIUS)
    forms = np.concatenate([form for film in films for form in film.frames.turned()])
    theirs.add(np.arange(len(forms)), forms)
    near = np.unique(theirs.search(ours.frames.hash).query)
    if not len(near):
        return b""
    times = ours.frames.time
    beside = np.flatnonzero((np.abs(times[:, None] - np.unique(times[near])) <= BESIDE).any(axis=1))
    return footage.pack(replace(ours, frames=ours.frames.some(beside)))
