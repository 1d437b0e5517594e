"""A moderator who makes a mistake, one who has no mouse, and two who want the same case."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import house as houses
from tests.house import House
from tests.pictures import jpeg, photograph
from tests.stories.conftest import DESK, PHONE, Eyes, somebody
from tests.stories.test_first_journey import (
    decide,
    eventually,
    gone,
    open_first_case,
    publish,
    report_in_two_clicks,
    sign_in,
    write,
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which there is time to undo a decision, also for a slow machine."""
    with houses.running(tmp_path_factory.mktemp("deciding") / "house", also={"STAYDOWN_UNDO": "60"}) as running:
        yield running


@pytest.fixture(scope="module")
def mina(browser: Browser, house: House) -> Page:
    return sign_in(browser, house, "mina")


def reported(browser: Browser, house: House, name: str, picture: str) -> tuple[Page, str]:
    """A post that is reported and hidden: its author's page, and its address."""
    author = somebody(browser, DESK).new_page()
    post = publish(author, house, name, jpeg(photograph(picture)), f"a {picture}")
    report_in_two_clicks(somebody(browser, PHONE).new_page(), post, "an intimate image of me")
    eventually(lambda: gone(author, post))
    return author, post


def test_a_mistake_is_undone_before_anybody_was_answered(browser: Browser, house: House, mina: Page, eyes: Eyes):
    author, post = reported(browser, house, "gwen", "cat")
    open_first_case(mina, house)
    for fieldset in mina.locator(".ruling fieldset.post").all():
        fieldset.get_by_label("Remove it and every copy").check()
    mina.get_by_role("button", name="See what follows").click()
    expect(mina.get_by_role("alert").first).to_contain_text("Something is missing")
    decide(mina, "Remove it and every copy, and keep it down")
    expect(mina.get_by_role("heading", name="Decided, not carried out yet")).to_be_visible()
    eyes.look(mina, "console-settling")
    mina.get_by_role("button", name="Undo").click()
    expect(mina.get_by_text("Undone. What was hidden stays hidden")).to_be_visible()
    expect(mina.get_by_label("Provision (article or rule)")).to_have_value("Criminal code, art. 226-2-1")
    assert gone(author, post)
    assert house.query("SELECT count(*) FROM cases_answer") == [(0,)]
    assert house.query("SELECT count(*) FROM banks_entry") == [(0,)]
    decide(mina, "No action: leave it up, or put it back")
    expect(mina.get_by_role("heading", name="Decided, not carried out yet")).to_be_visible()


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what has the focus says so; nothing on a page is more than a hundred Tabs away."""
    page.wait_for_load_state()
    for _ in range(100):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const e = document.activeElement; return [e.id, e.name, e.value, e.textContent].join(' ') }"
        )
        if re.search(wanted, said):
            return
    raise AssertionError(f"no Tab leads to {wanted}")


def test_the_keyboard_alone_decides_everything(browser: Browser, house: House, mina: Page, eyes: Eyes):
    reported(browser, house, "hana", "rocket")
    mina.goto(f"{house.console}/")
    tab_to(mina, r"^case-[0-9a-f-]+\s+[0-9A-F]{6}\s*$")
    keys(mina, "Enter")
    expect(mina.get_by_role("heading", name="Decide")).to_be_visible()
    tab_to(mina, r"item-")
    keys(mina, "Space")
    tab_to(mina, "^id_provision")
    mina.keyboard.type("Criminal code, art. 226-2-1")
    tab_to(mina, "^id_reasons")
    mina.keyboard.type("Seen and weighed.")
    tab_to(mina, "^id_answer")
    keys(mina, "Control+a")
    mina.keyboard.type("It is removed.")
    tab_to(mina, "^id_statement")
    keys(mina, "Control+a")
    mina.keyboard.type("It is an intimate image published without consent.")
    tab_to(mina, "See what follows")
    keys(mina, "Enter")
    expect(mina.get_by_role("heading", name="What follows")).to_be_visible()
    eyes.look(mina, "console-follows")
    tab_to(mina, r"(^| )decide ")
    keys(mina, "Enter")
    expect(mina.get_by_role("heading", name="Decided, not carried out yet")).to_be_visible()
    tab_to(mina, r"^\s*Undo\s*$")
    keys(mina, "Enter")
    expect(mina.get_by_text("Undone. What was hidden stays hidden")).to_be_visible()


def test_two_moderators_want_one_case(browser: Browser, house: House, mina: Page):
    """Claimed, taken over from somebody whose browser is gone, and decided by two at once: one decision, nothing twice."""
    reported(browser, house, "iris", "coffee")
    ((newest,),) = house.query("SELECT id FROM cases_case ORDER BY id DESC LIMIT 1")
    case = f"{house.console}/cases/{UUID(str(newest))}"
    tomas = sign_in(browser, house, "tomas")
    for page in (tomas, mina):
        page.goto(case)
    tomas.get_by_role("button", name="Work on this case").click()
    expect(tomas.get_by_text("You work on this case until")).to_be_visible()
    mina.get_by_role("button", name="Work on this case").click()  # her page is from before he began
    expect(mina.get_by_text("Somebody else is working on this case")).to_be_visible()
    mina.goto(case)
    expect(mina.locator("form.claim strong")).to_have_text("tomas")
    tomas.close()
    mina.get_by_role("button", name="Take it over").click()
    expect(mina.get_by_text("You work on this case until")).to_be_visible()
    back = tomas.context.new_page()
    back.goto(case)
    for page in (mina, back):
        write(page, "Remove it and every copy, and keep it down")
        expect(page.get_by_role("heading", name="What follows")).to_be_visible()
    mina.get_by_role("button", name=re.compile("^Decide$")).click()
    expect(mina.get_by_role("heading", name="Decided, not carried out yet")).to_be_visible()
    back.get_by_role("button", name=re.compile("^Decide$")).click()
    expect(back.get_by_text("Somebody else has decided this case meanwhile")).to_be_visible()
    assert house.query(f"SELECT count(*) FROM cases_decision WHERE case_id = '{newest}'") == [(1,)]
    acts = house.query(f"SELECT act FROM journal_entry WHERE about = 'cases.case:{UUID(str(newest))}' ORDER BY 1")
    assert {"case.claimed", "case.taken_over"} <= {act for (act,) in acts}
