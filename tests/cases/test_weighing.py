"""Several who tell the same of one account make its case rise with an explanation; the same script is known again."""

import pytest
from django.conf import LazySettings

from staydown.cases import telling
from staydown.cases.actions import intake, later, rising
from staydown.cases.models import Case, Report, Script
from staydown.cases.tasks import weigh_words
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Account, Order, Platform
from staydown.promises.models import Promise
from staydown.recognition.accounts import Reason
from staydown.regimes.harms import Harm, Tri
from staydown.site import rekeying
from tests import people

pytestmark = pytest.mark.django_db

SAID = (
    "he wrote to me: send me more pictures",
    "my daughter got “can you send me one of your nudes”",
    "send me some private photos",
)


@pytest.fixture
def platform() -> Platform:
    return people.plaza()


@pytest.fixture
def bad(platform: Platform) -> Account:
    return platform.accounts.create(external_id="influencer", seen_at=people.NOW)


def said(account: Account, seed: str, words: str, **told: object) -> Report:
    """A report about an account, weighed as the worker does."""
    facts = {"harm": Harm.GROOMING, "minor": Tri.UNKNOWN} | told
    report = intake.receive(intake.Notice(accounts=(account,), words=words, **facts), people.receipt(seed), people.NOW)
    weigh_words(str(report.pk))
    return report


def page(settings: LazySettings, case: Case, **person: object) -> str:
    client = people.console(settings, people.staff("mina", **person))
    return " ".join(client.get(f"/cases/{case.pk}").content.decode().split())


def test_three_who_met_the_same_make_the_case_rise_and_the_page_says_why(settings: LazySettings, bad: Account) -> None:
    for seed, words in zip("ab", SAID, strict=False):
        said(bad, seed, words)
    assert Case.objects.get().risen_at is None
    assert Promise.objects.filter(task=rising.WEIGH).count() == 2  # owed by the report, kept by a worker

    said(bad, "c", SAID[2], minor=Tri.YES)

    case = Case.objects.get()
    assert case.risen_at and case.due_at <= case.risen_at + rising.SOON
    entry = JournalEntry.objects.get(act="case.risen")
    assert entry.facts["reasons"] == [Reason.MINORS, Reason.SAME_REQUEST]
    assert entry.facts["why"].startswith("3 people reported one account, 3 of them known by a receipt only")
    shown = page(settings, case)
    assert (
        "In 90 days 3 people told of this account" in shown and "3 by receipt, of whom two may be one person" in shown
    )
    assert "1 of them under age" in shown and "3 met the same: asks for pictures." in shown
    assert (
        all(
            f"“{asked}”" in shown
            for asked in ("send me more pictures", "send me one of your nudes", "send me some private photos")
        )
        and "it proves nothing" in shown
    )
    assert not Order.objects.exists(), "no action without a person"


def test_who_takes_back_counts_no_more_and_nothing_of_her_words_is_kept(bad: Account) -> None:
    for seed, words in zip("abc", SAID, strict=True):
        last = said(bad, seed, words, minor=Tri.NO, harm=Harm.SEXTORTION)
    assert telling.tales([bad], Report.objects.all(), people.NOW)

    later.withdraw(last, people.NOW)

    assert not telling.tales([bad], Report.objects.all(), people.NOW)


def test_many_who_only_report_its_posts_raise_nothing(platform: Platform) -> None:
    post = people.posted(platform, "post-1", account="viral")
    for seed in "abcd":
        report = people.reported(post, seed=seed, shown=False, words="take it down")
        weigh_words(str(report.pk))

    assert not Case.objects.exclude(risen_at=None).exists()


def test_accounts_that_the_platform_says_are_one_persons_are_told_of_together(
    settings: LazySettings, platform: Platform, bad: Account
) -> None:
    for account, seed in (("second", "x"), ("influencer", "y")):
        item = people.posted(platform, f"post-{seed}", account=account)
        people.registered_again(item, account_holder="customer 12")
    second = Account.objects.get(external_id="second")
    said(bad, "a", SAID[0], reporter_ref=b"1" * 32)
    report = said(second, "b", SAID[1], reporter_ref=b"2" * 32)

    [entry] = JournalEntry.objects.filter(act="case.risen", about__contains=str(report.case_id))
    assert Reason.SEVERAL_ACCOUNTS in entry.facts["reasons"]
    report.case.refresh_from_db()
    assert "The platform says that one person has these accounts: influencer, second." in page(settings, report.case)


def test_who_may_not_know_of_childrens_cases_is_told_nothing_of_them(settings: LazySettings, bad: Account) -> None:
    for seed, words in zip("abc", SAID, strict=True):
        said(bad, seed, words, minor=Tri.YES)
    grown_up = said(bad, "d", "he demands money", harm=Harm.NCII, minor=Tri.NO)

    shown = page(settings, grown_up.case, cleared=False)

    assert "told of this account" not in shown and "send me" not in shown


SCRIPT = (
    "I have all your pictures and your list of friends. Send 300 euros to @quick or everybody at your school "
    "will see them tonight"
)


def test_one_script_sent_to_two_people_links_their_cases_by_keyed_digests_only(
    settings: LazySettings, platform: Platform, bad: Account
) -> None:
    other = platform.accounts.create(external_id="burner", seen_at=people.NOW)
    one = said(bad, "a", f"Yesterday I got this: {SCRIPT}", harm=Harm.SEXTORTION)
    two = said(other, "b", f"{SCRIPT.replace('300', '450')} !! what can i do", harm=Harm.SEXTORTION)
    said(
        other,
        "c",
        "these are my holiday pictures, I did not agree that he shows all of them to everybody",
        harm=Harm.NCII,
    )
    assert one.case != two.case and Script.objects.values("report").distinct().count() == 2

    shown = page(settings, two.case)

    assert "The same words stand in 1 other report" in shown and one.case.reference in shown
    assert "everybody at your school will see them" in shown
    assert all(len(bytes(row.digest)) == 32 for row in Script.objects.all())
    later.withdraw(one, people.NOW)
    one.refresh_from_db()
    assert one.words_sealed is None and not one.scripts.exists()


def test_under_a_new_key_a_script_is_still_known_and_the_former_digests_are_gone(
    settings: LazySettings, platform: Platform, bad: Account
) -> None:
    report = said(bad, "a", SCRIPT, harm=Harm.SEXTORTION)
    before = {bytes(row.digest) for row in report.scripts.all()}
    settings.FORMER_FINGERPRINT_KEYS, settings.FINGERPRINT_KEY = [settings.FINGERPRINT_KEY], b"n" * 32
    rekeying.rekey_alone()

    other = said(platform.accounts.create(external_id="burner", seen_at=people.NOW), "b", SCRIPT, harm=Harm.SEXTORTION)

    known = {bytes(row.digest) for row in report.scripts.all()}
    assert known and not known & before
    assert known == {bytes(row.digest) for row in other.scripts.all()}


def test_a_script_in_a_childs_case_is_not_told_to_who_may_not_know_of_it(
    settings: LazySettings, platform: Platform, bad: Account
) -> None:
    said(bad, "a", SCRIPT, harm=Harm.SEXTORTION, minor=Tri.YES)
    other = platform.accounts.create(external_id="burner", seen_at=people.NOW)
    two = said(other, "b", SCRIPT, harm=Harm.SEXTORTION, minor=Tri.NO)

    assert "The same words stand" not in page(settings, two.case, cleared=False)
