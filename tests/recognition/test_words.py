"""Words: what is said plainly is shown with its reasons; who tells of it is offered help; what is said in hints is missed."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from staydown.recognition import patterns
from staydown.recognition.conversation import Care, Level, Message, of_words, signals
from staydown.recognition.patterns import Context, Tactic
from staydown.recognition.words import LONGEST, plain

FROZEN = yaml.safe_load((Path(__file__).parent / "frozen-words.yaml").read_text(encoding="utf-8"))
SHOWN = (Level.NOTICE, Level.REVIEW, Level.URGENT)


def found(lines: list[str]) -> int:
    return sum(of_words(line).level in SHOWN for line in lines)


@pytest.mark.parametrize("kind", ["plain", "indirect"])
def test_the_frozen_set_is_printed_with_both_numbers(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    risk, benign = FROZEN[kind]["risk"], FROZEN[kind]["benign"]
    with capsys.disabled():
        print(f"\n{kind} words: {found(risk)} of {len(risk)} found, {found(benign)} of {len(benign)} wrongly")

    assert len(risk) == len(benign) == 20


def test_what_is_said_plainly_is_mostly_found() -> None:
    assert found(FROZEN["plain"]["risk"]) >= 18
    assert found(FROZEN["plain"]["benign"]) <= 2


def test_the_page_says_what_is_missed() -> None:
    """Not a target: hints are hardly found at all, and docs/recognition.md says so in numbers."""
    page = (Path(__file__).parents[2] / "docs" / "recognition.md").read_text(encoding="utf-8")

    for kind in ("plain", "indirect"):
        risk, benign = FROZEN[kind]["risk"], FROZEN[kind]["benign"]
        assert f"| {kind} | {found(risk)} of {len(risk)} | {found(benign)} of {len(benign)} |" in page


@pytest.mark.parametrize(
    "words",
    [
        "He said: send me nudes or I will post your pictures everywhere. I am so scared, what should I do?",
        "Quelqu'un me menace : « envoie 300 euros sinon je poste tes photos partout ». Aidez-moi",
    ],
)
def test_a_victim_who_quotes_the_threat_is_offered_help_and_nothing_is_held_against_her(words: str) -> None:
    said = of_words(words)

    assert (said.level, said.care) == (Level.NONE, Care.VICTIM)
    assert Tactic.THREAT_TO_SHARE in said.tactics


def test_who_warns_others_is_nobody_to_look_at() -> None:
    assert of_words("Workshop for teachers about lines like: send nudes or I post them").care is Care.NOBODY


def test_tactics_of_one_sender_add_up_over_messages_and_not_over_people() -> None:
    talk = [Message("b", "how old are you?"), Message("a", "hey"), Message("b", "are you home alone?"),
            Message("b", "add me on snapchat"), Message("a", "send me nudes lol")]  # fmt: skip

    by_sender = {each.sender: each for each in signals(talk)}

    assert by_sender["b"].level is Level.REVIEW and by_sender["a"].level is Level.NOTICE
    assert by_sender["b"].tactics == (Tactic.AGE_PROBE, Tactic.ISOLATION, Tactic.PLATFORM_MOVE)
    assert [each.message for each in by_sender["b"].shown] == [0, 2, 3]


def test_the_least_request_to_somebody_known_to_be_under_age_is_urgent() -> None:
    talk = [Message("b", "show me a naked pic")]

    assert (signals(talk)[0].level, signals(talk, to_a_minor=True)[0].level) == (Level.NOTICE, Level.URGENT)


def test_the_words_that_are_shown_stand_where_the_rule_says_in_the_message_as_it_was_written() -> None:
    words = "Écoute… ENVOIE des N U D E S, sinon"
    shown = {each.hit.rule: words[each.hit.start : each.hit.end] for each in of_words(words).shown}

    assert shown == {"fr.request.send": "ENVOIE des N U D E S", "fr.condition.unless": "sinon"}


@pytest.mark.parametrize(
    "words", ["s e n d me n u d e s", "send me nud3s", "SEND ME NUDÉS", "sеnd mе nudеs", "s.e.n.d me nudes"]
)
def test_disguised_letters_are_read(words: str) -> None:
    assert Tactic.IMAGE_REQUEST in of_words(words).tactics


def test_every_rule_of_every_pack_has_its_own_id_in_its_language() -> None:
    rules = [(pack.language, rule.id) for pack in patterns.packs() for rule in pack.rules]

    assert len(set(rules)) == len(rules) and all(name.startswith(f"{language}.") for language, name in rules)
    assert [pack.language for pack in patterns.packs() if pack.complete] == ["en", "fr"]
    for pack in patterns.packs():
        assert any(rule.means is Context.HELP_SEEKING for rule in pack.rules)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_and_every_span_lies_in_it(words: str) -> None:
    for each in of_words(words).shown:
        assert 0 <= each.hit.start < each.hit.end <= len(words)


@settings(deadline=None)
@given(
    st.sampled_from(["send me ", "i have your ", "a ", "o o o o ", "if you ", "j ai "]),
    st.sampled_from(["x", "pics ", "!"]),
)
def test_however_often_something_is_repeated_no_more_than_the_beginning_is_read(part: str, end: str) -> None:
    """RE2 takes time in proportion to the text, and the text is cut: nothing a stranger writes can hold a worker up."""
    message = plain(part * 50_000 + end)

    assert len(message.text) <= LONGEST
    patterns.hits(message)


def spent(message: str) -> float:
    """Seconds of CPU that reading takes, the best of three: what else the machine does is not in it."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        patterns.hits(plain(message))
        best = min(best, time.process_time() - began)
    return best


@settings(deadline=None, max_examples=8, derandomize=True)
@given(st.sampled_from(["send me a ", "i have your a b c ", "a", "o o o o ", "if you ", "don t tell ", "he a a a a "]))
def test_sixteen_times_the_text_takes_about_sixteen_times_as_long_and_not_its_square(part: str) -> None:
    few = (part * LONGEST)[: LONGEST // 16]

    assert spent(few * 16) < 10 * 16 * spent(few)  # ten times of slack; its square would be 256 times
