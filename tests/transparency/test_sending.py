"""Statements of reasons reach the EU Transparency Database: each once, all of them, and nothing personal."""

from dataclasses import replace
from itertools import product

import pytest

from staydown.cases.actions import deciding
from staydown.cases.models import Statement
from staydown.cases.rules import AccountRuling, Ruling
from staydown.cli import main
from staydown.journal.models import Entry
from staydown.promises.errors import Later
from staydown.regimes.harms import Harm, Tri
from staydown.transparency import database as client
from staydown.transparency import tasks
from staydown.transparency.database import BadDatabase, Database, Environment
from staydown.transparency.models import Filing, FilingState
from staydown.transparency.statements import published
from tests import people
from tests.transparency.database_server import database
from tests.transparency.validator import complaints
from tests.vault.evidence.light import posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(settings):
    with database() as memory:
        settings.TRANSPARENCY = memory.connected()
        yield memory


@pytest.fixture
def written() -> Statement:
    """A picture removed and its account restricted: two statements; the removal's."""
    item = posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.NCII, minor=Tri.NO).case
    plan = replace(people.proposal(case, Ruling.REMOVE), accounts={item.account.pk: AccountRuling.RESTRICT})
    deciding.decide(case, plan, people.staff("mina"), people.NOW)
    return Statement.objects.get(order__item=item)


def many(written: Statement, count: int) -> None:
    """More statements of the same decision, each of an order of its own."""
    for number in range(count):
        order = written.order
        order.pk, order._state.adding, order.sequence = None, True, 1000 + number
        order.id = type(order)._meta.get_field("id").get_default()
        order.save(force_insert=True)
        row = Statement.objects.get(pk=written.pk)
        row.pk, row._state.adding, row.order = None, True, order
        row.id, row.puid = (Statement._meta.get_field(name).get_default() for name in ("id", "puid"))
        row.save(force_insert=True)


def test_what_was_decided_is_what_the_database_takes_a_restricted_account_too(there, written: Statement):
    assert tasks.send() == 2
    assert set(there.stored) == {str(row.puid) for row in Statement.objects.all()}
    said = there.stored[str(written.puid)]
    assert said["decision_facts"] == written.decision_facts
    assert said["category"] == written.category
    (account,) = (each for puid, each in there.stored.items() if puid != str(written.puid))
    assert account["decision_provision"] == "DECISION_PROVISION_PARTIAL_SUSPENSION"
    assert set(Filing.objects.values_list("state", flat=True)) == {FilingState.STORED}
    assert Entry.objects.filter(act="statement.published").count() == 2
    assert tasks.send() == 0
    assert len(there.calls) == 1


def test_nothing_is_sent_where_no_database_is_named(written: Statement, settings):
    settings.TRANSPARENCY = None
    assert tasks.send() == 0
    assert not Filing.objects.exists()


@pytest.mark.parametrize("fault", ["drop", "drop after", "502", "429", "401"])
def test_whatever_breaks_on_the_way_each_is_stored_once(there, written: Statement, fault: str):
    there.faults = [fault]
    with pytest.raises(Later) as later:
        tasks.send()
    assert later.value.seconds == {"429": 7, "401": tasks.DENIED}.get(fault, tasks.WAIT)
    assert tasks.send() == 2
    assert len(there.stored) == 2
    asked = [call for call in there.calls if "existing-puid" in call]
    assert len(asked) == 2  # before anything goes a second time


def test_they_go_by_the_hundred_and_one_that_is_refused_stops_no_other(there, written: Statement, monkeypatch):
    many(written, 105)
    bad = Statement.objects.order_by("at", "pk")[7]

    def spoilt(one):
        return published(one) | ({"category": "STATEMENT_CATEGORY_UNKNOWN"} if one.id == bad.puid else {})

    monkeypatch.setattr(tasks, "published", spoilt)
    assert tasks.send() == 106
    assert there.calls[0] == "POST /api/v1"
    filing = Filing.objects.get(state=FilingState.REFUSED)
    assert (filing.statement, filing.trouble) == (bad, "statements.0.category")
    assert str(bad.puid) not in there.stored


def test_what_names_somebody_never_leaves(there, written: Statement, capsys):
    Statement.objects.filter(pk=written.pk).update(legal_ground="rule 4, as Mme Durand asked")
    assert tasks.send() == 1
    filing = Filing.objects.get(statement=written)
    assert filing.state == FilingState.REFUSED and "leave out names" in filing.trouble
    assert "Durand" not in str(there.stored) + filing.trouble
    assert main(["transparency", "status"]) == 1
    said = capsys.readouterr().out
    assert "1 stored" in said and str(written.puid) in said and "leave out names" in said
    Statement.objects.filter(pk=written.pk).update(legal_ground="rule 4")
    assert main(["transparency", "retry"]) == 0
    assert main(["transparency", "send"]) == 0
    assert str(written.puid) in there.stored


def test_a_test_satisfies_no_duty(there, written: Statement, settings):
    settings.TRANSPARENCY = there.connected(Environment.TEST)
    assert tasks.send() == 2
    there.stored.clear()  # another database altogether
    settings.TRANSPARENCY = there.connected()
    assert tasks.owed(settings.TRANSPARENCY).count() == 2
    assert tasks.send() == 2


def test_a_statement_that_the_database_has_already_is_not_sent_as_another(there, written: Statement):
    there.stored[str(written.puid)] = published(tasks.of_row(written))
    assert tasks.send() == 2
    assert len(there.stored) == 2


def test_every_written_statement_is_one_that_it_takes(written: Statement):
    for harm, minor in product(Harm, Tri):
        written.harm, written.minor = harm, minor
        assert complaints(published(tasks.of_row(written))) == []


def test_a_database_is_named_or_there_is_none():
    assert client.read("") is None
    said = client.read("test https://tdb.example/", "secret")
    assert said == Database(Environment.TEST, "https://tdb.example", "secret")
    assert "secret" not in repr(said)
    for text in ("https://tdb.example", "staging https://tdb.example", "production"):
        with pytest.raises(BadDatabase):
            client.read(text)
