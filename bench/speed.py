"""Milliseconds of one core for one picture: ours in the sandbox beside the peers, on the same files, in turns.

Every contender is asked once, then every one again, and so on: whatever else the machine does then slows all alike,
and the ratio of two medians means something where a time alone does not.
"""

import io
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from bench.alone import Confined, decoded_at_scale
from bench.pipes import PEERS, Peers
from bench.recall import Bank
from staydown import fingerprints, matching
from staydown.fingerprints import descriptor

SIZES = {"12 MP": (4000, 3000), "1080p": (1920, 1080), "640": (640, 480)}
KINDS: dict[str, tuple[str, dict[str, object]]] = {
    "JPEG": ("JPEG", {"quality": 88}),
    "progressive JPEG": ("JPEG", {"quality": 88, "progressive": True}),
    "PNG": ("PNG", {}),
    "WebP": ("WEBP", {"quality": 80}),
    "HEIC": ("HEIF", {"quality": 80}),
    "AVIF": ("AVIF", {"quality": 60, "speed": 8}),
}
MOST, LEAST = 25, 5  # runs of each contender that count; the least even if they take longer than their share
Work = Callable[[bytes], object]
Times = dict[str, float | str]
IN_PROCESS, IN_SANDBOX, MINE = "scaled decode alone", "the same in the sandbox", "**ours: PDQ, eight forms**"


@dataclass
class Contest:
    """What each contender took on one file: medians in milliseconds, or the error's name."""

    size: str
    kind: str
    bytes: int
    runs: int = 0
    medians: Times = field(default_factory=dict)


def ours(bank: Bank, confined: Confined) -> dict[str, Work]:
    """Our own paths, from the least to the whole."""
    shelf, described = fingerprints.shelved(bank.windows), matching.Descriptors()
    described.add(np.flatnonzero(bank.described), bank.levels[bank.described])

    def whole_path(data: bytes) -> None:
        query = fingerprints.of_image(data, descriptors=True)
        fingerprints.search(shelf, query)
        described.search(descriptor.levels(query.descriptors), descriptor.CANDIDATE)

    return {
        IN_PROCESS: decoded_at_scale,
        IN_SANDBOX: confined.decoded_at_scale,
        MINE: fingerprints.of_whole,
        "ours: with regions and windows": fingerprints.of_image,
        "ours: with descriptors, too": lambda data: fingerprints.of_image(data, descriptors=True),
        "ours: and candidates sought": whole_path,
    }


def contests(picture: Image.Image, bank: Bank, seconds: float) -> list[Contest]:
    """One contest for each size and kind; what is left of the time is shared by those that are left."""
    ends, left, found, confined = time.monotonic() + seconds, len(SIZES) * len(KINDS), [], Confined()
    with tempfile.TemporaryDirectory() as folder, Peers() as peers:
        for size, sides in SIZES.items():
            resized = picture.resize(sides, Image.Resampling.LANCZOS)
            for kind, (named, options) in KINDS.items():
                path = Path(folder) / f"{size}.{kind}".replace(" ", "-").lower()
                path.write_bytes(_saved(resized, named, options))
                contest = Contest(size, kind, path.stat().st_size)
                share = (ends - time.monotonic()) / left
                found.append(_contest(contest, path, ours(bank, confined), peers, share))
                left -= 1
    confined.close()
    return found


def _saved(picture: Image.Image, named: str, options: dict[str, object]) -> bytes:
    if named == "HEIF":
        pillow_heif.register_heif_opener()
    made = io.BytesIO()
    picture.save(made, named, **options)
    return made.getvalue()


def _contest(contest: Contest, path: Path, works: dict[str, Work], peers: Peers, seconds: float) -> Contest:
    data = path.read_bytes()
    taken: dict[str, list[float]] = {name: [] for name in (*works, *PEERS)}
    ends = time.monotonic() + seconds
    while contest.runs <= LEAST or (contest.runs <= MOST and time.monotonic() < ends):
        for name, times in taken.items():
            if name in contest.medians:
                continue
            one = _timed(works[name], data) if name in works else peers.asked(name, path)
            if "ms" in one:
                times.append(float(one["ms"]))
            else:
                contest.medians[name] = f"({one['error']})"
        contest.runs += 1
    contest.medians |= {name: statistics.median(times[1:]) for name, times in taken.items() if len(times) > 1}
    return contest


def _timed(work: Work, data: bytes) -> dict[str, float | str]:
    begun = time.perf_counter()
    try:
        work(data)
    except (ValueError, OSError, fingerprints.Undecodable, fingerprints.Unsupported) as refusal:
        return {"error": type(refusal).__name__}
    return {"ms": (time.perf_counter() - begun) * 1000}
