"""The pictures of the bench: photographs to edit and seek, and a bank of others to confuse them with.

Sources are whole photographs. Of those of at least 2 million pixels the four quarters and sixteen tiles (of at least 8
million, twenty-five) stand in the bank and are never sources, nor are drawings and the sky through telescopes.

What is one picture is told by three rules, which stand here before a run; a run's result changes none of them:
- versions of one picture are kept once: whole PDQ within 90 bits in any orientation, and luminance correlating at 0.8;
- files whose names differ by a size or a tint are one family, and what was cut from one file is as well: no pair of
  relatives is counted, as right or as wrong;
- second views of what one photograph shows already are left out by name (`photographs.SECOND_VIEWS`).
Every other pair is unrelated, however alike the two look.
"""

import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from bench import photographs
from bench.photographs import CACHE, fetch
from staydown import fingerprints

SIDE = 1024  # pixels: edits of larger pictures would take the bench's time
LARGE, LARGEST = 2_000_000, 8_000_000  # pixels: from here on cut into quarters and tiles, and into more tiles
LEAST = 200  # pixels of the shorter side
ALIKE = 90  # bits: nearer whole pictures may be versions of one
SAME = 0.8  # correlation of luminance, in the best of eight orientations, that makes them so
VERSION = re.compile(r"([-_]?\d{3,5}x\d{3,5})?([-_](d|l|dark|light|logo))?$")  # in a wallpaper's file name
BUILT = CACHE / "gallery-4"
Thumbs = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of at most 1024 pixels a side. `kind` is photograph, quarter, tile or drawing; `of` names the file that it
    is cut from, or of several versions of it the first.
    """

    name: str
    of: str
    kind: str
    data: bytes

    @property
    def is_measured(self) -> bool:
        """Whether results may be told of it; an eighth of the photographs is for choosing thresholds instead."""
        return hashlib.sha256(self.of.encode()).digest()[0] % 8 != 0

    @property
    def is_source(self) -> bool:
        return self.kind == "photograph"


def pictures() -> list[Picture]:
    """Every picture, in the order of the names; made once, then read from the cache."""
    fetch()
    listed = BUILT / "list.json"
    if not listed.exists():
        _build(listed)
    names = json.loads(listed.read_text())
    first = _families(of for _, of, _ in names)
    return [
        Picture(name, first[of], kind, (BUILT / f"{place:04}.jpg").read_bytes())
        for place, (name, of, kind) in enumerate(names)
    ]


def _families(files: Iterable[str]) -> dict[str, str]:
    """The first file of each one's family: the same name for other screens, for day and for night."""
    first: dict[str, str] = {}
    return {file: first.setdefault(VERSION.sub("", file.rpartition(".")[0]), file) for file in sorted(set(files))}


def gallery() -> list[tuple[bytes, str]]:
    """JPEG bytes and name of each whole photograph."""
    return [(picture.data, picture.name) for picture in pictures() if picture.kind == "photograph"]


def calibration() -> list[Picture]:
    """The photographs on which thresholds may be chosen."""
    return [picture for picture in pictures() if picture.is_source and not picture.is_measured]


def _build(listed: Path) -> None:
    BUILT.mkdir(parents=True, exist_ok=True)
    kept = _Kept()
    names: list[tuple[str, str, str]] = []
    for picture in _cut():
        if kept.takes(picture):
            (BUILT / f"{len(names):04}.jpg").write_bytes(picture.data)
            names.append((picture.name, picture.of, picture.kind))
    listed.write_text(json.dumps(names, indent=0))


def _cut() -> Iterator[Picture]:
    for name, data in photographs.found():
        try:
            whole = _opened(data)
        except (OSError, ValueError):
            continue
        drawn = photographs.is_drawn(name)
        yield Picture(name, name, "drawing" if drawn else "photograph", _saved(whole))
        pixels = whole.width * whole.height
        if pixels < LARGE or photographs.SKY in name:
            continue
        for parts, kind in ((2, "tile" if drawn else "quarter"), (5 if pixels >= LARGEST else 4, "tile")):
            for number, cut in enumerate(_parts(whole, parts)):
                yield Picture(f"{name}#{kind}{parts}.{number}", name, kind, _saved(cut))


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        seen = picture.convert("RGBA")
    if min(seen.size) < LEAST:
        raise ValueError(seen.size)
    white = Image.new("RGB", seen.size, "white")
    white.paste(seen, mask=seen.getchannel("A"))
    return white


def _parts(whole: Image.Image, parts: int) -> Iterator[Image.Image]:
    wide, high = whole.width // parts, whole.height // parts
    for place in range(parts * parts):
        left, top = place % parts * wide, place // parts * high
        yield whole.crop((left, top, left + wide, top + high))


def _saved(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((SIDE, SIDE))
    made = io.BytesIO()
    small.save(made, "JPEG", quality=92)
    return made.getvalue()


class _Kept:
    """What is kept so far, to tell versions of it: fingerprints, and luminance of 32 x 32 samples."""

    def __init__(self) -> None:
        self._pdq = np.empty((0, 32), np.uint8)
        self._thumbs: list[Thumbs] = []

    def takes(self, picture: Picture) -> bool:
        found = fingerprints.of_image(picture.data)
        if found.quality < fingerprints.ENOUGH or not found.sight.regions:
            return False
        forms = np.array([np.frombuffer(form, np.uint8) for form in found.turned])
        apart = np.bitwise_count(forms[:, None] ^ self._pdq[None]).sum(axis=2).min(axis=0)
        thumb = _thumb(picture.data)
        if any(_correlation(thumb, self._thumbs[place]) >= SAME for place in np.flatnonzero(apart <= ALIKE)):
            return False
        self._pdq = np.concatenate([self._pdq, forms[:1]])
        self._thumbs.append(thumb)
        return True


def _thumb(data: bytes) -> Thumbs:
    seen = np.asarray(Image.open(io.BytesIO(data)).convert("L").resize((32, 32), Image.Resampling.BOX), np.float32)
    centred: Thumbs = (seen - seen.mean()) / max(1e-6, float(seen.std()))
    return centred


def _correlation(one: Thumbs, other: Thumbs) -> float:
    """The largest over the eight orientations, -1 to 1."""
    turned = [np.rot90(side, turns) for side in (one, one.T) for turns in range(4)]
    return max(float((seen * other).mean()) for seen in turned)
