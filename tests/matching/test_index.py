"""The index finds exactly what looking at every fingerprint finds, whatever was added and removed before."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staydown.matching import (
    AlreadyKnown,
    Changes,
    Incomplete,
    Index,
    Matches,
    Misshapen,
    OutOfOrder,
    UnknownId,
    kernel,
    merging,
    store,
)

Found = list[tuple[int, int, int]]
ORDER = np.random.default_rng(3).permutation(256)


def some(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def off_by(fingerprint: np.ndarray, bits: int, seed: int = 0) -> np.ndarray:
    """The same fingerprint with so many bits changed."""
    changed = np.unpackbits(fingerprint)
    changed[np.random.default_rng(seed).choice(256, bits, replace=False)] ^= 1
    return np.packbits(changed)


def listed(matches: Matches) -> Found:
    return list(zip(matches.query.tolist(), matches.id.tolist(), matches.distance.tolist(), strict=True))


def oracle(held: dict[int, bytes], queries: np.ndarray, radius: int) -> Found:
    """Every pair, counted bit by bit in plain Python."""
    found = [
        (place, each, (int.from_bytes(query.tobytes()) ^ int.from_bytes(known)).bit_count())
        for place, query in enumerate(queries)
        for each, known in held.items()
    ]
    near = [match for match in found if match[2] <= radius]
    return sorted(near, key=lambda match: (match[0], match[2], match[1]))


@pytest.fixture
def early_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables and sweeps from a few rows on, so that small indexes go every way a large one goes."""
    monkeypatch.setattr(merging, "SMALL", 8)


@pytest.mark.parametrize("distance", range(65))
@pytest.mark.parametrize("count", [50, 20_000])
def test_a_fingerprint_is_found_at_every_distance_up_to_64(distance: int, count: int) -> None:
    known = some(count, seed=1)
    index = Index()
    index.add(np.arange(count), known)
    query = off_by(known[7], distance, seed=distance)[None]
    for radius in (31, 64):
        assert ((0, 7, distance) in listed(index.search(query, radius))) == (distance <= radius)
    assert ((0, 7, distance) in listed(index.search(query))) == (distance <= 31)
    if distance:
        assert (0, 7, distance) not in listed(index.search(query, distance - 1))


@pytest.mark.parametrize("shape", ["two in every chunk but one", "fifteen chunks untouched", "spread", "one word"])
def test_the_worst_arrangements_of_changed_bits_are_found(shape: str) -> None:
    known = some(20_000, seed=2)
    index = Index()
    index.add(np.arange(20_000), known)
    bits = {
        "two in every chunk but one": [byte * 8 for byte in range(31)],
        "fifteen chunks untouched": [*range(8), *range(128, 136)],
        "spread": list(range(3, 251, 8)),
        "one word": list(range(31)),
    }[shape]
    changed = np.unpackbits(known[5])
    changed[bits] ^= 1
    assert (0, 5, len(bits)) in listed(index.search(np.packbits(changed)[None]))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_after_any_history_the_index_agrees_with_the_oracle(data: st.DataObject) -> None:
    """Clustered fingerprints, so that many are near; small limits, so that tables and sweeps happen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "SMALL", 8)
        seeds = some(4, seed=data.draw(st.integers(0, 99)))
        index, held = (
            Index(permutation=ORDER, engine=data.draw(st.sampled_from(list(kernel.engines())))),
            dict[int, bytes](),
        )
        for step in range(data.draw(st.integers(1, 12))):
            index = _one_step(data, index, held, seeds)
            assert len(index) == len(held)
            queries = np.array([off_by(seeds[each % 4], each * 7, seed=step) for each in range(3)])
            radius = data.draw(st.integers(0, 64))
            assert listed(index.search(queries, radius)) == oracle(held, queries, radius)
            if data.draw(st.booleans()):
                index.settle()
                assert listed(index.search(queries, radius)) == oracle(held, queries, radius)


def _one_step(data: st.DataObject, index: Index, held: dict[int, bytes], seeds: np.ndarray) -> Index:
    what = data.draw(st.sampled_from(["add", "add", "remove", "apply", "save and open"]))
    if what == "save and open":
        return Index.unpacked(
            index.packed(), permutation=ORDER, engine=data.draw(st.sampled_from(list(kernel.engines())))
        )
    leaving = data.draw(st.lists(st.sampled_from(sorted(held)), unique=True)) if held and what != "add" else []
    coming = data.draw(st.lists(st.integers(0, 200), unique=True, max_size=30)) if what != "remove" else []
    coming = [each for each in coming if each not in held or (what == "apply" and each in leaving)]
    prints = [off_by(seeds[each % 4], each % 60, seed=each) for each in coming]
    rows = np.array(prints, np.uint8).reshape(-1, 32)
    if what == "add":
        index.add(coming, rows)
    elif what == "remove":
        index.remove(leaving)
    else:
        changes = Changes(np.array(leaving, np.uint64), np.array(coming, np.uint64), rows)
        index.apply(changes, index.generation + 1)
    for each in leaving:
        del held[each]
    held.update((each, row.tobytes()) for each, row in zip(coming, prints, strict=True))
    return index


def test_one_fingerprint_under_many_ids_is_found_under_all_of_them(early_tables: None) -> None:
    index, same = Index(), some(1)
    ids = list(range(100, 300))
    index.add(ids[:150], np.repeat(same, 150, axis=0))
    index.add(ids[150:], np.repeat(same, 50, axis=0))
    assert index.search(same).id.tolist() == ids
    index.remove(ids[::2])
    assert index.search(same).id.tolist() == ids[1::2]


def test_matches_come_by_query_then_distance_then_id() -> None:
    index, known = Index(), some(1)[0]
    index.add([9, 3, 5], np.array([known, off_by(known, 4), known]))
    assert listed(index.search(np.array([known, ~known, known]))) == [
        (0, 5, 0), (0, 9, 0), (0, 3, 4), (2, 5, 0), (2, 9, 0), (2, 3, 4),
    ]  # fmt: skip
    found = index.search(known[None])
    assert (found.query.dtype, found.id.dtype, found.distance.dtype) == (np.int64, np.uint64, np.uint16)
    assert len(found) == 3


def test_an_empty_index_and_an_empty_search_find_nothing() -> None:
    index = Index()
    assert len(index.search(some(3))) == 0
    index.add([1], some(1))
    assert len(index.search(np.empty((0, 32), np.uint8))) == 0
    index.add([], np.empty((0, 32), np.uint8))
    index.remove([])
    assert len(index) == 1


def test_ids_of_the_whole_range_are_kept() -> None:
    index, known = Index(), some(2)
    index.add(np.array([2**64 - 1, 2**63], np.uint64), known)
    assert index.search(known[:1]).id.tolist() == [2**64 - 1]


def test_an_id_added_twice_is_refused_and_nothing_changes() -> None:
    index, known = Index(), some(3)
    index.add([1], known[:1])
    for ids in ([2, 1], [2, 2]):
        with pytest.raises(AlreadyKnown, match="one fingerprint only"):
            index.add(ids, known[1:])
    assert len(index) == 1
    assert len(index.search(known[1:])) == 0


def test_removing_an_unknown_id_is_refused_and_nothing_changes() -> None:
    index, known = Index(), some(2)
    index.add([1, 2], known)
    for ids in ([1, 3], [1, 1]):
        with pytest.raises(UnknownId) as refusal:
            index.remove(ids)
        assert isinstance(refusal.value, KeyError)
        assert "no such id" in str(refusal.value)
    assert len(index) == 2
    assert index.search(known).id.tolist() == [1, 2]


def test_a_removed_id_can_be_added_again_for_another_fingerprint() -> None:
    index, known = Index(), some(2)
    index.add([1], known[:1])
    index.remove([1])
    index.add([1], known[1:])
    assert listed(index.search(known)) == [(1, 1, 0)]


@pytest.mark.parametrize(
    ("ids", "prints"),
    [([1, 2], some(1)), ([1], some(1)[:, :31]), ([1], some(1).astype(np.int32)), ([-1], some(1)),
     ([1.5], some(1)), ([[1]], some(1)), ([1], some(1)[0])],
)  # fmt: skip
def test_misshapen_arrays_are_refused(ids: list[int], prints: np.ndarray) -> None:
    index = Index()
    with pytest.raises(Misshapen):
        index.add(ids, prints)
    assert len(index) == 0


@pytest.mark.parametrize("radius", [-1, 65, 256])
def test_a_radius_outside_0_to_64_is_refused(radius: int) -> None:
    with pytest.raises(Misshapen):
        Index(radius=radius)
    with pytest.raises(Misshapen):
        Index().search(some(1), radius)


def test_every_answer_says_which_generation_it_searched_and_that_it_was_complete() -> None:
    index, known = Index(), some(40)
    index.apply(Changes(added=np.arange(40), fingerprints=known), 7)
    for answer in (index.search(known), index.search(~known), index.join(known), index.search(known[:0])):
        assert (answer.generation, answer.complete) == (7, True)
        assert answer.whole() is answer
    index.remove([3])
    assert index.search(known).generation == 7


def test_nothing_is_concluded_from_an_answer_that_is_not_complete() -> None:
    with pytest.raises(Incomplete, match="Allow nothing by it"):
        replace(Index().search(some(1)), complete=False).whole()


def test_changes_are_applied_in_the_order_of_their_generations() -> None:
    index, known = Index(), some(3)
    assert index.generation == 0
    index.apply(Changes(added=np.array([1, 2]), fingerprints=known[:2]), 5)
    assert index.generation == 5
    for late in (5, 4, 0):
        with pytest.raises(OutOfOrder):
            index.apply(Changes(removed=np.array([1])), late)
    index.apply(Changes(removed=np.array([1]), added=np.array([1]), fingerprints=known[2:]), 6)
    assert listed(index.search(known)) == [(1, 2, 0), (2, 1, 0)]
    with pytest.raises(UnknownId):
        index.apply(Changes(removed=np.array([9]), added=np.array([7]), fingerprints=known[:1]), 7)
    assert (index.generation, len(index)) == (6, 2)


def test_what_was_added_is_in_the_next_search_however_many_there_are(early_tables: None) -> None:
    index, known = Index(), some(600)
    for each in range(600):
        index.add([each], known[each : each + 1])
        assert index.search(known[each : each + 1]).id.tolist() == [each]
    for each in range(0, 600, 2):
        index.remove([each])
        assert len(index.search(known[each : each + 1])) == 0
    assert index.search(known).id.tolist() == list(range(1, 600, 2))


def test_readers_see_each_batch_whole_or_not_at_all(early_tables: None) -> None:
    """One writer swaps two sets of a hundred ids for each other, over and over, until each of the others has searched often."""
    index, same, stop = Index(), some(1), threading.Event()
    seen = [0] * 3
    prints = np.repeat(same, 100, axis=0)
    sets = np.arange(100), np.arange(100, 200)
    index.apply(Changes(added=sets[0], fingerprints=prints), 1)

    def read(place: int) -> None:
        while not stop.is_set():
            ids = index.search(same).id.tolist()
            assert ids in (sets[0].tolist(), sets[1].tolist())
            seen[place] += 1

    with ThreadPoolExecutor(3) as threads:
        reading, turn = [threads.submit(read, place) for place in range(3)], 0
        while turn < 300 or turn % 2 or (min(seen) <= 10 and not any(each.done() for each in reading)):
            index.apply(Changes(sets[turn % 2], sets[(turn + 1) % 2], prints), turn + 2)
            turn += 1
        stop.set()
        for each in reading:
            each.result()
    assert index.search(same).id.tolist() == sets[0].tolist()


def test_two_writers_lose_nothing() -> None:
    index, known = Index(), some(2000)
    with ThreadPoolExecutor(4) as threads:
        for each in range(2000):
            threads.submit(index.add, [each], known[each : each + 1])
    assert len(index) == 2000
    assert sorted(index.search(known).id.tolist()) == list(range(2000))


def test_what_is_removed_while_parts_are_put_together_stays_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The merge has taken the parts' content; then ids leave, one comes back as another fingerprint and leaves again."""
    monkeypatch.setattr(merging, "SMALL", 8)
    taken, go_on = threading.Event(), threading.Event()
    content = merging.Merge.content

    def slowly(merge: merging.Merge) -> object:
        whole = content(merge)
        taken.set()
        assert go_on.wait(600)
        return whole

    monkeypatch.setattr(merging.Merge, "content", slowly)
    index, known = Index(), some(40)
    for first in (0, 6, 12):
        index.add(np.arange(first, first + 6), known[first : first + 6])
    assert taken.wait(600)
    index.remove([1, 2, 3])
    index.add([2, 3], known[30:32])
    index.remove([2])
    before = listed(index.search(known))
    go_on.set()
    index.settle()
    assert listed(index.search(known)) == before
    assert index.search(known).id.tolist() == [0, *range(4, 18), 3]
    assert len(index) == 16


def test_a_merge_that_fails_loses_nothing_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "SMALL", 8)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    index, known = Index(), some(60)

    def full(_: merging.Merge) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(merging.Merge, "content", full)
        for each in range(30):
            index.add([each], known[each : each + 1])
            index.settle()
    assert index.search(known[:30]).id.tolist() == list(range(30))
    for each in range(30, 60):
        index.add([each], known[each : each + 1])
    index.settle()
    assert index.search(known).id.tolist() == list(range(60))


def test_a_worn_shelf_is_put_together_anew() -> None:
    index, known = Index(), some(100_000)
    index.add(np.arange(100_000), known)
    before = index.nbytes
    index.remove(np.arange(0, 80_000))
    index.settle()
    assert index.nbytes < before / 2
    assert index.search(known[79_990:80_010]).id.tolist() == list(range(80_000, 80_010))


def test_an_index_given_its_permutation_answers_and_is_saved_as_any_other() -> None:
    known = some(300)
    own, given_order = Index(), Index(permutation=ORDER)
    for index in (own, given_order):
        index.add(np.arange(300), known)
    again = Index.unpacked(given_order.packed(), permutation=ORDER)
    assert listed(own.search(known, 64)) == listed(given_order.search(known, 64)) == listed(again.search(known, 64))


@pytest.mark.parametrize("radius", [31, 40])
@pytest.mark.parametrize("engine", list(kernel.engines()), ids=lambda engine: engine.name)
def test_a_join_of_many_finds_what_their_searches_find(engine: kernel.Engine, radius: int) -> None:
    index, known = Index(engine=engine), some(21_000)
    index.add(np.arange(20_000), known[:20_000])
    index.add(np.arange(20_000, 21_000) * 7, known[20_000:])  # on the tail
    index.remove([3, 20_001 * 7])
    rng = np.random.default_rng(8)
    queries = known[rng.integers(0, 21_000, 300)] ^ np.packbits(rng.random((300, 256)) < 0.08, axis=1)
    queries = np.concatenate([queries, known[[3, 4, 20_001, 20_002]]])
    assert listed(index.join(queries, radius, threads=3)) == listed(index.search(queries, radius))
    assert len(index.join(queries, radius)) > 2
    assert len(index.join(np.empty((0, 32), np.uint8))) == 0


def test_versions_beyond_what_two_bytes_hold_are_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ends are written anew every few versions, while parts are put together and readers are under way."""
    monkeypatch.setattr(merging, "SMALL", 8)
    monkeypatch.setattr(store, "LASTS", 3)
    index, known, held = Index(), some(40), dict[int, bytes]()
    early = index._store.now
    rng = np.random.default_rng(2)
    for step in range(200):
        leaving = [each for each in held if rng.random() < 0.3]
        coming = [each for each in range(40) if each not in held and rng.random() < 0.3]
        before, seen = index._store.now, dict(held)
        index.apply(Changes(np.array(leaving), np.array(coming), known[coming]), step + 1)
        for each in leaving:
            del held[each]
        held |= {each: known[each].tobytes() for each in coming}
        assert listed(index.search(known)) == oracle(held, known, 31)
        then = before.search(index._engine, index._shuffle, known, 31)
        assert listed(then) == oracle(seen, known, 31)
    assert len(early.search(index._engine, index._shuffle, known, 31)) == 0
