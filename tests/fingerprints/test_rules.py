"""What evidence is worth, and how it is told."""

from dataclasses import replace

from staydown.decoding.types import Kind
from staydown.fingerprints import Evidence, Verdict, in_words
from staydown.fingerprints.rules import DIFFERS, OVERWHELMING, RULES, Rule, satisfied
from staydown.fingerprints.turns import TURNS

STRONG = Evidence(
    score=1100, agreeing=15, visible=20, nearest=10, region=Kind.WHOLE, turn=TURNS[0], frame=(0.0, 0.0, 1.0, 1.0)
)
JOINT = Rule(Verdict.LIKELY, score=120, agreeing=2, nearest=60, likeness=0.3)


def test_a_rule_that_asks_for_likeness_is_not_satisfied_without_descriptors() -> None:
    assert not satisfied(STRONG, JOINT)


def test_a_rule_that_asks_for_likeness_is_satisfied_from_its_minimum_on() -> None:
    assert satisfied(replace(STRONG, likeness=0.3), JOINT)
    assert not satisfied(replace(STRONG, likeness=0.29), JOINT)


def test_a_rule_that_asks_for_no_likeness_must_not_be_contradicted_by_one() -> None:
    geometric, some = replace(JOINT, likeness=None), replace(STRONG, score=OVERWHELMING - 1)
    assert satisfied(some, geometric)
    assert satisfied(replace(some, likeness=DIFFERS), geometric)
    assert not satisfied(replace(some, likeness=DIFFERS - 0.01), geometric)


def test_overwhelming_windows_and_those_of_a_negative_are_contradicted_by_no_descriptor() -> None:
    geometric = replace(JOINT, likeness=None)
    assert satisfied(replace(STRONG, score=OVERWHELMING, likeness=-1.0), geometric)
    assert satisfied(replace(STRONG, score=OVERWHELMING - 1, likeness=-1.0, negative=True), geometric)


def test_a_rule_about_the_whole_asks_for_a_near_whole() -> None:
    rule = Rule(Verdict.LIKELY, whole=64, likeness=0.25)
    assert satisfied(replace(STRONG, whole=64, likeness=0.25), rule)
    assert not satisfied(replace(STRONG, whole=65, likeness=0.25), rule)


def test_a_negative_must_be_twice_as_near_as_a_whole() -> None:
    rule = Rule(Verdict.LIKELY, whole=31)
    assert satisfied(replace(STRONG, whole=31), rule)
    assert satisfied(replace(STRONG, whole=15, negative=True), rule)
    assert not satisfied(replace(STRONG, whole=16, negative=True), rule)


def test_every_evidence_that_satisfies_a_rule_satisfies_it_with_more() -> None:
    for rule in RULES:
        least = replace(
            STRONG,
            score=rule.score,
            agreeing=rule.agreeing,
            nearest=rule.nearest,
            whole=rule.whole,
            likeness=rule.likeness,
        )
        assert satisfied(least, rule)
        assert satisfied(replace(least, score=rule.score + 1, agreeing=rule.agreeing + 1), rule)
        assert not satisfied(replace(least, nearest=rule.nearest + 1), rule) or rule.nearest == 256


def test_what_windows_do_not_tell_is_told_by_the_whole() -> None:
    told = in_words(
        replace(STRONG, score=0, agreeing=0, visible=0, nearest=256, whole=20, similarity=0.97, likeness=0.8)
    )
    assert "differs in 20 of 256 bits" in told
    assert "Similarity of descriptors: 0.97 of 1." in told


def test_a_negative_is_told_as_such() -> None:
    assert "upright, in the whole picture" in in_words(STRONG)
    assert "upright, with its colours inverted, in the whole picture" in in_words(replace(STRONG, negative=True))
