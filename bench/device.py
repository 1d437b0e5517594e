"""What a reporter's browser makes of photographs and films beside what the core makes: `python -m bench.device [HOW_MANY]`.

Photographs of the bench's Debian packages, as JPEG of 1600 pixels on the longer side, in Chromium on this machine; then
five films that a camera makes moving over five of them, as telephones and browsers store films.
"""

import base64
import io
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps
from playwright.sync_api import Page, sync_playwright
from tests.browsers import FLAGS, chromium
from tests.films import film
from tests.portal.test_device_fingerprints import FILMS, MAKE, STATIC, at_the_same_times, film_made

from bench import photographs
from staydown import fingerprints
from staydown.fingerprints import windows

LONGER = 1600
SECONDS, RATE, SIZE = 8, 24, (1280, 720)  # of a film
LARGE = 1000  # pixels on the shorter side of a photograph, at least
Known = tuple[str, bytes, fingerprints.ImageFingerprints]


class Quiet(SimpleHTTPRequestHandler):
    """The portal's static files, without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def pictures(count: int) -> list[Known]:
    """Names, JPEG and the core's fingerprints of so many large photographs in which there is enough to be known by."""
    return list(islice(_telling(), count))


def _telling() -> Iterator[Known]:
    for name, data in photographs.found():
        with Image.open(io.BytesIO(data)) as picture:
            small = min(picture.size) < LARGE
        if small or photographs.is_drawn(name):
            continue
        brought = _jpeg(data)
        core = fingerprints.of_image(brought)
        if core.quality >= fingerprints.ENOUGH:
            yield Path(name).name, brought, core


def _jpeg(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        seen = ImageOps.exif_transpose(picture).convert("RGB")
    seen.thumbnail((LONGER, LONGER))
    made = io.BytesIO()
    seen.save(made, "JPEG", quality=90)
    return made.getvalue()


@contextmanager
def browser() -> Iterator[Page]:
    """A page in Chromium, from which the portal's scripts can be asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = opened.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/portal/pdq.js")
        yield page
        opened.close()
    server.shutdown()


def made(page: Page, some: list[bytes]) -> tuple[list[dict[str, Any]], float]:
    """What the browser makes of each, one after the other, and the seconds it took for one."""
    begun = time.perf_counter()
    found = [page.evaluate(MAKE, [base64.b64encode(each).decode()])[0] for each in some]
    return found, (time.perf_counter() - begun) / len(some)


def moved_over(data: bytes, size: tuple[int, int]) -> Iterator[Image.Image]:
    """A camera that moves over a photograph for some seconds."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    for place in range(SECONDS * RATE):
        done = place / (SECONDS * RATE)
        left, top, part = 0.3 * done * width, 0.2 * done * height, 0.5 + 0.2 * done
        yield picture.resize(size, box=(left, top, left + part * width, top + part * height))


def films(page: Page, some: list[Known]) -> None:
    """Print how far the rows of five films are from the core's of the same frames, and what a second of film takes."""
    for (how, options), (name, data, _) in zip(FILMS.items(), some, strict=False):
        shown = film(moved_over(data, SIZE), rate=RATE, **options)
        begun = time.perf_counter()
        _, sent = film_made(page, shown)
        spent = time.perf_counter() - begun
        bits = at_the_same_times(shown, sent)
        print(
            f"film {how:26} of {name[:24]:24} {len(bits):4} rows: median {int(np.median(bits))}, most {max(bits)} bits; "
            f"{spent / SECONDS:.2f} s for each second of {SIZE[0]} x {SIZE[1]}"
        )


def apart(told: dict[str, Any], core: fingerprints.ImageFingerprints) -> tuple[int, int, int]:
    """Bits of the worst orientation, bits of the worst window that tells, windows that tell for one of both only."""
    forms = zip((bytes.fromhex(form) for form in told["pdq"]), core.turned, strict=True)
    ours, theirs = windows.unpack(bytes.fromhex(told["windows"])), windows.unpack(core.windows)
    bits = np.bitwise_count(ours.hashes ^ theirs.hashes).sum(axis=1, dtype=int)
    telling = int(bits[ours.telling & theirs.telling].max(initial=0))
    one_only = int((ours.telling != theirs.telling).sum())
    return max(fingerprints.distance(one, other) for one, other in forms), telling, one_only


def main() -> None:
    """Print the distances of each photograph, and what one takes."""
    some = pictures(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
    with browser() as page:
        found, seconds = made(page, [data for _, data, _ in some])
        films(page, some)
    rows = [(name, *apart(told, core)) for (name, _, core), told in zip(some, found, strict=True)]
    for name, form, window, one_only in rows:
        print(f"{name[:40]:40} orientations {form:3} windows {window:3} told by one only {one_only:2}")
    print(
        f"{len(rows)} photographs of {LONGER} pixels: {seconds * 1000:.0f} ms each in the browser, the file's way there included"
    )
    print(f"worst: orientation {max(row[1] for row in rows)}, window {max(row[2] for row in rows)} of 256 bits")
    print(f"windows that only one of both calls telling: {sum(row[3] for row in rows)} of {20 * len(rows)}")


if __name__ == "__main__":
    main()
