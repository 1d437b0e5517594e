"""Plaza as an integrator starts it: a process, a browser, and a machine that stops at any moment."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.ports import free_port

from .conftest import PATIENCE, PLAZA, FakeStaydown, Plaza, photograph, signature

type Start = Callable[[], tuple[subprocess.Popen[bytes], str]]


@pytest.fixture
def start(config: dict[str, str]) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def run() -> tuple[subprocess.Popen[bytes], str]:
        port = free_port()
        command, quiet = [sys.executable, str(PLAZA / "app.py"), "--port", str(port)], subprocess.DEVNULL
        started.append(subprocess.Popen(command, env=os.environ | config, stdout=quiet, stderr=quiet))
        wait_for(started[-1], port)
        return started[-1], f"http://127.0.0.1:{port}"

    yield run
    for process in started:
        process.kill()
        process.wait()


def wait_for(plaza: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while plaza.poll() is None and time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.025)
    pytest.fail("Plaza did not start")


def post(base: str, name: str = "ada") -> None:
    with httpx.Client(base_url=base, trust_env=False, timeout=PATIENCE) as person:
        person.post("/sign-in", data={"name": name})
        person.post("/posts", data={"caption": "a coffee"}, files={"picture": ("photo.jpg", photograph())})


def test_every_page_is_accessible_and_keeps_to_the_strict_policy(
    start: Start, staydown: FakeStaydown, tmp_path: Path, browser: Browser
) -> None:
    _, base = start()
    post(base)
    staydown.verdict = "label"
    post(base, "bob")
    staydown.verdict = "hold"
    post(base)
    (tmp_path / "photo.jpg").write_bytes(photograph("astronaut"))
    complaints: list[str] = []
    for scheme in ("light", "dark"):
        page = browser.new_context(color_scheme=scheme).new_page()
        page.on("console", lambda message: complaints.append(message.text))
        for address in ("/", "/sign-in", "/people/bob"):
            page.goto(base + address)
            assert Axe().run(page).violations_count == 0, (address, scheme, Axe().run(page).generate_report())
        page.get_by_label("Sensitive picture").check()
        assert page.locator(".frame img").evaluate("img => getComputedStyle(img).filter") == "none"
        page.goto(base + "/sign-in")
        page.get_by_label("Name").fill("ada")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Picture", exact=True).set_input_files(tmp_path / "photo.jpg")
        page.get_by_label("What does it show?").fill("an astronaut")
        page.get_by_role("button", name="Post", exact=True).click()
        page.get_by_role("heading", name="Being checked").first.wait_for()
        page.wait_for_load_state()
        assert Axe().run(page).violations_count == 0, Axe().run(page).generate_report()
    assert complaints == []


def test_the_report_button_takes_a_browser_to_the_report_pages(
    start: Start, staydown: FakeStaydown, browser: Browser
) -> None:
    _, base = start()
    post(base)
    page = browser.new_page(locale="fr-FR")
    page.goto(base)
    with page.expect_request("http://127.0.0.1:1/r/**") as asked, suppress(Exception):
        page.get_by_role("button", name="Report").click()
    assert asked.value.url.endswith("?fr")
    page.close()


@pytest.mark.parametrize("round_", range(int(os.environ.get("PLAZA_KILLS", "4"))))
def test_an_order_confirmed_before_kill_9_is_there_afterwards_and_applied_once(
    start: Start, plaza: Plaza, staydown: FakeStaydown, round_: int
) -> None:
    process, base = start()
    post(base)
    item, confirmed = plaza.newest()["id"], 0
    killer = threading.Timer(0.05 + 0.04 * round_, process.send_signal, [signal.SIGKILL])
    killer.start()
    with suppress(httpx.HTTPError):
        while True:
            assert deliver(base, item, confirmed + 1) == "applied"
            confirmed += 1
    killer.join()
    _, base = start()
    assert deliver(base, item, confirmed + 1) == "applied"
    orders = plaza.rows("SELECT sequence, outcome FROM orders ORDER BY sequence")
    assert [tuple(order) for order in orders] == [(number, "applied") for number in range(1, confirmed + 2)]


def deliver(base: str, item: str, number: int) -> str:
    kind = "order.hold" if number % 2 else "order.release"
    body = f'{{"type":"{kind}","data":{{"order_id":"o{number}","item_id":"{item}","sequence":{number}}}}}'.encode()
    there = f"{base}/staydown/webhooks"
    answer = httpx.post(there, content=body, headers=signature(body), trust_env=False, timeout=PATIENCE)
    return str(answer.json()["outcome"])
