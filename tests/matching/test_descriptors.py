"""The descriptor index finds exactly what multiplying every pair in whole numbers finds."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staydown.matching import (
    AlreadyKnown,
    DescriptorChanges,
    Descriptors,
    MisshapenDescriptors,
    OutOfOrder,
    Similar,
    UnknownId,
    rows,
)

Found = list[tuple[int, int, float]]


def some(count: int, seed: int = 0) -> np.ndarray:
    """Descriptors of few directions, so that many are similar to some degree, and some are equal."""
    rng = np.random.default_rng(seed)
    directions = rng.standard_normal((4, 512))
    numbers = directions[rng.integers(0, 4, count)] + rng.choice([0, 0.5, 1, 3], (count, 1)) * rng.standard_normal(
        (count, 512)
    )
    return np.rint(numbers / np.abs(numbers).max(axis=1, keepdims=True) * 127).astype(np.int8)


def listed(found: Similar) -> Found:
    return list(zip(found.query.tolist(), found.id.tolist(), found.similarity.tolist(), strict=True))


def oracle(held: dict[int, np.ndarray], queries: np.ndarray, at_least: float) -> Found:
    """Every pair, multiplied in whole numbers of 64 bits."""
    found = []
    for place, query in enumerate(queries.astype(np.int64)):
        for each, known in held.items():
            row = known.astype(np.int64)
            cosine = float(query @ row) / (float(np.sqrt(row @ row)) * float(np.sqrt(query @ query)))
            found += [(place, each, cosine)] if cosine >= at_least else []
    return sorted(found, key=lambda match: (match[0], -match[2], match[1]))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_it_finds_what_the_oracle_finds_whatever_was_added_and_removed(data: st.DataObject) -> None:
    index, held, room = Descriptors(), dict[int, np.ndarray](), data.draw(st.sampled_from([3, 16, rows.ROOM]))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rows, "ROOM", room)
        for step in range(data.draw(st.integers(1, 5))):
            added = data.draw(st.lists(st.integers(0, 60), unique=True, max_size=20).map(
                lambda ids: [each for each in ids if each not in held]  # noqa: B023
            ))  # fmt: skip
            levels = some(len(added), seed=data.draw(st.integers(0, 3)))
            index.add(added, levels)
            held |= dict(zip(added, levels, strict=True))
            removed = data.draw(st.lists(st.sampled_from(sorted(held)), unique=True)) if held else []
            index.remove(removed)
            for each in removed:
                del held[each]
            queries, at_least = some(3, seed=step), data.draw(st.sampled_from([0, 0.2, 0.35, 0.7, 1]))
            assert listed(index.search(queries, at_least)) == oracle(held, queries, at_least)
            assert len(index) == len(held)


def test_a_descriptor_is_similar_to_itself_to_one_and_to_its_opposite_not_at_all() -> None:
    index, (one,) = Descriptors(), some(1)
    index.add([7], one[None])
    assert listed(index.search([one, -one], 0.99)) == [(0, 7, pytest.approx(1, abs=1e-12))]


def test_the_largest_products_are_still_exact() -> None:
    """512 times 128 times 128 is below what float32 counts singly."""
    extreme = np.full((2, 512), -128, np.int8)
    extreme[1, 0] = 127
    index = Descriptors()
    index.add([0, 1], extreme)
    assert listed(index.search(extreme, 0.5)) == oracle(dict(enumerate(extreme)), extreme, 0.5)


def test_rows_over_several_blocks_are_all_searched() -> None:
    levels = some(rows.ROOM + 5)
    index = Descriptors()
    index.add(np.arange(len(levels)), levels)
    found = index.search(levels[[0, rows.ROOM - 1, rows.ROOM, rows.ROOM + 4]], 0.999)
    assert {0, rows.ROOM - 1, rows.ROOM, rows.ROOM + 4} <= set(found.id.tolist())


def test_what_was_removed_gives_its_memory_back_and_the_rest_is_found() -> None:
    levels = some(3 * rows.ROOM)
    index = Descriptors()
    index.add(np.arange(len(levels)), levels)
    before = index.nbytes
    index.remove(np.arange(2 * rows.ROOM))
    assert index.nbytes < before / 2
    assert len(index) == rows.ROOM
    assert 2 * rows.ROOM in index.search(levels[[2 * rows.ROOM]], 0.9999).id


def test_an_answer_says_of_which_generation_it_is_and_that_it_is_complete() -> None:
    index, levels = Descriptors(), some(3)
    index.apply(DescriptorChanges(added=np.array([1, 2], np.uint64), levels=levels[:2]), 5)
    index.apply(DescriptorChanges(np.array([1], np.uint64), np.array([1, 3], np.uint64), levels[[2, 0]]), generation=8)
    found = index.search(levels[:1], 0.9999)
    assert (found.generation, index.generation, found.complete) == (8, 8, True)
    assert 3 in found.id.tolist()


def test_an_earlier_generation_is_refused() -> None:
    index = Descriptors()
    index.apply(DescriptorChanges(), 5)
    with pytest.raises(OutOfOrder):
        index.apply(DescriptorChanges(), 5)


def test_what_cannot_be_done_changes_nothing() -> None:
    index, levels = Descriptors(), some(4)
    index.add([1, 2], levels[:2])
    refused = (
        (lambda: index.add([3, 1], levels[:2]), AlreadyKnown),
        (lambda: index.add([3, 3], levels[:2]), AlreadyKnown),
        (lambda: index.remove([1, 9]), UnknownId),
        (lambda: index.remove([1, 1]), UnknownId),
        (lambda: index.add([3, 4], levels[:1]), MisshapenDescriptors),
        (lambda: index.add([3], levels[:1].astype(np.float32)), MisshapenDescriptors),
        (lambda: index.add([3], levels[:1, :100]), MisshapenDescriptors),
        (lambda: index.add([3], np.zeros((1, 512), np.int8)), MisshapenDescriptors),
        (lambda: index.search(levels[0], 0.5), MisshapenDescriptors),
        (lambda: index.search(levels, 1.01), MisshapenDescriptors),
        (lambda: index.search(levels, float("nan")), MisshapenDescriptors),
    )
    for act, error in refused:
        with pytest.raises(error):
            act()
    assert sorted(index.search(levels[:2], 0.0).id.tolist()) == sorted(
        each for _, each, _ in oracle(dict(enumerate(levels[:2], 1)), levels[:2], 0.0)
    )


def test_an_empty_index_and_an_empty_search_find_nothing() -> None:
    index = Descriptors()
    assert len(index.search(some(2), 0.0)) == 0
    index.add([1], some(1))
    assert len(index.search(np.empty((0, 512), np.int8), 0.0)) == 0


def test_readers_see_each_change_whole_while_a_writer_replaces_rows() -> None:
    """The same descriptor is always there once, under ids that the writer exchanges."""
    index, (one,) = Descriptors(), some(1)
    index.apply(DescriptorChanges(added=np.array([0], np.uint64), levels=one[None]), 1)
    over = threading.Event()

    def read() -> set[tuple[int, int]]:
        seen: set[tuple[int, int]] = set()
        while not over.is_set():
            found = index.search(one[None], 0.9999)
            seen.add((len(found), int(found.id[0]) - found.generation))
        return seen

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        for at in range(1, 300):
            before, after = np.array([[at - 1], [at]], np.uint64)
            index.apply(DescriptorChanges(before, after, one[None]), at + 1)
        over.set()
        assert set.union(*(reader.result() for reader in readers)) <= {(1, -1)}
