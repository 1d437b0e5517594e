"""French, English, Dutch and German: every sentence, in words for whoever reads it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.test import Client

from staydown.cases.models import Case
from tests import people

ROOT = Path(__file__).parents[2]
OTHERS = ("fr", "nl", "de")
REPORTERS = ("portal/", "site/templates/40", "site/templates/50")  # whose sentences a person who reports may read
OFFICIAL = "portal/templates/portal/official.html"  # the one page of the portal for offices, addressed as such
LONGEST = 30  # words between two marks; longer ones lose a reader of eleven
FORMAL = {"de": r"\b(Sie (?=sind|können|haben|müssen)|Ihnen|Ihre?[nmrs]?\b)", "nl": r"\b(u|uw)\b"}
FAMILIAR = {"de": r"\b(du|dich|dir|dein\w*)\b", "nl": r"\b(je|jij|jouw?)\b"}


@pytest.fixture
def tool(messages: ModuleType, sentences: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """tools/messages.py on catalogues of its own, which a test may spoil."""
    shutil.copytree(messages.LOCALE, tmp_path / "locale")
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(messages, "template", lambda: sentences)
    return messages


def catalogue(language: str) -> Catalog:
    path = ROOT / "src" / "staydown" / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def said(language: str, message: Message) -> tuple[str, ...]:
    text = message.id if language == "en" else message.string
    return (text,) if isinstance(text, str) else tuple(text)


def to_reporters(language: str) -> Iterator[tuple[str, str]]:
    """(place, sentence) of everything that the portal says, but for its page for offices."""
    for message in catalogue("fr" if language == "en" else language):
        place = message.locations[0][0] if message.id else ""
        if place.startswith(REPORTERS) and place != OFFICIAL:
            yield from ((place, text) for text in said(language, message))


def test_every_sentence_is_there_in_every_language(tool: ModuleType, capsys: pytest.CaptureFixture[str]):
    assert tool.check() == 0, capsys.readouterr().out
    assert set(tool.LANGUAGES) == {code for code, _name in settings.LANGUAGES} == {"en", *OTHERS}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("harm", ["missing", "fuzzy", "placeholder"])
def test_a_sentence_that_is_missing_or_doubtful_is_noticed(tool: ModuleType, language: str, harm: str):
    path = tool.LOCALE / language / "LC_MESSAGES" / "django.po"
    book = catalogue(language)
    message = book.get("%(platform)s has removed it.")
    assert message
    if harm == "fuzzy":
        message.flags.add("fuzzy")
    message.string = {"missing": "", "fuzzy": message.string, "placeholder": "-"}[harm]
    with path.open("wb") as file:
        write_po(file, book)
    assert tool.check() == 1


def test_what_the_data_on_the_law_says_is_translated_too(sentences: Catalog):
    said = {message.id for message in sentences}
    assert {"timely", "no law sets a time", "Digital Services Act (EU)"} <= said
    assert "16(4)" not in said


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_no_sentence_to_a_reporter_is_too_long_to_follow(language: str):
    for place, text in to_reporters(language):
        for sentence in re.split(r"(?<=[.!?:;…])\s", text):
            assert len(sentence.split()) <= LONGEST, f"{place}: {sentence}"


@pytest.mark.parametrize("language", ["nl", "de"])
def test_a_reporter_is_spoken_to_as_a_friend_and_an_office_is_not(language: str):
    for place, text in to_reporters(language):
        assert not re.search(FORMAL[language], text), f"{place}: {text}"
    office = [
        text
        for message in catalogue(language)
        if message.id and message.locations[0][0] == OFFICIAL
        for text in said(language, message)
    ]
    assert not [text for text in office if re.search(FAMILIAR[language], text)]
    assert [text for text in office if re.search(FORMAL[language], text)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("48 heures", "« en temps opportun »", "Objectif propre à Staydown", "Règlement sur les services")),
        ("nl", ("48 uur", "“tijdig”", "Eigen doel van Staydown", "Digitaledienstenverordening")),
        ("de", ("48 Stunden", "„zeitnah“", "Eigenes Ziel von Staydown", "Gesetz über digitale Dienste")),
    ],
)
@pytest.mark.django_db
def test_periods_and_the_laws_words_stand_in_the_moderators_language(language: str, words: tuple[str, ...], settings):
    people.reported(people.posted(people.plaza(), "post-1"))
    client: Client = people.console(settings, people.staff("mina"))
    page = client.get(f"/cases/{Case.objects.get().pk}", headers={"Accept-Language": language}).content.decode()
    assert all(each in page for each in words)
    assert not re.search(r"hours|timely|own target|Digital Services", page)
