"""Those for whom this was built, each once, in a real browser: what they do, and what becomes of it. They share a house."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import house as houses
from tests.films import RATE, film, moving, scene
from tests.house import House
from tests.pictures import jpeg, photograph, resized
from tests.stories.conftest import DESK, PHONE, somebody
from tests.stories.test_first_journey import (
    code_on,
    decide,
    eventually,
    follow,
    gone,
    publish,
    report_in_two_clicks,
    sign_in,
    status,
    upload,
    write,
)
from tests.stories.test_portal import open_all

SMALL = {"width": 320, "height": 568}
ELSEWHERE = "https://elsewhere.example/album/7"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with houses.running(tmp_path_factory.mktemp("people") / "house") as running:
        yield running


@pytest.fixture(scope="module")
def mina(browser: Browser, house: House) -> Page:
    return sign_in(browser, house, "mina")


@pytest.fixture(scope="module")
def tomas(browser: Browser, house: House) -> Page:
    return sign_in(browser, house, "tomas")


@pytest.fixture
def her(browser: Browser) -> Iterator[Page]:
    context = somebody(browser, PHONE)
    yield context.new_page()
    context.close()


def posted(browser: Browser, house: House, name: str, picture: str) -> tuple[Page, str]:
    """Somebody's page, and the address of the picture they put up on Plaza."""
    page = somebody(browser, DESK).new_page()
    return page, publish(page, house, name, jpeg(photograph(picture)), f"a {picture}")


def fill(page: Page, house: House, door: str, links: str, language: str = "en") -> None:
    page.goto(f"{house.portal}/{language}/form/{door}")
    page.locator("#id_links").fill(links)


def send(page: Page) -> str:
    """Answers the code."""
    page.locator("#send").click()
    return code_on(page)


def look_again(page: Page) -> None:
    """Press the first button of the report's page: send nothing, and see whether something is new."""
    with page.expect_navigation():
        page.locator("main form button").first.click()


def newest_case(house: House) -> str:
    ((row,),) = house.query("SELECT id FROM cases_case ORDER BY opened_at DESC LIMIT 1")
    return f"{house.console}/cases/{UUID(row)}"


def test_a_girl_of_fourteen_on_a_small_phone_in_french_has_only_a_link(browser: Browser, house: House):
    poster, post = posted(browser, house, "gus", "cat")
    her = somebody(browser, SMALL, "fr-FR").new_page()
    her.goto(f"{house.portal}/")
    her.locator("a.door[href*='form/child']").click()
    her.locator("#id_links").fill(f"c'est là {post} aidez moi")
    assert her.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    send(her)
    assert her.evaluate("document.documentElement.lang") == "fr"
    eventually(lambda: gone(poster, post))
    her.locator("#id_saved").check()
    her.locator("main form button.primary").click()
    expect(her.get_by_role("heading", name="Votre signalement")).to_be_visible()
    eventually(lambda: look_again(her) or her.locator("[data-step=hidden]").count())
    assert her.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_an_adult_sends_only_the_fingerprint_of_a_picture_and_a_crop_of_it_is_stopped(
    browser: Browser, house: House, her: Page, mina: Page
):
    coffee = photograph("coffee")
    her.goto(f"{house.portal}/en/form/me")
    open_all(her)
    chosen = [{"name": "me.jpg", "mimeType": "image/jpeg", "buffer": jpeg(coffee)}]
    her.locator("#choose").set_input_files(files=chosen)  # type: ignore[arg-type]  # a FilePayload
    expect(her.locator("#prints li code")).to_have_text(re.compile(r"^[0-9a-f]{64}$"))
    expect(her.locator("#prints [data-all]")).to_contain_text("windows")  # she sees all that is sent
    code = send(her)
    eventually(lambda: follow(her, house, code) or her.locator("[data-step=print_watched]").count())
    case = newest_case(house)

    # What is put up first is a crop: it calls a person, who sees that it is of what she reported.
    poster = somebody(browser, DESK).new_page()
    crop = coffee.crop((coffee.width // 12, coffee.height // 8, coffee.width, coffee.height))
    assert "/posts/" not in upload(poster, house, "hugo", jpeg(resized(crop, 0.8), 75), "look")
    seen_a_match(mina, case)

    # From then on what is left of it is stopped, too.
    assert "/posts/" not in upload(poster, house, "hugo", jpeg(resized(crop, 0.7), 70), "and this")
    stopped = her.locator("[data-count=stopped]")
    eventually(lambda: follow(her, house, code) or (stopped.count() and stopped.inner_text() == "2"))


def seen_a_match(moderator: Page, case: str) -> None:
    """Say so, once the upload waits there: Plaza does not wait long for the answer to its check."""
    held = moderator.get_by_role("region", name="Held upload")
    eventually(lambda: moderator.goto(case) and held.count())
    moderator.get_by_role("button", name=re.compile("^I have seen a match")).click()
    expect(moderator.get_by_role("button", name=re.compile("^I have seen a match"))).to_have_count(0)


def test_an_adult_sends_only_the_fingerprint_of_a_film_and_a_cropped_passage_of_it_is_stopped(
    browser: Browser, house: House, her: Page, mina: Page
):
    her.goto(f"{house.portal}/en/form/me")
    open_all(her)
    chosen = [{"name": "me.mp4", "mimeType": "video/mp4", "buffer": film(scene("rocket", 6))}]
    her.locator("#choose").set_input_files(files=chosen)  # type: ignore[arg-type]  # a FilePayload
    expect(her.locator("#prints li code")).to_have_text(re.compile(r"^[0-9a-f]{64}$"), timeout=120_000)
    expect(her.locator("#prints [data-all]")).to_contain_text("53444631")  # she sees all that is sent
    code = send(her)
    eventually(lambda: follow(her, house, code) or her.locator("[data-step=print_watched]").count())
    case = newest_case(house)
    passage = [picture.crop((13, 7, 243, 137)) for picture in list(scene("rocket", 6))[RATE : 5 * RATE : 3]]
    poster = somebody(browser, DESK).new_page()
    assert "/posts/" not in upload(poster, house, "ines", moving(passage, "WEBP"), "a moving picture")
    seen_a_match(mina, case)
    stopped = her.locator("[data-count=stopped]")
    eventually(lambda: follow(her, house, code) or (stopped.count() and stopped.inner_text() == "1"))


def test_a_mother_reports_for_her_child_from_a_pasted_message(browser: Browser, house: House, her: Page):
    poster, post = posted(browser, house, "ivo", "rocket")
    fill(her, house, "child", f"My daughter got this: {post} it is by @ivo please")
    expect(her.get_by_role("heading", name="If you are a parent or a teacher")).to_be_visible()
    open_all(her)
    her.locator("[name=who][value=parent]").check()
    send(her)
    eventually(lambda: gone(poster, post))
    assert house.query("SELECT capacity FROM cases_report ORDER BY received_at DESC LIMIT 1") == [("parent",)]


def test_a_witness_is_told_what_not_to_do_and_needs_one_link_and_one_press(browser: Browser, house: House, her: Page):
    poster, post = posted(browser, house, "jan", "flower")
    begun = time.monotonic()
    fill(her, house, "saw", post)
    expect(her.get_by_role("heading", name="If you only saw it")).to_be_visible()
    send(her)
    print(f"seconds from the form to the code: {time.monotonic() - begun:.1f}")
    assert status(poster, post) == 200  # a person looks first: nobody hides what is not theirs by a word


def test_three_followers_of_one_account_report_its_messages_and_one_case_has_them_all(
    browser: Browser, house: House, mina: Page
):
    posted(browser, house, "karl", "china")
    before = house.query("SELECT count(*) FROM cases_case")[0][0]
    said = ("send me more pictures of you", "nobody has to know", "how old are you really")
    codes = []
    for words in said:
        one = somebody(browser, PHONE).new_page()
        fill(one, house, "child", "@karl writes to us")
        open_all(one)
        one.locator("[name=kind][value=GROOMING]").check()
        one.locator("#id_words").fill(words)
        codes.append(send(one))
        one.context.close()
    assert len(set(codes)) == 3
    assert house.query("SELECT count(*) FROM cases_case")[0][0] == before + 1
    mina.goto(newest_case(house))
    for words in said:
        expect(mina.locator("blockquote", has_text=words)).to_be_visible()
    # It is looked at first, and the page says why, in counts, and on what that rests.
    expect(mina.get_by_text("several people told of this account: look first")).to_be_visible()
    told = mina.locator("div.notice", has_text="In 90 days 3 people told of this account")
    expect(told).to_contain_text("3 by receipt, of whom two may be one person")
    told.get_by_text("What it rests on").click()
    expect(told.get_by_text("“send me more pictures”")).to_be_visible()


def test_who_was_left_waiting_past_the_deadline_is_told_so_and_told_who_was_called(house: House, her: Page):
    fill(her, house, "me", ELSEWHERE)
    code = send(her)
    long_ago = (datetime.now(UTC) - timedelta(days=90)).strftime("%Y-%m-%d %H:%M:%S")
    with closing(sqlite3.connect(house.place.home.data / "staydown.sqlite3", timeout=20)) as base, base as rows:
        rows.execute("UPDATE cases_report SET received_at = ? WHERE case_id = ?", (long_ago, _last(house)))
        rows.execute("UPDATE cases_case SET due_at = ? WHERE id = ?", (long_ago, _last(house)))
    eventually(lambda: follow(her, house, code) or her.locator("[data-step=escalated]").count())
    expect(her.locator("[data-step=escalated]")).to_contain_text("The person in charge has been called. We are sorry.")
    expect(her.locator("[data-step=late]")).to_contain_text("our fault, not yours")


def _last(house: House) -> str:
    return str(house.query("SELECT id FROM cases_case ORDER BY opened_at DESC LIMIT 1")[0][0])


def test_who_contests_a_decision_is_heard_by_another_moderator(
    browser: Browser, house: House, her: Page, mina: Page, tomas: Page
):
    poster, post = posted(browser, house, "lea", "china")
    code = report_in_two_clicks(her, post, "an intimate image of me")
    eventually(lambda: gone(poster, post))
    case = newest_case(house)
    mina.goto(case)
    decide(mina, "No action: leave it up, or put it back")
    eventually(lambda: status(poster, post) == 200)
    follow(her, house, code)
    open_all(her)
    her.locator("#contest-words").fill("that room is mine")
    her.get_by_role("button", name="Ask another person to decide").click()
    expect(her.locator("[data-step=contested]")).to_be_visible()
    mina.goto(case)
    write(mina, "No action: leave it up, or put it back")
    expect(mina.get_by_text("somebody else has to decide")).to_be_visible()
    tomas.goto(case)
    expect(tomas.get_by_text("that room is mine")).to_be_visible()
    decide(tomas, "Remove it and every copy, and keep it down")
    eventually(lambda: gone(poster, post))
    follow(her, house, code)
    expect(her.locator("[data-step=decided]")).to_have_count(2)


def test_who_takes_a_report_back_finds_none_of_her_words_there(house: House, her: Page):
    fill(her, house, "me", ELSEWHERE)
    open_all(her)
    her.locator("#id_words").fill("I would rather not")
    her.locator("[name=minor][value=no]").check()
    code = send(her)
    follow(her, house, code)
    open_all(her)
    expect(her.get_by_text("I would rather not")).to_be_visible()
    her.locator("#sure").check()
    her.locator("button[value=withdraw]").click()
    expect(her.locator("[data-step=withdrawn]")).to_be_visible()
    expect(her.get_by_text("I would rather not")).to_have_count(0)


def test_without_scripts_everything_but_the_fingerprint_works(browser: Browser, house: House):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{house.portal}/en/")
    page.get_by_role("link", name=re.compile("I saw something")).click()
    page.locator("#id_links").fill(ELSEWHERE)
    assert "With scripts switched on" in page.content()
    expect(page.locator("#prints")).to_be_hidden()
    code = send(page)
    page.locator("main form button.primary").click()
    expect(page.get_by_text("Please keep the words first")).to_be_visible()
    page.locator("#id_again").fill(code.upper().replace("\n", " - "))
    page.locator("main form button.primary").click()
    expect(page.get_by_role("heading", name="What else you can do")).to_be_visible()
    follow(page, house, code)
    page.locator("#words").fill("one more thing")
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page.locator("[data-step=added_to]")).to_be_visible()
    context.close()


def test_by_keyboard_alone_from_the_first_page_to_taking_the_report_back(house: House, her: Page):
    her.goto(f"{house.portal}/en/")
    press(her, "a.door[href*='form/me']")
    reach(her, "#id_links")
    her.keyboard.type(ELSEWHERE)
    press(her, "#send")
    expect(her.locator("#receipt")).to_be_visible()
    reach(her, "#id_saved")
    her.keyboard.press("Space")
    press(her, "main form button.primary")
    expect(her.get_by_role("heading", name="What else you can do")).to_be_visible()
    reach(her, "main details:last-of-type summary")
    her.keyboard.press("Enter")
    reach(her, "#sure")
    her.keyboard.press("Space")
    press(her, "button[value=withdraw]")
    expect(her.locator("[data-step=withdrawn]")).to_be_visible()


def reach(page: Page, selector: str) -> None:
    """Press Tab until what is meant has the focus."""
    page.wait_for_load_state()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"no way to {selector} with the Tab key")


def press(page: Page, selector: str) -> None:
    """Reach it and press Enter, which leads to another page."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")
