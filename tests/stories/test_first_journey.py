"""The first journey: a picture is reported, hidden, decided on; it and its copies go, and no copy comes back."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, expect

from tests.browsers import PATIENCE
from tests.house import House
from tests.pictures import jpeg, photograph, resized
from tests.stories.conftest import DESK, ON_POSTGRESQL_AT_LENGTH, PHONE, Eyes, somebody


def upload(page: Page, house: House, name: str, picture: bytes, caption: str) -> str:
    """Sign in on Plaza and post a picture; answer the address one arrives at."""
    page.goto(f"{house.plaza}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Sign in").click()
    file = {"name": "picture.jpg", "mimeType": "image/jpeg", "buffer": picture}
    page.get_by_label("Picture").set_input_files(files=[file])  # type: ignore[list-item]  # a FilePayload
    page.get_by_label("What does it show?").fill(caption)
    with page.expect_navigation():
        page.get_by_role("button", name="Post", exact=True).click()
    return page.url


def publish(page: Page, house: House, name: str, picture: bytes, caption: str) -> str:
    """Post a picture that may be shown, and wait until it is up: on a slow machine it waits for its check a while."""
    address = upload(page, house, name, picture, caption)
    if "/posts/" in address:
        return address
    card = page.locator("article", has_text=caption).locator("a[href*='/posts/']").first
    eventually(lambda: page.reload() and card.count())
    return urljoin(house.plaza, str(card.get_attribute("href")))


def status(page: Page, address: str) -> int:
    return page.request.get(address).status


def gone(page: Page, post: str) -> bool:
    """Whether a post and its picture's own address are 404."""
    picture = post.replace("/posts/", "/pictures/")
    return status(page, post) == 404 and status(page, picture) == 404


def eventually(true: Callable[[], object]) -> None:
    """Wait until something is true. How fast it came is measured by bench/hold.py, not on a machine that runs tests."""
    latest = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < latest, f"not true within {PATIENCE} s"
        time.sleep(0.02)


def report_in_two_clicks(page: Page, post: str, door: str, eyes: Eyes | None = None) -> str:
    """From the post: the report button, then a door. Answers the receipt."""
    page.goto(post)
    page.get_by_role("button", name=re.compile("^Report this post")).click()  # the first click
    expect(page.get_by_role("heading", name="What is it about?")).to_be_visible()
    if eyes:
        eyes.look(page, "portal-report")
    page.get_by_role("button", name=re.compile(door)).click()  # the second
    return code_on(page)


def code_on(page: Page) -> str:
    """The seven words of a receipt, once all of them are there."""
    expect(page.locator("#receipt li")).to_have_count(7)
    return page.locator("#receipt").inner_text().strip()


def follow(page: Page, house: House, receipt: str, language: str = "en") -> None:
    page.goto(f"{house.portal}/{language}/follow")
    page.locator("#id_receipt").fill(receipt)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def decide(page: Page, ruling: str) -> None:
    """Decide the case on the page, once what follows was seen."""
    write(page, ruling)
    page.get_by_role("button", name=re.compile("^(Decide|Propose)$")).click()


def write(page: Page, ruling: str) -> None:
    """Fill in the decision form of the case on the page, and ask what follows."""
    page.wait_for_load_state()  # a post that is not drawn yet would not be among them all
    for fieldset in page.locator(".ruling fieldset.post").all():
        fieldset.get_by_label(ruling).check()
    page.get_by_label("Provision (article or rule)").fill("Criminal code, art. 226-2-1")
    page.get_by_label("Facts and reasons (for the file)").fill("The person shown did not consent to its publication.")
    page.get_by_label("Answer to the people who reported").fill("We decided as you asked. You did nothing wrong.")
    page.get_by_label("What the uploader is told").fill("It is an intimate image published without consent.")
    page.get_by_role("button", name="See what follows").click()


def sign_in(browser: Browser, house: House, who: str) -> Page:
    page = somebody(browser, DESK).new_page()
    page.goto(house.sign_in[who])
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    return page


def open_first_case(page: Page, house: House) -> None:
    page.goto(f"{house.console}/")
    with page.expect_navigation():
        page.locator("table.queue tbody a").first.click()


def test_a_person_gets_her_picture_taken_down_and_it_stays_down(browser: Browser, a_house: House, eyes: Eyes):
    house = a_house
    coffee = photograph("coffee")
    poster, copier, third = (somebody(browser, DESK).new_page() for _ in range(3))
    post = publish(poster, house, "arno", jpeg(coffee), "look at this")
    copy = publish(copier, house, "bas", jpeg(resized(coffee, 0.7), 70), "seen elsewhere")
    unrelated = publish(third, house, "carla", jpeg(photograph("rocket")), "a rocket")
    poster.goto(house.plaza)
    eyes.look(poster, "plaza-feed")

    # She finds it, reports it in two clicks, and keeps the receipt.
    her = somebody(browser, PHONE).new_page()
    her.goto(f"{house.portal}/en/")
    eyes.look(her, "portal-doors")
    receipt = report_in_two_clicks(her, post, "an intimate image of me", eyes)
    assert re.fullmatch(r"[a-z]{4,8}(\s+[a-z]{4,8}){6}", receipt)
    eyes.look(her, "portal-receipt")

    # It is hidden: post and picture, for everyone.
    eventually(lambda: gone(poster, post))
    assert status(poster, unrelated) == 200
    follow(her, house, receipt)
    expect(her.locator("[data-step=hidden]")).to_be_visible()
    her.locator("#words").fill("he posted it after we broke up")
    her.get_by_role("button", name=re.compile("^Send")).click()
    eyes.look(her, "portal-followed")

    # A moderator decides: words first, the picture grey and blurred until asked for.
    mina = sign_in(browser, house, "mina")
    eyes.look(mina, "console-queue")
    open_first_case(mina, house)
    expect(mina.get_by_text("he posted it after we broke up")).to_be_visible()
    picture = mina.locator("figure.look img")
    expect(picture).to_have_count(0)
    eyes.look(mina, "console-case")
    mina.get_by_role("button", name=re.compile("Show it tiny and grey")).first.click()
    expect(picture).to_have_js_property("naturalWidth", 64)
    mina.keyboard.press("Escape")
    expect(picture).to_have_count(0)
    mina.get_by_role("button", name=re.compile("Show it once more")).click()
    mina.get_by_role("button", name="Larger, blurred").click()
    expect(picture).to_have_js_property("naturalWidth", 320)
    eyes.look(mina, "console-blurred")
    glance = mina.get_by_role("button", name="Hold to glance at it")
    glance.focus()
    mina.keyboard.down(" ")
    expect(mina.locator(".glance img")).to_have_count(1)
    mina.keyboard.up(" ")
    expect(mina.locator(".glance img")).to_have_count(0)
    mina.evaluate("window.dispatchEvent(new Event('blur'))")
    expect(picture).to_have_count(0)
    mina.evaluate("for (const _ of '12') document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))")
    expect(mina.locator("h1")).to_be_hidden()
    mina.evaluate("document.dispatchEvent(new MouseEvent('click'))")
    expect(mina.locator("h1")).to_be_visible()
    decide(mina, "Remove it and every copy, and keep it down")
    expect(mina.get_by_text("Decided.")).to_be_visible()

    # The copy is found by the sweep, hidden at once, and removed on one click.
    eventually(lambda: gone(copier, copy))
    mina.reload()
    expect(mina.get_by_role("heading", name="Copies found")).to_be_visible()
    eyes.look(mina, "console-copies")
    mina.get_by_role("button", name="Remove the chosen ones").click()
    expect(mina.get_by_role("heading", name="Copies found")).to_have_count(0)

    # A third account's upload of a part of it is stopped: held. Once a second person confirmed, a re-encoded copy is blocked.
    width, height = coffee.size
    again = jpeg(coffee.crop((width // 8, height // 8, width - width // 8, height - height // 8)), 55)
    assert "/posts/" not in upload(third, house, "carla", again, "mine now")
    expect(third.get_by_text("being checked")).to_be_visible()
    tomas = sign_in(browser, house, "tomas")
    held = tomas.get_by_role("region", name="Held upload")
    eventually(lambda: open_first_case(tomas, house) or held.count())  # Plaza asks again where no answer came in time
    tomas.get_by_role("button", name="Do not publish").click()
    tomas.get_by_role("button", name=re.compile("^Confirm: block")).click()
    expect(tomas.get_by_text("blocks what resembles it")).to_be_visible()
    eyes.look(tomas, "console-decided")
    upload(third, house, "carla", jpeg(resized(coffee, 0.8), 60), "mine again")
    late = third.locator("article", has_text="mine again").filter(has_text="Not published")
    refused = third.get_by_text("cannot be published").or_(late)
    eventually(lambda: refused.count() or (third.reload() and refused.count()))
    assert "/posts/" in publish(third, house, "carla", jpeg(photograph("china")), "a temple")

    # Her page tells each step and counts the copies.
    follow(her, house, receipt)
    for step in ("received", "hidden", "added_to", "removed", "decided", "watching"):
        expect(her.locator(f"[data-step={step}]").first).to_be_visible()
    eventually(lambda: follow(her, house, receipt) or her.locator("[data-count=removed]").inner_text() == "1")
    assert her.locator("[data-count=stopped]").inner_text() == "2"
    expect(her.get_by_text("You did nothing wrong.")).to_be_visible()
    eyes.look(her, "portal-answered")
    follow(her, house, receipt, "fr")
    expect(her.get_by_role("heading", name="Votre signalement")).to_be_visible()
    eyes.look(her, "portal-answered-fr")
    for path in (
        "bank",
        "bank/under-way",
        "orders",
        "two-people",
        "evidence",
        "referrals",
        "board",
        "complaints",
        "yours",
        "authority-orders",
        "authority-orders/new",
        "organisations",
        "bank/watched",
    ):
        tomas.goto(f"{house.console}/{path}")
        expect(tomas.locator("h1")).to_be_visible()
        eyes.look(tomas, f"console-{path.split('/')[-1]}")
    verified = house.staydown("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@ON_POSTGRESQL_AT_LENGTH
def test_a_wrongly_accused_post_comes_back(browser: Browser, a_house: House, eyes: Eyes):
    house = a_house
    poster = somebody(browser, DESK).new_page()
    post = publish(poster, house, "dora", jpeg(photograph("cat")), "my cat")
    her = somebody(browser, PHONE).new_page()
    receipt = report_in_two_clicks(her, post, "an intimate image of me")
    eventually(lambda: gone(poster, post))
    mina = sign_in(browser, house, "mina")
    open_first_case(mina, house)
    decide(mina, "No action: leave it up, or put it back")
    eventually(lambda: status(poster, post) == 200)
    follow(her, house, receipt)
    expect(her.locator("[data-step=put_back]")).to_be_visible()
    eyes.look(her, "portal-put-back")
    assert "/posts/" in publish(poster, house, "dora", jpeg(photograph("cat")), "my cat again")


@ON_POSTGRESQL_AT_LENGTH
def test_a_childs_report_needs_two_people_to_undo_and_is_unknown_to_who_is_not_cleared(
    browser: Browser, a_house: House, eyes: Eyes
):
    house = a_house
    poster = somebody(browser, DESK).new_page()
    post = publish(poster, house, "emil", jpeg(photograph("flower")), "a flower")
    her = somebody(browser, PHONE, "fr-FR").new_page()
    her.goto(post)
    her.get_by_role("button", name=re.compile("^Report this post")).click()
    eyes.look(her, "portal-report-fr")
    her.get_by_role("button", name=re.compile("j’ai moins de 18 ans")).click()
    eventually(lambda: gone(poster, post))
    ola = sign_in(browser, house, "ola")
    expect(ola.locator("table.queue tbody a")).to_have_count(0)
    mina = sign_in(browser, house, "mina")
    open_first_case(mina, house)
    case = mina.url
    assert ola.goto(case).status == 404
    decide(mina, "No action: leave it up, or put it back")
    expect(mina.get_by_text("You proposed this")).to_be_visible()
    assert gone(poster, post)
    tomas = sign_in(browser, house, "tomas")
    tomas.goto(case)
    eyes.look(tomas, "console-second-person")
    tomas.get_by_role("button", name="I agree").click()
    eventually(lambda: status(poster, post) == 200)


def test_no_page_of_the_portal_sets_a_cookie_or_asks_a_stranger_anything(browser: Browser, tmp_path: Path):
    from tests import house as houses

    with houses.running(tmp_path / "house") as house:
        context = somebody(browser, PHONE)
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        for path in ("/", "/en/report", "/fr/follow", "/en/report/nonsense"):
            page.goto(house.portal + path)
        page.goto(f"{house.portal}/en/report")
        page.locator("#id_links").fill("it is at https://elsewhere.example/album and nowhere else")
        page.get_by_role("button", name=re.compile("I saw something")).click()
        expect(page.locator("#receipt")).to_be_visible()
        assert context.cookies() == []
        assert page.request.get(f"{house.portal}/en/").headers["referrer-policy"] == "no-referrer"
        assert {url.split("/")[2] for url in asked} == {house.portal.split("/")[2]}
        assert "elsewhere.example" not in house.said


def test_the_pages_beside_the_journey_are_readable_for_everyone(browser: Browser, tmp_path: Path, eyes: Eyes):
    from tests import house as houses

    with houses.running(tmp_path / "house") as house:
        poster = somebody(browser, DESK).new_page()
        post = publish(poster, house, "fien", jpeg(photograph("rocket")), "a rocket")
        her, staff = somebody(browser, PHONE).new_page(), somebody(browser, DESK).new_page()
        for page, address, name in (
            (her, f"{house.portal}/en/report", "portal-report-links"),
            (her, f"{house.portal}/en/follow", "portal-follow"),
            (her, f"{house.portal}/fr/", "portal-doors-fr"),
            (her, f"{house.portal}/en/report/nonsense", "portal-bad-link"),
            (her, f"{house.portal}/nowhere", "portal-not-found"),
            (poster, post, "plaza-post"),
            (poster, f"{house.plaza}/people/fien", "plaza-profile"),
            (poster, f"{house.plaza}/sign-in", "plaza-sign-in"),
            (staff, f"{house.console}/account/login/", "console-sign-in"),
            (staff, house.sign_in["mina"], "console-enter"),
        ):
            answer = page.goto(address)
            assert answer and answer.status == (404 if name in ("portal-bad-link", "portal-not-found") else 200), name
            eyes.look(page, name)
        staff.locator("main form button").first.click()
        for path, name in (
            ("/account/2fa/", "console-second-factor"),
            ("/account/2fa/totp/activate/", "console-totp"),
            ("/yours", "console-yours"),
        ):
            answer = staff.goto(house.console + path)
            assert answer and answer.status == 200, name
            eyes.look(staff, name)
        her.goto(f"{house.portal}/en/report")
        her.get_by_role("button", name=re.compile("I saw something")).click()
        expect(her.get_by_role("alert")).to_be_visible()
        eyes.look(her, "portal-report-missing")


def test_the_story_that_the_readme_shows_plays_by_itself(tmp_path: Path):
    played = subprocess.run(
        [sys.executable, "-m", "staydown.cli", "demo", "--story"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, played.stdout + played.stderr
    assert "really happened" in played.stdout
