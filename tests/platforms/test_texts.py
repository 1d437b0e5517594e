"""A platform may send words of the places that its operator named, and of no other; nothing of them stays here."""

import pytest
from django.test import Client

from staydown.cases.models import Case
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Check, Order, Platform
from staydown.recognition import texts
from tests import people

pytestmark = pytest.mark.django_db

THREAT = "I have your pictures. Pay me 300 or I will send them to all your friends"
ASKING = "He said he will post my pictures unless I pay him, what should I do"


@pytest.fixture
def platform(settings) -> Platform:
    settings.TEXTS = texts.read("plaza:comment other:chat")
    return people.plaza()


def ask(platform: Platform, *messages: tuple[str, str], **said: object):
    client = Client(headers={"Authorization": f"Bearer {people.key_of(platform)}"})
    body = {"surface": "comment", "messages": [{"sender": who, "text": text} for who, text in messages]} | said
    return client.post("/api/v1/texts/check", body, content_type="application/json")


def test_without_the_setting_and_elsewhere_than_it_says_nothing_is_read(settings, platform: Platform) -> None:
    assert ask(platform, ("a", THREAT), surface="chat").status_code == 403
    settings.TEXTS = texts.read("")
    answer = ask(platform, ("a", THREAT))
    assert answer.status_code == 403 and "STAYDOWN_TEXTS" in answer.json()["detail"]


def test_a_threat_is_told_with_its_reasons_and_nothing_is_kept_or_done(platform: Platform) -> None:
    before = JournalEntry.objects.count()
    answer = ask(platform, ("a", "hello there"), ("b", THREAT))

    hello, threat = answer.json()["senders"]
    assert (hello["level"], hello["shown"]) == ("none", [])
    assert (threat["sender"], threat["level"], threat["care"]) == ("b", "urgent", "sender")
    assert {"threat_to_share", "payment"} <= set(threat["tactics"]) and threat["version"].startswith("en 20")
    first = threat["shown"][0]
    assert first["message"] == 1 and THREAT[first["start"] : first["end"]] and first["rule"].startswith("en.")
    assert "miss most" in answer.json()["misses"]
    counts = [rows.objects.count() for rows in (Case, Check, Order)]
    assert counts == [0, 0, 0] and JournalEntry.objects.count() == before + 1  # the key that was made for the test


def test_who_quotes_the_threat_she_received_is_to_be_offered_help_and_nothing_is_told_against_her(
    platform: Platform,
) -> None:
    [sender] = ask(platform, ("vic", ASKING)).json()["senders"]

    assert (sender["level"], sender["care"], sender["offer_help"]) == ("none", "victim", True)
    assert sender["tactics"] == [] == sender["shown"]


def test_too_many_words_are_refused(platform: Platform) -> None:
    assert ask(platform, *[("a", "x")] * 501).status_code == 422


@pytest.mark.parametrize("wrong", ["plaza", "plaza:", ":comment", "plaza:a:b"])
def test_a_setting_that_says_something_else_is_refused_in_words(wrong: str) -> None:
    with pytest.raises(texts.BadPlaces, match="like `plaza:comment"):
        texts.read(wrong)
