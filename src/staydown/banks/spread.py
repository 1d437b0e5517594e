"""The bank's and the catalogue's forms in the shards of a cluster, where STAYDOWN_CLUSTER names one (docs/cluster.md).

The shards follow the tables here, whoever asks them. What a shard cannot answer is never taken for "nothing": every
search is of the `whole` cluster or raises `Incomplete`, which keeps an upload waiting and a sweep owed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from staydown.banks import policy, rules, segments
from staydown.banks.models import BankChange, Fingerprint, Segment
from staydown.banks.seeing import Forms, ids_of, rows_of
from staydown.matching import Changes, Incomplete, Matches
from staydown.site.trouble import Trouble

if TYPE_CHECKING:
    from staydown.cluster.cluster import Cluster
    from staydown.cluster.depot import Stored

log = structlog.get_logger(__name__)
BATCH = 5000  # changes read at once
UPLOAD_WAITS = 2.0  # seconds for one search: an upload is asked about again
IN_SHARDS = (*rules.CONFIRMED, rules.EntryState.FROZEN)
# What is only watched for is in every program's own memory: less of its fingerprint may stand once a person confirms it.
SWEEP_WAITS = 60.0  # a shard of the catalogue may be starting again meanwhile

Batches = Callable[[int, int], Iterator[tuple[Changes, int]]]


class SpreadForms(Forms):
    """As `Forms`, of the bank, in a cluster: it reads the table by itself, and here is only known which pictures count."""

    def __init__(self) -> None:
        self._cluster = _cluster("bank", entered_between, UPLOAD_WAITS)
        self._known: set[int] = set()

    def change(self, added: Mapping[int, tuple[bytes, ...]], removed: Iterable[int]) -> None:
        self._known = (self._known - set(removed)) | set(added)

    def reach(self, generation: int) -> None:
        self._cluster.reach(generation)

    def search(self, forms: npt.NDArray[np.uint8], radius: int = policy.RADIUS) -> Matches:
        return self._cluster.search(forms, radius).whole()

    def joined(self, forms: npt.NDArray[np.uint8]) -> set[int]:
        return set(self.search(forms).query.tolist())

    def near(self, forms: Sequence[bytes], radius: int = policy.RADIUS) -> dict[int, int]:
        """As `Forms.near`, without what was banked since: shards may be further than the process that asks them."""
        return {seq: each for seq, each in super().near(forms, radius).items() if seq in self._known}


def bank() -> "Cluster":
    """The forms of the bank as of now, for who may wait. Raises `Trouble`."""
    cluster = _cluster("bank", entered_between, SWEEP_WAITS)
    cluster.reach(BankChange.objects.aggregate(last=Max("generation"))["last"] or 0)
    return cluster


def catalogue(batches: Batches, upto: int) -> "Cluster":
    """The forms of everything registered up to a number. Raises `Trouble`."""
    cluster = _cluster("catalogue", batches, SWEEP_WAITS)
    cluster.reach(upto)
    return cluster


@cache
def _cluster(index: str, batches: Batches, limit: float) -> "Cluster":
    """An index of this deployment's cluster. Raises `Incomplete` where that cannot be reached, `Trouble` without Ray."""
    if settings.CLUSTER is None:
        raise Trouble("STAYDOWN_CLUSTER names no cluster.")
    try:
        from staydown.cluster.cluster import Cluster, Truth
    except ImportError as error:
        raise Trouble("STAYDOWN_CLUSTER needs Ray: install Staydown with its extra, `staydown[cluster]`.") from error
    try:
        return Cluster(index, settings.CLUSTER, Truth(batches, _stored), limit, policy.RADIUS)
    except OSError as error:
        raise Incomplete(0) from error


def entered_between(after: int, upto: int) -> Iterator[tuple[Changes, int]]:
    """What entered the entries in shards, and left them, between two generations of the bank, some thousands at a time."""
    while changes := list(_changes(after, upto)[:BATCH]):
        rows = {change.entry.fingerprint.seq: change.entry.fingerprint for change in changes}
        now = {change.entry.fingerprint.seq: change.state in IN_SHARDS for change in changes}
        earlier = BankChange.objects.filter(generation__lte=after, entry__fingerprint__seq__in=list(rows))
        before = dict(earlier.order_by("generation").values_list("entry__fingerprint__seq", "state"))
        there = {seq for seq, state in before.items() if state in IN_SHARDS}
        added = [rows[seq] for seq, followed in now.items() if followed and seq not in there]
        removed = [rows[seq] for seq, followed in now.items() if not followed and seq in there]
        after = changes[-1].generation
        yield _changed(removed, added), after


def _changes(after: int, upto: int) -> QuerySet[BankChange]:
    found = BankChange.objects.filter(generation__gt=after, generation__lte=upto)
    return found.select_related("entry__fingerprint").order_by("generation")


def _changed(removed: list[Fingerprint], added: list[Fingerprint]) -> Changes:
    gone = [ids_of(row.seq, len(row.kept().turned)) for row in removed]
    forms = {row.seq: row.kept().turned for row in added}
    come = [ids_of(seq, len(each)) for seq, each in forms.items()]
    none = np.empty(0, np.uint64)
    fingerprints = rows_of([form for each in forms.values() for form in each])
    return Changes(np.concatenate([none, *gone]), np.concatenate([none, *come]), fingerprints)


def _stored(name: str) -> "Stored | None":
    from staydown.cluster.depot import Stored

    row = Segment.objects.filter(name=name).order_by("-generation").first()
    return Stored(bytes(row.salt), row.generation) if row else None


def keep(cluster: "Cluster") -> None:
    """Bring the segments of a cluster's shards up to date, so that one that is killed reads little from the tables."""
    cluster.search(np.empty((0, 32), np.uint8)).whole()  # who is behind follows
    for shard, name in enumerate(cluster.names):
        before = _stored(name)
        if cluster.generation - (before.generation if before else 0) > max(segments.SMALL, cluster.generation // 8):
            _keep(cluster, shard, before)


def _keep(cluster: "Cluster", shard: int, before: "Stored | None") -> None:
    name, stored = cluster.names[shard], cluster.keep(shard)
    with transaction.atomic():
        Segment.objects.filter(name=name).delete()
        Segment.objects.create(salt=stored.salt, name=name, generation=stored.generation, written_at=timezone.now())
    log.info("segment stored", shard=name, generation=stored.generation)
    if before:
        cluster.forget(shard, before)
