"""A film as others exchange it: its TMK+PDQF hash, computed, read, written and compared.

    ours = tmk.of_film("film.mp4")
    theirs = tmk.read(Path("theirs.tmk").read_bytes())     # or tmk.parse(text), as ThreatExchange carries it
    tmk.similarity(ours, theirs).alike

Never one of our own ways to match: one vector for a whole film finds no passage in it. Source: ThreatExchange
tmk/cpp/algo/tmkfv.{h,cpp}, io/tmkiotypes.h.
"""

import base64
import binascii
import math
import struct
from dataclasses import dataclass, replace
from os import PathLike

import numpy as np
import numpy.typing as npt

from staydown.decoding.containers import PICTURES, container
from staydown.decoding.types import Floats
from staydown.decoding.wire import Garbled, Question, refusal
from staydown.fingerprints import film
from staydown.fingerprints.errors import DamagedTmk, MalformedTmk, NoTmk, OtherTmk

A_SECOND = 15
PERIODS = (2731, 4391, 9767, 14653)  # frames
WIDTH = 256
ALIKE = 0.7  # at either level, from which films are taken for the same


def _levels(count: int, concentration: float) -> tuple[float, ...]:
    """The strength of each frequency: the Fourier series of the von Mises distribution (Poullot et al., section 3).

    Bessel functions over the hyperbolic sine, by their integral, which of so smooth a curve is a plain mean.
    """
    angle = 2 * np.pi * np.arange(512) / 512
    curve = np.exp(concentration * (np.cos(angle) - 1))  # all over e^concentration, which the division takes away
    scale = (1 - math.exp(-2 * concentration)) / 2
    series = [float((curve * np.cos(place * angle)).mean()) / scale for place in range(count)]
    return ((series[0] - math.exp(-2 * concentration) / scale) / 2, *series[1:])


LEVELS = _levels(32, 32.0)
_MAGIC = b"TMK1FVECPDQF"
_HEAD = struct.Struct("<12s5i")  # magic, frames a second, periods, levels, width, frames
_SHAPE = len(PERIODS), len(LEVELS), WIDTH
_WAVES = math.prod(_SHAPE)
_PARAMETERS = np.array(PERIODS, "<i4").tobytes() + np.array(LEVELS, "<f4").tobytes()
SIZE = _HEAD.size + len(_PARAMETERS) + 4 * (WIDTH + 2 * _WAVES)
ROUNDING = 1e-3  # by how much the length of a vector may be off


@dataclass(frozen=True, slots=True, eq=False)
class Tmk:
    """The hash of one film: `frames` at fifteen a second, `mean` (256) of their PDQF, `cosines` and `sines` 4 x 32 x 256.

    `truncated` where the film ended early or was damaged; no file tells it.
    """

    frames: int
    mean: Floats
    cosines: Floats
    sines: Floats
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two films are: `level1` by their means, -1 to 1; `level2` by when what was seen, at most 1."""

    level1: float
    level2: float

    @property
    def alike(self) -> bool:
        """Whether the reference takes the two for the same film."""
        return self.level1 >= ALIKE and self.level2 >= ALIKE


def of_film(source: bytes | str | PathLike[str]) -> Tmk:
    """The hash of a film given as its bytes or its path; every frame of it is decoded, in a sandboxed process.

    Raises what `film.of_film` raises, and `NoTmk` for a GIF, WebP or PNG.
    """
    data = film.data_of(source)
    if container(data) in PICTURES:
        raise NoTmk
    return film.said(film.pool(), data, Question(film.TMK, 1 + SIZE, answer))


def answer(reply: bytes) -> Tmk:
    """What a worker's reply says; nothing in it is believed unseen. Raises the refusal it carries, or `Garbled`."""
    if found := refusal(reply):
        raise found
    if reply[:1] not in (b"\x00", b"\x01"):
        raise Garbled
    try:
        return replace(read(reply[1:]), truncated=reply[:1] == b"\x01")
    except MalformedTmk as cause:
        raise Garbled from cause


def write(hashed: Tmk) -> bytes:
    """The hash as a .tmk file: 263,344 bytes, little-endian."""
    head = _HEAD.pack(_MAGIC, A_SECOND, *_SHAPE, hashed.frames)
    vectors = (each.astype("<f4").tobytes() for each in (hashed.mean, hashed.cosines, hashed.sines))
    return head + _PARAMETERS + b"".join(vectors)


def read(stored: bytes) -> Tmk:
    """The hash in a .tmk file. Raises `MalformedTmk`, `DamagedTmk`, or `OtherTmk` for one that was made otherwise."""
    if stored[: len(_MAGIC)] != _MAGIC:
        raise MalformedTmk
    if len(stored) < _HEAD.size:
        raise DamagedTmk
    _, rate, *shape, frames = _HEAD.unpack_from(stored)
    if (rate, *shape) != (A_SECOND, *_SHAPE):
        raise OtherTmk
    if len(stored) != SIZE or frames < 1:
        raise DamagedTmk
    if not _is_as_published(stored[_HEAD.size :]):
        raise OtherTmk
    numbers = np.frombuffer(stored, "<f4", offset=_HEAD.size + len(_PARAMETERS)).astype(np.float32)
    cosines, sines = numbers[WIDTH:].reshape(2, *_SHAPE)
    if not np.isfinite(numbers).all() or not _are_as_long_as_they_should_be(cosines, sines):
        raise DamagedTmk
    return Tmk(frames, numbers[:WIDTH], cosines, sines)


def _is_as_published(stored: bytes) -> bool:
    periods = np.frombuffer(stored, "<i4", len(PERIODS))
    levels = np.frombuffer(stored, "<f4", len(LEVELS), 4 * len(PERIODS))
    return tuple(periods) == PERIODS and bool(np.allclose(levels, LEVELS, rtol=1e-5, atol=0))


def _are_as_long_as_they_should_be(cosines: Floats, sines: Floats) -> bool:
    """Each vector has the length of its level, or is zero: so no hash is more like others than another can be."""
    squares = (np.stack([cosines, sines]).astype(np.float64) ** 2).sum(axis=-1) / np.array(LEVELS)
    return bool(((np.abs(squares - 1) < 2 * ROUNDING) | (squares == 0)).all())


def text(hashed: Tmk) -> str:
    """The hash as ThreatExchange carries it (`HASH_TMK`): twelve letters, a bar, the rest of the file in base64."""
    stored = write(hashed)
    return f"{_MAGIC.decode()}|{base64.b64encode(stored[len(_MAGIC) :]).decode()}"


def parse(written: str) -> Tmk:
    """The hash that `text` wrote. Raises as `read` does."""
    magic, bar, rest = written.strip().partition("|")
    if magic.encode(errors="replace") != _MAGIC or not bar:
        raise MalformedTmk
    try:
        return read(_MAGIC + base64.b64decode(rest, validate=True))
    except binascii.Error as cause:
        raise DamagedTmk from cause


def similarity(one: Tmk, other: Tmk) -> Similarity:
    """How alike two films are, the second at the time at which it is most like the first (modulo each period)."""
    even = _dots(one.cosines, other.cosines) + _dots(one.sines, other.sines)
    odd = _dots(one.sines, other.cosines) - _dots(one.cosines, other.sines)
    best = max(
        float(period * np.fft.ifft(waves, period).real.max())
        for period, waves in zip(PERIODS, even - 1j * odd, strict=True)
    )
    mean, others = one.mean.astype(np.float64), other.mean.astype(np.float64)
    lengths = float(np.linalg.norm(mean) * np.linalg.norm(others))
    return Similarity(float(mean @ others) / lengths if lengths else 0.0, best / (LEVELS[0] + 2 * sum(LEVELS[1:])))


def _dots(one: Floats, other: Floats) -> npt.NDArray[np.float64]:
    """4 x 32."""
    dots: npt.NDArray[np.float64] = (one.astype(np.float64) * other).sum(axis=-1)
    return dots
