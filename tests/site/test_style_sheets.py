"""What is served of Pico and of our own sheet: what pages use, small, and the same from the left and from the right."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PHYSICAL = re.compile(r"(?<![\w-])((padding|margin|border)-)?(left|right):|(text-align|float):(left|right)")


@pytest.fixture(scope="module")
def css() -> ModuleType:
    spec = importlib.util.spec_from_file_location("css_tool", ROOT / "tools" / "css.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["css_tool"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def page(css: ModuleType):
    found = css.Page()
    found.add('<a class="{% if x == "y" %}door{% endif %} wide" href="{{ where }}"><input type="radio" name="kind">')
    return found


def test_the_sheets_are_what_the_pages_use_now(css: ModuleType, capsys: pytest.CaptureFixture[str]):
    assert css.main("check") == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    "selector",
    ["a", "a.door:hover", ".wide > a", "[type=radio]:checked", ":is(dialog,a).door", "*::before", "a:not(.gone)",
     "input[aria-invalid=true]", "a:has([type=radio])", ":root"],
)  # fmt: skip
def test_a_rule_that_a_page_may_need_stays(css: ModuleType, page, selector: str):
    assert css.matches(selector, page)


@pytest.mark.parametrize(
    "selector",
    ["dialog", "a.closed", "input.door", "[type=range]", ":is(dialog,nav).door", "a:has(dialog)", "[data-tooltip]",
     "input[aria-invalid=false]", ":host(a)"],
)  # fmt: skip
def test_a_rule_that_no_page_needs_goes(css: ModuleType, page, selector: str):
    assert not css.matches(selector, page)


def test_what_a_page_says_of_its_body_in_a_block_counts_and_the_console_is_wide(css: ModuleType):
    page = css.Page()
    page.add('{% block body_attributes %} class="wide" data-of="{{ one }}"{% endblock %}<p>')
    assert css.matches("body.wide p", page)
    assert not css.matches("body.narrow p", page)
    assert "body.wide .shell" in (ROOT / "src/staydown/site/static/pages.css").read_text(encoding="utf-8")


def test_a_value_goes_with_the_last_that_asked_for_it(css: ModuleType):
    sheet = ':root{--a:url("x;{y}");--b:var(--a);--c:1}p{color:var(--c)}'
    assert css.asked(sheet) == ":root{--c:1}p{color:var(--c)}"


def test_no_sheet_names_left_or_right_and_the_portals_is_small(css: ModuleType):
    for path in css.SHEETS:
        sheet = path.read_text(encoding="utf-8")
        assert not PHYSICAL.findall(sheet)
        assert "tooltip" not in sheet
        assert ".door{" in sheet
    portal, *_ = css.SHEETS
    assert portal.stat().st_size < 42_000
