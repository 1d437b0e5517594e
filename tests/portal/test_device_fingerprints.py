"""The fingerprint that a reporter's browser makes is the one that the Python core makes of the same picture."""

import base64
import io
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from staydown import fingerprints
from staydown.cases import prints
from tests.pictures import jpeg, photograph, png, resized

STATIC = Path(__file__).parents[2] / "src" / "staydown" / "portal" / "static"
NEAR = 8  # bits of 256: what is left of two decoders' rounding; 2 were measured
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
    worst: dict[str, int] = {}
    for (name, data), told in zip(pictures.items(), made(page, list(pictures.values())), strict=True):
        core = fingerprints.of_whole(data)
        forms = [bytes.fromhex(form) for form in told["pdq"]]
        worst[name] = max(fingerprints.distance(one, other) for one, other in zip(forms, core.turned, strict=True))
        assert abs(told["quality"] - core.quality) <= 1, name
        assert told["sha256"] == core.sha256.hex()
    print("distance of the worst of eight orientations:", worst)
    assert max(worst.values()) <= NEAR, worst


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
    ],
)
def test_what_is_no_fingerprint_is_refused(text: str):
    with pytest.raises(prints.NotPrints):
        prints.read(text)


def test_a_fingerprint_is_read_as_it_was_written():
    one = prints.DevicePrint(("ab" * 32,) * 8, 77, "cd" * 32)
    assert prints.of_text(prints.as_text(one)) == one
