"""What would tell an uploader who reported is refused."""

import pytest

from staydown.cases.linting import Kind, Told, findings

TOLD = Told(
    texts=("He posted it after we broke up in March. My sister Lena Martin saw it first.",),
    personal=("Lena Martin, lena@home.example", "0612345678"),
)


def kinds(text: str) -> set[Kind]:
    return {found.kind for found in findings(text, TOLD)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It is not allowed because [why].", Kind.GAP),
        ("As was said, he posted it after WE broke up: not allowed.", Kind.WORDS),
        ("Lena Martin asked for it.", Kind.NAME),
        ("Martin asked for it.", Kind.NAME),
        ("See https://plaza.example/posts/7", Kind.LINK),
        ("See plaza.example for more.", Kind.LINK),
        ("Write to lena@home.example", Kind.CONTACT),
        ("Ask @lena why.", Kind.CONTACT),
        ("Call +33 6 12 34 56 78.", Kind.CONTACT),
    ],
)
def test_what_points_to_the_reporter_is_found(text: str, kind: Kind):
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "A person looked at your post. It shows somebody intimately who did not agree (Criminal code, art. 226-2-1).",
        "Your post of 3 March 2026 was removed. You can complain within 6 months.",
        "Ihr Beitrag zeigt eine Person ohne deren Zustimmung. Das verbietet das Strafgesetzbuch.",
        "Il l’a publié sans accord.",
        "",
    ],
)
def test_what_explains_without_pointing_is_left_alone(text: str):
    assert findings(text, TOLD) == []


def test_a_text_of_ten_thousand_letters_is_read_in_no_time_whatever_it_holds():
    for hostile in ("[" * 10_000, "a@" * 5_000, "1 " * 5_000, "a." * 5_000, "Aa " * 3_300):
        findings(hostile, Told((hostile,)))
