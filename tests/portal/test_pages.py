import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from staydown.cases.models import Report
from staydown.platforms import links
from staydown.portal.limits import Hourly
from staydown.regimes.helplines import Accepted
from tests import people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]


def token(item, valid: timedelta = timedelta(days=1)) -> str:
    from django.conf import settings

    return links.sign(item.pk, timezone.now() + valid, settings.LINK_KEY)


def once(page: str) -> str:
    return re.search(r'name="once" value="([^"]+)"', page)[1]


def test_a_form_sent_twice_is_one_report_and_shows_the_same_code(her: Client):
    item = people.posted(people.plaza(), "post-1")
    address = f"/en/report/{token(item)}"
    sent = {"door": "me", "once": once(her.get(address).content.decode())}
    codes = {
        re.search(r'name="receipt" value="([^"]+)"', her.post(address, sent).content.decode())[1] for _ in range(2)
    }
    assert len(codes) == 1
    page = her.post(address, sent).content.decode()
    assert 'data-step="person_will_decide"' in page  # what happens next, and until when, stands with the code
    assert "at the latest" in page
    assert Report.objects.count() == 1


def test_what_was_typed_is_not_lost_when_something_is_missing(her: Client):
    page = her.get("/en/report").content.decode()
    answer = her.post("/en/report", {"door": "saw", "once": once(page), "links": "no link here", "words": "my words"})
    assert answer.status_code == 422
    assert "my words" in answer.content.decode()
    assert "no link here" in answer.content.decode() or once(answer.content.decode()) == once(page)
    assert not Report.objects.exists()


def test_many_links_in_one_report_find_the_items_and_keep_the_rest(her: Client):
    platform = people.plaza()
    one, two = (people.posted(platform, f"post-{n}") for n in (1, 2))
    pasted = f"here {one.url} and {two.url}\nand https://elsewhere.example/x, thanks"
    her.post("/en/report", {"door": "me", "once": "a" * 32, "links": pasted})
    report = Report.objects.get()
    assert report.subjects.filter(item__isnull=False).count() == 2
    assert report.subjects.filter(link_sealed__isnull=False).count() == 1


def test_an_old_or_changed_link_is_explained(her: Client):
    item = people.posted(people.plaza(), "post-1")
    for bad in (token(item, timedelta(seconds=-1)), token(item)[:-3] + "abc", "nonsense"):
        answer = her.get(f"/en/report/{bad}")
        assert answer.status_code == 404
        assert "press its report button again" in answer.content.decode()


def test_a_wrong_code_opens_nothing_and_stands_there_to_be_mended(her: Client):
    for typed in ("hello", "AAAA-BBBB-CCCC-DDDD", people.receipt().code):
        answer = her.post("/en/follow", {"receipt": typed})
        assert answer.status_code == 422
        assert typed in answer.content.decode()


def test_every_page_forbids_keeping_and_cookies_and_its_scripts_are_our_own(her: Client):
    for address in ("/en/", "/fr/report", "/en/follow"):
        answer = her.get(address)
        assert answer["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert not answer.cookies
        scripts = re.findall(r"<script([^>]*)>", answer.content.decode())
        assert all('src="/static/portal/' in script for script in scripts)  # our own, and none written into the page


def test_the_language_of_the_browser_is_met(her: Client):
    assert her.get("/", headers={"Accept-Language": "fr-BE,fr;q=0.9"})["Location"] == "/fr/"
    assert "Faire retirer" in her.get("/fr/").content.decode()


def test_a_flood_from_one_address_is_slowed_and_told_whom_to_call(her: Client, settings):
    settings.REPORTS_PER_HOUR = 2
    answers = [her.post("/en/follow", {"receipt": "x"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 429, 429]
    assert "112" in answers[-1].content.decode()


def test_addresses_are_counted_by_the_hour_under_a_key_and_not_kept():
    hourly = Hourly()
    assert [hourly.count("192.0.2.1", 0), hourly.count("192.0.2.1", 1), hourly.count("192.0.2.2", 1)] == [1, 2, 1]
    assert not any(b"192.0.2" in name for name in hourly._counts)
    assert hourly.count("192.0.2.1", 1e12) == 1


def test_our_own_proxy_is_believed_and_a_strangers_header_is_not(settings, rf):
    from staydown.portal.middleware import address_of

    request = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.9"}, REMOTE_ADDR="10.0.0.1")
    settings.PROXIES = 0
    assert address_of(request) == "10.0.0.1"
    settings.PROXIES = 1
    assert address_of(request) == "192.0.2.9"


def test_the_first_page_shows_whom_to_call_above_three_doors_and_two_beside_them(her: Client):
    page = her.get("/en/").content.decode()
    assert page.index('href="tel:17"') < page.index('href="/en/form/me"')
    for door in ("me", "child", "saw"):
        assert her.get(f"/en/form/{door}").status_code == 200
    assert 'href="/en/organisations"' in page
    assert 'href="/en/follow"' in page


def test_a_visitor_chooses_a_country_and_every_link_keeps_it(her: Client):
    page = her.get("/en/?country=GB").content.decode()
    assert 'href="tel:999"' in page
    assert "Revenge Porn Helpline" in page
    assert 'href="/en/form/me?country=GB"' in page
    assert 'href="/fr/?country=GB"' in page
    assert 'href="tel:999"' in her.get("/en/form/me?country=GB").content.decode()


@pytest.mark.parametrize("said", ["", "?country=--", "?country=<b>", "?country=ZZ"])
def test_a_country_we_do_not_know_is_shown_numbers_that_work(her: Client, said: str):
    answer = her.get(f"/en/{said}")
    assert answer.status_code == 200
    assert 'href="tel:112"' in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_every_country_with_helplines_can_be_chosen():
    from staydown.portal.help import COUNTRIES
    from staydown.regimes import helplines

    assert set(COUNTRIES) == set(helplines.directory().countries)


def test_an_officer_is_led_to_the_desk_and_told_where_to_write(her: Client, settings):
    settings.CONTACT, settings.APP_URL = "authorities@example.org", "https://app.example.org"
    page = her.get("/en/organisations").content.decode()
    assert "mailto:authorities@example.org" in page and 'href="https://app.example.org/desk/"' in page
    settings.CONTACT = ""
    assert "publishes for authorities" in her.get("/en/organisations").content.decode()


def test_a_door_that_does_not_exist_is_not_found(her: Client):
    assert her.get("/en/form/window").status_code == 404


def test_without_the_operators_word_people_see_no_number_that_nobody_has_called(her: Client, settings: LazySettings):
    assert "3018" in her.get("/fr/").content.decode()
    settings.HELPLINES = Accepted.CALLED
    page = her.get("/fr/").content.decode()
    assert "3018" not in page
    assert ">112<" in page
    assert "findahelpline.com" in page
