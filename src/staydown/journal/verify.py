"""Whether the journal is what it was: every entry, the tree, every signed head, and a head that left the machine.

One pass over the rows, in the memory of one batch and two bits an entry; other programs may append meanwhile. What
it cannot see: entries newer than the last signed head, replaced together with the tree's row by somebody with the
database's password; and, without a head from outside, a journal rewritten or cut off together with its heads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.db.models import Subquery

from staydown.journal import guards, heads, rules, vouching
from staydown.journal.actions import ERASED
from staydown.journal.erasures import Erasures
from staydown.journal.findings import Finding
from staydown.journal.heads import SignedHead
from staydown.journal.models import Entry, Head, Tree

BATCH = 2000
KEY_CHANGED = "journal.key_changed"
COLUMNS = ("index", "at", "act", "actor", "about", "facts", "salt", "commitment", "leaf")
# What reading a row may raise when somebody wrote into it what this program never writes.
UNREADABLE = (TypeError, ValueError, AttributeError, LookupError)


def verify(head_from_outside: Path | None = None) -> list[Finding]:
    """Everything that is wrong with the journal; an empty list when nothing is.

    `head_from_outside` is a file made by `heads.export_head` and kept elsewhere: it shows a truncated journal.
    """
    outside = SignedHead.from_json(head_from_outside.read_text("utf-8")) if head_from_outside else None
    return list(_findings(outside))


@dataclass(frozen=True, slots=True)
class _Now:
    """The journal's ends, read in one statement, so that programs that append meanwhile cannot part them."""

    size: int
    peaks: bytes
    root: bytes
    last_entry: int
    last_head: int

    @classmethod
    def read(cls) -> "_Now":
        last_entry = Subquery(Entry.objects.order_by("-index").values("index")[:1])
        last_head = Subquery(Head.objects.order_by("-size").values("size")[:1])
        rows = Tree.objects.annotate(last_entry=last_entry, last_head=last_head)
        found = rows.values_list("size", "peaks", "root", "last_entry", "last_head").first()
        if found is None:  # nothing recorded yet; entries without a tree show in the pass
            return cls(0, b"", rules.EMPTY_ROOT, -1 if not Entry.objects.exists() else 0, 0)
        size, peaks, root, entry, head = found
        return cls(size, bytes(peaks), bytes(root), -1 if entry is None else entry, head or 0)


def _findings(outside: SignedHead | None) -> Iterator[Finding]:
    for name in guards.missing(connection):
        yield Finding("guard missing", None, f"the database's trigger {name} is not there")
    now = _Now.read()
    if now.last_entry != now.size - 1:
        yield Finding("tree differs", None, f"the tree has {now.size} entries, the last is {now.last_entry}")
    if now.last_head > now.size:
        yield Finding("truncated", now.size, f"a head was signed at {now.last_head} entries")
    if outside and outside.size > now.size:
        yield Finding("truncated", now.size, f"a head outside was signed at {outside.size} entries")
    tree = rules.Frontier(0, [])
    witnesses = _Witnesses(now.size, outside)
    yield from witnesses.check(tree)
    yield from _read(tree, now.size, witnesses)
    if (tree.size, tree.to_bytes(), tree.root()) != (now.size, now.peaks, now.root):
        yield Finding("tree differs", None, "the tree's row is not the tree of these entries")
    yield from _unannounced()
    yield from vouching.findings()


def _unannounced() -> Iterator[Finding]:
    """Keys in the settings that the journal does not name under the former one."""
    changes = Entry.objects.filter(act=KEY_CHANGED).values_list("facts", flat=True)
    named = {(facts.get("former"), facts.get("key")) for facts in changes if facts}  # of an erased one there are none
    chain = [key.hex() for key in heads.public_keys()]
    for former, key in pairwise(chain):
        if (former, key) not in named:
            yield Finding("key unannounced", None, f"no entry says that {key[:16]}… took the place of {former[:16]}…")


def _read(tree: rules.Frontier, size: int, witnesses: "_Witnesses") -> Iterator[Finding]:
    """Grow the tree again, entry by entry."""
    erasures = Erasures(size)
    due = 0
    try:
        for row in _rows(size):
            if row[0] != due:
                yield Finding("missing", due, f"the next entry is {row[0]}")
            due = row[0] + 1
            yield from _entry(row, tree, erasures)
            if tree.size >= witnesses.next_size:
                yield from witnesses.check(tree)
    except UNREADABLE:  # a moment that is none, for one: the database's adapter cannot even hand over the row
        yield Finding("unreadable", due, "this row or the next ones hold what no program writes")
    if due < size:
        yield Finding("missing", due, f"the tree has {size} entries")
    yield from erasures.finish()


def _rows(size: int) -> Iterator[tuple[Any, ...]]:
    rows = Entry.objects.filter(index__lt=size).order_by("index").values_list(*COLUMNS)
    return iter(rows.iterator(chunk_size=BATCH))


def _entry(row: tuple[Any, ...], tree: rules.Frontier, erasures: Erasures) -> Iterator[Finding]:
    """Check one entry, and append what it commits to."""
    index, at, act, actor, about, facts, salt, kept, leaf = row
    committed = bytes(kept)
    if salt is None:
        erasures.met(index)
    else:
        try:
            committed = rules.commitment(bytes(salt), rules.Act(index, at, act, actor, about, facts).canonical())
            if act == ERASED:
                yield from erasures.named(index, facts)
        except UNREADABLE:
            committed = b""
        if committed != bytes(kept):
            yield Finding("altered", index, "it is not what was committed to")
    hashed = rules.leaf_hash(committed)
    if hashed != bytes(leaf):
        yield Finding("altered", index, "its leaf is not the leaf of its commitment")
    tree.append(hashed)


class _Witnesses:
    """The signed heads in the order of their sizes, the one from outside among them."""

    def __init__(self, size: int, outside: SignedHead | None) -> None:
        rows = Head.objects.filter(size__lte=size).order_by("size").iterator(chunk_size=BATCH)
        ours = ((SignedHead.of(row), "a head") for row in rows)
        theirs = [(outside, "the head from outside")] if outside else []
        self._coming = merge(theirs, ours, key=lambda pair: pair[0].size)
        self._keys = heads.public_keys()
        self._key = 0  # of the latest head: a former key signs nothing after a later one
        self._broken = False
        self._next: tuple[SignedHead, str] | None = None
        self._step()

    @property
    def next_size(self) -> float:
        """The size at which `check` has something to say."""
        return self._next[0].size if self._next else float("inf")

    def check(self, tree: rules.Frontier) -> Iterator[Finding]:
        """Compare the heads at this size with the tree; after the first that differs the later ones must, too."""
        while self._next and self._next[0].size <= tree.size:
            head, name = self._next
            if not self._is_signed(head):
                yield Finding("not signed", head.size, f"{name} does not bear the signature of the journal's key then")
            elif (head.size, head.root) != (tree.size, tree.root()) and not self._broken:
                self._broken = True
                yield Finding("head differs", head.size, f"{name} was signed over other entries")
            self._step()

    def _is_signed(self, head: SignedHead) -> bool:
        for place in range(self._key, len(self._keys)):
            if head.is_signed(Ed25519PublicKey.from_public_bytes(self._keys[place])):
                self._key = place
                return True
        return False

    def _step(self) -> None:
        self._next = next(self._coming, None)
