"""What is stored of a film, and the form in which others exchange it."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staydown.fingerprints import FilmFingerprints, MalformedFilm, MalformedVpdq, footage, vpdq
from staydown.fingerprints.footage import Frames

RNG = np.random.default_rng(4)
TIMES = np.array([0, 0.25, 0.5, 0.5, 1.0, 2.25])
ROWS = Frames(
    TIMES,
    RNG.integers(0, 256, (6, 32), dtype=np.uint8),
    np.array([100, 90, 80, 70, 60, 5], np.uint8),
    np.array([0, 0, 0, 1, 0, 0], np.uint8),
    np.array([0, 0, 1, 1, 0, 0], bool),
)
FILM = FilmFingerprints(bytes(range(32)), 2.5, 24.0, 1280, 720, 2.25, True, ROWS)


def test_a_film_comes_back_as_it_was_stored() -> None:
    stored = footage.pack(FILM)
    assert len(stored) == 57 + 38 * 6
    found = footage.unpack(stored)
    for name in ("sha256", "duration", "rate", "width", "height", "thorough", "truncated"):
        assert getattr(found, name) == getattr(FILM, name)
    for name in ("time", "hash", "quality", "part", "cut"):
        assert np.array_equal(getattr(found.frames, name), getattr(ROWS, name))
    assert len(found.frames.mirrored) == 0


@pytest.mark.parametrize("end", [0, 3, 56, 57, -1])
def test_a_part_of_what_was_stored_is_malformed(end: int) -> None:
    with pytest.raises(MalformedFilm, match="Pass the bytes"):
        footage.unpack(footage.pack(FILM)[:end])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(footage.pack(FILM)) - 1), st.integers(0, 255))
def test_any_other_byte_is_another_film_or_malformed(place: int, value: int) -> None:
    stored = bytearray(footage.pack(FILM))
    stored[place] = value
    try:
        found = footage.unpack(bytes(stored))
    except MalformedFilm:
        return
    assert footage.pack(found) == bytes(stored)


def test_vpdq_lines_hold_one_whole_frame_a_second() -> None:
    found = vpdq.lines(FILM).splitlines()
    assert [line.split(",")[0] for line in found] == ["0", "24", "54"]
    assert found[1] == f"24,60,{ROWS.hash[4].tobytes().hex()},1.000"
    assert len(vpdq.lines(FILM, every=0.25).splitlines()) == 5


def test_vpdq_lines_are_read_as_they_were_written_in_either_order_of_columns() -> None:
    text = vpdq.lines(FILM)
    columns = [line.split(",") for line in text.splitlines()]
    exchanged = "\n".join(",".join((number, quality, time, found)) for number, quality, found, time in columns)
    for form in (text, exchanged):
        found = vpdq.parse(form)
        assert found.time.tolist() == [0, 1, 2.25]
        assert np.array_equal(found.hash, ROWS.hash[[0, 4, 5]])
        assert found.quality.tolist() == [100, 60, 5]


@pytest.mark.parametrize("text", ["", "hello", "1,101," + "0" * 64 + ",1.0", "1,50," + "0" * 63 + ",1.0"])
def test_other_text_is_not_vpdq(text: str) -> None:
    with pytest.raises(MalformedVpdq, match="separated by commas"):
        vpdq.parse(text)


def test_a_film_from_vpdq_lines_can_be_stored() -> None:
    film = dataclasses.replace(FILM, frames=vpdq.parse(vpdq.lines(FILM)))
    assert len(footage.unpack(footage.pack(film)).frames) == 3
