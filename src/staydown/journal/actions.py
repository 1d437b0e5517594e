"""Writing to the journal, and erasing what an entry says without breaking what it proves."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from staydown.journal import rules
from staydown.journal.errors import AlreadyErased, NothingToSay, NotInTransaction
from staydown.journal.models import Entry, Tree
from staydown.promises import actions as promises

ERASED = "journal.erased"
SIGNED_WITHIN = timedelta(milliseconds=500)  # acts of half a second share one signed head
ERASED_AT_ONCE = 500  # entries that one erasure names


@dataclass(frozen=True, slots=True)
class Line:
    """One act to be recorded, as `record` takes it."""

    act: str
    about: object
    by: str
    now: datetime
    facts: Mapping[str, object]


def record(act: str, *, about: object, by: str, now: datetime, **facts: object) -> Entry:
    """Append an act to the journal, in the caller's transaction.

    `about` is the saved row it concerns; `by` a staff id, "portal", "platform:<id>" or "worker"; `facts` are ids, codes
    and counts, never personal data. The tree's row stays locked until the transaction ends, so that the order of
    indices is the order of commits: call it late. Raises `NotInTransaction`, `NothingToSay` and `NotAFact`.
    """
    return record_all([Line(act, about, by, now, facts)])[0]


def record_all(lines: Sequence[Line]) -> list[Entry]:
    """Append several acts, in their order, with one lock and one write; otherwise as `record`."""
    if not connection.in_atomic_block:
        raise NotInTransaction(NotInTransaction.__doc__)
    if not lines:
        return []
    if not all(line.act and line.by for line in lines):
        raise NothingToSay(NothingToSay.__doc__)
    checked = [(line, _name(line.about), rules.checked(line.facts)) for line in lines]
    tree, _ = Tree.objects.select_for_update().get_or_create(pk=1, defaults={"root": rules.EMPTY_ROOT})
    said = [
        rules.Act(index, line.now, line.act, line.by, about, facts)
        for index, (line, about, facts) in enumerate(checked, tree.size)
    ]
    entries = _append(tree, said)
    promises.owe("staydown.journal.tasks.sign_head", key="sign-head", run_after=timezone.now() + SIGNED_WITHIN)
    return entries


@transaction.atomic
def erase(entries: Iterable[Entry], *, about: object, by: str, now: datetime) -> list[Entry]:
    """Make the words of these entries unrecoverable: who, about whom, facts and salt. Their place in the tree stays.

    The erasure is an act itself: it names the indices and binds their times and acts, so that an erasure
    that was not recorded is found by `verify`. Answers with the entries written. Raises `AlreadyErased`.
    """
    indices = sorted({entry.index for entry in entries})
    chunks = [indices[i : i + ERASED_AT_ONCE] for i in range(0, len(indices), ERASED_AT_ONCE)]
    return [_erase(chunk, about=about, by=by, now=now) for chunk in chunks]


def kept_of_erased(rows: Sequence[tuple[int, datetime, str]]) -> str:
    """The digest by which an erasure binds what stays readable of its entries: index, time and act."""
    kept: list[rules.Fact] = [[index, rules.moment(at), act] for index, at, act in rows]
    return hashlib.sha256(rules.canonical({"kept": kept})).hexdigest()


def _erase(indices: list[int], *, about: object, by: str, now: datetime) -> Entry:
    rows = Entry.objects.filter(index__in=indices, salt__isnull=False).exclude(act=ERASED).order_by("index")
    kept = list(rows.values_list("index", "at", "act"))
    if len(kept) != len(indices):
        raise AlreadyErased(AlreadyErased.__doc__)
    entry = record(ERASED, about=about, by=by, now=now, indices=indices, kept=kept_of_erased(kept))
    erased = Entry.objects.filter(index__in=indices, salt__isnull=False).update(
        salt=None, actor=None, about=None, facts=None
    )
    if erased != len(indices):  # somebody erased one of them before we held the tree
        raise AlreadyErased(AlreadyErased.__doc__)
    return entry


def _append(tree: Tree, acts: Sequence[rules.Act]) -> list[Entry]:
    frontier = rules.Frontier.from_bytes(tree.size, bytes(tree.peaks))
    entries = []
    for said in acts:
        salt = secrets.token_bytes(32)
        committed = rules.commitment(salt, said.canonical())
        leaf = rules.leaf_hash(committed)
        frontier.append(leaf)
        columns: dict[str, Any] = {name: getattr(said, name) for name in said.__slots__}
        entries.append(Entry(**columns, salt=salt, commitment=committed, leaf=leaf))
    tree.size, tree.peaks, tree.root = frontier.size, frontier.to_bytes(), frontier.root()
    tree.save(force_update=True)
    return Entry.objects.bulk_create(entries)


def _name(about: object) -> str:
    """`cases.report:<id>` for a row."""
    if not isinstance(about, models.Model) or about.pk is None:
        raise NothingToSay(NothingToSay.__doc__)
    return f"{about._meta.label_lower}:{about.pk}"
