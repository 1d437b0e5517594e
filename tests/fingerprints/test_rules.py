"""What evidence is worth, and how it is told."""

from dataclasses import replace

from staydown.decoding.types import Kind
from staydown.fingerprints import Evidence, Verdict, in_words
from staydown.fingerprints.rules import DIFFERS, Rule, satisfied
from staydown.fingerprints.turns import TURNS

STRONG = Evidence(
    score=900, agreeing=15, visible=20, nearest=10, region=Kind.WHOLE, turn=TURNS[0], frame=(0.0, 0.0, 1.0, 1.0)
)
JOINT = Rule(Verdict.LIKELY, score=120, agreeing=2, nearest=60, wrong=0, pairs=1, similarity=0.3)


def test_a_rule_that_asks_for_similarity_is_not_satisfied_without_descriptors() -> None:
    assert not satisfied(STRONG, JOINT)


def test_a_rule_that_asks_for_similarity_is_satisfied_from_its_minimum_on() -> None:
    assert satisfied(replace(STRONG, similarity=0.3), JOINT)
    assert not satisfied(replace(STRONG, similarity=0.29), JOINT)


def test_a_rule_that_asks_for_no_similarity_must_not_be_contradicted_by_one() -> None:
    geometric = replace(JOINT, similarity=None)
    assert satisfied(STRONG, geometric)
    assert satisfied(replace(STRONG, similarity=DIFFERS), geometric)
    assert not satisfied(replace(STRONG, similarity=DIFFERS - 0.01), geometric)


def test_a_negative_is_told_as_such() -> None:
    assert "upright, in the whole picture" in in_words(STRONG)
    assert "upright, with its colours inverted, in the whole picture" in in_words(replace(STRONG, negative=True))
