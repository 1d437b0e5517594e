"""What older versions left out of the journal cannot be checked, which is less than wrong; a forgery never gets that answer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from staydown.cli import main
from staydown.journal import actions as journal
from staydown.journal import guards, rules, tasks
from staydown.journal.acting import action, note
from staydown.journal.models import Entry
from staydown.site import sealed_columns
from staydown.vault.evidence import actions, case_keys, checking
from staydown.vault.evidence.models import CaseKey, Evidence
from staydown.vault.evidence.store import store
from tests import people

from .conftest import Originals, Vault
from .released import sealed

pytestmark = pytest.mark.django_db
LEFT_OUT = {"evidence.key_made": "sealed_sha256", "evidence.sealed": "sealed_record_sha256"}


def by_an_older_version(act: str, **facts: Any) -> None:
    note(act, **{name: value for name, value in facts.items() if name != LEFT_OUT.get(act)})


@pytest.fixture
def key(vault: Vault, originals: Originals) -> Iterator[CaseKey]:
    """A case's key, sealed before 0.1.0 by a version that recorded everything; then it is a year later."""
    with time_machine.travel("2026-11-21T12:00:00Z", tick=True) as clock:
        sealed(originals)
        tasks.sign_head()
        clock.move_to("2027-11-21T12:00:00Z")
        yield CaseKey.objects.get()


def wrong() -> list[str]:
    return [*checking.check(store()).wrong, *sealed_columns.check().wrong]


def unchecked() -> list[str]:
    return [*checking.check(store()).unchecked, *sealed_columns.check().unchecked]


def test_what_an_older_version_sealed_cannot_be_checked_and_is_not_wrong(
    vault: Vault, originals: Originals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with monkeypatch.context() as before, time_machine.travel("2026-11-21T12:00:00Z"):
        before.setattr(actions, "note", by_an_older_version)
        before.setattr(case_keys, "note", by_an_older_version)
        row = sealed(originals)
        tasks.sign_head()
    assert main(["evidence", "check"]) == 0
    said = capsys.readouterr().out
    assert f"not checked: {row.folder}/record was sealed before 0.1.0" in said
    assert "private_half, was sealed before 0.1.0" in said
    assert "wrong" not in said
    Evidence.objects.update(sha256=b"x" * 32)  # this the older version did record
    assert any(row.folder in each for each in wrong())


def test_the_same_sealed_later_is_wrong(vault: Vault, originals: Originals, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(actions, "note", by_an_older_version)
    monkeypatch.setattr(case_keys, "note", by_an_older_version)
    with time_machine.travel("2027-11-21T12:00:00Z"):
        sealed(originals)
        tasks.sign_head()
        assert unchecked() == []
        assert len(wrong()) == 2


def without_the_fact(key: CaseKey) -> dict[str, Any]:
    facts = dict(Entry.objects.get(act="evidence.key_made").facts or {})
    return {name: value for name, value in facts.items() if name != "sealed_sha256"}


def takes_it_out(key: CaseKey) -> None:
    Entry.objects.filter(act="evidence.key_made").update(facts=without_the_fact(key))


def takes_it_out_and_commits_anew(key: CaseKey) -> None:
    entry, facts = Entry.objects.get(act="evidence.key_made"), without_the_fact(key)
    said = rules.Act(entry.index, entry.at, entry.act, entry.actor or "", entry.about or "", facts)
    committed = rules.commitment(bytes(entry.salt or b""), said.canonical())
    leaf = rules.leaf_hash(committed)
    Entry.objects.filter(pk=entry.pk).update(facts=facts, commitment=committed, leaf=leaf)


def deletes_the_entry(key: CaseKey) -> None:
    Entry.objects.filter(act="evidence.key_made").delete()


@action
def appends(key: CaseKey, facts: dict[str, Any]) -> None:
    note("evidence.key_made", about=key, by="vault", now=people.NOW, **facts)


def adds_one_without_it(key: CaseKey) -> None:
    appends(key, without_the_fact(key))


def erases_it_and_adds_one_without_it(key: CaseKey) -> None:
    facts = without_the_fact(key)
    journal.erase(Entry.objects.filter(act="evidence.key_made"), about=key, by="worker", now=people.NOW)
    appends(key, facts)


def has_the_journal_vouch_for_his_own(key: CaseKey) -> None:
    appends(key, without_the_fact(key) | {"sealed_sha256": case_keys._sha256(b"his own")})


THIEVES: tuple[Callable[[CaseKey], None], ...] = (
    takes_it_out, takes_it_out_and_commits_anew, deletes_the_entry, adds_one_without_it,
    erases_it_and_adds_one_without_it, has_the_journal_vouch_for_his_own,
)  # fmt: skip


def test_who_exchanges_a_key_and_bends_the_journal_is_told_wrong(key: CaseKey):
    assert (wrong(), unchecked()) == ([], [])
    for thief in THIEVES:
        with transaction.atomic():
            CaseKey.objects.update(private_half=b"his own")
            with connection.cursor() as cursor:
                guards.lift(cursor, connection.vendor)
            thief(key)
            tasks.sign_head()
            assert any("CaseKey" in each for each in wrong()), thief
            assert unchecked() == [], thief
            transaction.set_rollback(True)
    assert (wrong(), unchecked()) == ([], [])
