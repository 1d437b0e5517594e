"""Real actors of Ray, killed and stopped for real: nothing is missed and nothing is allowed unseen.

The first test is all of `make test` that starts Ray; further drills are run by `make soak`.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import ray
from ray.exceptions import ActorUnavailableError

from staydown.cluster.spread import Spread
from tests.cluster import machines
from tests.cluster.doubles import near, prints
from tests.cluster.houses import COUNT, House
from tests.cluster.machines import PATIENCE


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with machines.running() as address:
        yield address


@pytest.fixture
def drill(request: pytest.FixtureRequest, address: str, tmp_path: Path) -> Iterator[Callable[[int, int], House]]:
    started: list[House] = []

    def start(shards: int, replicas: int) -> House:
        house = House.of(request.node.name, Spread(address, f"file://{tmp_path}/store", shards, replicas), limit=5)
        started.append(house)
        house.whole(prints(1), PATIENCE)
        house.cluster._limit = PATIENCE
        return house

    yield start
    for house in started:
        for handle in (each for replicas in house.cluster._shards for each in replicas):
            ray.kill(handle)


def process(house: House, shard: int, number: int = 0) -> int:
    """The process of a replica, once it is there again."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ray.get(house.cluster._shards[shard][number].process.remote(), timeout=PATIENCE)
        except ActorUnavailableError:
            assert time.monotonic() < until, "the replica did not come back"
            time.sleep(0.2)


def kill(house: House, shard: int, number: int = 0) -> None:
    os.kill(process(house, shard, number), signal.SIGKILL)


@contextmanager
def stopped(house: House, shard: int, number: int = 0) -> Iterator[None]:
    """Let a replica hang: it is there, and does not answer."""
    pid = process(house, shard, number)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def unknown_until_back(house: House, known: np.ndarray) -> int:
    """How many checks were unknown before one was whole. None may be whole and lack what is known."""
    unknown = 0
    while not (answer := house.cluster.search(known)).complete:
        unknown += 1
        assert unknown * house.cluster._limit < PATIENCE, "the cluster did not come back"
    assert house.agrees(known, answer)
    assert set(answer.query.tolist()) == set(range(len(known)))
    return unknown


def test_shards_that_are_killed_during_checks_and_in_a_sweep_miss_nothing_and_allow_nothing_unseen(drill):
    """Two shards in a process each. Without a segment the table is read again, with one only what came after it."""
    house = drill(2, 1)
    known = near(prints(40), 20)
    assert house.agrees(known)

    house.cluster._limit = 0.5
    kill(house, 0)
    assert unknown_until_back(house, known) > 0, "killed, it cannot have answered at once"
    assert 0 in house.table.read_after

    house.keep()
    house.write(COUNT + 1, added=np.array([COUNT], np.uint64), fingerprints=~prints(1))
    house.cluster._limit = PATIENCE  # a sweep waits
    catalogue = np.concatenate([near(prints(200), 25), ~prints(1)])
    found: set[tuple[int, int]] = set()
    for first in range(0, len(catalogue), 20):
        if first == 100:
            assert house.agrees(~prints(1))  # both have followed to the end
            house.table.read_after.clear()
            kill(house, 1)
        answer = house.cluster.join(catalogue[first : first + 20]).whole()
        found |= {(first + query, number) for query, number in zip(answer.query, answer.id, strict=True)}
    wanted = house.oracle.search(catalogue)
    assert found == set(zip(wanted.query, wanted.id, strict=True))
    assert set(house.table.read_after) == {COUNT}, "it went on from its segment"


@pytest.mark.soak
def test_a_shard_that_hangs_makes_the_answer_unknown_and_answers_when_it_goes_on(drill):
    house = drill(2, 1)
    house.cluster._limit = 1
    with stopped(house, 0):
        answer = house.cluster.search(prints(50))
        assert not answer.complete
        assert 0 < len(answer) < 50, "what the other shard holds was found"
    house.whole(prints(50), PATIENCE)
    assert house.agrees(prints(50), house.whole(prints(50), PATIENCE))


@pytest.mark.soak
def test_one_replica_of_two_may_be_killed_or_hang_and_every_answer_is_whole(drill):
    house = drill(2, 2)
    house.cluster._limit = PATIENCE / 10  # of which a tenth is given to one that hangs
    for bits in range(8):
        assert house.agrees(near(prints(20), bits))
        process(house, bits % 2, 1 - bits // 2 % 2)  # the other one is back
        kill(house, bits % 2, bits // 2 % 2)
        assert house.agrees(near(prints(20), bits))
    house.cluster._limit = 20
    with stopped(house, 0, 0), stopped(house, 1, 1):
        for _ in range(4):
            assert house.agrees(near(prints(20), 12))


@pytest.mark.soak
def test_what_is_added_and_removed_while_replicas_are_killed_is_as_the_table_says(drill):
    house, rng = drill(3, 2), np.random.default_rng(7)
    house.cluster._limit = PATIENCE
    for number in range(32):
        generation = COUNT + 1 + number
        fresh = rng.integers(0, 256, (5, 32), dtype=np.uint8)
        ids = np.arange(10**6 + number * 5, 10**6 + number * 5 + 5, dtype=np.uint64)
        house.write(generation, added=ids, fingerprints=fresh, removed=np.array([number * 3], np.uint64))
        if number % 10 == 4:
            for shard in range(3):
                process(house, shard)  # whoever keeps is back
            house.keep()
        if number % 4 == 0:
            kill(house, number % 3, number // 4 % 2)
        assert house.agrees(np.concatenate([near(fresh, 31), prints(200)]))
