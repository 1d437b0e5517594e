"""TMK+PDQF, as films are exchanged: worked out once more by plain formulas, written, read, refused and compared."""

import contextlib
import math
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from staydown.decoding import Limits, steady
from staydown.decoding.errors import UndecodableFilm, UnsupportedFilm
from staydown.decoding.frames import Reading
from staydown.decoding.wire import Garbled
from staydown.fingerprints import of_film, passages, tmk, tmk_sums
from staydown.fingerprints.errors import DamagedTmk, MalformedTmk, NoTmk, OtherTmk
from staydown.fingerprints.tmk import LEVELS, PERIODS, Tmk
from tests.films import film, mirrored, moving, scene

HEAD = b"TMK1FVECPDQF" + struct.pack("<5i", 15, 4, 32, 256, 2)
PUBLISHED = {0: 0.0708041893112, 1: 0.13937789309, 2: 0.132897260304, 16: 0.0026467615764, 31: 9.19087006565e-08}


@pytest.fixture(scope="module")
def plain() -> bytes:
    return film(scene("coffee", 6))


@pytest.fixture(scope="module")
def hashed(plain: bytes) -> Tmk:
    return tmk.of_film(plain)


def bessel(order: int, at: float) -> float:
    """The modified Bessel function of the first kind, by its power series (Abramowitz and Stegun, 9.6.10)."""
    return sum((at / 2) ** (2 * k + order) / (math.factorial(k) * math.factorial(k + order)) for k in range(80))


def pdqf(picture: np.ndarray) -> np.ndarray:
    """256 cosine coefficients of a 64 x 64 x 3 picture's brightness, each by its definition."""
    luma = picture.astype(float) @ [0.299, 0.587, 0.114]
    waves = [
        [math.cos(math.pi / 128 * frequency * (2 * place + 1)) for place in range(64)] for frequency in range(1, 17)
    ]
    return np.array([2 / 64 * np.outer(down, across).ravel() @ luma.ravel() for down in waves for across in waves])


def by_definition(pictures: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, cosines and sines, frame by frame."""
    seen = [pdqf(picture) for picture in pictures]
    cosines, sines = np.zeros((4, 32, 256)), np.zeros((4, 32, 256))
    for frame, numbers in enumerate(seen):
        direction = numbers / np.sqrt((numbers**2).sum())
        for place, period in enumerate(PERIODS):
            for wave in range(32):
                cosines[place, wave] += math.cos(2 * math.pi * wave * frame / period) * direction
                sines[place, wave] += math.sin(2 * math.pi * wave * frame / period) * direction
    for sums in (cosines, sines):
        for place in range(4):
            for wave in range(32):
                length = np.sqrt((sums[place, wave] ** 2).sum())
                sums[place, wave] *= math.sqrt(LEVELS[wave]) / length if length else 0
    return sum(seen) / len(seen), cosines, sines


def level2_by_definition(one: Tmk, other: Tmk) -> float:
    """The best of every offset of every period, one after the other."""
    best = -math.inf
    for place, period in enumerate(PERIODS):
        a, b = one.cosines[place].astype(float), one.sines[place].astype(float)
        c, d = other.cosines[place].astype(float), other.sines[place].astype(float)
        even, odd = (a * c + b * d).sum(axis=1), (b * c - a * d).sum(axis=1)
        for offset in range(period):
            angles = 2 * math.pi * offset / period * np.arange(32)
            best = max(best, float(even @ np.cos(angles) + odd @ np.sin(angles)))
    return best / (LEVELS[0] + 2 * sum(LEVELS[1:]))


def sums(pictures: list[np.ndarray]) -> Tmk:
    made = tmk_sums.Sums()
    made.see(np.stack(pictures), np.ones(len(pictures), np.intp))
    return made.ended()


def test_the_strengths_are_those_of_the_paper() -> None:
    for wave, level in PUBLISHED.items():
        assert pytest.approx(level, rel=1e-9) == LEVELS[wave]
    for wave in range(1, 32):
        assert LEVELS[wave] == pytest.approx(bessel(wave, 32) / math.sinh(32), rel=1e-8)
    assert LEVELS[0] == pytest.approx((bessel(0, 32) - math.exp(-32)) / (2 * math.sinh(32)), rel=1e-8)


def test_a_films_hash_is_what_the_formulas_give(plain: bytes, hashed: Tmk) -> None:
    shown = [
        picture
        for picture, times in steady.pictures(plain, Reading(Limits(cpu_seconds=300)))
        for _ in range(times)
    ]  # fmt: skip
    mean, cosines, sines = by_definition(shown)
    assert hashed.frames == len(shown) == 90
    assert np.abs(hashed.mean - mean).max() < 1e-5 * np.abs(mean).max()
    assert np.abs(hashed.cosines - cosines).max() < 1e-5
    assert np.abs(hashed.sines - sines).max() < 1e-5
    assert np.abs(hashed.sines[:, 1:]).max() > 0.01


def test_a_picture_that_is_shown_again_counts_again_and_long_films_need_no_other_way() -> None:
    rng = np.random.default_rng(2)
    pictures = rng.integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)
    made, plain = tmk_sums.Sums(), tmk_sums.Sums()
    made.see(pictures, np.array([1, 700, 2]))
    for place, times in ((0, 1), (1, 700), (2, 2)):
        for _ in range(times):
            plain.see(pictures[place : place + 1], np.array([1]))
    assert tmk.similarity(made.ended(), plain.ended()) == tmk.Similarity(pytest.approx(1), pytest.approx(1))
    assert np.abs(made.ended().sines - plain.ended().sines).max() < 1e-6
    assert made.frames == plain.frames == 703


def test_a_white_picture_is_what_is_lost_in_rounding_as_the_reference_loses_it() -> None:
    white = np.full((64, 64, 3), 255, np.uint8)
    single = np.float32
    luma = single(0.299) * single(255) + single(0.587) * single(255) + single(0.114) * single(255)
    factor = float(single(math.sqrt(2 / 64)))
    waves = [[single(factor * math.cos(math.pi / 128 * f * (2 * k + 1))) for k in range(64)] for f in range(1, 17)]
    halves = []
    for wave in waves:
        half = single(0)
        for each in wave:
            half = half + each * luma
        halves.append(half)
    expected = np.zeros((16, 16), np.float32)
    for down, half in enumerate(halves):
        for across, wave in enumerate(waves):
            for each in wave:
                expected[down, across] += half * each
    assert expected.any()
    assert np.array_equal(tmk_sums.of_pictures(white[None])[0], expected.ravel())


def test_a_black_film_has_nothing_in_it_and_is_like_no_other(hashed: Tmk) -> None:
    black = sums([np.zeros((64, 64, 3), np.uint8)] * 20)
    assert not black.mean.any()
    assert not black.cosines.any()
    assert tmk.read(tmk.write(black)).frames == 20
    assert tmk.similarity(black, hashed) == tmk.Similarity(0, 0)


def test_a_hash_comes_back_as_it_was_written(hashed: Tmk) -> None:
    stored = tmk.write(hashed)
    assert len(stored) == 263_344
    assert stored[:28] == HEAD[:28]
    assert stored[28:48] == struct.pack("<5i", hashed.frames, *PERIODS)
    assert stored[48:176] == np.array(LEVELS, "<f4").tobytes()
    for found in (tmk.read(stored), tmk.parse(tmk.text(hashed)), tmk.parse(tmk.text(hashed) + "\n")):
        assert tmk.write(found) == stored
        assert np.array_equal(found.mean, hashed.mean)
        assert np.array_equal(found.sines, hashed.sines)


def test_the_text_is_as_threatexchange_has_it(hashed: Tmk) -> None:
    written = tmk.text(hashed)
    assert written.startswith("TMK1FVECPDQF|DwAAAAQAAAAgAAAAAAEAAFoAAACrCgAA")
    assert len(written) == 13 + 4 * math.ceil((263_344 - 12) / 3)


def with_(stored: bytes, at: int, *numbers: float, kind: str = "i") -> bytes:
    new = struct.pack(f"<{len(numbers)}{kind}", *numbers)
    return stored[:at] + new + stored[at + len(new) :]


BAD = {
    "nothing": (lambda stored: b"", MalformedTmk),
    "a film": (lambda stored: b"\0\0\0\x18ftypisom", MalformedTmk),
    "features of frames": (lambda stored: b"TMK1FEAT" + stored[8:], MalformedTmk),
    "another algorithm": (lambda stored: stored[:8] + b"CNNF" + stored[12:], MalformedTmk),
    "its head only": (lambda stored: stored[:20], DamagedTmk),
    "cut short": (lambda stored: stored[:-4], DamagedTmk),
    "too long": (lambda stored: stored + b"\0", DamagedTmk),
    "no frames": (lambda stored: with_(stored, 28, 0), DamagedTmk),
    "fewer frames than none": (lambda stored: with_(stored, 28, -5), DamagedTmk),
    "no number": (lambda stored: with_(stored, 176, math.nan, kind="f"), DamagedTmk),
    "endless": (lambda stored: with_(stored, 4000, math.inf, kind="f"), DamagedTmk),
    "a vector that is too long": (lambda stored: with_(stored, 1200, 1.0, 1.0, kind="f"), DamagedTmk),
    "a vector that was wiped in part": (lambda stored: with_(stored, 1200, *[0.0] * 200, kind="f"), DamagedTmk),
    "thirty frames a second": (lambda stored: with_(stored, 12, 30), OtherTmk),
    "two periods": (lambda stored: with_(stored, 16, 2), OtherTmk),
    "other periods": (lambda stored: with_(stored, 32, 2732), OtherTmk),
    "other strengths": (lambda stored: with_(stored, 48, 0.08, kind="f"), OtherTmk),
    "the other byte order": (lambda stored: stored[:12] + stored[12:32][::-1] + stored[32:], OtherTmk),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_damaged_or_foreign_file_is_refused_in_words_that_help(hashed: Tmk, kind: str) -> None:
    spoil, refusal = BAD[kind]
    with pytest.raises(MalformedTmk) as refused:
        tmk.read(spoil(tmk.write(hashed)))
    assert type(refused.value) is refusal
    assert {MalformedTmk: "Pass a .tmk file", DamagedTmk: "Fetch it again", OtherTmk: "Ask whoever"}[refusal] in str(
        refused.value
    )


@pytest.mark.parametrize(
    ("written", "refusal"),
    [("", MalformedTmk), ("hello", MalformedTmk), ("TMK1FVECPDQF", MalformedTmk), ("TMK1FVECPDQé|AAAA", MalformedTmk),
     ("TMK1FVECPDQF|", DamagedTmk), ("TMK1FVECPDQF|AA*A", DamagedTmk), ("TMK1FVECPDQF|DwAA", DamagedTmk)],
)  # fmt: skip
def test_damaged_text_is_refused(written: str, refusal: type[MalformedTmk]) -> None:
    with pytest.raises(MalformedTmk) as refused:
        tmk.parse(written)
    assert type(refused.value) is refusal


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    for each in (data, HEAD + data):
        with pytest.raises(MalformedTmk):
            tmk.read(each)


def test_what_was_altered_anywhere_is_refused_or_has_vectors_of_the_right_length(hashed: Tmk) -> None:
    rng, whole = np.random.default_rng(4), tmk.write(hashed)
    for _ in range(200):
        hurt = np.frombuffer(whole, np.uint8).copy()
        hurt[rng.integers(0, len(hurt))] ^= rng.integers(1, 256, dtype=np.uint8)
        with contextlib.suppress(MalformedTmk):
            found = tmk.similarity(tmk.read(hurt.tobytes()), hashed)
            assert found.level2 <= 1.001


def test_a_workers_answer_is_checked_before_it_is_believed(hashed: Tmk) -> None:
    stored = tmk.write(hashed)
    assert not tmk.answer(b"\0" + stored).truncated
    assert tmk.answer(b"\1" + stored).truncated
    for reply in (b"", b"\2" + stored, b"\0" + stored[:-1], stored, b"\0\0"):
        with pytest.raises(Garbled):
            tmk.answer(reply)


def test_a_film_is_itself(hashed: Tmk) -> None:
    assert tmk.similarity(hashed, hashed) == tmk.Similarity(pytest.approx(1), pytest.approx(1))


@pytest.mark.parametrize(
    "copy",
    [{"crf": "35"}, {"codec": "mpeg4", "kind": "avi"}, {"codec": "libvpx", "kind": "webm"}, {"kind": "mpegts"}],
)  # fmt: skip
def test_a_film_that_was_encoded_again_is_the_same(hashed: Tmk, copy: dict[str, str]) -> None:
    found = tmk.similarity(hashed, tmk.of_film(film(scene("coffee", 6), **copy)))
    assert found.alike
    assert min(found.level1, found.level2) > 0.99


def test_a_film_of_another_size_and_another_rate_is_the_same(hashed: Tmk) -> None:
    small = film((picture.resize((128, 100)) for picture in scene("coffee", 6, rate=25)), rate=25)
    found = tmk.similarity(hashed, tmk.of_film(small))
    assert found.alike
    assert min(found.level1, found.level2) > 0.97


def test_another_film_and_a_mirrored_one_are_others(hashed: Tmk) -> None:
    for other in (scene("rocket", 6), map(mirrored, scene("coffee", 6))):
        assert not tmk.similarity(hashed, tmk.of_film(film(other))).alike


def test_a_similarity_is_what_the_formulas_give(hashed: Tmk) -> None:
    later = tmk.of_film(film([*scene("rocket", 4), *scene("coffee", 6)]))
    found = tmk.similarity(hashed, later)
    assert found.level2 == pytest.approx(level2_by_definition(hashed, later), abs=1e-6)
    assert found.level2 == pytest.approx(tmk.similarity(later, hashed).level2, abs=1e-6)
    lengths = math.sqrt(sum(float(x) ** 2 for x in hashed.mean) * sum(float(x) ** 2 for x in later.mean))
    dot = sum(float(x) * float(y) for x, y in zip(hashed.mean, later.mean, strict=True))
    assert found.level1 == pytest.approx(dot / lengths, abs=1e-6)


def test_both_levels_decide() -> None:
    assert tmk.Similarity(0.7, 0.7).alike
    assert not tmk.Similarity(0.69, 1).alike
    assert not tmk.Similarity(1, 0.69).alike


def test_a_passage_is_found_by_ours_and_not_by_this(plain: bytes, hashed: Tmk) -> None:
    """Why it is for exchange only."""
    longer = film([*scene("rocket", 12), *scene("coffee", 6), *scene("cat", 12)])
    assert passages(of_film(longer), of_film(plain))
    assert not tmk.similarity(tmk.of_film(longer), hashed).alike


def test_a_film_may_be_given_by_its_path(plain: bytes, hashed: Tmk, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(plain)
    assert tmk.write(tmk.of_film(tmp_path / "film.mp4")) == tmk.write(hashed)


def test_half_a_film_is_said_to_be_half(hashed: Tmk) -> None:
    whole = film(scene("coffee", 6), "matroska")
    half = tmk.of_film(whole[: len(whole) // 2])
    assert half.truncated
    assert not hashed.truncated
    assert half.frames < hashed.frames
    assert tmk.write(replace(half, truncated=False)) == tmk.write(half)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_moving_pictures_are_refused_in_words_that_help(kind: str) -> None:
    with pytest.raises(NoTmk, match="MP4"):
        tmk.of_film(moving(scene("coffee", 1, rate=4), kind))


def test_what_is_no_film_is_refused_in_words_that_help() -> None:
    with pytest.raises(UndecodableFilm, match="MP4"):
        tmk.of_film(b"hello")
    with pytest.raises(UnsupportedFilm, match="MP4"):
        tmk.of_film(film((Image.new("RGB", (64, 64), "teal") for _ in range(4)), "matroska", "ffv1"))
