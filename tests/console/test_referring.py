"""The page of referrals: two people file, and whoever may not know of a case finds nothing of it here."""

import pytest
from django.conf import LazySettings

from staydown.authorities import tasks
from staydown.authorities.models import Referral
from staydown.authorities.rules import ReferralState
from staydown.cases import story
from staydown.regimes.harms import Harm
from tests import people
from tests.authorities.cybertip_server import tipline
from tests.authorities.light import WORDS, connected, decided, prepared

pytestmark = pytest.mark.django_db


def say(client, referral: Referral, act: str, said: str = "") -> str:
    answer = client.post(f"/referrals/{referral.pk}", {"act": act, "said": said}, follow=True)
    referral.refresh_from_db()
    return answer.content.decode()


def test_a_tip_is_approved_by_one_and_filed_by_another(settings: LazySettings):
    settings.COUNTRY = "US"
    mina = people.staff("mina")
    decided(people.plaza(), by=mina)
    referral = prepared("us_ncmec")
    first, second = people.console(settings, mina), people.console(settings, people.staff("tomas", "lead"))
    with tipline() as server:
        settings.CYBERTIP = connected(server)
        assert "I stand for these words" in first.get("/referrals").content.decode()
        assert "Custodians add the files first" in first.get("/referrals").content.decode()
        assert "is sealed as evidence. File it without files" in say(first, referral, "files")
        assert "somebody else has to file it" in say(first, referral, "approve", WORDS)
        tasks.open_tip(str(referral.pk))
        assert "A different person has to file it" in say(first, referral, "file")
        assert referral.second_by is None
        say(second, referral, "file")
        tasks.finish_tip(str(referral.pk))
        assert len(server.of("finished")) == 1
    page = second.get("/referrals?done=1").content.decode()
    referral.refresh_from_db()
    assert "received by them" in page and referral.number in page


def test_without_a_connection_the_page_says_that_nothing_can_be_sent(settings: LazySettings):
    settings.COUNTRY, settings.CYBERTIP = "US", None
    decided(people.plaza())
    client = people.console(settings, people.staff("ida"))
    assert "nothing can be sent" in client.get("/referrals").content.decode()
    assert "STAYDOWN_CYBERTIP" in say(client, prepared("us_ncmec"), "approve", WORDS)
    assert prepared("us_ncmec").state == ReferralState.PREPARED


def test_a_dossier_is_read_copied_and_handed_over_and_the_reporter_is_told(settings: LazySettings):
    case = decided(people.plaza())
    referral = prepared("fr_pharos")
    client = people.console(settings, people.staff("ida"))
    assert client.get(f"/referrals/{referral.pk}/dossier.pdf").status_code == 404
    page = say(client, referral, "approve", WORDS)
    assert "internet-signalement.gouv.fr" in page and "To verify" in page
    assert client.get(f"/referrals/{referral.pk}/dossier.pdf").content.startswith(b"%PDF")
    assert "posted_utc" in client.get(f"/referrals/{referral.pk}/dossier.csv").content.decode()
    report = case.reports.get()
    assert "passed_on" not in [step.kind for step in story.steps(report, people.NOW)]
    say(client, referral, "sent", "PH-1")
    assert referral.state == ReferralState.ACKNOWLEDGED
    (step,) = [step for step in story.steps(report, people.NOW) if step.kind == "passed_on"]
    assert "PHAROS" in str(step.facts["authority"])


def test_whoever_is_not_cleared_finds_nothing_at_any_address(settings: LazySettings):
    decided(people.plaza())
    referral = prepared("fr_pharos")
    client = people.console(settings, people.staff("una", cleared=False))
    page = client.get("/referrals").content.decode()
    assert str(referral.pk) not in page and referral.case.reference not in page
    assert client.post(f"/referrals/{referral.pk}", {"act": "approve", "said": WORDS}).status_code == 404
    for kind in ("pdf", "csv"):
        assert client.get(f"/referrals/{referral.pk}/dossier.{kind}").status_code == 404


def test_fifty_referrals_cost_as_many_questions_as_five(settings: LazySettings, django_assert_max_num_queries):
    platform, mina = people.plaza(), people.staff("mina")
    client = people.console(settings, people.staff("ida"))
    for number in range(3):
        decided(platform, item=f"post-{number}", by=mina, harm=Harm.CSAM)
    with django_assert_max_num_queries(15):
        assert client.get("/referrals").status_code == 200


def test_an_act_that_does_not_exist_is_not_found(settings: LazySettings):
    decided(people.plaza())
    client = people.console(settings, people.staff("ida"))
    assert client.post(f"/referrals/{prepared('fr_pharos').pk}", {"act": "publish"}).status_code == 404
