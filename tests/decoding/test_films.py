"""Which films are opened, what they may name, and how their time is told; in this process, where nothing is confined."""

import http.server
import io
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from staydown.decoding import DecodingError, Limits, TooLarge, Undecodable, film
from staydown.decoding.containers import Container, container
from staydown.decoding.frames import Clock, Frame, Reading, folded
from staydown.decoding.jarosz import reduce
from staydown.decoding.memory import Memory
from tests import films


class Counting(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)


@pytest.fixture
def address() -> Iterator[str]:
    Counting.asked.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/film.mp4"
        server.shutdown()


@pytest.mark.parametrize(
    "playlist",
    ["#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n", "ffconcat version 1.0\nfile '{}'\n",
     "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>{}</BaseURL></MPD>",
     "<html><video src='{}'></video></html>", "[playlist]\nFile1={}\n"],
)  # fmt: skip
def test_a_playlist_fetches_nothing_and_opens_no_file(playlist: str, address: str, tmp_path: Path) -> None:
    real = tmp_path / "real.mp4"
    real.write_bytes(films.film(films.scene("coffee", 1)))
    for place in (address, real.as_uri(), str(real)):
        for look in (film.every, film.keys):
            with pytest.raises(DecodingError):
                list(look(playlist.format(place).encode(), Reading(Limits())))
    assert Counting.asked == []


@pytest.mark.parametrize(
    ("head", "kind"),
    [(b"\0\0\0\x20ftypisom", Container.MP4), (b"\0\0\0\x14ftypqt  ", Container.MP4), (b"\0\0\0\x08wide", Container.MP4),
     (b"\x1aE\xdf\xa3", Container.MATROSKA), (b"RIFF\0\0\0\0AVI LIST", Container.AVI),
     (b"RIFF\0\0\0\0WEBPVP8X", Container.WEBP), (b"GIF89a", Container.GIF), (b"\x89PNG\r\n\x1a\n", Container.PNG),
     ((b"G" + bytes(187)) * 3, Container.MPEG_TS), ((bytes(4) + b"G" + bytes(187)) * 3, Container.MPEG_TS),
     (b"\0\0\0\x20ftypheic", None), (b"\0\0\0\x20ftypavif", None), (b"RIFF\0\0\0\0WAVE", None), (b"", None),
     (b"#EXTM3U", None), (b"\xff\xd8\xff\xe0", None)],
)  # fmt: skip
def test_a_kind_of_film_is_told_by_its_first_bytes(head: bytes, kind: Container | None) -> None:
    assert container(head) is kind


@given(st.lists(st.none() | st.floats(allow_nan=True), min_size=1, max_size=50), st.floats(allow_nan=False))
def test_time_goes_forward_whatever_stamps_say(stamps: list[float | None], rate: float) -> None:
    clock = Clock(rate)
    times = [clock.at(stamp) for stamp in stamps]
    assert all(before < after for before, after in itertools.pairwise(times))
    assert 0 <= times[0] <= 1
    assert times[-1] < 2e6


def test_four_frames_a_second_are_due() -> None:
    clock = Clock(30)
    assert sum(clock.is_due(place / 30) for place in range(90)) == 12


def test_a_frame_has_the_fingerprints_matrix_of_the_whole_picture() -> None:
    rng = np.random.default_rng(1)
    grey = Image.fromarray(rng.integers(0, 256, (36, 64), dtype=np.uint8)).resize((1280, 720), Image.Resampling.BICUBIC)
    small, fold = folded(np.asarray(grey))
    assert (fold, small.shape) == (2, (360, 640))
    whole = Frame(0, np.asarray(grey), 720, 1280, 1, studio=False).reduced()
    half = Frame(0, small, 720, 1280, fold, studio=False).reduced()
    mirrored = reduce(np.asarray(grey)[:, ::-1].astype(np.float32))
    for one, other in [(whole[0], half[0]), (whole[1], half[1]), (mirrored, whole[1])]:
        assert np.abs(one - other).max() < 3


def test_studio_range_is_stretched() -> None:
    grey = np.full((64, 64), 235, np.uint8)
    assert Frame(0, grey, 64, 64, 1, studio=True).reduced()[0].mean() == pytest.approx(255, abs=0.1)


def test_one_frame_with_too_many_pixels_is_too_large() -> None:
    data = films.film(films.scene("coffee", 1))
    with pytest.raises(TooLarge):
        list(film.every(data, Reading(Limits(pixels=1000))))


def test_a_film_that_takes_too_long_is_told_up_to_there() -> None:
    data = films.film(films.scene("coffee", 3))
    reading = Reading(Limits(cpu_seconds=1000))
    frames = film.every(data, reading)
    next(frames)
    reading._started -= 900  # as if so many seconds of processor time had been used
    assert list(frames) == []
    assert reading.truncated


def test_after_half_its_time_a_film_is_told_by_key_frames() -> None:
    data = films.film(films.scene("coffee", 6), g="24", bf="0")
    reading = Reading(Limits(cpu_seconds=1000))
    frames = film.every(data, reading)
    next(frames)
    reading._started -= 500
    assert len(list(frames)) <= 6
    assert not reading.truncated
    assert reading.thorough < 1


def test_an_empty_track_is_undecodable() -> None:
    with pytest.raises(Undecodable):
        list(film.every(films.film([]), Reading(Limits())))


def test_memory_reads_and_seeks_as_a_file_does() -> None:
    data = bytes(range(100))
    mine, real = Memory(data), io.BytesIO(data)
    for offset, whence, size in [(10, 0, 5), (-3, 2, 10), (2, 1, 0), (0, 0, -1), (500, 0, 4)]:
        mine.seek(offset, whence), real.seek(offset, whence)
        assert mine.read(size) == real.read(size)
