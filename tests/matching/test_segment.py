"""A segment is the index it was made of, in any memory, whoever reads it; what is no segment is refused."""

import mmap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staydown.matching import Changes, Damaged, Index, kernel, log, segment
from staydown.matching.segment import Head

ORDER = np.random.default_rng(5).permutation(256)
OTHER = np.random.default_rng(6).permutation(256)
each_engine = pytest.mark.parametrize("engine", list(kernel.engines()), ids=lambda engine: engine.name)


def prints(count: int) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (count, 32), dtype=np.uint8)


def filled(count: int = 20, radius: int = 31) -> Index:
    index = Index(radius, permutation=ORDER)
    index.apply(Changes(added=np.arange(count), fingerprints=prints(count)), 42)
    return index


PACKED = filled().packed()


@each_engine
@pytest.mark.parametrize("copies", [1, 2, 4, 8, 16])
def test_equal_fingerprints_survive_storing_and_opening(copies: int, engine: kernel.Engine) -> None:
    """A peer lost ids here: its file kept one id for each distinct fingerprint."""
    same = np.full((copies, 32), 7, np.uint8)
    index = Index(permutation=ORDER, engine=engine)
    index.add(np.arange(copies) + 10, same)
    for _ in range(3):
        index = Index.unpacked(index.packed(), permutation=ORDER, engine=engine)
        assert index.search(same[:1]).id.tolist() == list(range(10, 10 + copies))
        assert len(index) == copies


def test_an_opened_index_is_the_stored_one_and_goes_on_from_there() -> None:
    index = filled(radius=12)
    index.remove([3, 4])
    again = Index.unpacked(index.packed(), permutation=ORDER)
    assert (again.radius, again.generation, len(again)) == (12, 42, 18)
    assert again.packed() == index.packed()
    again.add([3], np.zeros((1, 32), np.uint8))
    again.apply(Changes(removed=np.array([3, 7])), 43)
    assert again.search(prints(20)).id.tolist() == [each for each in range(20) if each not in (3, 4, 7)]


def test_an_index_far_from_settled_is_stored_whole() -> None:
    index, known = filled(0), prints(60_000)
    for start in range(0, 60_000, 6_000):
        index.add(np.arange(start, start + 6_000) * 5, known[start : start + 6_000])
    index.remove(np.arange(0, 60_000, 3) * 5)
    again = Index.unpacked(index.packed(), permutation=ORDER)
    left = np.setdiff1d(np.arange(60_000), np.arange(0, 60_000, 3))
    assert again.search(known[left], 0).id.tolist() == (left * 5).tolist()
    assert not len(again.search(known[::3], 0))


@pytest.mark.parametrize("lowest", [0, 2**40, 2**64 - 40])
def test_ids_of_any_size_survive(lowest: int) -> None:
    ids = np.array([lowest, lowest + 1, lowest + 30], np.uint64)
    index = Index(permutation=ORDER)
    index.add(ids, prints(3))
    assert Index.unpacked(index.packed(), permutation=ORDER).search(prints(3)).id.tolist() == ids.tolist()


def test_ids_far_apart_survive() -> None:
    index = Index(permutation=ORDER)
    index.add([1, 2**50], prints(2))
    assert Index.unpacked(index.packed(), permutation=ORDER).search(prints(2)).id.tolist() == [1, 2**50]


def test_an_empty_index_can_be_stored() -> None:
    again = Index.unpacked(Index(permutation=ORDER).packed(), permutation=ORDER)
    assert len(again) == 0
    again.add([1], prints(1))
    assert again.search(prints(1)).id.tolist() == [1]


@each_engine
def test_two_readers_share_one_memory_that_nobody_may_change(engine: kernel.Engine) -> None:
    packed = filled(3000).packed()
    head = Head.read(packed)
    memory = mmap.mmap(-1, head.room)
    memory[: head.stored] = packed
    segment.build(memory, engine, 2)
    whole = memory[:]  # bytes: what is written to them ends in an error
    one, two = (Index.over(whole, permutation=ORDER, engine=engine) for _ in range(2))
    one.remove([5])
    two.add([9000], prints(3001)[-1:])
    assert one.search(prints(3001)).id.tolist() == [each for each in range(3000) if each != 5]
    assert two.search(prints(3001)).id.tolist() == [*range(3000), 9000]


@each_engine
def test_every_engine_builds_the_same_bytes(engine: kernel.Engine) -> None:
    packed = filled(700).packed()
    head = Head.read(packed)
    built = []
    for each in (engine, kernel.Plain()):
        memory = bytearray(head.room)
        memory[: head.stored] = packed
        segment.build(memory, each, 1)
        built.append(memory)
    assert built[0] == built[1]


def test_a_segment_of_another_order_of_bits_is_refused() -> None:
    with pytest.raises(Damaged, match="rebuilt from the bank"):
        Index.unpacked(PACKED, permutation=OTHER)


def test_a_segment_of_a_later_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "VERSION", 3)
    later = filled().packed()
    monkeypatch.undo()
    with pytest.raises(Damaged):
        Index.unpacked(later, permutation=ORDER)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(PACKED) - 1))
def test_a_part_of_a_segment_is_refused(length: int) -> None:
    with pytest.raises(Damaged):
        Index.unpacked(PACKED[:length], permutation=ORDER)


@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused(rubbish: bytes) -> None:
    with pytest.raises(Damaged):
        Index.unpacked(rubbish, permutation=ORDER)
    with pytest.raises(Damaged):
        log.read(rubbish[:20])


@given(st.lists(st.integers(0, 2**64 - 1), max_size=5), st.lists(st.integers(0, 2**63), max_size=5), st.integers(0, 9))
def test_changes_survive_being_a_record(removed: list[int], added: list[int], cut: int) -> None:
    changes = Changes(np.array(removed, np.uint64), np.array(added, np.uint64), prints(len(added)))
    packed = log.record(changes, 77)
    again, generation = log.read(packed)
    assert (again.removed.tolist(), again.added.tolist(), generation) == (removed, added, 77)
    assert np.array_equal(again.fingerprints, changes.fingerprints)
    with pytest.raises(Damaged):
        log.read(packed + bytes(cut + 1))
