"""What looks on a person's own device says what the server says, asks before it sends, blurs before it shows, and tells nobody.

Everything is built by `make device` from npm and served by Plaza to a real Chromium; every request that it makes is counted.
"""

import base64
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from tools import device
from werkzeug.serving import make_server

from staydown.recognition import looking
from staydown.recognition.media import PICTURE_LIMITS
from tests.pictures import jpeg, photograph, png, resized
from tests.plaza.conftest import FakeStaydown, config, over, staydown  # noqa: F401  fixtures
from tests.portal.test_device_fingerprints import clear, turned, webp
from tests.recognition.samples import canary

NEAR = 0.03  # of 1: what a browser's decoder and its canvas move; see docs/recognition.md
LOOK = """text => import("/device/sensitive.js").then(device =>
  device.look(new Blob([Uint8Array.from(atob(text), sign => sign.charCodeAt(0))])))"""
PRESS_THEN_CHOOSE = """text => {
  document.querySelector("form.compose button").click();
  const picture = new File([Uint8Array.from(atob(text), sign => sign.charCodeAt(0))], "suit.jpg", { type: "image/jpeg" });
  const chosen = new DataTransfer(), input = document.querySelector("input[type=file]");
  chosen.items.add(picture);
  input.files = chosen.files;
  input.dispatchEvent(new Event("change"));
}"""
PAINTED = """async () => {
  const first = await new Promise(seen => new PerformanceObserver(found =>
    found.getEntriesByName("first-contentful-paint").forEach(seen)).observe({ type: "paint", buffered: true }));
  return [first.startTime, performance.getEntriesByType("resource").find(each => each.name.endsWith("sensitive.js")).responseEnd];
}"""
PATIENT = 120_000  # milliseconds: the first look fetches and compiles 38 MB
AS_PATIENT = f"""const real = window.setTimeout;
window.setTimeout = (then, wait, ...told) => real(then, wait === 8000 ? {PATIENT} : wait, ...told);"""  # a form, too


@dataclass
class Square:
    """Plaza, served with what lets the device look, and all that was asked of it."""

    address: str
    asked: list[tuple[str, str]]


@pytest.fixture
def square(config: dict[str, str], staydown: FakeStaydown) -> Iterator[Square]:  # noqa: F811
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed on this machine: what looks on the device cannot be built")
    from app import create_app

    app, asked = create_app(config | {"PLAZA_DEVICE": str(device.build())}), []
    app.before_request(lambda: asked.append((_request().method, _request().path)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Square(f"http://127.0.0.1:{server.port}", asked)
    server.shutdown()
    server.server_close()


def _request():
    from flask import request

    return request


@pytest.fixture
def tab(browser: Browser, square: Square) -> Iterator[tuple[Page, list[str]]]:
    """Somebody signed in at Plaza, and the address of every request that her browser makes."""
    context, went = browser.new_context(), []
    context.set_default_timeout(PATIENT)
    context.add_init_script(AS_PATIENT)
    page = context.new_page()
    page.on("request", lambda request: went.append(request.url))
    page.goto(f"{square.address}/sign-in")
    page.get_by_label("Name").fill("ada")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Picture")).to_be_attached()
    yield page, went
    context.close()


def benign() -> dict[str, bytes]:
    """Photographs as people send them, and the sleeve."""
    coffee = resized(photograph("coffee"), 0.8)
    made = {name: jpeg(photograph(name)) for name in ("astronaut", "cat", "rocket", "china", "flower")}
    made |= {"png": png(coffee), "turned": turned(coffee, 6), "clear": clear(coffee), "webp": webp(coffee)}
    made |= {
        "grey": jpeg(coffee.convert("L")),
        "small": png(resized(coffee, 0.2)),
        "wide": png(coffee.resize((900, 200))),
    }
    return made | {"sleeve": jpeg(canary().resize((600, 600)))}


def test_the_device_says_what_the_server_says_asks_blurs_and_tells_nobody(square: Square, tab: tuple[Page, list[str]]):
    page, went = tab
    assert not any("/device/open" in url for url in went), "nothing large is fetched before the first picture"
    apart = {}
    for name, data in benign().items():
        told = page.evaluate(LOOK, base64.b64encode(data).decode())
        apart[name] = abs(told - looking.picture(data, PICTURE_LIMITS).looks[0].score)
    print("apart from the server:", {name: round(each, 4) for name, each in apart.items()})
    assert max(apart.values()) <= NEAR, apart

    # What is harmless goes without a question; what may be sensitive asks, and goes only when she says so.
    upload(page, "a landscape", jpeg(photograph("china")))
    page.wait_for_url("**/posts/*")
    expect(page.locator("article img")).to_have_attribute("data-looked", "shown", timeout=PATIENT)
    page.goto(square.address)
    upload(page, "my suit", jpeg(canary()))
    page.get_by_role("button", name="Do not send it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert [path for method, path in square.asked if method == "POST"].count("/posts") == 1
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_role("button", name="Send it", exact=True).click()
    page.wait_for_url("**/posts/*")

    # Whoever meets it sees it blurred until she asks for it.
    image = page.locator("article img")
    expect(image).to_have_attribute("data-looked", "blurred", timeout=PATIENT)
    assert "blur" in image.evaluate("image => getComputedStyle(image).filter")
    page.get_by_role("button", name="This picture may be sensitive").click()
    expect(image).to_have_attribute("data-looked", "shown")
    assert image.evaluate("image => getComputedStyle(image).filter") == "none"

    assert {urlsplit(url).netloc for url in went if url.startswith("http")} == {urlsplit(square.address).netloc}
    assert {path for method, path in square.asked if method == "POST"} == {"/sign-in", "/posts"}
    assert not [path for _, path in square.asked if any(word in path for word in ("score", "nud", "look"))]


def upload(page: Page, caption: str, picture: bytes) -> None:
    choose(page, picture)
    post(page, caption)


def choose(page: Page, picture: bytes) -> None:
    file = {"name": "picture.jpg", "mimeType": "image/jpeg", "buffer": picture}
    page.get_by_label("Picture").set_input_files(files=[file])  # type: ignore[list-item]  # a FilePayload


def post(page: Page, caption: str) -> None:
    page.get_by_label("What does it show?").fill(caption)
    page.get_by_role("button", name="Post", exact=True).click()


def test_what_was_looked_at_before_post_was_pressed_goes_at_the_first_press(
    square: Square, tab: tuple[Page, list[str]]
):
    page, _ = tab
    page.goto(square.address)
    choose(page, jpeg(photograph("coffee")))
    page.evaluate(LOOK, base64.b64encode(jpeg(photograph("cat"))).decode())  # it is looked at after the one chosen
    post(page, "a coffee")
    page.wait_for_url("**/posts/*")


def test_who_presses_post_again_and_again_while_it_is_looked_at_is_asked_once(
    square: Square, tab: tuple[Page, list[str]]
):
    page, _ = tab
    page.goto(square.address)
    choose(page, jpeg(canary()))
    page.get_by_label("What does it show?").fill("my suit")
    page.evaluate(
        "() => { for (let times = 0; times < 5; times++) document.querySelector('form.compose button').click(); }"
    )
    expect(page.locator("dialog").first).to_be_visible()
    expect(page.locator("dialog")).to_have_count(1)
    page.get_by_role("button", name="Send it", exact=True).click()
    page.wait_for_url("**/posts/*")
    assert [path for method, path in square.asked if method == "POST"].count("/posts") == 1


def test_a_picture_chosen_while_another_is_looked_at_is_looked_at_before_it_goes(
    square: Square, tab: tuple[Page, list[str]]
):
    page, _ = tab
    page.goto(square.address)
    choose(page, jpeg(photograph("coffee")))
    page.get_by_label("What does it show?").fill("a picture")
    page.evaluate(PRESS_THEN_CHOOSE, base64.b64encode(jpeg(canary())).decode())
    page.get_by_role("button", name="Send it", exact=True).click()
    page.wait_for_url("**/posts/*")


def test_nothing_is_seen_or_sent_before_what_looks_at_it_is_there(square: Square, tab: tuple[Page, list[str]]):
    """On a slow line, too: no picture is painted unblurred, and one that was chosen early is asked about."""
    page, _ = tab
    page.route("**/sensitive.js", lambda route: (page.wait_for_timeout(2000), route.fallback()))
    page.goto(square.address, wait_until="commit")
    choose(page, jpeg(canary()))
    page.wait_for_load_state()
    painted, there = page.evaluate(PAINTED)
    assert painted > there
    post(page, "my suit")
    page.get_by_role("button", name="Do not send it").click()
    assert not [path for method, path in square.asked if (method, path) == ("POST", "/posts")]


def test_where_the_network_cannot_be_had_everything_works_and_what_comes_in_stays_blurred_until_asked_for(
    square: Square, tab: tuple[Page, list[str]]
):
    page, _ = tab
    page.context.route("**/device/open-nsfw.onnx", lambda route: route.abort())
    page.goto(square.address)
    upload(page, "a coffee", jpeg(photograph("coffee")))
    page.wait_for_url("**/posts/*")
    page.get_by_role("button", name="Show the picture").click()
    expect(page.locator("article img")).to_have_attribute("data-looked", "shown")


def test_what_comes_from_npm_is_what_was_measured_or_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(device, "INTEGRITY", "sha512-something-else")
    false_npm = tmp_path / "npm"
    false_npm.write_text('#!/bin/sh\nfor last; do :; done\necho other > "$last/onnxruntime-web-1.30.0.tgz"\n')
    false_npm.chmod(0o755)
    monkeypatch.setattr(device.shutil, "which", lambda _: str(false_npm))
    with pytest.raises(device.CannotBuild, match="is not what was measured"):
        device.build(tmp_path / "device")
    monkeypatch.setattr(device.shutil, "which", lambda _: None)
    with pytest.raises(device.CannotBuild, match="npm is not installed"):
        device.build(tmp_path / "device")
