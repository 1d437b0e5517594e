"""Strikes: weighed within their windows, proposed to a person, tried on the past before they count."""

from datetime import timedelta

import pytest

from staydown.cases import standing, strikes
from staydown.cases.actions import deciding
from staydown.cases.models import Case
from staydown.cases.rules import AccountRuling, Ruling
from staydown.cases.strikes import Strike
from staydown.platforms.actions.ordering import Why, order_item
from staydown.platforms.models import Account, Order
from staydown.platforms.rules import AccountState, Action
from staydown.regimes.harms import Harm, Tri
from staydown.regimes.reading import BadData, parse
from tests import people
from tests.pictures import jpeg, photograph

POLICY = strikes.shipped()
TEXT = "version: 2026-11-21\npolicies: {policies}\nsteps: {steps}"
ALL = "[{harms: [" + ", ".join(Harm) + "], weight: 1, window_days: 30}]"


def ago(days: int, harm: Harm = Harm.NCII) -> Strike:
    return Strike(people.NOW - timedelta(days=days), harm)


def test_each_harm_weighs_and_lasts_what_the_policy_says():
    assert strikes.points([ago(10), ago(20)], POLICY, people.NOW) == 8
    assert strikes.points([ago(400), ago(20), ago(400, Harm.SEXTORTION)], POLICY, people.NOW) == 12


@pytest.mark.parametrize(
    ("weighs", "ruling"),
    [(0, "leave"), (3, "leave"), (4, "restrict"), (11, "suspend"), (12, "end"), (90, "end")],
)
def test_the_strictest_step_reached_is_proposed(weighs: int, ruling: str):
    assert strikes.proposed(weighs, POLICY) == AccountRuling(ruling)


def test_a_simulation_counts_each_account_once_at_the_strictest_step_it_ever_reached():
    past = [[ago(800), ago(790)], [ago(5)], [ago(5, Harm.CSAM)], []]
    found = {row.step: (row.ever, row.now) for row in strikes.simulate(past, POLICY, people.NOW)}
    assert found == {
        AccountRuling.RESTRICT: (1, 1),
        AccountRuling.SUSPEND: (1, 0),
        AccountRuling.END: (1, 1),
    }


@pytest.mark.parametrize(
    ("policies", "steps", "said"),
    [
        ("[{harms: [NCII], weight: 1, window_days: 30}]", "[]", "exactly once"),
        (ALL, "[{from: 4, propose: suspend}, {from: 4, propose: end}]", "steps rise"),
        (ALL, "[{from: 4, propose: reinstate}]", "restrict, suspend or end"),
        (ALL.replace("30", "0"), "[]", "window_days"),
    ],
)
def test_a_policy_that_cannot_be_says_what_is_wrong(policies: str, steps: str, said: str):
    with pytest.raises(BadData, match=said):
        parse("own.yaml", TEXT.format(policies=policies, steps=steps), strikes.Policy)


@pytest.mark.django_db
def test_a_case_is_one_strike_and_what_is_put_back_is_none(settings):
    platform, mina = people.plaza(), people.staff("mina")
    items = [people.posted(platform, f"post-{n}", jpeg(photograph(p))) for n, p in enumerate(("coffee", "rocket"))]
    case = people.reported(*items).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    account = Account.objects.get()
    assert [strike.case for strike in standing.histories()[account.pk]] == [case.pk]
    settings.STRIKES = POLICY
    later = people.reported(people.posted(platform, "post-3", jpeg(photograph("cat"))), seed="two").case
    stands = standing.of_case(later, [account], mina, people.NOW)[account.pk]
    assert (stands.points, stands.points_then, stands.proposed) == (4, 8, AccountRuling.SUSPEND)
    Case.objects.filter(pk=case.pk).update(harm=Harm.CSAM, minor=Tri.YES)  # of which somebody uncleared is told nothing
    ola = people.staff("ola", cleared=False)
    stands = standing.of_case(later, [account], ola, people.NOW)[account.pk]
    assert (stands.strikes, stands.points, stands.points_then) == (0, 0, 4)
    for item in items:
        order_item(item, Action.RESTORE, Why(case, "complaint", "test"), people.NOW)
    assert not standing.histories()


@pytest.mark.django_db
def test_however_many_strikes_no_account_is_touched_without_a_person(settings):
    settings.STRIKES = POLICY
    platform, mina = people.plaza(), people.staff("mina")
    for n, name in enumerate(("coffee", "rocket", "cat", "china")):
        case = people.reported(people.posted(platform, f"post-{n}", jpeg(photograph(name))), seed=name).case
        deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    account = Account.objects.get()
    assert len(standing.histories()[account.pk]) == 4
    assert account.state == AccountState.ACTIVE
    assert not Order.objects.filter(account__isnull=False).exists()
    page = people.console(settings, mina).get(f"/cases/{case.pk}").content.decode()
    assert "ended for good" in page
    assert "4 posts, 4 removed, 4 reports" in page and "3 other cases about this account" in page
    done = page.split('<ol class="timeline">')[1]
    assert "decided" in done and "mina" in done


@pytest.mark.django_db
def test_strikes_are_off_until_somebody_switches_them_on(settings):
    assert strikes.read("") is None
    assert strikes.read("on") == POLICY
    case = people.reported(people.posted(people.plaza(), "post-1")).case
    assert standing.of_case(case, list(Account.objects.all()), people.staff("mina"), people.NOW) == {}
