"""Data that cannot be is refused, and the error says where and what."""

import pytest

from staydown.regimes import helplines, lawful, retention, statutes
from staydown.regimes.duties import Book, books
from staydown.regimes.helplines import Directory
from staydown.regimes.places import places
from staydown.regimes.reading import BadData, parse
from staydown.regimes.statutes import Codes

BOOK = """
version: 2026-11-21
regime: Nowhere
countries: [FR]
laws: {a: {name: A law, source: "https://law.example/a"}}
duties:
  - {id: one, law: a, article: "1", does: Something., "on": notice, owes: decide,
     read: the text, verified: true, within: {hours: 24}}
"""


def changed(old: str, new: str) -> str:
    assert old in BOOK
    return BOOK.replace(old, new)


def test_a_good_book_is_read():
    book = parse("nowhere.yaml", BOOK, Book)
    assert (book.duties[0].law, book.duties[0].countries) == ("A law", ("FR",))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hours: 24", "hours: soon", "duties.0.within.hours"),
        ("within: {hours: 24}", "within: {hours: 24}, words: timely", "not both"),
        (", within: {hours: 24}", "", "give the law's number"),
        ("verified: true", "verified: false", "what is left to check"),
        ("owes: decide", "owes: dither", "duties.0.owes"),
        ("law: a,", "law: b,", "no law named 'b'"),
        ("https://law.example/a", "law.example/a", "https://"),
        ("id: one", "id: One duty", "duties.0.id"),
        ("regime: Nowhere", "regime: Nowhere\nregime: Twice", "regime twice"),
        ("owes: decide", "owes: decide, harm: NCII", "duties.0.harm"),
        ("within: {hours: 24}", "within: {hours: 24}, since: 2026-02-02, until: 2026-01-01", "lies before"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, said: str):
    with pytest.raises(BadData) as wrong:
        parse("nowhere.yaml", changed(old, new), Book)
    assert "nowhere.yaml" in str(wrong.value)
    assert said in str(wrong.value)


@pytest.mark.parametrize("text", ["", "- a list", "a: [", "just words"])
def test_a_file_that_is_no_book_is_refused(text: str):
    with pytest.raises(BadData, match=r"nowhere\.yaml"):
        parse("nowhere.yaml", text, Book)


def test_a_statute_of_an_unknown_code_is_refused():
    with pytest.raises(BadData, match="no code named 'x'"):
        parse("statutes.yaml", "version: 2026-11-21\ncodes: {}\nstatutes: [{id: one, code: x}]", Codes)


def test_a_number_that_nobody_read_is_never_shown_to_people():
    line = "{name: Somebody, reach: '123', kind: any, shown: true}"
    with pytest.raises(BadData, match="nobody read this number"):
        parse("helplines.yaml", f"version: 2026-11-21\neverywhere: [{line}]\ncountries: {{}}", Directory)


def test_every_data_file_can_be_used():
    assert books()
    assert places().countries
    assert statutes.all_statutes()
    assert retention.rules()
    assert lawful.features().refusals
    assert helplines.directory().everywhere


def test_every_country_that_a_row_names_is_in_the_list_of_places():
    named = {area for book in books() for duty in book.duties for area in duty.countries}
    named |= {area for rule in retention.rules() for area in rule.countries}
    named |= {area for refusal in lawful.features().refusals for area in refusal.countries}
    named |= {each.country for each in statutes.all_statutes()} | set(helplines.directory().countries)
    assert named <= set(places().countries) | set(places().unions)
    assert set.union(*map(set, places().unions.values())) <= set(places().countries)
