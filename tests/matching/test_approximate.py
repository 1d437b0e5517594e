"""The graph only proposes: what is found is what the exact index finds of it, and nothing depends on the graph alone."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staydown import matching
from staydown.matching import (
    AlreadyKnown,
    ApproximateDescriptors,
    DescriptorChanges,
    Descriptors,
    MisshapenDescriptors,
    OutOfOrder,
    UnknownId,
    approximate,
    graph,
    rows,
)
from tests.matching.test_descriptors import listed, some

needs_library = pytest.mark.skipif(graph.library() is None, reason="the extra `approximate` is not installed")
ENOUGH = 300


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A graph from 300 rows on, which has all but the last fifteen of them."""
    monkeypatch.setattr(approximate, "FROM", ENOUGH)
    monkeypatch.setattr(approximate, "TAIL", 16)
    yield
    for thread in threading.enumerate():
        if thread.name == "matching-graph":
            thread.join()


def clustered(count: int, seed: int = 0, clusters: int = 40) -> np.ndarray:
    """Descriptors around few directions: in each cluster some dozens are near each other, to every degree."""
    directions = np.random.default_rng(99).standard_normal((clusters, 512))
    rng = np.random.default_rng(seed)
    noise = rng.uniform(0.3, 1.5, (count, 1)) * rng.standard_normal((count, 512))
    numbers = directions[rng.integers(0, clusters, count)] + noise
    return np.rint(numbers / np.abs(numbers).max(axis=1, keepdims=True) * 127).astype(np.int8)


def filled(levels: np.ndarray) -> tuple[ApproximateDescriptors, Descriptors]:
    """Both indexes with these, under their places; the graph has them."""
    index, exact = ApproximateDescriptors(), Descriptors()
    for each in (index, exact):
        each.add(np.arange(len(levels)), levels)
    index.settle()
    return index, exact


@needs_library
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_it_never_returns_what_the_exact_one_would_not_and_the_cosines_are_the_same(data: st.DataObject) -> None:
    index, exact, held = ApproximateDescriptors(), Descriptors(), set[int]()
    with pytest.MonkeyPatch.context() as patched, ExitStack() as last:
        last.callback(index.settle)  # before rows have another room, however this ends
        patched.setattr(rows, "ROOM", data.draw(st.sampled_from([64, rows.ROOM])))
        for step in range(data.draw(st.integers(1, 6))):
            many = data.draw(st.sampled_from([0, 5, 40, 400]))
            added = np.setdiff1d(np.arange(step * 300, step * 300 + many), sorted(held))
            levels = some(len(added), seed=data.draw(st.integers(0, 3)))
            removed = data.draw(st.lists(st.sampled_from(sorted(held)), unique=True)) if held else []
            if held and data.draw(st.booleans()):
                removed = sorted(held)[: int(len(held) * data.draw(st.sampled_from([0.3, 0.9, 1])))]
            for each in (index, exact):
                each.add(added, levels)
                each.remove(removed)
            held = (held | set(added.tolist())) - set(removed)
            if data.draw(st.booleans()):
                index.settle()
            queries, at_least = some(3, seed=step), data.draw(st.sampled_from([0, 0.2, 0.35, 0.7, 1]))
            found, wanted = index.search(queries, at_least), exact.search(queries, at_least)
            assert len(index) == len(held)
            assert found.complete or len(held) >= ENOUGH
            if found.complete:
                assert listed(found) == listed(wanted)
            else:
                told = set(listed(found))
                assert listed(found) == [each for each in listed(wanted) if each in told]


def recall(index: ApproximateDescriptors, exact: Descriptors, queries: np.ndarray, nearest: int) -> float:
    """The share of the nearest to each query, as the exact index has them, that is found."""
    found = index.search(queries, 0)
    assert not found.complete
    told, wanted = set(listed(found)), listed(exact.search(queries, 0))
    first = [each for place in range(len(queries)) for each in [w for w in wanted if w[0] == place][:nearest]]
    return sum(each in told for each in first) / len(first)


@needs_library
def test_among_clustered_descriptors_nearly_all_of_the_nearest_are_proposed() -> None:
    index, exact = filled(clustered(1500))
    assert recall(index, exact, clustered(30, seed=1), 12) >= 0.98


@needs_library
def test_that_measure_of_recall_fails_a_graph_that_proposes_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    index, exact = filled(clustered(1500))
    near = graph.Graph.near

    def anything(self: graph.Graph, levels: np.ndarray) -> tuple[list[np.ndarray], int]:
        return [np.arange(64) for _ in levels], near(self, levels)[1]

    monkeypatch.setattr(graph.Graph, "near", anything)
    assert recall(index, exact, clustered(30, seed=1), 12) < 0.2


@needs_library
def test_what_was_added_is_found_though_the_graph_does_not_have_it_yet() -> None:
    index, _ = filled(clustered(400))
    late = clustered(10, seed=5)
    index.add(np.arange(1000, 1010), late)
    found = index.search(late, 0.9999)
    assert not found.complete
    assert set(range(1000, 1010)) <= set(found.id.tolist())


@needs_library
def test_while_the_graph_grows_every_row_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    levels, go_on, add = clustered(400), threading.Event(), graph.Graph.add

    def waiting(self: graph.Graph, *rows: object) -> None:
        assert go_on.wait(600)
        add(self, *rows)

    monkeypatch.setattr(graph.Graph, "add", waiting)
    index, exact = ApproximateDescriptors(), Descriptors()
    for each in (index, exact):
        each.add(np.arange(400), levels)
    found = index.search(levels[:3], 0.2)
    assert found.complete
    assert listed(found) == listed(exact.search(levels[:3], 0.2))
    go_on.set()
    index.settle()
    assert not index.search(levels[:3], 0.2).complete


@needs_library
def test_what_was_removed_is_not_found_though_the_graph_proposes_it_and_its_id_can_stand_for_another() -> None:
    levels = clustered(400)
    index, _ = filled(levels)
    index.remove([7])
    assert 7 not in index.search(levels[[7]], 0.3).id
    index.add([7], clustered(1, seed=8))
    assert 7 not in index.search(levels[[7]], 0.9).id
    assert 7 in index.search(clustered(1, seed=8), 0.9999).id


@needs_library
def test_where_most_of_what_the_graph_proposes_is_gone_every_row_is_looked_at() -> None:
    """Else a hundred rows that were removed would hide the one behind them."""
    near = np.repeat(clustered(1, seed=3), 101, axis=0)
    near[:, 0] = np.arange(101) - 50
    index, exact = filled(np.concatenate([near, clustered(500)]))
    for each in (index, exact):
        each.remove(np.arange(100))
    found = index.search(near[:1], 0.5)
    assert found.complete
    assert listed(found) == listed(exact.search(near[:1], 0.5))
    assert 100 in found.id


@needs_library
def test_after_rows_were_compacted_a_new_graph_is_grown_of_those_that_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROOM", 64)
    levels = clustered(1200)
    index, exact = filled(levels)
    index.remove(np.arange(700))
    exact.remove(np.arange(700))
    kept = levels[700:740]
    assert set(range(700, 740)) <= set(index.search(kept, 0.9999).id.tolist())
    index.settle()
    assert recall(index, exact, kept, 5) >= 0.95


def test_few_rows_are_all_looked_at_also_when_there_were_more() -> None:
    index, exact = filled(clustered(ENOUGH - 1))
    queries = clustered(5, seed=2)
    assert index.search(queries, 0.1).complete
    for each in (index, exact):
        each.add(np.arange(1000, 1100), clustered(100, seed=3))
        each.remove(np.arange(101))
    index.settle()
    found = index.search(queries, 0.1)
    assert found.complete
    assert listed(found) == listed(exact.search(queries, 0.1))


def test_without_the_library_it_is_the_exact_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usearch", None)  # as where the extra is not installed
    graph.library.cache_clear()
    try:
        assert graph.library() is None
        assert matching.proposer() == "exactly, however many"
        index, exact = filled(clustered(500))
        found = index.search(clustered(5, seed=2), 0.1)
        assert found.complete
        assert listed(found) == listed(exact.search(clustered(5, seed=2), 0.1))
    finally:
        graph.library.cache_clear()


@needs_library
def test_the_library_is_imported_only_where_there_are_enough_rows() -> None:
    asked = (
        "import sys, numpy; from staydown.matching import ApproximateDescriptors;"
        "index = ApproximateDescriptors(); index.add([1], numpy.ones((1, 512), numpy.int8)); index.search("
        "numpy.ones((1, 512), numpy.int8), 0.5); sys.exit('usearch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


@needs_library
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_graph_that_cannot_grow_leaves_the_answers_exact_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:

        def full(*_: object) -> None:
            raise MemoryError

        patched.setattr(graph.Graph, "add", full)
        index, exact = filled(clustered(400))
        found = index.search(clustered(3, seed=2), 0.1)
        assert found.complete
        assert listed(found) == listed(exact.search(clustered(3, seed=2), 0.1))
    index.add([1000], clustered(1, seed=4))
    index.settle()
    assert not index.search(clustered(3, seed=2), 0.1).complete


@needs_library
def test_it_refuses_what_the_exact_one_refuses_and_says_its_generation() -> None:
    index, _ = filled(clustered(400))
    levels = clustered(2, seed=2)
    refused = (
        (lambda: index.add([1], levels[:1]), AlreadyKnown),
        (lambda: index.remove([5000]), UnknownId),
        (lambda: index.search(levels[0], 0.5), MisshapenDescriptors),
        (lambda: index.search(levels, 1.01), MisshapenDescriptors),
        (lambda: index.search(np.zeros((1, 512), np.int8), 0.5), MisshapenDescriptors),
    )
    for act, error in refused:
        with pytest.raises(error):
            act()
    index.apply(DescriptorChanges(np.array([3], np.uint64), np.array([3], np.uint64), levels[:1]), 5)
    with pytest.raises(OutOfOrder):
        index.apply(DescriptorChanges(), 5)
    found = index.search(levels[:1], 0.9999)
    assert (found.generation, index.generation, found.id.tolist()) == (5, 5, [3])
    assert len(index.search(np.empty((0, 512), np.int8), 0.5)) == 0


@needs_library
def test_readers_see_each_change_whole_while_rows_are_exchanged_and_the_graph_grows() -> None:
    """The same descriptor is always there once, under ids that the writer exchanges."""
    one = clustered(1, seed=77)
    index, _ = filled(clustered(400))
    index.apply(DescriptorChanges(added=np.array([10_000], np.uint64), levels=one), 1)
    over, begun = threading.Event(), threading.Barrier(4)

    def read() -> set[tuple[int, int]]:
        begun.wait()
        seen: set[tuple[int, int]] = set()
        while not (over.is_set() and seen):
            found = index.search(one, 0.9999)
            seen.add((len(found), int(found.id[0]) - found.generation))
        return seen

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        begun.wait()
        for at in range(1, 200):
            before, after = np.array([[9999 + at], [10_000 + at]], np.uint64)
            index.apply(DescriptorChanges(before, after, one), at + 1)
        over.set()
        assert set.union(*(reader.result() for reader in readers)) == {(1, 9999)}


ENDING = """
import sys, threading
import numpy as np
from staydown.matching import ApproximateDescriptors, approximate, graph
approximate.FROM = approximate.AT_ONCE = 3000
index, inside, add = ApproximateDescriptors(), threading.Event(), graph.Graph.add
def told(self, *rows):
    inside.set()
    add(self, *rows)
graph.Graph.add = told
index.add(np.arange(3000), np.random.default_rng(1).integers(-99, 99, (3000, 512), dtype=np.int8))
inside.wait()
threading.Event().wait(0.1)  # a second is needed for so many rows at once
"""


@needs_library
def test_a_process_ends_in_order_while_its_graph_grows() -> None:
    ran = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, check=False, timeout=300)
    assert (ran.returncode, ran.stderr) == (0, "")
