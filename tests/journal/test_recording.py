"""Recording: an entry is written with its act, in the order of commits, and then nobody changes it."""

import threading
import uuid

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction

from staydown.journal import actions, errors, rules, tasks
from staydown.journal.models import Entry, Head, Tree
from staydown.journal.verify import verify
from staydown.promises.models import Promise

from .conftest import START, record, sql


@pytest.mark.django_db
def test_an_entry_says_what_was_done_to_what_by_whom_and_when() -> None:
    entry = Entry.objects.get(pk=record(7, ground="NCII", items=[1, 2]).pk)
    assert (entry.index, entry.act, entry.actor, entry.at) == (0, "case.decided", "worker", record(7).at)
    assert entry.about == "contenttypes.contenttype:7"
    assert entry.facts == {"ground": "NCII", "items": [1, 2]}


@pytest.mark.django_db
def test_the_tree_holds_every_entry() -> None:
    leaves = [bytes(record(n).leaf) for n in range(11)]
    tree = rules.Frontier(0, [])
    for leaf in leaves:
        tree.append(leaf)
    stored = Tree.objects.get()
    assert (stored.size, bytes(stored.peaks), bytes(stored.root)) == (11, tree.to_bytes(), tree.root())
    assert list(Entry.objects.order_by("index").values_list("index", flat=True)) == list(range(11))


@pytest.mark.django_db
def test_many_acts_are_written_at_once_as_if_one_by_one() -> None:
    record(0)
    lines = [actions.Line("case.decided", ContentType(pk=n), "worker", START, {"nth": n}) for n in range(1, 8)]
    with transaction.atomic():
        assert actions.record_all([]) == []
        written = actions.record_all(lines)
    assert [entry.index for entry in written] == list(range(1, 8))
    assert [(entry.facts or {}).get("nth") for entry in Entry.objects.order_by("index")] == [None, *range(1, 8)]
    record(8)
    assert verify() == []


@pytest.mark.django_db
def test_of_many_acts_none_is_written_when_one_names_nothing() -> None:
    good = actions.Line("case.decided", ContentType(pk=1), "worker", START, {})
    for bad in (actions.Line("", ContentType(pk=1), "w", START, {}), actions.Line("a", "x", "w", START, {})):
        with pytest.raises(errors.NothingToSay):
            actions.record_all([good, bad])
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_one_signature_is_owed_for_all_that_is_written_together() -> None:
    for number in range(3):
        record(number)
    assert [promise.task for promise in Promise.objects.owed()] == ["staydown.journal.tasks.sign_head"]


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(errors.NotInTransaction):
        actions.record("case.decided", about=ContentType(pk=1), by="worker", now=START)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_rolled_back_leaves_no_entry() -> None:
    record(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(2)
        raise ZeroDivisionError
    record(3)
    assert (Tree.objects.get().size, Entry.objects.count()) == (2, 2)
    assert verify() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "about", "by"),
    [("", ContentType(pk=1), "worker"), ("a", ContentType(pk=1), ""), ("a", ContentType(), "worker"), ("a", "x", "w")],
)
def test_an_entry_that_names_nothing_is_refused(act: str, about: object, by: str) -> None:
    with pytest.raises(errors.NothingToSay):
        actions.record(act, about=about, by=by, now=START)


@pytest.mark.django_db
def test_facts_that_no_database_keeps_exactly_are_refused() -> None:
    for fact in (0.1, uuid.uuid4()):
        with pytest.raises(errors.NotAFact):
            record(1, fact=fact)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_indices_are_in_the_order_of_commits() -> None:
    committed: list[int] = []
    start = threading.Barrier(4)

    def act() -> None:
        start.wait()
        for _ in range(10):
            with transaction.atomic():
                entry = actions.record("case.decided", about=ContentType(pk=1), by="worker", now=START)
                transaction.on_commit(lambda: None)
            committed.append(entry.index)
        connection.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(committed) == list(range(40))
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_nobody_reads_an_entry_before_those_with_lower_indices() -> None:
    """Whoever appends waits for the transaction that appended before."""
    second: list[int] = []

    def act() -> None:
        second.append(record(2).index)
        connection.close()

    with transaction.atomic():
        first = record(1).index
        thread = threading.Thread(target=act)
        thread.start()
        thread.join(0.3)
        assert second == []
    thread.join()
    assert (first, second) == (0, [1])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET act = 'case.closed'",
        "UPDATE journal_entry SET actor = 'nobody'",
        "UPDATE journal_entry SET facts = '{}'",
        "UPDATE journal_entry SET salt = NULL",
        "UPDATE journal_entry SET salt = NULL, actor = NULL, about = NULL, facts = NULL, act = 'x'",
        "UPDATE journal_entry SET salt = NULL, actor = NULL, about = NULL, facts = NULL, leaf = salt",
        'UPDATE journal_entry SET "index" = 7',
        "DELETE FROM journal_entry",
        "UPDATE journal_head SET size = 7",
        "DELETE FROM journal_head",
    ],
)
def test_the_database_refuses_to_change_the_journal(statement: str) -> None:
    record(1, ground="NCII")
    tasks.sign_head()
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)
    assert verify() == []


@pytest.mark.django_db
def test_postgresql_refuses_to_empty_the_journal() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    for table in ("journal_entry", "journal_head"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(f"TRUNCATE {table}")


@pytest.mark.django_db
def test_erasing_takes_the_words_and_keeps_the_proof() -> None:
    entries = [record(n, ground="NCII") for n in range(5)]
    tasks.sign_head()
    written = actions.erase(entries[1:3], about=ContentType(pk=9), by="worker", now=START)
    assert [(entry.facts or {})["indices"] for entry in written] == [[1, 2]]
    erased = Entry.objects.get(index=1)
    assert (erased.salt, erased.actor, erased.about, erased.facts) == (None, None, None, None)
    assert bytes(erased.leaf) == bytes(entries[1].leaf)
    tasks.sign_head()
    assert verify() == []


@pytest.mark.django_db
def test_many_entries_are_erased_in_several_acts() -> None:
    entries = [record(n) for n in range(5)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "ERASED_AT_ONCE", 2)
        assert len(actions.erase(entries, about=ContentType(pk=9), by="worker", now=START)) == 3
    assert verify() == []


@pytest.mark.django_db
def test_what_is_erased_is_not_erased_again_nor_is_the_erasure() -> None:
    entry = record(1)
    [erasure] = actions.erase([entry], about=ContentType(pk=9), by="worker", now=START)
    for again in (entry, erasure):
        with pytest.raises(errors.AlreadyErased):
            actions.erase([again, record(2)], about=ContentType(pk=9), by="worker", now=START)
    assert Entry.objects.filter(salt=None).count() == 1
    assert verify() == []


@pytest.mark.django_db
def test_a_head_is_signed_once_for_a_size() -> None:
    tasks.sign_head()
    assert not Head.objects.exists(), "an empty journal has nothing to sign"
    record(1)
    tasks.sign_head()
    tasks.sign_head()
    record(2)
    tasks.sign_head()
    assert list(Head.objects.order_by("size").values_list("size", flat=True)) == [1, 2]
