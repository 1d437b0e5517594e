"""Whom several people under age report is looked at first, and the page says why in counts."""

import pytest
from django.conf import LazySettings

from staydown.cases import seeing
from staydown.cases.actions import intake, joining, later, rising
from staydown.cases.models import Case, Report
from staydown.cases.voices import Voices
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Account, Platform
from staydown.regimes.harms import Flag, Harm, Tri
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform() -> Platform:
    return people.plaza()


@pytest.fixture
def bad(platform: Platform) -> Account:
    return platform.accounts.create(external_id="influencer", seen_at=people.NOW)


def said(account: Account, seed: str, **told: object) -> Report:
    facts = {"harm": Harm.GROOMING, "minor": Tri.YES, "flags": frozenset({Flag.PERSON_SHOWN})} | told
    minutes = int(facts.pop("minutes", 0))
    notice = intake.Notice(accounts=(account,), **facts)
    return intake.receive(notice, people.receipt(seed), people.later(minutes=minutes))


def test_the_third_young_person_makes_it_rise_and_not_the_second(bad: Account) -> None:
    one = said(bad, "a")
    said(bad, "b")
    assert Case.objects.get().risen_at is None
    said(bad, "c", minutes=5)
    case = Case.objects.get()
    assert case.risen_at == people.later(minutes=5)
    assert case.due_at == min(one.case.due_at, people.later(minutes=65))
    entry = JournalEntry.objects.get(act="case.risen")
    assert entry.facts["people"] == 3


def test_one_pseudonym_is_one_person_and_witnesses_grown_ups_and_who_takes_back_are_none(bad: Account) -> None:
    for seed in "abcd":
        said(bad, seed, reporter_ref=b"r" * 32)
    said(bad, "witness", harm=Harm.CSAM, flags=frozenset())
    said(bad, "adult", harm=Harm.NCII, minor=Tri.NO)
    later.withdraw(said(bad, "sorry"), people.NOW)
    assert rising.voices([bad.pk], people.NOW)[bad.pk] == Voices(pseudonyms=1, receipts=0, cases=1)
    assert not Case.objects.exclude(risen_at=None).exists()


def test_posts_of_the_account_count_like_the_account_in_every_open_case_about_it(platform: Platform) -> None:
    first, second = people.posted(platform, "post-1", account="x"), people.posted(platform, "post-2", account="x")
    people.reported(first, seed="a", harm=Harm.CSAM, minor=Tri.YES)
    people.reported(second, seed="b", harm=Harm.NCII, minor=Tri.YES)
    plain = people.reported(people.posted(platform, "post-3", account="x"), seed="d", harm=Harm.VOYEURISM, minor=Tri.NO)
    said(Account.objects.get(), "c")
    assert Case.objects.exclude(risen_at=None).count() == Case.objects.count() - 1
    plain.case.refresh_from_db()
    assert plain.case.risen_at is None, "only where cleared people can read why"


def test_long_ago_is_not_of_late(bad: Account) -> None:
    said(bad, "a")
    said(bad, "b")
    assert rising.voices([bad.pk], people.later(days=89))[bad.pk].people == 2
    assert rising.voices([bad.pk], people.later(days=91))[bad.pk].people == 0


def test_the_page_says_the_counts_and_the_queue_has_it_first(
    settings: LazySettings, platform: Platform, bad: Account
) -> None:
    other = people.reported(people.posted(platform, "post-1"), harm=Harm.CSAM, minor=Tri.YES).case
    said(bad, "a", reporter_ref=b"1" * 32)
    said(bad, "b", reporter_ref=b"2" * 32)
    said(bad, "c")
    case = Report.objects.get(lookup=people.receipt("c").lookup).case
    mina = people.staff("mina")
    order = seeing.urgent_first(seeing.hers(mina, people.NOW), people.later(minutes=1), 0, 9)
    assert order.index(case) < order.index(other)
    page = " ".join(people.console(settings, mina).get(f"/cases/{case.pk}").content.decode().split())
    assert "In 90 days 3 people under age reported this account for themselves: 2 by a pseudonym" in page
    assert "1 by receipt" in page and "From 3 on, a person looks within 60 minutes." in page


def test_what_rose_by_a_joining_falls_when_it_is_taken_apart(platform: Platform, bad: Account) -> None:
    case = said(bad, "a").case
    Case.objects.filter(pk=case.pk).update(risen_at=people.NOW)
    case.refresh_from_db()
    rising.look_again(case)
    case.refresh_from_db()
    assert case.risen_at is None
    assert not joining.can_be_taken_apart(case, case)
