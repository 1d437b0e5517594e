"""A platform's own policy: what follows from a number where, and what never can."""

import pytest

from staydown.recognition import Signals
from staydown.recognition.policy import Act, BadPolicy, Followed, Where, followed, read, rule_for

TEXT = """
- platform: adults-only
  steps: []
- platform: plaza
  surface: chat
  steps: [{from: 0.5, act: hold}]
  unseen: allow
- audience: private
  steps: [{from: 0.8, act: sensitive}]
- steps:
    - {from: 0.2, act: sensitive}
    - {from: 0.5, act: blur}
    - {from: 0.8, act: hold}
    - {from: 0.8, act: age-restricted}
"""
RULES = read(TEXT)


def signals(number: float) -> Signals:
    return Signals(number, number, 1.0, "open_nsfw", "yahoo-v1")


def done(number: float, place: Where) -> Followed | None:
    rule = rule_for(RULES, place)
    return followed(rule, signals(number)) if rule else None


@pytest.mark.parametrize(
    ("number", "labels", "holds"),
    [
        (0.19, (), False),
        (0.2, ("sensitive",), False),
        (0.5, ("sensitive", "blur"), False),
        (0.8, ("sensitive", "blur", "age-restricted"), True),
    ],
)
def test_what_follows_grows_with_the_number(number: float, labels: tuple[str, ...], holds: bool) -> None:
    assert done(number, Where("elsewhere", "post", "everyone")) == Followed(labels, holds)


def test_an_adult_platform_lets_pass_what_it_is_for() -> None:
    assert done(0.99, Where("adults-only", "post", "everyone")) is None  # nobody even looks


def test_a_surface_and_an_audience_have_their_own_policy() -> None:
    assert done(0.6, Where("plaza", "chat", "private")) == Followed((), True)
    assert done(0.6, Where("plaza", "post", "private")) == Followed()


def test_what_could_not_be_looked_at_is_held_unless_the_policy_says_otherwise() -> None:
    usual, chat = rule_for(RULES, Where("plaza", "post")), rule_for(RULES, Where("plaza", "chat"))

    assert usual and followed(usual, None) == Followed(holds=True)
    assert chat and followed(chat, None) == Followed(holds=False)


def test_without_a_policy_nobody_looks() -> None:
    assert rule_for(read(""), Where("plaza")) is None


def test_no_policy_can_block_or_remove() -> None:
    assert not {"block", "remove", "report"} & set(Act)
    with pytest.raises(BadPolicy):
        read("[{steps: [{from: 0.9, act: block}]}]")


@pytest.mark.parametrize(
    "text",
    ["[{steps: [{from: 2, act: blur}]}]", "[{steps: [{act: blur}]}]", "[{platform: plaza}]", "a: b", "[{steps: 3}]", "- [",
     "[{steps: [], unseen: perhaps}]", "[{steps: [{from: true, act: blur}]}]", "[{steps: [], colour: red}]"],
)  # fmt: skip
def test_a_policy_that_cannot_be_meant_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadPolicy, match="list of rules"):
        read(text)
