"""Verification: whatever is done to the rows past the triggers is found."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staydown.journal import actions, errors, heads, tasks
from staydown.journal.actions import kept_of_erased
from staydown.journal.models import Entry, Head, Tree
from staydown.journal.verify import verify

from .conftest import START, record, sql

SIZE = 9
COLUMNS = ["at", "act", "actor", "about", "facts", "salt", "commitment", "leaf"]
type Tamper = Callable[[st.DataObject], None]


def write_journal() -> None:
    """Nine entries, heads at 4, 7 and 10, and one entry erased."""
    for number in range(SIZE):
        record(number, ground="NCII", nth=number)
        if number in (3, 6):
            tasks.sign_head()
    actions.erase(Entry.objects.filter(index=2), about=ContentType(pk=9), by="worker", now=START)
    tasks.sign_head()


@contextmanager
def undone() -> Iterator[None]:
    """Hypothesis calls a test many times: each time on an empty journal."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def kinds(outside: Path | None = None) -> set[str]:
    return {finding.kind for finding in verify(outside)} - {"guard missing"}


def other(column: str) -> Any:
    """A value that no entry has in this column, as raw SQL takes it."""
    words = {"at": "2020-01-01 00:00:00.000001", "act": "x", "actor": "x", "about": "x", "facts": '{"ground": "x"}'}
    return words.get(column, b"x" * 32)


def alter(data: st.DataObject, columns: Sequence[str] = COLUMNS) -> None:
    column = data.draw(st.sampled_from(columns))
    index = data.draw(st.integers(0, SIZE))
    cast = {"facts": "%s", "at": "%s"}
    if index == 2 and column in ("actor", "about", "facts", "salt"):
        index = 3  # an erased entry has none of these: the database refuses one of them alone
    if connection.vendor == "postgresql":
        cast = {"facts": "%s::jsonb", "at": "%s::timestamptz"}
    sql(f'UPDATE journal_entry SET {column} = {cast.get(column, "%s")} WHERE "index" = %s', other(column), index)


def alter_what_it_says(data: st.DataObject) -> None:
    alter(data, COLUMNS[:-2])


def alter_a_fact_a_little(data: st.DataObject) -> None:
    index = data.draw(st.sampled_from([0, 1, 3, 4, 5, 6, 7, 8]))
    sql("""UPDATE journal_entry SET facts = '{"ground": "NCII", "nth": 99}' WHERE "index" = %s""", index)


def delete(data: st.DataObject) -> None:
    sql('DELETE FROM journal_entry WHERE "index" = %s', data.draw(st.integers(0, SIZE)))


def insert(data: st.DataObject, last: int = SIZE) -> None:
    index = data.draw(st.integers(0, last))
    for moving in range(SIZE, index - 1, -1):
        sql('UPDATE journal_entry SET "index" = %s WHERE "index" = %s', moving + 1, moving)
    copied = data.draw(st.integers(0, index - 1)) if index else 1
    columns = ", ".join(COLUMNS)
    sql(f'INSERT INTO journal_entry ("index", {columns}) SELECT %s, {columns} FROM journal_entry WHERE "index" = %s',
        index, copied)  # fmt: skip


def append(data: st.DataObject) -> None:
    insert(data, SIZE + 1)


def reorder(data: st.DataObject) -> None:
    one, two = data.draw(st.lists(st.integers(0, SIZE), min_size=2, max_size=2, unique=True))
    for old, new in ((one, 1000), (two, one), (1000, two)):
        sql('UPDATE journal_entry SET "index" = %s WHERE "index" = %s', new, old)


def erase_without_a_record(data: st.DataObject) -> None:
    index = data.draw(st.sampled_from([0, 1, 3, 4, 5, 6, 7, 8, 9]))
    sql('UPDATE journal_entry SET salt=NULL, actor=NULL, about=NULL, facts=NULL WHERE "index" = %s', index)


def change_the_tree(data: st.DataObject) -> None:
    change = data.draw(st.sampled_from(["size = size + 1", "size = size - 1", "peaks = root", "root = peaks"]))
    sql(f"UPDATE journal_tree SET {change}")


def lose_the_tree(_: st.DataObject) -> None:
    sql("DELETE FROM journal_tree")


def change_a_head(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([4, 7, 10]))
    column, value = data.draw(
        st.sampled_from([("root", b"x" * 32), ("signature", b"x" * 64), ("size", 5), ("size", 99), ("size", -1)])
    )
    sql(f"UPDATE journal_head SET {column} = %s WHERE size = %s", value, size)


FORGERIES = [alter_what_it_says, alter_a_fact_a_little, delete, insert, reorder, erase_without_a_record]
TAMPERS = [*FORGERIES, alter, append, change_the_tree, lose_the_tree, change_a_head]


@pytest.mark.usefixtures("unguarded")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.sampled_from(TAMPERS))
def test_whatever_is_done_to_any_row_is_found(data: st.DataObject, tamper: Tamper) -> None:
    with undone():
        write_journal()
        assert kinds() == set()
        tamper(data)
        assert kinds() != set(), tamper.__name__


@pytest.mark.usefixtures("unguarded")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.sampled_from(FORGERIES))
def test_a_forger_who_recomputes_all_but_the_signatures_is_found(data: st.DataObject, tamper: Tamper) -> None:
    with undone():
        write_journal()
        tamper(data)
        recompute()
        assert kinds() != set(), tamper.__name__


def recompute() -> None:
    """What somebody with the database's password and this source code can do."""
    from staydown.journal import rules

    tree = rules.Frontier(0, [])
    for number, entry in enumerate(Entry.objects.order_by("index")):
        if entry.salt is not None:
            act = rules.Act(number, entry.at, entry.act, entry.actor or "", entry.about or "", entry.facts or {})
            entry.commitment = rules.commitment(bytes(entry.salt), act.canonical())
        entry.leaf = rules.leaf_hash(bytes(entry.commitment))
        tree.append(bytes(entry.leaf))
        Entry.objects.filter(pk=entry.pk).update(index=number, commitment=entry.commitment, leaf=entry.leaf)
    Tree.objects.update(size=tree.size, peaks=tree.to_bytes(), root=tree.root())


@pytest.mark.django_db
def test_a_journal_that_nobody_touched_verifies(outside: Callable[[], Path]) -> None:
    assert verify() == []
    write_journal()
    assert verify(outside()) == []


@pytest.mark.usefixtures("unguarded")
def test_missing_triggers_are_found() -> None:
    assert {finding.kind for finding in verify()} == {"guard missing"}


@pytest.mark.usefixtures("unguarded")
def test_a_truncated_journal_is_found_by_a_head_that_left_the_machine(outside: Callable[[], Path]) -> None:
    write_journal()
    kept = outside()
    sql('DELETE FROM journal_entry WHERE "index" >= 7')
    sql("DELETE FROM journal_head WHERE size > 7")
    recompute()
    assert "truncated" in kinds(kept)


@pytest.mark.usefixtures("unguarded")
def test_a_journal_cut_off_and_grown_again_is_found_by_a_head_that_left_the_machine(
    outside: Callable[[], Path],
) -> None:
    for number in range(6):
        record(number)
    tasks.sign_head()
    kept = outside()
    sql('DELETE FROM journal_entry WHERE "index" >= 3')
    sql("DELETE FROM journal_head")
    recompute()
    for number in range(6):
        record(number)
        tasks.sign_head()
    assert kinds() == set(), "nothing inside the machine shows it"
    assert kinds(kept) == {"head differs"}


@pytest.mark.django_db
def test_a_forged_head_from_outside_is_not_believed(tmp_path: Path, outside: Callable[[], Path]) -> None:
    record(1)
    tasks.sign_head()
    path = outside()
    path.write_text(path.read_text().replace('"size": 1', '"size": 0'))
    assert kinds(path) == {"not signed"}
    path.write_text("{}")
    with pytest.raises(ValueError, match="no tree head"):
        verify(path)


@pytest.mark.django_db
def test_there_is_no_head_to_take_away_before_one_is_signed(tmp_path: Path) -> None:
    with pytest.raises(errors.NoHead):
        heads.export_head(tmp_path / "head.json")


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize(
    ("change", "kind"), [("act = 'x'", "erased altered"), ("at = '2020-01-01 00:00:00'", "erased altered")]
)
def test_what_stays_readable_of_an_erased_entry_cannot_be_changed(change: str, kind: str) -> None:
    write_journal()
    sql(f'UPDATE journal_entry SET {change} WHERE "index" = 2')
    assert kinds() == {kind}


@pytest.mark.usefixtures("unguarded")
def test_an_erasure_that_an_old_copy_undid_is_found() -> None:
    entry = record(1)
    actions.erase([entry], about=ContentType(pk=9), by="worker", now=START)
    Entry.objects.filter(index=0).delete()
    entry.save(force_insert=True)
    assert kinds() == {"not erased"}


@pytest.mark.usefixtures("unguarded")
def test_a_row_that_cannot_even_be_read_is_a_finding() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's columns have types")
    write_journal()
    sql("UPDATE journal_entry SET at = 'never' WHERE \"index\" = 4")
    assert kinds()


@pytest.mark.django_db
def test_an_entry_is_bound_to_its_place_even_when_it_is_erased() -> None:
    rows = [(1, START, "a"), (2, START, "b")]
    assert kept_of_erased(rows) != kept_of_erased(rows[:1])
    assert kept_of_erased(rows) != kept_of_erased([(1, START, "b"), (2, START, "a")])


@pytest.mark.django_db
def test_the_worker_alone_can_sign(settings: Any) -> None:
    record(1)
    del settings.JOURNAL_KEY
    with pytest.raises(AttributeError):
        tasks.sign_head()
    assert not Head.objects.exists()
