from staydown.regimes import helplines


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
