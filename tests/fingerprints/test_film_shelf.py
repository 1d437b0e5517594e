"""Many known films at once: which of them are in a query, and where on the shelf they stand."""

import dataclasses

import numpy as np
import pytest

from staydown.fingerprints import FilmFingerprints, FilmShelf
from staydown.fingerprints.footage import Frames, Part
from staydown.fingerprints.turns import MIRRORED

RNG = np.random.default_rng(12)


def film(seconds: int, quality: int = 90) -> FilmFingerprints:
    """A film of frames that have nothing in common with those of any other."""
    hashes = RNG.integers(0, 256, (seconds * 4, 32), dtype=np.uint8)
    none = np.zeros(len(hashes), np.uint8)
    rows = Frames(np.arange(len(hashes)) / 4, hashes, none + np.uint8(quality), none + np.uint8(Part.WHOLE), none > 0)
    return FilmFingerprints(bytes(32), float(seconds), 12.0, 640, 360, float(seconds), False, rows)


def within(one: FilmFingerprints, start: int, end: int, other: FilmFingerprints) -> FilmFingerprints:
    """Some seconds of a film, and after them another."""
    hashes = np.concatenate([one.frames.hash[start * 4 : end * 4], other.frames.hash])
    none = np.zeros(len(hashes), np.uint8)
    rows = Frames(np.arange(len(hashes)) / 4, hashes, none + np.uint8(90), none, none > 0, hashes[:0])
    return dataclasses.replace(one, frames=rows, duration=len(hashes) / 4)


@pytest.fixture(scope="module")
def films() -> list[FilmFingerprints]:
    return [film(8), film(3), film(20), film(5)]


def test_a_film_is_named_by_its_place_and_the_others_are_left_out(films: list[FilmFingerprints]) -> None:
    found = FilmShelf.of(films).search(within(films[2], 5, 11, film(10)))
    ((place, (passage, *_)),) = found.items()
    assert place == 2
    assert (passage.known_start, passage.known_end) == (5, 10.75)
    assert (passage.query_start, passage.query_end) == (0, 5.75)


def test_two_known_films_in_one_query_are_both_found(films: list[FilmFingerprints]) -> None:
    assert sorted(FilmShelf.of(films).search(within(films[2], 0, 6, films[0]))) == [0, 2]


def test_a_film_that_stands_there_twice_is_found_twice(films: list[FilmFingerprints]) -> None:
    assert sorted(FilmShelf.of([*films, films[1]]).search(films[1])) == [1, 4]


def test_a_mirrored_film_is_found_by_the_querys_mirrored_fingerprints(films: list[FilmFingerprints]) -> None:
    rows = films[3].frames
    turned = dataclasses.replace(rows, hash=film(5).frames.hash, mirrored=rows.hash)
    ((place, (passage, *_)),) = FilmShelf.of(films).search(dataclasses.replace(films[3], frames=turned)).items()
    assert place == 3
    assert passage.turn == MIRRORED


def test_films_too_flat_to_compare_stand_there_and_are_never_found(films: list[FilmFingerprints]) -> None:
    flat = film(6, quality=10)
    shelf = FilmShelf.of([flat, *films])
    assert shelf.search(flat) == {}
    assert list(shelf.search(films[0])) == [1]
    assert FilmShelf.of([flat]).search(films[0]) == {}


def test_one_frame_alike_is_no_reason_to_look_closer(films: list[FilmFingerprints]) -> None:
    other = film(8)
    hashes = other.frames.hash.copy()
    hashes[9] = films[0].frames.hash[9]
    query = dataclasses.replace(other, frames=dataclasses.replace(other.frames, hash=hashes))
    assert FilmShelf.of(films).search(query) == {}
