"""Every page of the portal, in every language, at 320 px, in a real browser: axe finds nothing, nothing scrolls sideways."""

from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from staydown.cases.actions import deciding
from staydown.cases.models import Case
from staydown.cases.rules import Ruling
from staydown.transparency.models import Yearly
from staydown.transparency.publishing import figures
from staydown.transparency.year import Year
from tests import people
from tests.portal.in_browser import CONTRAST, HERE, beyond, browsing, complaints, open_all, photographed
from tests.portal.test_pages import token

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]
FIRST = ("", "form/me", "form/child", "form/saw", "report", "report/too-old", "organisations", "published", "follow")
HEBREW = "אבגדהוזחטיכלמנסעפצקרשת"  # letters that are written from the right, in no word that means anything
EDGELESS = """[...document.querySelectorAll(
    'button, .door, .quick-exit a, input:not([type=hidden], [type=file]), select, textarea')]
  .filter(each => each.checkVisibility() && !parseFloat(getComputedStyle(each).borderTopWidth))
  .map(each => each.outerHTML.slice(0, 90))"""


def pages(page: Page, language: str, item_path: str) -> Iterator[str]:
    """The name of each page, the browser being on it: those anybody reaches, then one report to its end."""
    for path in FIRST:
        page.goto(f"{HERE}/{language}/{path}")
        yield path or "doors"
    page.goto(f"{HERE}/{language}/form/me")
    page.locator("#send").click()
    yield "nothing was said"
    page.goto(f"{HERE}/{language}/{item_path}")
    yield "report of a post"
    page.locator("button[name=door][value=me]").click()
    yield "code"
    page.locator("button.primary").click()
    yield "code not kept"
    page.locator("#id_saved").check()
    page.locator("button.primary").click()
    page.locator("#words").wait_for()
    yield "followed"
    page.locator("button[formaction*=add]").click()
    yield "messages"
    page.locator("button[name=act][value=see]").click()
    page.locator("button[formaction*=more]").click()
    yield "more"
    page.locator("button[name=save]").click()
    yield "changed"
    case = Case.objects.get()
    deciding.decide(case, people.proposal(case, Ruling.KEEP), people.staff("mina"), timezone.now())
    page.locator("button.secondary:not([formaction])").first.click()
    yield "decided"
    open_all(page)
    page.locator("button[value=contest]").click()
    yield "contested"
    open_all(page)
    page.locator("button[value=withdraw]").click()
    yield "box not ticked"
    open_all(page)
    page.locator("#sure").check()
    page.locator("button[value=withdraw]").click()
    yield "withdrawn"


def reported(language: str) -> str:
    """The path of a report link: an item whose reporter names no minor, so that one person can decide; a year is published."""
    Yearly.objects.create(year=2025, version=1, made_at=people.NOW, figures=figures(Year(2025, "")), tables={})
    return f"report/{token(people.posted(people.plaza(), 'post-1'))}"


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_every_page_is_accessible_and_as_wide_as_a_small_telephone(browser: Browser, her: Client, language: str):
    wrong: list[str] = []
    with browsing(browser, her) as page:
        for name in pages(page, language, reported(language)):
            open_all(page)
            where = f"{language} {name}"
            wrong += complaints(page, where) + beyond(page, where)
            photographed(page, where)
            if language == "de":
                wrong += _in_other_lights(page, where)
        page.locator("[data-step=withdrawn]").wait_for()
    assert not wrong, "\n".join(wrong)


def _in_other_lights(page: Page, where: str) -> list[str]:
    """Dark, and in colours a person forces, where edges must do what grounds did; nothing moves for whoever asks that."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = complaints(page, f"{where}, dark", CONTRAST)
    photographed(page, f"{where} dark")
    moving = page.evaluate("document.getAnimations().length")
    page.emulate_media(color_scheme="light", forced_colors="active")
    photographed(page, f"{where} forced")
    found += beyond(page, f"{where}, forced colours")
    found += [f"{where}, forced colours: no edge: {each}" for each in page.evaluate(EDGELESS)]
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    return found + ([f"{where}: {moving} things move"] if moving else [])


@pytest.fixture
def from_the_right(settings: LazySettings, sentences: Catalog, tmp_path) -> str:
    """A language that nobody speaks: every sentence in Hebrew letters, a third longer than its English."""
    folder = tmp_path / "he" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, _turned(sentences))
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [*settings.LANGUAGES, ("he", "Pseudo")]
    return "he"


def _turned(sentences: Catalog) -> Catalog:
    book = Catalog(locale="he", charset="utf-8", fuzzy=False)
    for message in sentences:
        if message.id and message.context != "date format":
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            said = [_letters(each) for each in ids]
            book.add(message.id, said[0] if len(said) == 1 else (said[0], said[1], said[1]), context=message.context)
    return book


def _letters(text: str) -> str:
    words = []
    for word in text.split(" "):
        plain = not any(sign in word for sign in "%<>@=/")
        turned = "".join(HEBREW[ord(sign) % len(HEBREW)] if sign.isalpha() else sign for sign in word)
        words.append(turned + turned[: len(turned) // 3] if plain and turned.isalpha() else turned if plain else word)
    return " ".join(words)


def test_a_language_from_the_right_turns_every_page_round(browser: Browser, her: Client, from_the_right: str):
    wrong: list[str] = []
    with browsing(browser, her) as page:
        for name in pages(page, from_the_right, reported("en")):
            open_all(page)
            photographed(page, f"{from_the_right} {name}")
            wrong += beyond(page, name)
            assert page.evaluate("document.documentElement.dir") == "rtl"
            brand = page.locator(".brand").bounding_box()
            assert brand
            assert brand["x"] + brand["width"] > 280, "the brand stands where reading begins"
            if name == "withdrawn":
                marks = "getComputedStyle(document.querySelector('.timeline > li'), '::before').right"
                assert page.evaluate(marks) == "0px", "the marks of the steps stand before their words"
    assert not wrong, "\n".join(wrong)
