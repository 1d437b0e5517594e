"""A screenshot of messages: covered on the device before it is sent, or kept there for the police."""

import base64
import io

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from staydown.vault.evidence.models import Evidence
from staydown.vault.evidence.rules import Kind
from tests.pictures import photograph, png, resized
from tests.portal.in_browser import HERE, beyond, browsing, complaints, photographed
from tests.portal.test_asking import sent
from tests.vault.evidence.conftest import four

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]
SHOT = resized(photograph("page"), 0.5)
READ = """async () => {
  const bytes = new Uint8Array(await document.getElementById("file").files[0].arrayBuffer());
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
}"""


@pytest.fixture(autouse=True)
def custodians(settings: LazySettings) -> None:
    settings.CUSTODIANS = four()[0]


def handed(her: Client, code: str, data: bytes = png(SHOT)) -> str:
    """What the page says to a screenshot."""
    shot = SimpleUploadedFile("a.png", data, "image/png")
    return her.post("/en/add", {"receipt": code, "shot": shot, "covered": "2"}).content.decode()


def test_where_nobody_in_it_is_under_18_a_screenshot_is_locked_away(her: Client):
    code = sent(her, "me", links="https://elsewhere.example/a", minor="no")
    assert 'type="file"' in her.post("/en/add", {"receipt": code}).content.decode()
    assert "locked away" in handed(her, code)
    row = Evidence.objects.get(kind=Kind.SCREENSHOT)
    assert png(SHOT)[:200] not in bytes(row.handed.content)
    assert "1 screenshot." in her.post("/en/follow", {"receipt": code}).content.decode()


@pytest.mark.parametrize("minor", ["", "yes"])
def test_where_a_child_may_be_in_it_none_is_taken_and_the_page_says_why_and_what_to_do(her: Client, minor: str):
    code = sent(her, "me", links="https://elsewhere.example/a", minor=minor)
    page = her.post("/en/add", {"receipt": code}).content.decode()
    assert 'type="file"' not in page
    assert "the law forbids us to have it" in page
    assert "for the police" in page
    assert "Keep it for the police" in handed(her, code)
    assert not Evidence.objects.filter(kind=Kind.SCREENSHOT).exists()


def test_a_service_with_nobody_to_lock_it_away_takes_none(her: Client, settings: LazySettings):
    settings.CUSTODIANS = None
    code = sent(her, "me", links="https://elsewhere.example/a", minor="no")
    page = her.post("/en/add", {"receipt": code}).content.decode()
    assert 'type="file"' not in page
    assert "This service may not keep pictures" in page


def test_what_is_no_picture_is_refused_in_words(her: Client):
    code = sent(her, "me", links="https://elsewhere.example/a", minor="no")
    assert "no picture that could be opened" in handed(her, code, b"not a picture")
    assert not Evidence.objects.filter(kind=Kind.SCREENSHOT).exists()


def test_a_wrong_code_hands_nothing_over(her: Client):
    assert her.post("/en/add", {"receipt": "AAAA-BBBB-CCCC-DDDD"}).status_code == 422


def opened(page: Page, her: Client, minor: str, language: str = "en") -> None:
    """The page for a screenshot of a report, in the browser."""
    code = sent(her, "me", links="https://elsewhere.example/a", minor=minor)
    page.goto(f"{HERE}/{language}/follow")
    page.locator("#id_receipt").fill(code)
    page.locator("button.primary").click()
    page.locator("button[formaction*=add]").click()
    page.locator("#words").wait_for()


def chosen(page: Page, field: str, data: bytes = png(SHOT)) -> None:
    page.locator(field).set_input_files(files=[{"name": "a.png", "mimeType": "image/png", "buffer": data}])  # type: ignore[list-item]  # a FilePayload


def test_what_was_covered_is_gone_from_what_is_sent_and_the_rest_is_as_it_was(browser: Browser, her: Client):
    with browsing(browser, her) as page:
        opened(page, her, "no")
        chosen(page, "#file")
        page.locator("[data-half=left]").press("Enter")
        expect(page.locator("[name=covered]")).to_have_value("1")
        page.locator("#cover canvas").scroll_into_view_if_needed()
        box = page.locator("#cover canvas").bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] * 0.5)
        page.mouse.up()
        expect(page.locator("[name=covered]")).to_have_value("2")
        photographed(page, "screenshot covered")
        made = Image.open(io.BytesIO(base64.b64decode(page.evaluate(READ)))).convert("L")
        page.locator("[data-undo]").click()
        expect(page.locator("[name=covered]")).to_have_value("1")
    width, height = made.size
    assert made.size == SHOT.size
    assert made.crop((0, 0, width // 2 - 1, height)).getextrema() == (0, 0)
    assert made.crop((int(width * 0.8), 4, int(width * 0.95), int(height * 0.45))).getextrema() == (0, 0)
    rest = (width // 2 + 2, int(height * 0.6), width, height)
    assert made.crop(rest).tobytes() == SHOT.convert("RGB").convert("L").crop(rest).tobytes()


def test_a_file_that_is_made_late_with_less_covered_never_replaces_the_one_with_more(browser: Browser, her: Client):
    with browsing(browser, her) as page:
        opened(page, her, "no")
        chosen(page, "#file")
        expect(page.locator("[data-say]")).not_to_be_empty()
        page.evaluate("""() => {
            const real = HTMLCanvasElement.prototype.toBlob;
            let first = true;
            HTMLCanvasElement.prototype.toBlob = function (then, kind) {
              const late = first;
              first = false;
              real.call(this, made => late ? setTimeout(() => { then(made); window.came = true; }, 1000) : then(made), kind);
            };
        }""")
        page.locator("[data-half=left]").press("Enter")
        page.locator("[data-half=right]").press("Enter")
        page.wait_for_function("window.came")
        expect(page.locator("form button.primary").first).to_be_enabled()
        made = Image.open(io.BytesIO(base64.b64decode(page.evaluate(READ)))).convert("L")
    assert made.getextrema() == (0, 0)


LATE_PICTURES = """async late => {
  const real = window.createImageBitmap;
  window.createImageBitmap = async (...from) => {
    const wait = late.shift();
    if (wait) await new Promise(then => { window.opened = then; });
    return real(...from);
  };
}"""


def test_no_screenshot_can_be_sent_before_it_can_be_covered(browser: Browser, her: Client):
    """Neither while the page's script still comes, nor while the file is opened: it would go as it is."""
    with browsing(browser, her) as page:
        page.route("**/shot.js", lambda route: (page.wait_for_timeout(2000), route.fallback()))
        opened(page, her, "no")
        send = page.get_by_role("button", name="Send this screenshot")
        expect(send).to_be_visible()
        assert page.locator("input[type=file]").count() == 0
        page.evaluate(LATE_PICTURES, [True])
        chosen(page, "#file")
        expect(send).to_be_disabled()
        page.evaluate("window.opened()")
        expect(send).to_be_enabled()
        expect(page.locator("[data-say]")).not_to_be_empty()
        assert page.evaluate("document.getElementById('file').files[0].name") == "screenshot.png"  # the one made anew


def test_a_screenshot_that_opens_late_never_takes_the_place_of_one_chosen_after_it(browser: Browser, her: Client):
    with browsing(browser, her) as page:
        opened(page, her, "no")
        page.evaluate(LATE_PICTURES, [True, False])
        chosen(page, "#file", png(resized(SHOT, 0.5)))
        chosen(page, "#file")
        page.locator("[data-half=left]").press("Enter")
        expect(page.locator("[name=covered]")).to_have_value("1")
        page.evaluate("async () => { window.opened(); await new Promise(then => setTimeout(then, 1000)); }")
        page.locator("[data-half=right]").press("Enter")
        expect(page.locator("[name=covered]")).to_have_value("2")
        made = Image.open(io.BytesIO(base64.b64decode(page.evaluate(READ)))).convert("L")
    assert made.size == SHOT.size
    assert made.getextrema() == (0, 0)


def test_the_digits_of_a_screenshot_for_the_police_are_made_on_the_device(browser: Browser, her: Client):
    with browsing(browser, her) as page:
        opened(page, her, "yes")
        page.evaluate("""() => Object.defineProperty(crypto, "subtle", {value: {digest: async (_, bytes) =>
            Uint8Array.from({length: 32}, (_, at) => (bytes.byteLength >> (at % 3)) % 256).buffer}})""")
        chosen(page, "#choose")
        expect(page.locator("#words")).to_have_value(
            f"Screenshot kept for the police. SHA-256 of the file: {stand_in()}"
        )


def stand_in() -> str:
    """What stands for SHA-256 where a page is not secure, as the pages of this test are."""
    length = len(png(SHOT))
    return bytes((length >> (at % 3)) % 256 for at in range(32)).hex()


def test_the_page_for_a_screenshot_is_accessible_in_every_language(browser: Browser, her: Client):
    wrong: list[str] = []
    with browsing(browser, her) as page:
        for language in ("en", "fr", "nl", "de"):
            opened(page, her, "no", language)
            chosen(page, "#file")
            expect(page.locator("[data-say]")).not_to_be_empty()
            wrong += complaints(page, language) + beyond(page, language)
            photographed(page, f"screenshot {language}")
    assert not wrong, "\n".join(wrong)
