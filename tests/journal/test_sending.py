"""Checkpoints leave the house: a real authority stamps them, a real second process cosigns or refuses them."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from staydown.journal import checkpoints, guards, notes, partners, rules, sending, tasks
from staydown.journal.models import Checkpoint, Entry, Head, Partner, Tree, Vouching
from staydown.journal.timestamps import Roots
from staydown.journal.verify import verify
from staydown.promises.errors import Later
from staydown.promises.models import Promise
from staydown.site.doctor_rows import kept
from staydown.site.findings import Level

from . import outside
from .conftest import record, sql

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> outside.Authority:
    return outside.Authority(tmp_path_factory.mktemp("tsa") / "authority")


def said() -> list[str]:
    from django.utils import timezone

    return [finding.what for finding in kept.vouching(timezone.now()) if finding.level is Level.WRONG]


def grown(to: int) -> None:
    """The journal at a size, and its checkpoint."""
    for number in range(Entry.objects.count(), to):
        record(number)
    sending.checkpoint()


def rewritten() -> None:
    """Somebody who has the database, the code and the signing key changes what an entry says, and signs it anew."""
    with connection.cursor() as cursor:
        guards.lift(cursor, connection.vendor)
    sql("DELETE FROM journal_vouching")
    sql("DELETE FROM journal_checkpoint")
    sql("DELETE FROM journal_head")
    tree = rules.Frontier(0, [])
    for entry in Entry.objects.order_by("index"):
        entry.facts = {"rewritten": entry.index}
        act = rules.Act(entry.index, entry.at, entry.act, entry.actor or "", entry.about or "", entry.facts)
        entry.commitment = rules.commitment(bytes(entry.salt or b""), act.canonical())
        entry.leaf = rules.leaf_hash(entry.commitment)
        entry.save()
        tree.append(entry.leaf)
    Tree.objects.update(peaks=tree.to_bytes(), root=tree.root())
    with connection.cursor() as cursor:
        guards.put(cursor, connection.vendor)
    tasks.sign_head()
    assert verify() == [], "nothing inside the machine shows it"


def test_a_checkpoint_is_made_when_something_was_written_and_is_the_signed_heads():
    sending.checkpoint()
    assert not Checkpoint.objects.exists()
    grown(3)
    sending.checkpoint()
    [row] = Checkpoint.objects.all()
    note = notes.Checkpoint.read(bytes(row.note))
    assert (note.size, note.root) == (3, bytes(Head.objects.get(size=3).root))
    assert note.is_signed(checkpoints.journal_keys())
    sql_refused("UPDATE journal_checkpoint SET made_at = made_at")
    sql_refused("DELETE FROM journal_checkpoint")


def sql_refused(statement: str) -> None:
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)


def test_an_authority_stamps_the_newest_checkpoint(settings: LazySettings, authority: outside.Authority):
    settings.TSA_ROOTS = Roots.read(authority.roots)
    with outside.listening(authority) as url:
        settings.TSA = (url,)
        grown(3)
        assert Promise.objects.owed().filter(key=f"stamp:{url}").exists()
        sending.stamp(url)
        sending.stamp(url)
    [row] = Vouching.objects.all()
    assert (row.partner, row.checkpoint_id) == (url, 3)
    assert said() == [] and verify() == []
    sql_refused("DELETE FROM journal_vouching")


def test_an_authority_that_is_away_is_asked_again_and_stamps_what_is_newest_then(
    settings: LazySettings, authority: outside.Authority
):
    settings.TSA, settings.TSA_ROOTS = ("http://127.0.0.1:9",), Roots.read(authority.roots)
    grown(2)
    with pytest.raises(Later):
        sending.stamp(settings.TSA[0])
    assert Partner.objects.get().trouble == "away"
    assert said() == [], "an hour without it is no alarm"
    Partner.objects.update(troubled_at="2026-01-01T00:00Z")
    assert "away" in said()[0]
    grown(5)
    with outside.listening(authority) as url:
        settings.TSA = (url,)
        sending.stamp(url)
    assert Vouching.objects.get().checkpoint_id == 5
    assert Promise.objects.owed().filter(key="stamp:http://127.0.0.1:9").count() == 1, "it stays owed"


def test_an_answer_that_is_no_stamp_of_it_is_not_kept(
    settings: LazySettings, authority: outside.Authority, tmp_path: Path
):
    other = outside.Authority(tmp_path / "other")
    settings.TSA_ROOTS = Roots.read(other.roots)  # not the one that signs
    with outside.listening(authority) as url:
        settings.TSA = (url,)
        grown(1)
        for wrong in (b"", b"rubbish"):
            authority.other = wrong
            with pytest.raises(Later):
                sending.stamp(url)
        authority.other = b""
        settings.TSA_ROOTS = Roots.read(authority.roots)
        first = authority.answer  # an answer to another question is refused, too
        sending.stamp(url)
        kept = bytes(Vouching.objects.get().data)
        grown(2)
        authority.other = kept
        with pytest.raises(Later):
            sending.stamp(url)
        authority.other = b""
        assert first
    assert Vouching.objects.count() == 1
    assert "refused" in said()[0]


def test_a_witness_cosigns_a_journal_that_grows(settings: LazySettings, tmp_path: Path):
    with outside.witness(tmp_path / "w", str(checkpoints.journal_keys()[0])) as (url, key):
        settings.WITNESSES = partners.witnesses(f"{url} {key}")
        for size in (1, 3, 8):
            grown(size)
            sending.cosign("witness.test/w1")
    assert list(Vouching.objects.order_by("checkpoint").values_list("checkpoint", flat=True)) == [1, 3, 8]
    assert said() == [] and verify() == []


def test_a_witness_refuses_a_journal_that_was_rewritten_and_the_operator_sees_it(
    settings: LazySettings, tmp_path: Path
):
    key = str(checkpoints.journal_keys()[0])
    with outside.witness(tmp_path / "w", key) as (url, own):
        settings.WITNESSES = partners.witnesses(f"{url} {own}")
        grown(4)
        sending.cosign("witness.test/w1")
    rewritten()
    record(5)
    with outside.witness(tmp_path / "w", key) as (url, own):  # it was started again meanwhile, and remembers
        settings.WITNESSES = partners.witnesses(f"{url} {own}")
        sending.checkpoint()
        with pytest.raises(Later):
            sending.cosign("witness.test/w1")
    assert "REFUSES the journal" in said()[0]
    assert not Vouching.objects.exists()


@pytest.mark.usefixtures("unguarded")
def test_a_witness_refuses_a_journal_that_was_cut_off(settings: LazySettings, tmp_path: Path):
    with outside.witness(tmp_path / "w", str(checkpoints.journal_keys()[0])) as (url, key):
        settings.WITNESSES = partners.witnesses(f"{url} {key}")
        grown(6)
        sending.cosign("witness.test/w1")
        for table in ("journal_vouching", "journal_checkpoint", "journal_head", "journal_entry", "journal_tree"):
            sql(f"DELETE FROM {table}")
        grown(2)
        with pytest.raises(Later):
            sending.cosign("witness.test/w1")
    assert Partner.objects.get().trouble == "inconsistent"


def test_a_witness_knows_only_the_journals_it_was_told_of(settings: LazySettings, tmp_path: Path):
    stranger = str(notes.Key("elsewhere.test/journal", notes.SIGNATURE, settings.JOURNAL_PUBLIC))
    with outside.witness(tmp_path / "w", stranger) as (url, key):
        settings.WITNESSES = partners.witnesses(f"{url} {key}")
        grown(1)
        with pytest.raises(Later):
            sending.cosign("witness.test/w1")
    assert Partner.objects.get().trouble == "unknown"


def test_the_worker_that_stops_signs_and_has_it_vouched_for(settings: LazySettings, authority: outside.Authority):
    settings.TSA_ROOTS = Roots.read(authority.roots)
    with outside.listening(authority) as url:
        settings.TSA = (url,)
        record(1)
        sending.close()
        assert (Head.objects.count(), Vouching.objects.get().checkpoint_id) == (1, 1)
        asked = authority.asked
        sending.close()
        assert authority.asked == asked, "nothing was written since"


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE journal_checkpoint SET note = %s", "checkpoint altered"),
        ("UPDATE journal_vouching SET data = %s", "vouching altered"),
    ],
)
def test_what_is_changed_of_checkpoints_is_found(
    settings: LazySettings, authority: outside.Authority, statement: str, kind: str
):
    settings.TSA_ROOTS = Roots.read(authority.roots)
    with outside.listening(authority) as url:
        settings.TSA = (url,)
        grown(2)
        sending.stamp(url)
    sql(statement, b"rubbish")
    assert kind in {finding.kind for finding in verify()}


def test_settings_that_name_nobody_are_refused(tmp_path: Path):
    for wrong in (
        "https://w.test",
        "https://w.test name+00000000+AAAA",
        f"ftp://w.test {checkpoints.journal_keys()[0]}",
    ):
        with pytest.raises(partners.BadWitness):
            partners.witnesses(wrong)
    with pytest.raises(partners.NoRoots):
        partners.roots(("https://tsa.test",), "")
    with pytest.raises(partners.NoRoots):
        partners.roots((), str(tmp_path / "nothing.pem"))
    assert partners.authorities("https://a.test, https://b.test") == ("https://a.test", "https://b.test")
