"""What the journal committed to when something was sealed: whether what is stored is that, is not, or is older than the fact.

Versions before 0.1.0 left some facts out. That is believed of an entry only where it is what was committed to (salt, leaf), was
in the journal when a head of before 0.1.0 was signed, and no earlier entry of its act has the fact. Whoever takes a fact out of
an entry, takes the entry away, or adds another one later, hears that it is wrong. A second entry about one row counts only where
a destruction stands between: otherwise who can write into the database could have the journal vouch for another key.
"""

from collections import defaultdict
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from staydown.cases.models import Case
from staydown.journal import heads, proofs, rules
from staydown.journal.heads import SignedHead
from staydown.journal.models import Entry, Head
from staydown.vault.evidence.models import CaseKey, Evidence, Handed

RELEASED = datetime(2026, 12, 1, tzinfo=UTC)  # 0.1.0 and what follows it record every fact that is asked for here
DESTROYED = "retention.erased"


class Word(StrEnum):
    """What the journal says of something stored."""

    SAME = "it is what the journal has"
    OTHER = "is not what the journal has the SHA-256 of"
    OLDER = "was sealed before 0.1.0, which did not record its SHA-256: it cannot be checked"


class Committed:
    """The entries of one act, and what they say about rows; of one piece of evidence only where it is named."""

    def __init__(self, act: str, only: Evidence | None = None) -> None:
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        self._since: dict[str, int] = {}  # by fact: the first entry that has it
        about = {"about": f"{only._meta.label_lower}:{only.pk}"} if only else {}
        for entry in Entry.objects.filter(act=act, salt__isnull=False, **about).order_by("index").iterator():
            self._entries[entry.about or ""].append(entry)
            for fact in entry.facts or {}:
                self._since.setdefault(fact, entry.index)

    def says(self, row: CaseKey | Evidence | Handed, fact: str, stored: bytes | str) -> Word:
        """What the journal says of a row's stored value, by the SHA-256 of it, or by the text that it is."""
        name = f"{Evidence._meta.label_lower if isinstance(row, Handed) else row._meta.label_lower}:{row.pk}"
        entries = self._entries.get(name, [])
        if not entries or not _is_whole(entries[-1]) or not _each_after_a_destruction(entries):
            return Word.OTHER
        said = (entries[-1].facts or {}).get(fact)
        if said is None and entries[-1].index < min(self._since.get(fact, self._old), self._old):
            return Word.OLDER
        return Word.SAME if said == (stored if isinstance(stored, str) else stored.hex()) else Word.OTHER

    @cached_property
    def _old(self) -> int:
        """How many entries the last head of before 0.1.0 covers, if the journal's key signed it and they are those entries."""
        head = Head.objects.filter(signed_at__lt=RELEASED).order_by("-size").first()
        if head is None:
            return 0
        signed = SignedHead.of(head)
        keys = [Ed25519PublicKey.from_public_bytes(key) for key in heads.public_keys()]
        leaves = Entry.objects.filter(index__lt=signed.size).order_by("index").values_list("leaf", flat=True)
        root = proofs.tree_root([bytes(leaf) for leaf in leaves])
        return signed.size if root == signed.root and any(signed.is_signed(key) for key in keys) else 0


def _is_whole(entry: Entry) -> bool:
    """Whether an entry is what it committed to."""
    said = rules.Act(entry.index, entry.at, entry.act, entry.actor or "", entry.about or "", entry.facts or {})
    committed = rules.commitment(bytes(entry.salt or b""), said.canonical())
    return (committed, rules.leaf_hash(committed)) == (bytes(entry.commitment), bytes(entry.leaf))


def _each_after_a_destruction(entries: list[Entry]) -> bool:
    """Whether the case was destroyed before each entry but the first: before something new was sealed in it."""
    if len(entries) == 1:
        return True
    case = str((entries[0].facts or {}).get("case"))
    cases = {case, *(str(pk) for pk in Case.objects.filter(pk=case).values_list("joined_into", flat=True) if pk)}
    destroyed = Entry.objects.filter(act=DESTROYED, facts__case__in=sorted(cases)).values_list("index", flat=True)
    return all(any(a.index < index < b.index for index in destroyed) for a, b in pairwise(entries))
