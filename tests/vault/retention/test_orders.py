"""What an order said that never became complete goes after its time, by the timer's rule; that it came stays told."""

from datetime import datetime

import pytest
from django.conf import LazySettings

from staydown.authority_orders import saying
from staydown.authority_orders.actions import executing, receiving, undoing
from staydown.authority_orders.actions.receiving import Order, Sender
from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import Kind, OrderState, Said
from staydown.cli import main
from staydown.journal import tasks as journal
from staydown.journal.models import Entry
from staydown.journal.verify import verify
from staydown.platforms.models import Item
from staydown.regimes.harms import Harm, Tri
from staydown.vault import opening
from staydown.vault.retention import actions, orders, tasks, timer
from staydown.vault.retention.plans import Standing
from tests import people
from tests.desk.outside import SAID, admitted, desk, officer, team

pytestmark = pytest.mark.django_db
WORDS = "of Ana Petit, 14 rue des Lilas"
SOON, LATE = people.later(days=3 * 365), people.later(days=3 * 365 + 2)


def received(number: str, *places: str) -> AuthorityOrder:
    said = Said(**SAID | {"reasons": WORDS}, places=places)
    told = Order(Kind.REMOVAL, said, number, Harm.NCII, Tri.NO)
    return receiving.receive(told, Sender(officer=registered(), organisation=registered().organisation), people.NOW)


def registered():
    from staydown.organisations.models import Officer

    return Officer.objects.first() or officer(admitted())


def sweep(settings: LazySettings, monkeypatch: pytest.MonkeyPatch, at: datetime, rule: str = "incomplete_order") -> int:
    settings.RETENTION_TIMER = timer.read(rule)
    monkeypatch.setattr(tasks.timezone, "now", lambda: at)
    return tasks.keep_schedule()


def test_the_words_of_an_order_that_never_became_complete_go_three_years_after_it_came(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    waits, refused, revoked = (received(number) for number in ("1", "2", "3"))
    executing.refuse(refused, f"It does not name a post {WORDS}", team()[0], people.NOW)
    undoing.revoke(revoked, "test", people.NOW)
    assert sweep(settings, monkeypatch, SOON) == 0
    assert sweep(settings, monkeypatch, LATE, "intimate_media") == 0, "its rule was not named"
    assert sweep(settings, monkeypatch, LATE) == 3
    assert sweep(settings, monkeypatch, LATE) == 0
    for row in AuthorityOrder.objects.all():
        assert (saying.read(row), row.digest, row.erased_at) == (Said(), None, LATE)
        assert row.missing == ["place"] and row.organisation is not None
        about = Entry.objects.filter(about=f"authority_orders.authorityorder:{row.pk}").values_list("act", flat=True)
        assert sorted(about) == ["journal.erased", "retention.erased"]
    refused.refresh_from_db()
    assert (refused.state, opening.read(refused.reason_sealed or b"")) == (OrderState.REFUSED, "")
    journal.sign_head()
    assert verify() == []
    monkeypatch.undo()  # the officer's year is not over
    for row in (waits, refused):
        page = people.console(settings, team()[0]).get(f"/authority-orders/{row.pk}").content.decode()
        assert "Its words were destroyed" in page and WORDS not in page
        assert desk(settings, registered()).get(f"/desk/orders/{row.pk}").status_code == 200


def test_an_order_that_was_completed_goes_with_its_case_and_not_before(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    post = people.posted(people.plaza(), "post-1")
    row = received("1")
    line = next(iter(orders.plan()))
    receiving.complete(row, Said(**SAID | {"reasons": WORDS}, places=(post.url,)), "test", people.NOW)
    assert sweep(settings, monkeypatch, LATE) == 0
    assert orders.by_timer(line, LATE) is False, "completed while the timer looked"
    row.refresh_from_db()
    assert saying.read(row).reasons == WORDS


def test_the_plan_says_of_such_an_order_when_it_goes(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("staydown.commands.retention.django", lambda *_: None)
    row = received("1")
    assert [line.standing(LATE) for line in orders.plan()] == [Standing.DUE]
    assert main(["retention", "plan", "--all"]) == 0
    said = capsys.readouterr().out
    assert f"order {row.reference}: by 2029-11-2" in said and "(incomplete_order): destroy" in said
    assert WORDS not in said
    assert actions.TIMER == orders.TIMER


def test_a_notice_that_nobody_gave_is_not_sent_without_its_words_once_the_file_is_gone():
    from staydown.vault.retention import erasing

    post = people.posted(people.plaza(), "post-1")
    row = received("1", post.url)
    executing.execute(row, "An authority ordered it removed.", team()[0], people.NOW)
    assert Item.objects.get().state == "removed" and row.notices.count() == 1
    assert row.report
    erasing._words([row.report.case], LATE)
    assert row.notices.count() == 0
