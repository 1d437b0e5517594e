"""A person who gives no name, no picture and no trace: what her browser asks, what is written, and who can leave when."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request, Route, expect

from tests import house as houses
from tests.house import House
from tests.pictures import jpeg, photograph, resized
from tests.stories.conftest import DESK, PHONE, Eyes, somebody
from tests.stories.test_first_journey import code_on, eventually, follow, upload
from tests.stories.weighing import weigh

ADDRESS = "203.0.113.77"
BROWSER = "Watched-Telephone/7.7"
LINK = "https://elsewhere.example/album/private-street-12"
WORDS = "Maximilian threatened everybody yesterday evening near Wolkenkuckucksheim"
SAID = {
    "since": "Johannisnacht",
    "police": "PV-998877",
    "contact": "robin.quetzal@mail.example",
    "signature": "Quetzalcoatl",
}
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def rows(house: House) -> set[str]:
    """Every row of every table, as text in which what is binary is readable, too."""
    found = set()
    for (table,) in house.query(TABLES):
        for row in house.query(f'SELECT * FROM "{table}"'):
            found.add(f"{table}: {[_clear(cell) for cell in row]}")
    return found


def _clear(cell: Any) -> Any:
    return bytes(cell).decode("latin-1") if isinstance(cell, (bytes, memoryview)) else cell


def files(house: House) -> bytes:
    """Everything in the data folder, as it lies on the disk."""
    return b"".join(path.read_bytes() for path in sorted(house.place.home.data.rglob("*")) if path.is_file())


def secrets(code: str) -> list[str]:
    """What must stand nowhere in clear: each word of hers, where it is, who she is, and the way back."""
    words = [
        word for word in re.findall(r"\w{6,}", WORDS) if word.lower() not in ("threatened", "everybody", "yesterday")
    ]
    answers = [part for text in SAID.values() for part in re.split(r"[.@]", text) if len(part) > 5]
    return [
        *words,
        *answers,
        "elsewhere.example",
        "private-street",
        "arno_the_poster",
        code,
        code.replace("-", ""),
        ADDRESS,
        BROWSER,
    ]


def open_all(page: Page) -> None:
    page.wait_for_load_state()
    page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")


def fill(page: Page) -> None:
    page.locator("#id_links").fill(f"it is at {LINK}, by @arno_the_poster")
    open_all(page)
    page.get_by_label("Someone threatens to share one, or wants money or more pictures").check()
    page.get_by_label("So far it is only a threat").check()
    page.locator("#id_words").fill(WORDS)
    for name, text in SAID.items():
        page.locator(f"#id_{name}").fill(text)


def test_a_report_leaves_no_trace_of_who_sent_it_and_no_word_of_it_in_clear(
    browser: Browser, tmp_path: Path, eyes: Eyes
):
    with houses.running(tmp_path / "house", also={"STAYDOWN_PROXIES": "1"}) as house:
        before, said_before = rows(house), len(house.said)
        context = browser.new_context(
            viewport=PHONE,
            user_agent=BROWSER,
            extra_http_headers={"X-Forwarded-For": ADDRESS},  # type: ignore[arg-type]  # a ViewportSize
        )
        asked: list[Request] = []
        context.on("request", lambda request: asked.append(request))
        her = context.new_page()
        her.goto(f"{house.portal}/en/")
        eyes.look(her, "portal-start")
        her.get_by_role("link", name=re.compile("An intimate image of me")).click()
        eyes.look(her, "portal-form")
        fill(her)
        coffee = jpeg(photograph("coffee"))
        chosen = [{"name": "me.jpg", "mimeType": "image/jpeg", "buffer": coffee}]
        her.locator("#choose").set_input_files(files=chosen)  # type: ignore[arg-type]  # a FilePayload
        expect(her.locator("#prints code")).to_have_text(re.compile(r"^[0-9a-f]{64}$"))
        eyes.look(her, "portal-form-open")
        her.get_by_role("button", name="Send my report").click()
        code = code_on(her)
        eyes.look(her, "portal-code")
        her.get_by_label("Type the seven words here").fill(code)
        her.get_by_role("button", name=re.compile("^I have kept it")).click()
        eventually(lambda: follow(her, house, code) or her.locator("[data-step=print_watched]").count())
        open_all(her)
        eyes.look(her, "portal-page")
        expect(her.get_by_text("Maximilian")).to_be_visible()  # with the code she reads it
        her.get_by_role("button", name="Add links, or answer questions").click()
        expect(her.locator("#id_police")).to_have_value("PV-998877")
        eyes.look(her, "portal-more")
        her.get_by_role("button", name="Save").click()
        expect(her.get_by_role("status").first).to_contain_text("Saved")

        # What her browser asked, and of whom; and that the picture was in none of it.
        assert {request.url.split("/")[2] for request in asked} == {house.portal.split("/")[2]}
        sent = [request.post_data_buffer or b"" for request in asked]
        assert sum(len(each) for each in sent) < 20_000
        assert coffee[200:260] not in b"".join(sent)
        assert context.cookies() == []
        assert her.evaluate("localStorage.length + sessionStorage.length") == 0

        # What was written while she was there, and what was said in the logs.
        written, logged, disk = rows(house) - before, house.said[said_before:], files(house)
        assert written
        for secret in secrets(code):
            assert not [row for row in written if secret.lower() in row.lower()], secret
            assert secret.lower() not in logged.lower(), secret
            assert secret.encode() not in disk, secret

        # What her device fingerprinted is stopped when somebody else puts it up, smaller and poorer.
        poster = somebody(browser, DESK).new_page()
        assert "/posts/" not in upload(poster, house, "arno", jpeg(resized(photograph("coffee"), 0.8), 60), "look")
        expect(poster.get_by_text("being checked")).to_be_visible()


def test_by_keyboard_alone_in_french_and_away_in_three_presses(browser: Browser, tmp_path: Path, eyes: Eyes):
    with houses.running(tmp_path / "house") as house:
        context = somebody(browser, PHONE, "fr-FR")
        context.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="elsewhere"))
        her = context.new_page()
        her.goto(f"{house.portal}/")
        eyes.look(her, "portal-start-fr")
        weights = {}
        for path in ("", "form/me", "form/child", "form/saw", "report", "organisations", "follow"):
            her.goto(f"{house.portal}/fr/{path}")
            eyes.look(her, f"portal-{path.replace('/', '-') or 'doors'}-fr")
            weights[path] = weigh(browser, f"{house.portal}/de/{path}")  # the longest words
        print("bytes of a first visit, without and with the hashing scripts:", json.dumps(weights))
        assert max(page for page, _ in weights.values()) < 60_000
        assert max(whole for _, whole in weights.values()) < 100_000
        her.goto(f"{house.portal}/fr/form/child")
        focus(her, "id_links")
        her.keyboard.type("https://elsewhere.example/1")
        focus(her, "send")
        her.keyboard.press("Enter")
        expect(her.locator("#receipt")).to_be_visible()
        press_shift(her)
        expect(her.get_by_text("elsewhere")).to_be_visible()
        her.go_back()
        assert "receipt" not in her.content()


def test_nothing_is_seen_before_one_can_leave_it(browser: Browser, tmp_path: Path):
    """On a slow line, too: three presses as soon as the words are there lead away, and so does the link, for good."""

    def slowly(route: Route) -> None:
        route.request.frame.page.wait_for_timeout(1000)
        route.continue_()

    with houses.running(tmp_path / "house") as house:
        context = somebody(browser, PHONE)
        context.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="elsewhere"))
        context.route("**/leave*.js", slowly)
        for leave in (press_shift, lambda page: page.locator("#leave").click()):
            her = context.new_page()
            her.goto(f"{house.portal}/en/form/me", wait_until="commit")
            expect(her.locator("h1")).to_be_visible()
            leave(her)
            expect(her.get_by_text("elsewhere")).to_be_visible()
            her.go_back()
            assert her.url == "about:blank"


def press_shift(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


def focus(page: Page, element: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse would."""
    page.wait_for_load_state()
    for _ in range(80):
        if page.evaluate("document.activeElement.id") == element:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {element} with the Tab key")
