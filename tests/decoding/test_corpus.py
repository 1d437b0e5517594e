"""The whole corpus of hostile files through one pool: an answer or a named refusal each, and nothing else happens."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from staydown.decoding import Decoded, DecodingError, Limits, Picture, Pool, Unavailable
from tests.decoding import corpus
from tests.decoding.harmless import plain

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
# What is stopped is named like everything else, so nothing here depends on the machine's speed.
SMALL = Limits(bytes=4 << 20, pixels=20_000_000, cpu_seconds=1, wall_seconds=120.0, memory=512 << 20)
Workers = Callable[[], set[int]]


@pytest.fixture
def watched(workers: Workers) -> Iterator[tuple[Pool, Workers]]:
    """A pool of two, and the ids of its own workers."""
    before = workers()
    with Pool(2, SMALL) as pool:
        yield pool, lambda: workers() - before


def outcome(pool: Pool, data: bytes) -> str:
    """What becomes of a file when it is examined, and when it is shown. Any other exception ends the test."""
    said = []
    for ask in (pool.decode, pool.show):
        try:
            found = ask(data)
        except DecodingError as refusal:
            assert not isinstance(refusal, Unavailable)
            assert len(str(refusal)) > 40
            said.append(type(refusal).__name__)
        else:
            assert isinstance(found, Decoded | Picture)
            assert found.width * found.height <= SMALL.pixels
            said.append("answer")
    return " ".join(said)


def through(pool: Pool, workers: Workers, files: Iterable[bytes]) -> Counter[str]:
    """How often each outcome came. Two files at a time; no worker ever grows beyond its limit."""

    def one(data: bytes) -> str:
        found = outcome(pool, data)
        assert all(size <= SMALL.memory for size in map(most_memory, workers()))
        return found

    with ThreadPoolExecutor(2) as threads:
        return Counter(threads.map(one, files))


def most_memory(worker: int) -> int:
    """The largest address space a process ever had, in bytes; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{worker}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmPeak:\s+(\d+) kB", status)
    return int(found[1]) << 10 if found else 0


def unharmed(pool: Pool, data: bytes, before: Decoded) -> bool:
    after = pool.decode(data)
    return np.array_equal(after.flips, before.flips) and len(after.regions) == len(before.regions)


def test_every_hostile_file_ends_in_an_answer_or_a_named_refusal(watched: tuple[Pool, Workers]) -> None:
    pool, workers = watched
    harmless = plain("PNG", (300, 200))
    before = pool.decode(harmless)
    files = [data for _, data in corpus.standing()]
    found = through(pool, workers, files)
    assert found.total() == len(files) > 300
    assert found["answer answer"] > 60, found  # what is shown by browsers is looked at, not refused
    assert found["Undecodable Undecodable"] > 60, found
    assert found["TooLarge TooLarge"] > 20, found
    assert unharmed(pool, harmless, before)
    assert len(workers()) <= 2


def test_the_corpus_is_the_same_every_time() -> None:
    first, second = (list(corpus.mutations(seed=5, count=40)) for _ in range(2))
    assert first == second
    assert len(set(first)) == 40
    assert first != list(corpus.mutations(seed=6, count=40))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_thousands_of_spoilt_files_end_well(watched: tuple[Pool, Workers], seed: int) -> None:
    pool, workers = watched
    harmless = plain("PNG", (300, 200))
    before = pool.decode(harmless)
    assert through(pool, workers, corpus.mutations(seed + 1000, 1000)).total() == 1000
    assert unharmed(pool, harmless, before)
