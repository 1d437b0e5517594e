"""Films become fingerprints: what is looked at, what is kept of it, and what is refused."""

import contextlib
import io
import os
import struct
import subprocess
import sys
import textwrap
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from staydown import decoding, fingerprints
from staydown.decoding import Pool, TooLarge, Undecodable, Unsupported
from staydown.decoding.errors import FilmTooLarge, UndecodableFilm, UnsupportedFilm
from staydown.decoding.wire import Garbled
from staydown.fingerprints import FilmFingerprints, footage, keyframes_of_film, of_film, of_image
from staydown.fingerprints.film import EVERY, FILM_LIMITS, PROGRAM, answer, ask
from staydown.fingerprints.footage import Part
from tests.films import RATE, SIZE, film, film_in_av1, moving, scene
from tests.pictures import photograph


@pytest.fixture(scope="module")
def plain() -> bytes:
    return film(scene("coffee", 4))


@pytest.fixture(scope="module")
def seen(plain: bytes) -> FilmFingerprints:
    return of_film(plain)


def apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.bitwise_count(one ^ other).sum(axis=-1)


def times(found: FilmFingerprints) -> list[float]:
    return found.frames.time[found.frames.part == Part.WHOLE].tolist()


def near(one: FilmFingerprints, other: FilmFingerprints, bits: int) -> bool:
    """Whether the frames of two films at the same times look alike."""
    both = np.abs(one.frames.time[:, None] - other.frames.time[None]) < 0.1
    both &= (one.frames.part[:, None] == Part.WHOLE) & (other.frames.part[None] == Part.WHOLE)
    distances = apart(one.frames.hash[:, None], other.frames.hash[None])[both]
    return len(distances) > 2 and float(np.median(distances)) <= bits


def test_a_film_has_four_fingerprints_a_second_and_its_measures(plain: bytes, seen: FilmFingerprints) -> None:
    assert seen.sha256 == fingerprints.exact(plain)
    assert (seen.width, seen.height, seen.rate) == (*SIZE, RATE)
    assert seen.duration == pytest.approx(4, abs=0.2)
    assert not seen.truncated
    whole = seen.frames.part == Part.WHOLE
    assert 15 <= whole.sum() <= 17
    assert np.all(np.diff(seen.frames.time[whole]) > 0.1)
    assert seen.frames.quality.min() >= 50
    assert not (seen.frames.part == Part.INSIDE).any()
    assert np.bincount(seen.frames.part[~whole]).tolist() == [0, 0, 4, 4, 4, 4, 4, 4, 4, 4]


def test_a_frames_fingerprint_is_the_one_of_the_picture_it_was_made_from(seen: FilmFingerprints) -> None:
    pictures = list(scene("coffee", 4))
    for place in np.flatnonzero(seen.frames.part == Part.WHOLE)[::4]:
        picture = pictures[round(seen.frames.time[place] * RATE)]
        still = of_image(_png(picture))
        assert apart(np.frombuffer(still.pdq, np.uint8), seen.frames.hash[place]) <= 24
        assert apart(np.frombuffer(still.turned[5], np.uint8), seen.frames.mirrored[place]) <= 24
        assert abs(still.quality - int(seen.frames.quality[place])) <= 10


def test_a_film_may_be_given_by_its_path(plain: bytes, seen: FilmFingerprints, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(plain)
    assert footage.pack(of_film(tmp_path / "film.mp4")) == footage.pack(seen)


@pytest.mark.parametrize("cut", [-1, 3, 60])
def test_a_workers_answer_is_checked_before_it_is_believed(seen: FilmFingerprints, cut: int) -> None:
    reply = footage.pack(seen) + seen.frames.mirrored.tobytes()
    assert np.array_equal(answer(reply).frames.mirrored, seen.frames.mirrored)
    with pytest.raises(Garbled):
        answer(reply[:cut])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_a_refusal_or_garbled(reply: bytes) -> None:
    with contextlib.suppress(decoding.DecodingError, Garbled):
        assert len(answer(reply).frames) == 0


def test_the_first_look_sees_the_key_frames_only(seen: FilmFingerprints) -> None:
    found = keyframes_of_film(film(scene("coffee", 4), g=str(RATE)))
    assert times(found) == pytest.approx([0, 1, 2, 3], abs=0.01)
    assert found.duration == pytest.approx(4, abs=0.2)
    assert near(found, seen, 24)


@pytest.mark.parametrize(
    ("kind", "codec"),
    [("mov", "libx264"), ("matroska", "libx264"), ("webm", "libvpx"), ("webm", "libvpx-vp9"),
     ("mp4", "libx265"), ("avi", "mpeg4"), ("avi", "mjpeg"), ("mpegts", "libx264")],
)  # fmt: skip
def test_the_same_film_in_every_kind_of_file_looks_alike(seen: FilmFingerprints, kind: str, codec: str) -> None:
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    _alike(film(scene("coffee", 4), kind, codec, pixels=pixels), seen)


def test_a_film_in_av1_looks_alike(seen: FilmFingerprints) -> None:
    _alike(film_in_av1(scene("coffee", 4)), seen)


def _alike(made: bytes, seen: FilmFingerprints) -> None:
    found = of_film(made)
    assert not found.truncated
    assert found.duration == pytest.approx(4, abs=0.3)
    assert near(found, seen, 30)


@pytest.mark.parametrize("pixels", ["yuv420p10le", "yuv444p", "gray"])
def test_deeper_and_richer_colours_look_alike(seen: FilmFingerprints, pixels: str) -> None:
    assert near(of_film(film(scene("coffee", 4), pixels=pixels)), seen, 24)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_moving_pictures_are_films(seen: FilmFingerprints, kind: str) -> None:
    found = of_film(moving(scene("coffee", 4, rate=4), kind))
    assert found.duration == pytest.approx(4, abs=0.01)
    assert len(times(found)) == 16
    assert near(found, seen, 40)


def test_frames_of_a_gif_are_seen_for_as_long_as_they_are_shown() -> None:
    pictures = list(scene("coffee", 1, rate=4))
    made = io.BytesIO()
    pictures[0].save(made, "GIF", save_all=True, append_images=pictures[1:], duration=[500, 3000, 250, 250])
    assert times(of_film(made.getvalue())) == [0, 0.5, 3.5, 3.75]


def test_a_gif_is_a_still_picture_too() -> None:
    data = moving(scene("coffee", 1, rate=4), "GIF")
    first = np.frombuffer(of_image(data).pdq, np.uint8)
    assert apart(first, of_film(data).frames.hash[0]) <= 4
    alone = of_film(moving(list(scene("coffee", 1, rate=4))[:1], "GIF"))
    assert (len(times(alone)), alone.duration) == (1, 0)


def test_a_film_that_says_it_lies_on_its_side_is_seen_upright(plain: bytes, seen: FilmFingerprints) -> None:
    turned = film(picture.transpose(Image.Transpose.ROTATE_90) for picture in scene("coffee", 4))
    found = of_film(_said_to_be_turned(turned))
    assert (found.width, found.height) == SIZE
    assert near(found, seen, 24)


def _said_to_be_turned(data: bytes) -> bytes:
    """The display matrix in the track's header (ISO 14496-12, 8.3.2), set to a quarter turn clockwise."""
    upright = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    turned = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
    at = data.index(upright, data.index(b"tkhd"))
    return data[:at] + turned + data[at + len(turned) :]


def test_half_a_film_is_what_is_there_and_said_to_be_half(seen: FilmFingerprints) -> None:
    whole = film(scene("coffee", 4), "matroska")
    found = of_film(whole[: len(whole) // 2])
    assert found.truncated
    assert 3 <= len(times(found)) < len(times(seen))


def test_a_cut_is_noted_where_it_is() -> None:
    found = of_film(film([*scene("coffee", 2), *scene("rocket", 2)]))
    assert np.unique(found.frames.time[found.frames.cut]).tolist() == pytest.approx([2.0], abs=0.1)


def test_a_small_film_of_very_many_frames_costs_four_a_second() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    many = film((Image.fromarray(np.roll(noise, place, axis=1)) for place in range(3000)), rate=100)
    assert len(times(of_film(many))) <= 4 * 30 + 1


@pytest.mark.parametrize("stamps", [[0] * 48, list(range(47, -1, -1)), [0, 1 << 40, *range(2, 48)]])
def test_time_stamps_that_make_no_sense_hide_no_frames(stamps: list[int]) -> None:
    assert len(times(of_film(_with_stamps(stamps)))) >= 8


def _with_stamps(stamps: list[int]) -> bytes:
    """A film of motion JPEG whose packets claim such times."""
    made = io.BytesIO()
    with av.open(made, "w", format="mpegts") as container:
        stream = container.add_stream("mpeg4", rate=RATE, options={"g": "1"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        packets = [each for picture in scene("coffee", 4) for each in stream.encode(av.VideoFrame.from_image(picture))]
        for place, packet in enumerate(packets):
            packet.dts = place
            packet.pts = max(place, stamps[place])
            container.mux_one(packet)
    return made.getvalue()


def test_a_header_that_lies_about_the_duration_is_not_believed(plain: bytes) -> None:
    at = plain.index(b"mvhd") + 4 + 16
    lying = plain[:at] + struct.pack(">I", 0x7FFFFFFF) + plain[at + 4 :]
    assert of_film(lying).duration == pytest.approx(4, abs=0.2)


def test_a_header_that_claims_huge_frames_is_refused(plain: bytes) -> None:
    made = film(scene("coffee", 1), "avi", "mjpeg", pixels="yuvj420p")
    huge = made.replace(struct.pack("<II", *SIZE), struct.pack("<II", 60_000, 60_000))
    huge = huge.replace(struct.pack(">HH", SIZE[1], SIZE[0]), struct.pack(">HH", 60_000, 60_000))
    with pytest.raises((FilmTooLarge, UndecodableFilm)):
        of_film(huge)


RUBBISH = [
    b"", b"\0", b"RIFF____AVI ", b"\x1aE\xdf\xa3", b"\0\0\0\x18ftypisom", b"G" * 1000, b"\0" * 5000, b"hello",
    b"<!doctype html><html><video src='http://127.0.0.1/film.mp4'></video></html>",
    b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    b"ffconcat version 1.0\nfile '/etc/passwd'\n", b"v=0\nm=video 5004 RTP/AVP 96\nc=IN IP4 127.0.0.1\n",
    b"\0\0\0\x08moov" * 100, b"\0\0\0\x01mdat" + b"\xff" * 16,
]  # fmt: skip


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_pages_and_playlists_are_no_films(rubbish: bytes) -> None:
    with pytest.raises(Undecodable, match=r"film|picture"):
        of_film(rubbish)


@pytest.mark.parametrize("place", ["file:///etc/hostname", "http://127.0.0.1:9/film.mp4"])
def test_a_film_that_names_another_file_opens_nothing(tmp_path: Path, place: str) -> None:
    with pytest.raises(Undecodable):
        of_film(_elsewhere(place.encode()))


def _elsewhere(place: bytes) -> bytes:
    """A QuickTime reference movie: a header whose only content is the address of another."""

    def atom(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", 8 + len(content)) + kind + content

    reference = atom(b"rdrf", struct.pack(">I4sI", 0, b"url ", len(place)) + place)
    return atom(b"ftyp", b"qt  \0\0\0\0qt  ") + atom(b"moov", atom(b"rmra", atom(b"rmda", reference)))


def test_a_picture_and_a_sound_are_refused_in_words_that_help() -> None:
    with pytest.raises(Unsupported, match="MP4"):
        of_film(_jpeg(photograph("coffee")))
    with pytest.raises(Undecodable, match="film"):
        of_film(_sound())


def _sound() -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=8000, layout="mono")
        for _ in range(4):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.rate = 8000
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return made.getvalue()


def test_a_codec_that_is_not_allowed_is_unsupported() -> None:
    with pytest.raises(UnsupportedFilm):
        of_film(film(scene("coffee", 1), "matroska", "ffv1"))


def test_damage_anywhere_ends_in_fingerprints_or_a_name(plain: bytes) -> None:
    rng = np.random.default_rng(5)
    for source in (plain, film(scene("coffee", 1), "matroska"), film(scene("coffee", 1), "mpegts")):
        for _ in range(12):
            hurt = np.frombuffer(source, np.uint8).copy()
            places = rng.integers(0, min(400, len(hurt)) if rng.random() < 0.5 else len(hurt), 12)
            hurt[places] = rng.integers(0, 256, len(places))
            assert _ends_well(hurt.tobytes())


def _ends_well(data: bytes) -> bool:
    try:
        return len(of_film(data).frames) > 0
    except decoding.DecodingError as refusal:
        return "film" in str(refusal)


def test_a_film_of_too_many_bytes_is_refused_unread() -> None:
    with Pool(1, decoding.Limits(bytes=1000), PROGRAM) as small, pytest.raises(TooLarge, match="film"):
        ask(small, bytes(1001), EVERY)


def test_workers_for_films_are_confined_as_those_for_pictures_are() -> None:
    with Pool(1, FILM_LIMITS, PROGRAM) as pool:
        assert pool.sandbox_kind() == decoding.sandbox_kind()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows forks nothing")
def test_a_child_forked_while_workers_are_being_started_waits_for_nobody() -> None:
    """In a new interpreter, which has no other threads; the alarm ends a child that waits for ever."""
    forked = """
        import os, signal
        from staydown.fingerprints import film
        with film._shared._lock:  # as another thread would hold it just then
            child = os.fork()
            if child == 0:
                signal.alarm(60)
                film._shared.pool()
                os._exit(0)
        os._exit(os.waitpid(child, 0)[1])
        """
    assert subprocess.run([sys.executable, "-c", textwrap.dedent(forked)], check=False).returncode == 0


def _png(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG")
    return made.getvalue()
