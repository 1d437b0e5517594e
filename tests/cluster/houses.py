"""A cluster, the table it follows, and one index of everything as its oracle."""

import time
from dataclasses import dataclass, field

import numpy as np

from staydown.cluster.cluster import Cluster, Truth
from staydown.cluster.spread import Spread
from staydown.matching import Changes, Index, Matches
from tests.cluster.doubles import Table, prints

COUNT = 2000


@dataclass
class House:
    cluster: Cluster
    table: Table
    oracle: Index = field(default_factory=Index)

    @classmethod
    def of(cls, name: str, spread: Spread, limit: float) -> "House":
        table = Table()
        house = cls(Cluster(name, spread, Truth(table.changes, table.stored.get), limit), table)
        house.write(COUNT, added=np.arange(COUNT, dtype=np.uint64), fingerprints=prints(COUNT))
        return house

    def write(self, generation: int, **what: np.ndarray) -> None:
        """Change the table, which the cluster is asked to have reached from now on."""
        changes = Changes(**what)
        self.table.rows.append((changes, generation))
        self.oracle.apply(changes, generation)
        self.cluster.reach(generation)

    def keep(self) -> None:
        """Put a segment of each shard into the store, and say so in the table."""
        self.table.stored |= {name: self.cluster.keep(shard) for shard, name in enumerate(self.cluster.names)}

    def agrees(self, queries: np.ndarray, found: Matches | None = None) -> bool:
        """Whether the cluster's answer is whole, of this generation, and what one index says."""
        answer, wanted = self.cluster.search(queries) if found is None else found, self.oracle.search(queries)
        same = (np.array_equal(getattr(answer, each), getattr(wanted, each)) for each in ("query", "id", "distance"))
        return answer.complete and answer.generation >= self.cluster.generation and all(same)

    def whole(self, queries: np.ndarray, patience: float) -> Matches:
        """The first answer that is whole; those before must not have claimed to be."""
        until = time.monotonic() + patience
        while not (answer := self.cluster.search(queries)).complete:
            assert time.monotonic() < until, "the cluster did not come back"
        return answer
