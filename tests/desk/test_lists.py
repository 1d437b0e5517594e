"""The story of a trusted flagger: five hundred links at once, what became of each, and what follows from flagging badly."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from staydown.cases.actions import cautioning, deciding
from staydown.cases.details import Detail, unpack
from staydown.cases.models import Report
from staydown.cases.rules import Ruling
from staydown.flaggers import actions as flagging
from staydown.flaggers import standing, tasks
from staydown.flaggers.models import FlagLine, FlagList
from staydown.organisations import actions
from staydown.organisations.models import Organisation
from staydown.organisations.rules import Kind
from staydown.platforms.actions.registering import Registration, register
from staydown.platforms.models import Item, Platform
from staydown.regimes.harms import Harm, Tri
from staydown.vault import opening
from tests import people
from tests.desk.outside import admitted, desk, officer, team

pytestmark = pytest.mark.django_db
BATCH = 500


def helpline(**also) -> Organisation:
    return admitted(Kind.FLAGGER, "", "A helpline", **also)


def posts(platform: Platform, count: int, accounts: int = 10) -> list[str]:
    """Posts without any picture, by several accounts."""
    return [_post(platform, number, f"account-{number % accounts}").url for number in range(count)]


def _post(platform: Platform, number: int, account: str) -> Item:
    url = f"http://127.0.0.1:9/posts/many-{number}"
    return register(platform, Registration(f"many-{number}", url, account, people.NOW, "everyone", None), people.NOW)[0]


@pytest.mark.parametrize("taken", [40, pytest.param(BATCH, marks=pytest.mark.soak)])
def test_five_hundred_links_are_taken_at_once_hidden_and_each_is_followed(taken: int, settings: LazySettings):
    platform = people.plaza()
    links = posts(platform, taken - 1) + [f"https://plaza.example/none-{number}" for number in range(taken, BATCH)]
    registered = officer(helpline(), "helper")
    with time_machine.travel(people.NOW, tick=False):
        client = desk(settings, registered)
        table = "place,harm,minor,mandate\n" + "".join(f"{link},NCII,no,\n" for link in links)
        table += "https://elsewhere.example/1,NCII,no,Her letter of 3 May\n"
        sent = SimpleUploadedFile("list.csv", table.encode(), "text/csv")
        answer = client.post("/desk/lists/new", {"table": sent, "number": "H-1"})
        assert answer.status_code == 302, answer.content.decode()
        (row,) = FlagList.objects.all()
        assert "500 × written down" in client.get(answer["Location"]).content.decode()
        FlagLine.objects.filter(place__range=(taken, BATCH - 1)).delete()  # the last one is elsewhere
        with pytest.raises(KeyboardInterrupt):  # killed in the midst of it, it goes on where it was
            half(row)
        tasks.take_in(str(row.pk))
        assert Report.objects.count() == taken
        assert Item.objects.filter(state="held").count() == taken - 1
        case = Report.objects.filter(subjects__item__external_id="many-0").get().case
        assert (case.due_at, case.clock) == (people.later(hours=24), "eu_dsa_22_flagger")
        mandate = FlagLine.objects.get(place=BATCH).report
        assert mandate and mandate.details_sealed
        assert unpack(opening.read(mandate.details_sealed))[Detail.MANDATE] == "Her letter of 3 May"
        page = client.get(answer["Location"]).content.decode()
        assert f"{taken - 1} × hidden" in page and "1 × on no platform" in page
        deciding.decide(case, people.proposal(case, Ruling.REMOVE), team()[0], people.NOW)
        assert (
            f"{Item.objects.filter(state='removed').count()} × removed"
            in client.get(answer["Location"]).content.decode()
        )
        assert (
            standing.statistics(registered.organisation, people.NOW).acted_on
            == Item.objects.filter(state="removed").count()
        )


def half(row: FlagList) -> None:
    for line in row.lines.order_by("place")[:20]:
        flagging.take_in(line, people.NOW)
    raise KeyboardInterrupt


def test_a_program_sends_a_list_once_and_a_wrong_line_is_named():
    helper = helpline(harms=(Harm.NCII.value,))
    post = _post(people.plaza(), 1, "ana")
    with time_machine.travel(people.NOW, tick=False):
        key = {"Authorization": f"Bearer {actions.make_key(helper, team()[1], people.NOW)}"}
        body = {
            "flags": [{"place": post.url, "harm": "NCII", "minor": "no"}, {"place": "plaza/@ana", "harm": "VOYEURISM"}]
        }
        for _ in range(2):
            answer = Client().post("/api/v1/desk/lists", body, "application/json", headers=key)
        assert (answer.status_code, FlagList.objects.count()) == (201, 1)
        tasks.take_in(answer.json()["list_id"])
        found = Client().get(f"/api/v1/desk/lists/{answer.json()['list_id']}", headers=key).json()
        assert [(each["became"], bool(each["queue"])) for each in found["flags"]] == [("hidden", True), ("waits", True)]
        assert Report.objects.get(harm="VOYEURISM").capacity == "witness"  # beyond its field it is heard like anybody
        wrong = {"flags": [{"place": "not an address", "harm": "NCII"}]}
        refused = Client().post("/api/v1/desk/lists", wrong, "application/json", headers=key)
        assert refused.status_code == 422 and refused.json()["detail"].startswith("1: place is")
        assert Client().get("/api/v1/desk/standing", headers=key).json()["sent"] == 2


def test_whoever_floods_is_told_to_wait_and_the_same_list_sent_again_is_no_flood(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(flagging, "MOST_AN_HOUR", 3)
    helper = helpline()

    def sent(number: int) -> int:
        flags = [{"place": f"https://elsewhere.example/{number}-{line}", "harm": "NCII"} for line in range(2)]
        return Client().post("/api/v1/desk/lists", {"flags": flags}, "application/json", headers=key).status_code

    with time_machine.travel(people.NOW, tick=False):
        key = {"Authorization": f"Bearer {actions.make_key(helper, team()[1], people.NOW)}"}
        assert [sent(1), sent(1), sent(2)] == [201, 201, 429]
        assert FlagList.objects.count() == 1
    with time_machine.travel(people.later(hours=1, seconds=1), tick=False):
        assert sent(2) == 201


def test_priority_is_suspended_by_a_lead_after_a_warning_and_what_concerns_a_child_is_heard_as_before(
    settings: LazySettings,
):
    helper, platform = helpline(), people.plaza()
    mina, tomas = team()
    for number in range(3):
        flagged(helper, platform, number, mina)
    with time_machine.travel(people.NOW, tick=False):
        lead = people.console(settings, tomas)
        said = {"gravity": "low", "intent": "low", "reasons": "Three posts were holiday pictures."}
        address = f"/organisations/{helper.pk}"
        people.console(settings, mina).post(address, {"act": "warn", **said})  # a lead does
        lead.post(address, {"act": "suspend", **said})  # and warns first
        assert flagging.is_trusted(helper, Harm.NCII, people.NOW)
        lead.post(address, {"act": "warn", **said})
    flagged(helper, platform, 3, mina, people.later(hours=1))
    after = people.later(hours=2)
    with time_machine.travel(after, tick=False):
        people.console(settings, tomas).post(address, {"act": "suspend", **said})
        assert not flagging.is_trusted(helper, Harm.NCII, after)
        page = desk(settings, officer(helper, "helper")).get("/desk/").content.decode()
        assert "suspended" in page and "Three posts were holiday pictures." in page
    una = people.staff("una", "lead", cleared=False)
    assert standing.statistics(helper, after, una).sent == 4
    post = _post(platform, 9, "zoe")
    (line,) = flagging.send([flagging.Flag(post.url, Harm.CSAM, Tri.YES)], helper, after).lines.all()
    flagging.take_in(line, after)
    post.refresh_from_db()
    assert post.state == "held"
    assert standing.statistics(helper, after, una).sent == 4  # nothing of a child, not even how many


def flagged(helper: Organisation, platform: Platform, number: int, by, now=people.NOW) -> None:
    """One post flagged, kept by a person, and called manifestly unfounded."""
    post = _post(platform, number, f"someone-{number}")
    (line,) = flagging.send([flagging.Flag(post.url, Harm.NCII, Tri.NO)], helper, now).lines.all()
    report = flagging.take_in(line, now)
    deciding.decide(report.case, people.proposal(report.case, Ruling.KEEP), by, now + timedelta(minutes=1))
    report.refresh_from_db()
    cautioning.unfounded(report, by, now + timedelta(minutes=2))
