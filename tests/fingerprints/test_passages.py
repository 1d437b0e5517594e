"""Where a film is in another, and that unrelated films and stills are in none."""

import dataclasses
import itertools

import numpy as np
import pytest
from PIL import Image, ImageOps

from staydown.fingerprints import FilmFingerprints, FilmShelf, footage, of_film, passages
from staydown.fingerprints.footage import Frames, Part
from staydown.fingerprints.passages import RADIUS, telling
from staydown.fingerprints.turns import MIRRORED, UPRIGHT
from tests.films import RATE, as_story, edited, film, mirrored, moving, on_a_telephone, scene, with_logo

NAMES = ("coffee", "cat", "rocket", "china", "flower")


@pytest.fixture(scope="module")
def known() -> FilmFingerprints:
    """Eight seconds over one photograph, as a bank has it: without its mirrored fingerprints."""
    return footage.unpack(footage.pack(of_film(film(scene("coffee", 8)))))


@pytest.fixture(scope="module")
def others() -> list[FilmFingerprints]:
    return [of_film(film(scene(name, 8, seed=seed))) for seed, name in enumerate(NAMES[1:], start=5)]


@pytest.fixture(scope="module")
def compilation() -> FilmFingerprints:
    """Twelve seconds of other films, then three seconds of the known one, then twelve of others."""
    middle = itertools.islice(scene("coffee", 8), 2 * RATE, 5 * RATE)
    return of_film(film([*scene("cat", 12, seed=7), *middle, *scene("china", 12, seed=8)]))


def test_the_same_film_is_found_from_end_to_end(known: FilmFingerprints) -> None:
    (found,) = passages(known, known)
    assert (found.query_start, found.known_start, found.speed, found.nearest) == (0, 0, 1, 0)
    assert found.agreeing == 8
    assert found.turn == UPRIGHT
    assert not (found.framed or found.cropped)


def test_a_film_saved_again_smaller_is_found(known: FilmFingerprints) -> None:
    small = edited(scene("coffee", 8), lambda picture: picture.resize((160, 90)))
    (found, *_) = passages(of_film(film(small, crf="38")), known)
    assert found.agreeing >= 7
    assert found.speed == pytest.approx(1, abs=0.03)


def test_three_seconds_in_a_compilation_are_found_where_they_are(
    known: FilmFingerprints, compilation: FilmFingerprints
) -> None:
    (found,) = passages(compilation, known)
    assert (found.query_start, found.query_end) == pytest.approx((12, 15), abs=0.6)
    assert (found.known_start, found.known_end) == pytest.approx((2, 5), abs=0.6)
    assert found.words.startswith("Found 0:0")


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 1.5, 2.0])
def test_a_film_at_another_speed_is_found_and_its_speed_told(known: FilmFingerprints, speed: float) -> None:
    (found, *_) = passages(of_film(film(scene("coffee", 8 / speed))), known)
    assert found.speed == pytest.approx(speed, rel=0.06)
    assert f"at {found.speed:.2f} times the speed" in found.words


def test_a_mirrored_film_is_found_and_said_to_be_mirrored(known: FilmFingerprints) -> None:
    (found, *_) = passages(of_film(film(edited(scene("coffee", 8), mirrored))), known)
    assert found.turn == MIRRORED
    assert found.agreeing >= 7
    assert "mirrored left to right" in found.words


@pytest.mark.parametrize("way", [way for way in Image.Transpose if way != Image.Transpose.FLIP_LEFT_RIGHT])
def test_a_film_that_is_turned_is_found_and_said_to_be(known: FilmFingerprints, way: Image.Transpose) -> None:
    (found, *_) = passages(of_film(film(edited(scene("coffee", 8), lambda picture: picture.transpose(way)))), known)
    assert found.agreeing >= 7
    assert found.turn not in (UPRIGHT, MIRRORED)
    assert found.turn.words in found.words


@pytest.mark.parametrize("size", [(90, 160), (160, 160)], ids=["upright", "square"])
def test_the_middle_cut_out_for_another_screen_is_found(known: FilmFingerprints, size: tuple[int, int]) -> None:
    (found, *_) = passages(
        of_film(film(edited(scene("coffee", 8), lambda picture: ImageOps.fit(picture, size)))), known
    )
    assert found.agreeing >= 4
    assert found.cropped


def test_a_cut_film_with_a_logo_is_found(known: FilmFingerprints) -> None:
    (found, *_) = passages(of_film(film(edited(scene("coffee", 8), with_logo))), known)
    assert found.agreeing >= 4
    assert "cropped" in found.words


def test_a_film_inside_bars_with_a_caption_is_found_inside_them(known: FilmFingerprints) -> None:
    (found, *_) = passages(of_film(film(edited(scene("coffee", 8), as_story))), known)
    assert found.framed
    assert found.agreeing >= 6
    assert "do not move" in found.words


def test_a_film_that_was_banked_inside_bars_is_found_without_them(known: FilmFingerprints) -> None:
    banked = of_film(film(edited(scene("coffee", 8), as_story)))
    (found, *_) = passages(of_film(film(scene("coffee", 8))), banked)
    assert found.framed


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_gif_of_a_film_is_found(known: FilmFingerprints, kind: str) -> None:
    some = [picture.resize((160, 90)) for picture in itertools.islice(scene("coffee", 8), 0, 4 * RATE, 3)]
    (found, *_) = passages(of_film(moving(some, kind)), known)
    assert found.agreeing >= 3


def test_unrelated_films_share_no_passage(
    known: FilmFingerprints, others: list[FilmFingerprints], compilation: FilmFingerprints
) -> None:
    for one, other in itertools.permutations([known, *others], 2):
        assert not passages(one, other)
    assert not passages(compilation, others[1])


@pytest.fixture(scope="module")
def in_one_frame() -> list[FilmFingerprints]:
    """Unrelated films on the same telephone's screen, which is most of what is seen."""
    names = ("coffee", "cat", "rocket", "china")
    return [of_film(film(edited(scene(name, 8, seed=seed), on_a_telephone))) for seed, name in enumerate(names)]


def test_unrelated_films_in_the_same_frame_share_no_passage(in_one_frame: list[FilmFingerprints]) -> None:
    looks = [each.frames.hash[each.frames.part == Part.WHOLE] for each in in_one_frame[:2]]
    apart = np.bitwise_count(looks[0][:, None] ^ looks[1]).sum(axis=2)
    assert np.median(apart) <= RADIUS + 8  # by their looks alone they would be one film
    for one, other in itertools.permutations(in_one_frame, 2):
        assert not passages(one, other)


def test_a_film_is_found_again_in_the_same_frame(in_one_frame: list[FilmFingerprints]) -> None:
    again = of_film(film(edited(scene("coffee", 8, seed=0), on_a_telephone), crf="34"))
    (found, *_) = passages(again, in_one_frame[0])
    assert found.agreeing >= 6
    assert found.speed == pytest.approx(1, abs=0.03)


def test_a_still_agrees_with_no_order() -> None:
    picture = next(scene("coffee", 1))
    still = of_film(film([picture] * 8 * RATE))
    assert not passages(still, still)
    between = [*scene("cat", 3), *([picture] * 4 * RATE), *scene("china", 3)]
    also = [*scene("rocket", 3), *([picture] * 4 * RATE), *scene("flower", 3)]
    assert not passages(of_film(film(between)), of_film(film(also)))


def test_of_a_still_few_rows_are_compared_and_of_what_moves_all(known: FilmFingerprints) -> None:
    assert len(telling(known.frames)) == len(known.frames)
    rows = known.frames
    hour = np.arange(4 * 3600) / 4
    still = dataclasses.replace(
        rows,
        time=hour,
        hash=np.repeat(rows.hash[:1], len(hour), axis=0),
        quality=np.full(len(hour), 90, np.uint8),
        part=np.zeros(len(hour), np.uint8),
        cut=np.zeros(len(hour), bool),
    )
    kept = telling(still)
    assert len(kept) == 8
    assert np.ptp(hour[kept]) > 3000
    film = dataclasses.replace(known, frames=still)
    assert not passages(film, film)


def test_two_films_that_agree_everywhere_are_compared_within_bounds(known: FilmFingerprints) -> None:
    """Two pictures that alternate for an hour, against the same: millions of pairs, and still an answer."""
    rng, count = np.random.default_rng(6), 1600
    hashes = np.tile(rng.integers(0, 256, (2, 32), dtype=np.uint8), (count // 2, 1))
    rows = Frames(
        np.arange(count) / 4, hashes, np.full(count, 90, np.uint8), np.zeros(count, np.uint8), hashes[:, 0] < 0
    )
    film = dataclasses.replace(known, frames=rows)
    assert len(passages(film, film)) <= 64


def test_black_and_flat_frames_agree_with_nothing() -> None:
    black = [picture.point(lambda value: value // 64) for picture in scene("coffee", 4)]
    assert not passages(of_film(film(black)), of_film(film(black)))


def test_frames_alike_in_another_order_are_no_passage(known: FilmFingerprints) -> None:
    rng = np.random.default_rng(2)
    rows = known.frames
    order = rng.permutation(len(rows))
    mixed = dataclasses.replace(rows, time=np.arange(len(rows)) * 30.0, hash=rows.hash[order])
    assert not passages(dataclasses.replace(known, frames=mixed), known)


def test_a_shelf_finds_what_comparing_one_by_one_finds(
    known: FilmFingerprints, others: list[FilmFingerprints], compilation: FilmFingerprints
) -> None:
    films = [*others, known]
    shelf = FilmShelf.of(films)
    turned = of_film(film(edited(scene("coffee", 8), mirrored)))
    for query in (compilation, turned, others[0]):
        one_by_one = {place: found for place, each in enumerate(films) if (found := passages(query, each))}
        assert shelf.search(query) == one_by_one


def test_an_empty_shelf_finds_nothing(known: FilmFingerprints) -> None:
    assert FilmShelf.of([]).search(known) == {}
