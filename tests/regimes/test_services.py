"""Services that reach other platforms: chosen by age, country and what is reported; none for a child that is for adults only."""

import itertools

import pytest

from staydown.regimes.harms import Capacity, Harm, Tri
from staydown.regimes.services import PICTURES, Person, chosen, services


def names(harm: Harm = Harm.NCII, minor: Tri = Tri.NO, capacity: Capacity | None = Capacity.SELF, country: str = "FR"):
    return [each.id for each in chosen(Person(harm, minor, capacity, country))]


@pytest.mark.parametrize(
    ("minor", "country", "found"),
    [
        (Tri.NO, "FR", ["stopncii", "point_de_contact", "fr_3018"]),
        (Tri.YES, "FR", ["take_it_down", "point_de_contact", "fr_3018", "inhope"]),
        (Tri.UNKNOWN, "FR", ["stopncii", "take_it_down", "point_de_contact", "fr_3018", "inhope"]),
        (Tri.NO, "BE", ["stopncii", "be_iefh"]),
        (Tri.YES, "BE", ["take_it_down", "inhope"]),
        (Tri.YES, "--", ["take_it_down", "inhope"]),
    ],
)
def test_they_are_chosen_by_age_and_country(minor: Tri, country: str, found: list[str]):
    assert names(minor=minor, country=country) == found


def test_nobody_is_led_to_what_is_for_adults_with_the_picture_of_a_child():
    for harm, capacity, country in itertools.product(Harm, [None, *Capacity], ("FR", "BE", "US", "--")):
        assert "stopncii" not in names(harm, Tri.YES, capacity, country)
    assert "stopncii" not in names(Harm.CSAM, Tri.NO)  # what it is called tells more than a box that was not ticked


def test_a_witness_is_not_led_to_what_asks_for_the_picture_itself():
    assert names(capacity=Capacity.WITNESS) == ["point_de_contact", "fr_3018"]


def test_where_there_is_no_picture_nobody_is_led_anywhere():
    assert all(names(harm) == [] for harm in Harm if harm not in PICTURES)


def test_each_says_what_was_read_and_what_is_to_verify():
    assert all(each.read and each.does.strip() for each in services())
    assert {each.id for each in services() if each.to_verify} == {
        "take_it_down", "point_de_contact", "fr_3018", "be_iefh",
    }  # fmt: skip
