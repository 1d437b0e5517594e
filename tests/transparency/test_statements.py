"""Statements of reasons are what the database takes, and tell of nobody."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from staydown.regimes.harms import Flag, Harm, Tri
from staydown.transparency.statements import BATCH, Incomplete, Personal, Statement, in_batches, personal, published
from staydown.transparency.vocabulary import (
    EEA,
    AccountMeasure,
    Automated,
    Content,
    Ground,
    ServiceMeasure,
    Source,
    Visibility,
)
from tests.transparency.validator import complaints

PROVISIONS = (
    "Code pénal, art. 226-2-1",
    "47 USC 223a",
    "Community rules, 4.2: intimate images",
    "Strafgesetzbuch, § 201a",
)


def generated(count: int) -> Iterator[Statement]:
    """Decisions of every kind, the same for the same count."""
    rng = random.Random(17)
    for _ in range(count):
        visibility = tuple(rng.sample(list(Visibility), rng.randint(0, 2)))
        account = rng.choice([None, *AccountMeasure])
        on = date(2024, 2, 17) + timedelta(days=rng.randrange(1000))
        yield Statement(
            id=UUID(int=rng.getrandbits(128)),
            harm=rng.choice(list(Harm)),
            minor=rng.choice(list(Tri)),
            flags=frozenset(rng.sample(list(Flag), rng.randint(0, 3))),
            visibility=visibility,
            account=account if visibility or account else AccountMeasure.SUSPENDED,
            ground=rng.choice(list(Ground)),
            provision=rng.choice(PROVISIONS),
            content=tuple(rng.sample(list(Content), rng.randint(1, 3))),
            content_on=on,
            applied_on=on + timedelta(days=rng.randrange(30)),
            source=rng.choice(list(Source)),
            detected_by_machine=rng.random() < 0.5,
            decided=rng.choice(list(Automated)),
            territory=frozenset(rng.sample(sorted(EEA), rng.randint(0, len(EEA)))),
            ends_on=rng.choice([None, on + timedelta(days=90)]),
            service=rng.choice([None, None, *ServiceMeasure]),
        )


def one(**also) -> Statement:
    (found,) = generated(1)
    return Statement(**{name: also.get(name, getattr(found, name)) for name in Statement.__slots__})


def test_ten_thousand_decisions_are_accepted_by_a_validator_that_does_not_know_our_code():
    wrong = [(each, why) for each in generated(10_000) if (why := complaints(json.loads(json.dumps(published(each)))))]
    assert wrong == []


def test_the_validator_complains_of_every_field_that_is_spoilt():
    good = published(one(account=AccountMeasure.SUSPENDED, visibility=(Visibility.REMOVED, Visibility.OTHER)))
    assert complaints(good) == []
    for name in good:
        assert complaints({**good, name: "?!" if name != "territorial_scope" else ["XX"]}) or name.endswith(
            ("_ground", "_explanation", "_other", "_facts")
        )
    for name in set(good) - {
        "territorial_scope",
        "category_specification",
        "decision_account",
        "decision_provision",
        "incompatible_content_illegal",
    }:
        spoilt = {key: value for key, value in good.items() if key != name}
        assert complaints(spoilt) or name.startswith("end_date"), name


def test_no_statement_has_a_field_for_who_reported_it():
    assert all(not name.startswith("source_identity") for each in generated(200) for name in published(each))


@pytest.mark.parametrize("harm", list(Harm))
def test_what_concerns_a_child_is_never_among_what_concerns_adults(harm: Harm):
    said = published(one(harm=harm, minor=Tri.YES))
    assert said["category"] == "STATEMENT_CATEGORY_PROTECTION_OF_MINORS"
    assert "CONSENSUAL" not in str(said.get("category_specification"))


@pytest.mark.parametrize(
    "text",
    [
        "art. 226-2-1, see https://plaza.example/posts/1", "rule 4, account @bob", "rule 4 (bob@mail.example)",
        "as Mme Durand asked", "rule 4, telephone +32 470 00 00 00", "because of Ana Lopez", "see plaza.com",
    ],
)  # fmt: skip
def test_what_looks_personal_is_refused_before_it_leaves(text: str):
    with pytest.raises(Personal):
        published(one(provision=text))


@pytest.mark.parametrize("text", PROVISIONS)
def test_articles_and_rules_are_not_taken_for_people(text: str):
    assert personal(text) is None


@pytest.mark.parametrize(
    "also",
    [
        {"visibility": (), "account": None, "service": None}, {"content": ()}, {"provision": " "},
        {"territory": frozenset({"US"})}, {"provision": "x" * 501},
    ],
)  # fmt: skip
def test_half_a_statement_is_refused(also):
    with pytest.raises(Incomplete):
        published(one(**also))


def test_they_leave_by_the_hundred():
    sizes = [len(batch) for batch in in_batches(generated(250))]
    assert sizes == [BATCH, BATCH, 50]
