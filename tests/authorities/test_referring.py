"""Every decision that obliges a referral has one, and nothing is filed on one person's word."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from staydown.authorities import actions, tasks
from staydown.authorities.errors import AnotherPerson, NoNumber, NoReason, NotConnected, NotYours, NoWords, WentOn
from staydown.authorities.models import Referral
from staydown.authorities.rules import Environment, ReferralState
from staydown.cases.actions import deciding, intake, seconding
from staydown.cases.actions.notice import Notice
from staydown.cases.rules import AccountRuling, Ruling
from staydown.journal.models import Entry
from staydown.promises.errors import Later
from staydown.promises.models import Promise
from staydown.regimes.duties import duty
from staydown.regimes.harms import Harm, Tri
from staydown.vault import opening
from staydown.vault.retention.models import Hold
from tests import people
from tests.authorities.cybertip_server import tipline
from tests.authorities.light import WORDS, connected, decided, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def american(settings):
    settings.COUNTRY = "US"


@pytest.fixture
def server(american, settings):
    with tipline() as memory:
        settings.CYBERTIP = connected(memory)
        yield memory


def approved(referral: Referral, name: str = "ida") -> Referral:
    actions.approve(referral, WORDS, people.staff(name), people.NOW)
    referral.refresh_from_db()
    return referral


def filed(server) -> Referral:
    """A referral that went the whole way."""
    decided(people.plaza())
    referral = approved(prepared("us_ncmec"))
    tasks.open_tip(str(referral.pk))
    actions.file(referral, people.staff("jo"), people.NOW)
    tasks.finish_tip(str(referral.pk))
    referral.refresh_from_db()
    return referral


def acts(referral: Referral) -> list[str]:
    about = f"authorities.referral:{referral.pk}"
    return list(Entry.objects.filter(about=about).order_by("index").values_list("act", flat=True))


def test_in_france_a_childs_case_goes_to_pharos_within_a_day(settings):
    case = decided(people.plaza())
    (referral,) = Referral.objects.all()
    assert (referral.authority, referral.state) == ("fr_pharos", ReferralState.PREPARED)
    assert referral.law == duty("eu_dsa_18_refer")
    assert referral.due_at == people.NOW + timedelta(hours=24)
    assert referral.decision.case == case
    assert opening.read(referral.words_sealed) == "The person shown did not consent."


def test_an_account_that_solicits_is_told_of_without_any_post(server):
    account = people.posted(people.plaza(), "post-1").account
    notice = Notice(harm=Harm.GROOMING, minor=Tri.YES, flags=frozenset(), accounts=(account,))
    case = intake.receive(notice, people.receipt("account"), people.NOW).case
    said = replace(people.proposal(case, Ruling.REMOVE), accounts={account.pk: AccountRuling.SUSPEND})
    deciding.decide(case, said, people.staff("mina"), people.NOW)
    referral = approved(prepared("us_ncmec"))
    tasks.open_tip(str(referral.pk))
    (tip,) = server.tips.values()
    assert b"<espIdentifier>ana</espIdentifier>" in tip.xml
    assert b"internetDetails" not in tip.xml


def test_danger_makes_it_an_hour():
    decided(people.plaza(), harm=Harm.NCII, minor=Tri.NO, danger=True)
    assert prepared("fr_pharos").due_at == people.NOW + timedelta(hours=1)


def test_an_adult_decides_herself_whether_the_police_should_know():
    decided(people.plaza(), harm=Harm.NCII, minor=Tri.NO)
    assert not Referral.objects.exists()


def test_what_was_kept_up_is_told_to_nobody():
    mina, tomas = people.staff("mina"), people.staff("tomas")
    case = decided(people.plaza(), ruling=Ruling.KEEP, by=mina)
    seconding.second(case.decisions.get(), "Nothing was found.", tomas, people.NOW)
    assert not Referral.objects.exists()


def test_a_case_that_is_decided_twice_is_told_once():
    platform, mina = people.plaza(), people.staff("mina")
    case = decided(platform, by=mina)
    actions.prepare(case.decisions.get(), people.later(hours=1))
    assert Referral.objects.count() == 1


def test_ncmec_is_told_of_each_person(american):
    platform = people.plaza()
    decided(platform)
    assert [each.account.external_id for each in Referral.objects.filter(authority="us_ncmec")] == ["ana"]


def test_without_a_named_environment_nothing_is_sent_and_the_desk_says_so(american, settings):
    settings.CYBERTIP = None
    decided(people.plaza())
    with pytest.raises(NotConnected):
        approved(prepared("us_ncmec"))
    assert not Promise.objects.filter(task=actions.OPEN_TIP).exists()


def test_two_people_file_one_report_and_what_is_filed_is_preserved_for_a_year(server):
    referral = filed(server)
    (tip,) = server.of("finished")
    assert referral.state == ReferralState.ACKNOWLEDGED
    assert server.tips[referral.number] is tip
    assert WORDS.encode() in tip.xml
    assert b"post-1" in tip.xml and b"<espIdentifier>ana</espIdentifier>" in tip.xml
    hold = Hold.objects.get()
    assert hold.until >= hold.set_at + timedelta(days=365)
    assert referral.number in opening.read(hold.reason_sealed)
    assert acts(referral) == [
        "referral.prepared", "referral.approved", "referral.opened", "referral.agreed", "referral.sent"
    ]  # fmt: skip


def test_nothing_of_the_reporter_is_in_it(server):
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    report = people.reported(item, harm=Harm.CSAM, minor=Tri.YES, words="My telephone is 0470 00 00 00.")
    deciding.decide(report.case, people.proposal(report.case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    referral = approved(prepared("us_ncmec"))
    tasks.open_tip(str(referral.pk))
    (tip,) = server.tips.values()
    assert b"0470" not in tip.xml
    assert str(report.pk).encode() not in tip.xml


def test_whoever_approved_the_text_does_not_file_it(server):
    decided(people.plaza())
    ida = people.staff("ida")
    referral = prepared("us_ncmec")
    actions.approve(referral, WORDS, ida, people.NOW)
    with pytest.raises(AnotherPerson):
        actions.file(referral, ida, people.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.update(second_by=ida)


def test_an_opened_report_is_not_filed_before_the_second_word(server):
    decided(people.plaza())
    referral = approved(prepared("us_ncmec"))
    tasks.open_tip(str(referral.pk))
    tasks.finish_tip(str(referral.pk))
    assert [tip.state for tip in server.tips.values()] == ["open"]
    assert "finish" not in server.calls


def test_the_second_word_may_come_before_the_report_is_opened(server):
    decided(people.plaza())
    referral = approved(prepared("us_ncmec"))
    actions.file(referral, people.staff("jo"), people.NOW)
    tasks.open_tip(str(referral.pk))
    assert Promise.objects.filter(task=actions.FINISH_TIP).exists()
    tasks.finish_tip(str(referral.pk))
    assert len(server.of("finished")) == 1


def test_a_test_environment_satisfies_no_duty(server, settings):
    settings.CYBERTIP = connected(server, Environment.TEST)
    referral = filed(server)
    assert referral.state == ReferralState.TRIED
    assert not Hold.objects.exists()
    tasks.watch_deadlines()
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(state=ReferralState.SENT)
    actions.again(referral, people.staff("kim"), people.NOW)
    assert (referral.state, referral.number, referral.approved_by) == (ReferralState.PREPARED, "", None)


def test_a_report_opened_in_one_environment_is_never_filed_in_another(server, settings):
    decided(people.plaza())
    referral = approved(prepared("us_ncmec"))
    settings.CYBERTIP = connected(server, Environment.TEST)
    tasks.open_tip(str(referral.pk))
    actions.file(referral, people.staff("jo"), people.NOW)
    settings.CYBERTIP = connected(server, Environment.PRODUCTION)
    with pytest.raises(Later):
        tasks.finish_tip(str(referral.pk))
    assert server.of("finished") == []


@pytest.mark.parametrize("fault", ["drop", "drop after", "502", "429", "401", "1000", "2000"])
@pytest.mark.parametrize("verb", ["submit", "finish"])
def test_whatever_breaks_on_the_way_exactly_one_report_is_filed(server, verb: str, fault: str):
    decided(people.plaza())
    referral = approved(prepared("us_ncmec"))
    actions.file(referral, people.staff("jo"), people.NOW)
    server.faults = [fault] if verb == "submit" else []
    if verb == "submit":
        with pytest.raises(Later):
            tasks.open_tip(str(referral.pk))
    tasks.open_tip(str(referral.pk))
    server.faults = [fault] if verb == "finish" else []
    if verb == "finish":
        with pytest.raises(Later):
            tasks.finish_tip(str(referral.pk))
    tasks.finish_tip(str(referral.pk))
    referral.refresh_from_db()
    assert referral.state == ReferralState.ACKNOWLEDGED
    assert [server.tips[referral.number]] == server.of("finished")


def test_a_report_that_expired_over_there_is_opened_again_with_the_same_approvals(server):
    decided(people.plaza())
    referral = approved(prepared("us_ncmec"))
    tasks.open_tip(str(referral.pk))
    server.clock = timedelta(hours=30)
    actions.file(referral, people.staff("jo"), people.NOW)
    tasks.finish_tip(str(referral.pk))
    referral.refresh_from_db()
    assert referral.state == ReferralState.APPROVED
    tasks.open_tip(str(referral.pk))
    tasks.finish_tip(str(referral.pk))
    assert sorted(tip.state for tip in server.tips.values()) == ["expired", "finished"]


def test_what_ncmec_does_not_take_comes_back_to_a_person_with_its_code(server):
    decided(people.plaza())
    referral = approved(prepared("us_ncmec"))
    server.faults = ["4100"]
    tasks.open_tip(str(referral.pk))
    referral.refresh_from_db()
    assert (referral.state, referral.trouble, referral.approved_by) == (ReferralState.REFUSED, "code 4100", None)
    actions.again(referral, people.staff("kim"), people.NOW)
    assert referral.state == ReferralState.PREPARED


@pytest.mark.parametrize("fault", [[], ["drop"]])
def test_what_ncmec_does_not_file_is_taken_back_there_before_a_person_mends_it(server, fault: list[str]):
    decided(people.plaza())
    referral = approved(prepared("us_ncmec"))
    tasks.open_tip(str(referral.pk))
    referral.refresh_from_db()
    number = referral.number
    actions.file(referral, people.staff("jo"), people.NOW)
    server.faults = ["4000", *fault]  # it may even be gone when it is to be taken back: then it expires
    tasks.finish_tip(str(referral.pk))
    referral.refresh_from_db()
    assert (referral.state, referral.trouble, referral.number) == (ReferralState.REFUSED, "code 4000", "")
    assert server.tips[number].state == ("open" if fault else "retracted")


def test_a_dossier_is_sent_by_a_person_and_its_receipt_is_kept():
    decided(people.plaza())
    referral, ida = approved(prepared("fr_pharos")), people.staff("jo")
    actions.sent_by_hand(referral, "", ida, people.NOW)
    assert referral.state == ReferralState.SENT
    with pytest.raises(NoNumber):
        actions.acknowledge(referral, " ", ida, people.NOW)
    actions.acknowledge(referral, "PH-2026-1", ida, people.NOW)
    assert (referral.state, referral.number) == (ReferralState.ACKNOWLEDGED, "PH-2026-1")
    with pytest.raises(WentOn):
        actions.sent_by_hand(referral, "", ida, people.NOW)


def test_nobody_is_told_only_where_a_second_person_says_why():
    platform, mina, tomas = people.plaza(), people.staff("mina"), people.staff("tomas")
    decided(platform, by=mina)
    referral = prepared("fr_pharos")
    with pytest.raises(AnotherPerson):
        actions.dismiss(referral, "A drawing.", mina, people.NOW)
    with pytest.raises(NoReason):
        actions.dismiss(referral, " ", tomas, people.NOW)
    actions.dismiss(referral, "A drawing.", tomas, people.NOW)
    assert referral.state == ReferralState.DISMISSED


def test_somebody_who_is_not_cleared_neither_sees_nor_moves_it():
    decided(people.plaza())
    una = people.staff("una", cleared=False)
    assert not actions.visible(una).exists()
    for act in (
        lambda: actions.approve(prepared("fr_pharos"), WORDS, una, people.NOW),
        lambda: actions.dismiss(prepared("fr_pharos"), "no", una, people.NOW),
    ):
        with pytest.raises(NotYours):
            act()
    with pytest.raises(NoWords):
        actions.approve(prepared("fr_pharos"), "  ", people.staff("ida"), people.NOW)


def test_a_late_referral_is_noted_once():
    decided(people.plaza(), now=people.later(days=-3))
    assert tasks.watch_deadlines() == 1
    assert tasks.watch_deadlines() == 0
    assert acts(prepared("fr_pharos"))[-1] == "referral.late"
