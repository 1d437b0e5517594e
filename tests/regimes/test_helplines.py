from datetime import date

from staydown.regimes import helplines
from staydown.regimes.helplines import Accepted


def test_every_country_has_somebody_to_call():
    for country in ("FR", "BE", "US", "GB", "ZZ"):
        here = helplines.in_country(country)
        assert here.emergency
        assert here.lines


def test_a_country_without_data_is_told_apart():
    assert helplines.in_country("FR").known
    assert not helplines.in_country("ZZ").known


def test_people_are_shown_no_number_from_memory():
    for country in helplines.directory().countries:
        for line in helplines.in_country(country).lines:
            assert not line.telephone or line.read or line.verified_on


def test_a_number_is_called_again_after_half_a_year():
    called = helplines.directory().countries["FR"].lines[0].model_copy(update={"verified_on": date(2026, 1, 1)})
    assert not called.is_old(date(2026, 6, 30))
    assert called.is_old(date(2026, 7, 1))
    assert not called.model_copy(update={"verified_on": None}).is_old(date(2026, 7, 1))


def test_a_number_that_nobody_has_called_is_shown_only_where_the_operator_accepts_it():
    number = next(line for line in helplines.in_country("FR").lines if line.telephone)
    assert not number.may_be_shown(Accepted.CALLED)
    assert number.may_be_shown(Accepted.READ)
    assert number.model_copy(update={"verified_on": date(2026, 1, 1)}).may_be_shown(Accepted.CALLED)
    assert all(line.may_be_shown(Accepted.CALLED) for line in helplines.in_country("FR").lines if not line.telephone)
