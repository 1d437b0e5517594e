"""What the cluster makes of actors that are gone, hang or lag, whoever they are: here they are objects of this process.

Real ones are killed by `test_machines`.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from staydown.cluster.cluster import TOGETHER
from staydown.cluster.shards import Step
from staydown.cluster.spread import Spread
from staydown.matching import Changes, Incomplete
from tests.cluster import doubles
from tests.cluster.doubles import Actor, near, prints
from tests.cluster.houses import COUNT, House

LIMIT = 0.3  # seconds that a search which cannot be whole takes; those that can are not timed


@pytest.fixture
def actors(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Actor]]:
    return doubles.install(monkeypatch)


@pytest.fixture
def house(actors: dict[str, list[Actor]], tmp_path: Path) -> Callable[[int, int], tuple[House, list[list[Actor]]]]:
    def start(shards: int, replicas: int) -> tuple[House, list[list[Actor]]]:
        made = House.of("catalogue", Spread("nowhere", f"file://{tmp_path}/store", shards, replicas), LIMIT)
        made.cluster._limit = 60  # whoever is busy elsewhere is waited for
        assert made.agrees(prints(1))
        return made, list(actors.values())

    return start


def brief(house: House) -> House:
    """For searches that cannot be whole: they take as long as they may."""
    house.cluster._limit = LIMIT
    return house


def test_shards_together_answer_as_one_index_does(house):
    it, replicas = house(3, 1)
    it.write(COUNT + 20, added=np.arange(COUNT, COUNT + 16), fingerprints=np.repeat(prints(1), 16, axis=0))
    it.write(COUNT + 21, removed=np.arange(0, COUNT, 3, dtype=np.uint64))
    for bits in (0, 1, 16, 30, 31, 32, 33):
        assert it.agrees(near(prints(60), bits))
    assert len(it.cluster.search(prints(1))) == 16
    sizes = [len(each[0].real._shard.index) for each in replicas]
    assert min(sizes) > sum(sizes) / 4, "ids are spread evenly"


def test_more_queries_than_are_sent_at_a_time_keep_their_places(house):
    it, _ = house(2, 1)
    many = np.concatenate([~prints(TOGETHER + 7), prints(3)])
    assert it.agrees(many, it.cluster.join(many))


@pytest.mark.parametrize("trouble", ["gone", "hung"])
def test_a_shard_that_does_not_answer_makes_the_answer_unknown_and_nothing_may_be_concluded(house, trouble: str):
    it, replicas = house(2, 1)
    setattr(replicas[0][0], trouble, True)
    answer = brief(it).cluster.search(prints(50))
    assert not answer.complete
    assert 0 < len(answer) < 50, "what the other shard holds was found"
    with pytest.raises(Incomplete):
        answer.whole()
    setattr(replicas[0][0], trouble, False)
    it.cluster._limit = 60
    assert it.agrees(prints(50))


def test_another_replica_answers_for_one_that_is_gone_or_hangs(house):
    it, replicas = house(2, 2)
    replicas[0][0].gone = replicas[1][1].hung = True
    it.cluster._limit = 5  # of which a tenth is given to the one that hangs
    for bits in (0, 9, 31):
        assert it.agrees(near(prints(50), bits))


def test_a_replica_that_lags_is_not_believed_until_it_has_followed(house):
    it, replicas = house(1, 2)
    replicas[0][1].gone = True  # it hears of nothing
    it.write(COUNT + 5, added=np.array([COUNT]), fingerprints=~prints(1))
    assert it.agrees(~prints(1))
    replicas[0][0].gone, replicas[0][1].gone = True, False
    assert it.agrees(~prints(1))


def test_one_killed_goes_on_from_its_sealed_segment_and_reads_only_what_came_after(house, tmp_path: Path):
    it, replicas = house(2, 1)
    it.keep()
    assert {each.generation for each in it.table.stored.values()} == {COUNT}
    it.write(COUNT + 1, added=np.array([COUNT]), fingerprints=~prints(1))
    replicas[1][0].again()
    it.table.read_after.clear()
    assert it.agrees(np.concatenate([near(prints(200), 25), ~prints(1)]))
    assert set(it.table.read_after) == {COUNT}, "only what came after the segment was read from the table"
    stored = b"".join(path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file())
    assert len(stored) > COUNT * 32
    assert prints(1).tobytes() not in stored


def test_one_that_was_killed_and_has_no_segment_follows_the_table_again(house):
    it, replicas = house(2, 1)
    it.write(COUNT + 1, removed=np.array([3], np.uint64))
    replicas[0][0].again()
    it.table.read_after.clear()
    assert it.agrees(prints(50))
    assert 0 in it.table.read_after


@pytest.mark.parametrize("fault", ["altered", "lost"])
def test_a_segment_that_cannot_be_used_is_not_waited_for_and_the_table_is_read(house, tmp_path: Path, fault: str):
    it, replicas = house(1, 1)
    it.keep()
    (stored,) = (tmp_path / "store").glob("segments/*/*")
    if fault == "lost":
        stored.unlink()
    else:
        damaged = bytearray(stored.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        stored.write_bytes(damaged)
    replicas[0][0].again()
    it.table.read_after.clear()
    assert it.agrees(near(prints(30), 9))
    assert it.table.read_after == [0]


def test_several_processes_may_send_a_replica_the_same_steps_and_steps_that_are_not_its_next(house):
    it, replicas = house(1, 1)
    it.write(COUNT + 1, added=np.array([COUNT]), fingerprints=~prints(1))
    assert it.agrees(~prints(1))
    shard = replicas[0][0].real
    shard.follow(Step(COUNT, it.table.rows[1][0], COUNT + 1))
    shard.follow(Step(COUNT + 5, Changes(removed=np.array([COUNT], np.uint64)), COUNT + 6))
    shard.follow(Step(COUNT - 5, Changes(removed=np.array([COUNT], np.uint64)), COUNT + 6))
    assert shard._shard.generation == COUNT + 1
    assert it.agrees(~prints(1))


def test_a_segment_that_another_has_replaced_is_removed(house, tmp_path: Path):
    it, _ = house(1, 1)
    it.keep()
    (name,), (before,) = it.cluster.names, it.table.stored.values()
    it.keep()
    it.cluster.forget(0, before)
    (left,) = (tmp_path / "store").glob("segments/*/*")
    assert left.name == it.table.stored[name].salt.hex() != before.salt.hex()
