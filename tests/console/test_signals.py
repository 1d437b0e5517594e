"""What was recognised is shown with where it comes from, how often it is wrong, and what the platform asked for."""

import pytest
from django.template.loader import render_to_string

from staydown.console.templatetags.signals import TACTICS
from staydown.recognition import of_words
from staydown.recognition.patterns import Tactic

KEPT = {"nudity": 0.8342, "model": "open_nsfw@864bb37b", "preprocess": "yahoo-v1", "coverage": 0.5,
        "segments": [[5.0, 6.5]], "steps": [[0.5, "blur"], [0.8, "hold"]]}  # fmt: skip


def of_upload(signals: dict) -> str:
    return render_to_string("console/signals_of_upload.html", {"signals": signals})


def of_report(words: str) -> str:
    said = of_words(words)
    quotes = [words[each.hit.start : each.hit.end] for each in said.shown if each.hit.means in said.tactics]
    return render_to_string("console/signals_of_words.html", {"said": said, "quotes": quotes})


def test_a_number_comes_with_its_doubts_its_policy_and_its_place_in_the_film() -> None:
    shown = of_upload(KEPT)

    for part in (
        "0.83 of 1",
        "often wrong",
        "from 0.80 on: a person looks first",
        "5.0–6.5 s",
        "0.50 of the whole",
        "open_nsfw",
    ):
        assert part in shown


def test_what_nobody_could_look_at_says_so() -> None:
    assert "No network could look" in of_upload({"unseen": True, "steps": []})


def test_an_upload_without_signals_says_nothing() -> None:
    assert of_upload({}).strip() == ""


def test_the_words_of_a_threat_are_shown_with_what_they_do() -> None:
    shown = of_report("I will post your pictures unless you pay me 200")

    assert "threatens to share, sets a condition, demands money" in shown and "“unless”" in shown
    assert "miss most of what is only hinted at" in shown


def test_who_tells_of_it_is_to_be_offered_help() -> None:
    shown = of_report("He said he will post my pictures if I don't pay, what should I do")

    assert "offer help against extortion" in shown and "ask or threaten" not in shown


def test_harmless_words_are_left_alone() -> None:
    assert of_report("This is a photo of me, I never agreed to it").strip() == ""


@pytest.mark.parametrize("tactic", list(Tactic))
def test_every_tactic_has_a_name(tactic: Tactic) -> None:
    assert TACTICS[tactic.value]
