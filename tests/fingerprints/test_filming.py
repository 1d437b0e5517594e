"""Frames become rows of fingerprints: the whole, the inside of what does not move, and once a second the crops."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from staydown import decoding
from staydown.decoding.frames import Frame, Look, Reading
from staydown.decoding.types import Limits
from staydown.fingerprints import FilmFingerprints, footage
from staydown.fingerprints.film import EVERY, FILM_LIMITS, KEYS, answer
from staydown.fingerprints.filming import LONGEST_STRETCH, Filming, fingerprints, reply
from staydown.fingerprints.footage import CROPS, Part
from tests.films import as_story, edited, film, moving, scene

Draw = Callable[[int], np.ndarray]


def shown(draw: Draw, count: int) -> Look:
    """Frames at four a second, as a decoder would give them."""

    def look(_: bytes, reading: Reading) -> Iterator[Frame]:
        for number in range(count):
            small = draw(number)
            reading.width, reading.height = small.shape[1], small.shape[0]
            reading.duration = reading.thorough = number / 4
            yield Frame(number / 4, small, small.shape[0], small.shape[1], 1, studio=False)

    return look


def noise(number: int, shape: tuple[int, int] = (90, 160)) -> np.ndarray:
    """A picture of large blocks, another for each number."""
    blocks = np.random.default_rng(number).integers(0, 256, (shape[0] // 10, shape[1] // 10), dtype=np.uint8)
    return np.repeat(np.repeat(blocks, 10, axis=0), 10, axis=1)


def inside_bars(number: int) -> np.ndarray:
    picture = np.full((200, 160), 20, np.uint8)
    picture[50:140] = noise(number)
    return picture


def seen(draw: Draw, count: int) -> FilmFingerprints:
    return fingerprints(b"", shown(draw, count), FILM_LIMITS)


def test_each_frame_has_its_whole_and_one_a_second_its_crops() -> None:
    rows = seen(noise, 12).frames
    assert rows.time[rows.part == Part.WHOLE].tolist() == [number / 4 for number in range(12)]
    for part in (*CROPS, Part.SQUARE, Part.ACROSS):
        assert rows.time[rows.part == part].tolist() == [0, 1, 2]
    assert not (rows.part == Part.INSIDE).any()
    assert np.all(np.diff(rows.time) >= 0)


@pytest.mark.parametrize("turned", [False, True])
def test_the_middle_as_other_screens_show_it_is_seen_in_what_is_long(turned: bool) -> None:
    def cut(columns: int) -> Draw:
        side = slice(80 - columns // 2, 80 + columns // 2)
        return lambda number: noise(number)[:, side].T if turned else noise(number)[:, side]

    rows = seen(cut(160), 4).frames
    for part, columns in ((Part.SQUARE, 90), (Part.ACROSS, 50)):
        whole = seen(cut(columns), 4).frames
        assert np.bitwise_count(rows.hash[rows.part == part][0] ^ whole.hash[0]).sum() <= 8
    assert not {Part.SQUARE, Part.ACROSS} & set(seen(cut(100), 4).frames.part.tolist())


def test_what_is_inside_bars_looks_as_it_does_without_them() -> None:
    rows, plain = seen(inside_bars, 12).frames, seen(noise, 12).frames
    inside, whole = rows.hash[rows.part == Part.INSIDE], plain.hash[plain.part == Part.WHOLE]
    assert inside.shape == whole.shape
    assert np.bitwise_count(inside ^ whole).sum(axis=1).max() <= 8
    crops, plain_crops = rows.hash[rows.part == Part.MIDDLE], plain.hash[plain.part == Part.MIDDLE]
    assert np.bitwise_count(crops ^ plain_crops).sum(axis=1).max() <= 12


def test_each_row_has_its_mirrored_fingerprint() -> None:
    turned = seen(lambda number: noise(number)[:, ::-1], 4).frames
    rows = seen(noise, 4).frames
    whole = rows.part == Part.WHOLE
    assert np.bitwise_count(rows.mirrored[whole] ^ turned.hash[whole]).sum(axis=1).max() <= 4


def test_a_scene_that_begins_is_noted_and_bars_that_begin_with_it_are_seen() -> None:
    def draw(number: int) -> np.ndarray:
        bright = np.clip(inside_bars(number).astype(int) + 100, 0, 255).astype(np.uint8)
        return np.clip(bright, 120, 255) if number < 12 else inside_bars(number)

    rows = seen(draw, 24).frames
    assert 3.0 in rows.time[rows.cut]
    assert (rows.part[rows.time >= 3] == Part.INSIDE).any()


def test_a_film_that_changes_its_size_on_the_way_is_seen_to_its_end() -> None:
    rows = seen(lambda number: inside_bars(number) if number < 10 else noise(number, (60, 80)), 20).frames
    assert (rows.part == Part.WHOLE).sum() == 20
    assert rows.time[-1] == 4.75


def test_rows_are_written_stretch_after_stretch_and_not_kept_until_the_end() -> None:
    filming = Filming()
    for number in range(LONGEST_STRETCH + 1):
        filming.see(Frame(number / 4, noise(0), 90, 160, 1, studio=False))
    assert len(filming.waiting) == 1
    assert (filming.ended().part == Part.WHOLE).sum() == LONGEST_STRETCH + 1


def test_a_reply_is_a_film_or_names_why_not() -> None:
    data = film(scene("coffee", 2))
    every, keys = (answer(reply(asked, data, FILM_LIMITS)) for asked in (EVERY, KEYS))
    assert len(every.frames) > len(keys.frames) > 0
    assert len(every.frames.mirrored) == len(every.frames)
    with pytest.raises(decoding.Undecodable):
        answer(reply(EVERY, b"no film", FILM_LIMITS))
    with pytest.raises(decoding.TooLarge):
        answer(reply(EVERY, data, Limits(pixels=100)))


def test_a_gif_inside_bars_is_seen_inside_them() -> None:
    found = answer(reply(EVERY, moving(edited(scene("coffee", 3, rate=4), as_story), "GIF"), FILM_LIMITS))
    assert (found.frames.part == Part.INSIDE).sum() >= 8
    assert len(footage.pack(found)) == 57 + 38 * len(found.frames)
