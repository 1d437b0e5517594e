"""A film's bytes -> its fingerprints."""

import os
from dataclasses import replace
from os import PathLike
from pathlib import Path

import numpy as np

from staydown.decoding import DecodingError, Limits, Pool
from staydown.decoding.errors import FILM_WORDS
from staydown.decoding.frames import MOST
from staydown.decoding.pool import Shared
from staydown.decoding.wire import Garbled, Question, refusal
from staydown.fingerprints import footage
from staydown.fingerprints.digests import exact
from staydown.fingerprints.errors import MalformedFilm
from staydown.fingerprints.footage import FilmFingerprints

FILM_LIMITS = Limits(
    bytes=256 << 20,
    pixels=36_000_000,  # 8192 x 4320: no telephone films more
    side=16_384,
    cpu_seconds=300,  # an hour of 720p; what is longer is looked at less thoroughly, and said to be
    wall_seconds=900.0,
    memory=3 << 30,
    pictures_per_worker=50,
)
PROGRAM = "staydown.fingerprints.filming"
EVERY, KEYS, TMK = b"\x00", b"\x01", b"\x02"  # what a request asks for: its first byte
_LONGEST = 64 + len(footage.Part) * MOST * (footage.ROW + footage.WIDTH)


def of_film(source: bytes | str | PathLike[str]) -> FilmFingerprints:
    """Four fingerprints for each second of a film (or GIF, animated WebP, APNG), given as its bytes or its path.

    It is decoded in a sandboxed process. Raises `OSError`, `Unavailable`, or `UndecodableFilm`, `UnsupportedFilm`,
    `FilmTooLarge`, `FilmTookTooLong`: the four of `staydown.decoding` in words about films.
    """
    return ask(pool(), data_of(source), EVERY)


def keyframes_of_film(source: bytes | str | PathLike[str]) -> FilmFingerprints:
    """A first look, many times as quick: the frames that are coded by themselves only. Raises as `of_film` does."""
    return ask(pool(), data_of(source), KEYS)


def data_of(source: bytes | str | PathLike[str]) -> bytes:
    """A film's bytes, given as they are or by their path."""
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def ask(pool: Pool, data: bytes, asked: bytes) -> FilmFingerprints:
    """The fingerprints of one film from a pool whose workers run `PROGRAM`."""
    return replace(said(pool, data, Question(asked, _LONGEST, answer)), sha256=exact(data))


def said[R](pool: Pool, data: bytes, question: Question[R]) -> R:
    """What such a pool answers about a film, and what it refuses in words about films."""
    try:
        return pool.ask(data, question)
    except DecodingError as refused:
        raise FILM_WORDS.get(type(refused), type(refused)) from refused


def answer(reply: bytes) -> FilmFingerprints:
    """What a reply says; nothing in it is believed unseen. Raises the refusal it carries, or `Garbled`."""
    if found := refusal(reply):
        raise found
    try:
        mirrored = footage.rows_in(reply) * footage.WIDTH
        film = footage.unpack(reply[: len(reply) - mirrored])
    except MalformedFilm as cause:
        raise Garbled from cause
    hashes = np.frombuffer(reply[len(reply) - mirrored :], np.uint8).reshape(-1, footage.WIDTH)
    return replace(film, frames=replace(film.frames, mirrored=hashes))


def pool() -> Pool:
    """The pool that this process shares."""
    return _shared.pool()


_shared = Shared(lambda: Pool(max(1, (os.cpu_count() or 1) // 2), FILM_LIMITS, PROGRAM))
"""Half the processors: pictures must not wait."""
