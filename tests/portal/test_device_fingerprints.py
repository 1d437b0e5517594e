"""The fingerprint that a reporter's browser makes is the one that the Python core makes of the same picture."""

import base64
import io
import json
import threading
import time
import wave
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Page

from staydown import fingerprints
from staydown.cases import prints
from staydown.decoding.film import _looked_at as looked_at
from staydown.decoding.frames import Reading
from staydown.fingerprints import footage, many, passages, windows
from staydown.fingerprints.film import FILM_LIMITS
from tests.films import RATE, film, scene
from tests.pictures import jpeg, photograph, png, resized

STATIC = Path(__file__).parents[2] / "src" / "staydown" / "portal" / "static"
NEAR = 8  # bits of 256: what is left of two decoders' rounding; 2 were measured
NEAR_WINDOW = 24  # bits, of a window that tells; a large JPEG the core decodes smaller: 14 were measured
MAKE = """pictures => new Promise((resolve, reject) => {
  const worker = new Worker("/portal/worker.js", {type: "module"}), found = [];
  worker.onerror = event => reject(event.message);
  worker.onmessage = ({data}) => {
    if (data.done !== undefined) return;
    found[data.id] = data.found ?? {failed: data.failed};
    if (Object.keys(found).length === pictures.length) resolve(found);
  };
  pictures.forEach((text, id) => worker.postMessage({id, file: new Blob([Uint8Array.from(atob(text), c => c.charCodeAt(0))])}));
})"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tab = browser.new_page()
    tab.goto(f"http://127.0.0.1:{server.server_port}/portal/pdq.js")
    yield tab
    tab.close()
    server.shutdown()
    server.server_close()


def made(page: Page, pictures: list[bytes]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(MAKE, [base64.b64encode(each).decode() for each in pictures])
    return found


def turned(picture: Image.Image, orientation: int) -> bytes:
    """A JPEG that people see turned (EXIF)."""
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    picture.save(buffer, "JPEG", quality=90, exif=exif)
    return buffer.getvalue()


def clear(picture: Image.Image) -> bytes:
    """A PNG that is transparent on one side."""
    seen = picture.convert("RGBA")
    seen.putalpha(Image.fromarray(np.tile(np.linspace(0, 255, seen.width).astype(np.uint8), (seen.height, 1))))
    return png(seen)


def webp(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=85)
    return buffer.getvalue()


def ten_of(name: str) -> dict[str, bytes]:
    whole = resized(photograph(name), 0.5)
    width, height = whole.size
    return {
        "jpeg": jpeg(whole),
        "poor": jpeg(whole, 40),
        "png": png(whole),
        "grey": jpeg(whole.convert("L")),
        "small": png(resized(whole, 0.3)),
        "crop": jpeg(whole.crop((width // 5, height // 7, width, height))),
        "wide": png(whole.resize((width * 2, height // 2))),
        "turned": turned(whole, 6),
        "clear": clear(whole),
        "webp": webp(whole),
    }


def test_the_browser_makes_the_fingerprints_that_the_core_makes(page: Page):
    pictures = {
        f"{name} {how}": data
        for name in ("coffee", "cat", "rocket", "china", "flower")
        for how, data in ten_of(name).items()
    }
    assert len(pictures) == 50
    worst: dict[str, tuple[int, int]] = {}
    begun = time.monotonic()
    found = made(page, list(pictures.values()))
    print(f"milliseconds for each picture: {1000 * (time.monotonic() - begun) / len(pictures):.0f}")
    for (name, data), told in zip(pictures.items(), found, strict=True):
        core = fingerprints.of_image(data)
        forms = [bytes.fromhex(form) for form in told["pdq"]]
        whole = max(fingerprints.distance(one, other) for one, other in zip(forms, core.turned, strict=True))
        worst[name] = whole, window_apart(told["windows"], core.windows)
        assert abs(told["quality"] - core.quality) <= 1, name
        assert told["sha256"] == core.sha256.hex()
    print("distance of the worst of eight orientations, and of twenty windows:", worst)
    assert max(whole for whole, _ in worst.values()) <= NEAR, worst
    assert max(window for _, window in worst.values()) <= NEAR_WINDOW, worst


def window_apart(told: str, core: bytes) -> int:
    """The distance of the worst window that tells; the same windows tell, but where quality is at the threshold."""
    ours, theirs = windows.unpack(bytes.fromhex(told)), windows.unpack(core)
    assert (ours.telling != theirs.telling).sum() <= 1
    assert np.abs(ours.qualities.astype(int) - theirs.qualities).max() <= 3
    apart = np.bitwise_count(ours.hashes ^ theirs.hashes).sum(axis=1, dtype=int)
    return int(apart[ours.telling & theirs.telling].max(initial=0))


FILMS = {
    "mp4 of telephones, H.264": {"kind": "mp4"},
    "QuickTime, H.264": {"kind": "mov"},
    "webm, VP9": {"kind": "webm", "codec": "libvpx-vp9"},
    "webm, VP8": {"kind": "webm", "codec": "libvpx"},
    "poor mp4": {"kind": "mp4", "crf": "38"},
}
MAKE_FILM = """async text => {
  const {fingerprint} = await import("/portal/film.js"), told = [];
  const file = new File([Uint8Array.from(atob(text), c => c.charCodeAt(0))], "a", {type: "video/mp4"});
  const made = await fingerprint(file, "/portal/frames.js", done => told.push(done), new AbortController().signal);
  return {...made, told};
}"""


def film_made(page: Page, data: bytes) -> tuple[dict[str, Any], footage.FilmFingerprints]:
    told: dict[str, Any] = page.evaluate(MAKE_FILM, base64.b64encode(data).decode())
    (sent,) = prints.read(json.dumps([told["found"]]))
    assert isinstance(sent, prints.DeviceFilm)
    assert sent.best == told["best"]["pdq"]
    return told, footage.unpack(bytes.fromhex(sent.film))


def at_the_same_times(data: bytes, made: footage.FilmFingerprints) -> list[int]:
    """Bits between each row and the core's of the same frame: every frame of the film is looked at here."""
    reading = Reading(FILM_LIMITS)
    with av.open(io.BytesIO(data)) as opened:
        stream = opened.streams.video[0]
        frames = {
            round(float(frame.time) * 1000): looked_at(frame, float(frame.time), reading)
            for frame in opened.decode(stream)
        }
    apart = []
    for at, (time_, part) in enumerate(zip(made.frames.time, made.frames.part, strict=True)):
        frame = frames[round(time_ * 1000)]
        height, width = frame.small.shape
        boxes = footage.crops(width, height)
        one = frame.reduced() if part == 0 else next(frame.reduced_parts([boxes[footage.Part(part)]]))
        upright, _, qualities = many.looks(one[None])
        if max(qualities[0], made.frames.quality[at]) >= footage.ENOUGH:
            apart.append(fingerprints.distance(upright[0].tobytes(), made.frames.hash[at].tobytes()))
    return apart


@pytest.mark.parametrize("how", FILMS)
def test_the_browser_makes_the_fingerprints_of_a_film_that_the_core_makes(page: Page, how: str):
    data = film(scene(("coffee", "cat", "rocket", "china", "flower")[list(FILMS).index(how)], 4), **FILMS[how])
    begun = time.monotonic()
    told, made = film_made(page, data)
    spent = time.monotonic() - begun
    core = fingerprints.of_film(data)
    apart = at_the_same_times(data, made)
    print(
        f"{how}: {len(apart)} rows, bits apart: median {int(np.median(apart))}, most {max(apart)};",
        f"{spent / 4:.2f} s for each second of it",
    )
    assert made.sha256 == core.sha256
    assert (made.width, made.height, made.truncated, told["whole"]) == (core.width, core.height, False, True)
    assert abs(made.duration - core.duration) < 0.2
    assert (made.frames.part == 0).sum() >= (core.frames.part == 0).sum() - 1  # a loaded browser may miss one
    assert set(made.frames.part) == set(core.frames.part)
    assert max(apart) <= NEAR, sorted(apart)[-5:]
    (passage, *_) = passages(core, made)
    assert passage.known_end - passage.known_start > 3
    assert told["told"][-1] == 1


def test_a_browser_that_has_no_frame_yet_where_it_says_it_is_is_waited_for(page: Page):
    page.evaluate("""() => {
      const Real = window.VideoFrame, late = [true, false, true, true, false];
      window.VideoFrame = class extends Real {
        constructor(...from) {
          if (late.shift()) throw new DOMException("Invalid source state", "InvalidStateError");
          super(...from);
        }
      };
    }""")
    data = film(scene("coffee", 2))
    told, made = film_made(page, data)
    assert told["whole"]
    assert max(at_the_same_times(data, made)) <= NEAR
    assert (made.frames.part == 0).sum() >= 7


def test_who_stops_while_no_frame_comes_is_not_kept_waiting(page: Page):
    page.evaluate("""() => {
      window.VideoFrame = class { constructor() { throw new DOMException("Invalid source state", "InvalidStateError"); } };
    }""")
    begun = time.monotonic()
    with pytest.raises(Error, match="stopped"):
        page.evaluate(
            MAKE_FILM.replace("new AbortController().signal", "AbortSignal.timeout(1000)"),
            base64.b64encode(film(scene("coffee", 2))).decode(),
        )
    assert time.monotonic() - begun < 15  # of thirty that one frame is waited for


def test_sound_alone_is_said_at_once_to_be_unreadable(page: Page):
    begun = time.monotonic()
    with pytest.raises(Error, match="unreadable"):
        film_made(page, sound())
    assert time.monotonic() - begun < 15


def sound() -> bytes:
    """A second of silence, in a file that a browser plays."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(8000)
        written.writeframes(bytes(16_000))
    return file.getvalue()


def test_a_cropped_passage_of_a_film_is_found_by_what_the_browser_made(page: Page):
    _, made = film_made(page, film(scene("coffee", 8)))
    shown = [picture.crop((13, 7, 243, 137)) for picture in list(scene("coffee", 8))[2 * RATE : 6 * RATE]]
    (passage, *_) = passages(fingerprints.of_film(film([*scene("cat", 2), *shown], crf="32")), made)
    assert passage.query_start >= 1.7
    assert passage.agreeing >= 2


def test_what_is_no_film_is_said_to_be_unreadable_and_one_that_is_stopped_is_nothing(page: Page):
    with pytest.raises(Error, match="unreadable"):
        film_made(page, b"not a film")
    stopped = MAKE_FILM.replace("new AbortController().signal", "AbortSignal.abort()")
    with pytest.raises(Error, match="stopped"):
        page.evaluate(stopped, base64.b64encode(film(scene("cat", 2))).decode())


def test_what_is_no_picture_is_said_to_be_unreadable(page: Page):
    assert made(page, [b"not a picture"]) == [{"failed": "unreadable"}]


def test_a_browser_that_hides_pictures_makes_no_wrong_fingerprint(page: Page):
    page.route(
        "**/worker.js",
        lambda route: route.fulfill(
            content_type="text/javascript",
            body="const real = OffscreenCanvasRenderingContext2D.prototype.getImageData;\n"
            "OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...box) {\n"
            "  const seen = real.apply(this, box); seen.data[0] ^= 1; return seen; };\n"
            + (STATIC / "portal" / "worker.js").read_text(),
        ),
    )
    assert made(page, [png(photograph("cat"))]) == [{"failed": "hidden"}]


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[1]",
        '[{"pdq": []}]',
        "nonsense",
        '[{"pdq": ["zz"], "quality": 3}]',
        "[" * 5000,
        '[{"pdq": 8, "quality": 1}]',
        json.dumps([{"pdq": ["ab" * 32] * 8, "quality": 70, "windows": "ab" * 659}]),
        json.dumps([{"pdq": ["ab" * 32] * 8, "quality": 70, "windows": "ff" * 660}]),  # qualities of 255
        json.dumps([{"pdq": ["ab" * 32] * 8, "quality": 70, "windows": 7}]),
        json.dumps([{"pdq": ["ab" * 32] * 8, "quality": 70}] * 51),
    ],
)
def test_what_is_no_fingerprint_is_refused(text: str):
    with pytest.raises(prints.NotPrints):
        prints.read(text)


def test_a_fingerprint_is_read_as_it_was_written():
    one = prints.DevicePrint(("ab" * 32,) * 8, 77, "cd" * 32, "00" * 660)
    assert prints.of_text(prints.as_text(one)) == one
