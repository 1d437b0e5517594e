"""An index comes back from its sealed segment as it was, in as many processes as there are, and from one opening."""

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from staydown.matching import Changes, Damaged, Index
from staydown.vault import indexes
from staydown.vault.segments import Sealed, Unusable
from tests.vault.test_memory import within

ORDER = np.random.default_rng(5).permutation(256).astype(np.uint8)
COUNT = 30_000


def prints(count: int = COUNT) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (count, 32), dtype=np.uint8)


def at(folder: Path, key: bytes = b"k" * 32) -> Sealed:
    return Sealed(folder / "bank.segment", "bank", key)


def stored(folder: Path) -> Sealed:
    index = Index(permutation=ORDER)
    index.apply(Changes(added=np.arange(COUNT), fingerprints=prints()), 42)
    indexes.store(at(folder), index)
    return at(folder)


def test_an_index_is_opened_as_it_was_stored_with_what_came_after(tmp_path: Path):
    sealed = stored(tmp_path)
    assert indexes.add(sealed, 42, Changes(removed=np.array([7], np.uint64)), 43)
    assert indexes.add(sealed, 43, Changes(added=np.array([COUNT], np.uint64), fingerprints=~prints(1)), 50)
    found = indexes.opened(sealed, ORDER)
    assert (found.index.generation, len(found.index), found.records, found.torn) == (50, COUNT, 2, False)
    assert found.index.search(prints(10), 0).id.tolist() == [0, 1, 2, 3, 4, 5, 6, 8, 9]
    assert found.index.search(~prints(1), 0).id.tolist() == [COUNT]
    before = indexes.opened(sealed, ORDER, upto=49)
    assert (before.index.generation, before.records) == (43, 1)
    assert not indexes.add(sealed, 43, Changes(), 51)
    with sealed.reading() as reader:
        extent = indexes.extent(reader)
    assert (extent.generation, extent.records, extent.head.ids) == (50, 2, COUNT)


def test_a_new_segment_takes_in_the_log(tmp_path: Path):
    sealed = stored(tmp_path)
    assert indexes.add(sealed, 42, Changes(removed=np.array([7], np.uint64)), 43)
    indexes.store(sealed, indexes.opened(sealed, ORDER).index)
    found = indexes.opened(sealed, ORDER)
    assert (found.index.generation, len(found.index), found.records) == (43, COUNT - 1, 0)


def _search(folder: Path, sender: Connection) -> None:
    found = indexes.opened(at(folder), ORDER)
    sender.send((found.attached, len(found.index), found.index.search(prints(5), 0).id.tolist()))
    sender.recv()


def test_many_processes_look_into_one_memory_and_each_follows_by_itself(tmp_path: Path):
    sealed, context = stored(tmp_path), multiprocessing.get_context("spawn")
    first: indexes.Opened | None = indexes.opened(sealed, ORDER)
    assert first and not first.attached
    first.index.remove([3])
    assert indexes.add(sealed, 42, Changes(removed=np.array([4], np.uint64)), 43)
    pipes = [context.Pipe() for _ in range(2)]
    processes = [context.Process(target=_search, args=(tmp_path, pipe)) for _, pipe in pipes]
    for process, (mine, _) in zip(processes, pipes, strict=True):
        process.start()
        assert within(mine) == (True, COUNT - 1, [0, 1, 2, 3])
        first = None  # the second one attaches to what the first one holds
    for process, (mine, _) in zip(processes, pipes, strict=True):
        mine.send("end")
        process.join()
    assert not indexes.opened(sealed, ORDER).attached


def test_a_segment_of_another_key_or_order_of_bits_is_refused(tmp_path: Path):
    stored(tmp_path)
    with pytest.raises(Unusable):
        indexes.opened(at(tmp_path, b"o" * 32), ORDER)
    with pytest.raises(Damaged):
        indexes.opened(at(tmp_path), ORDER[::-1])
    with pytest.raises(FileNotFoundError):
        indexes.opened(Sealed(tmp_path / "none.segment", "none", b"k" * 32), ORDER)


def test_rot_that_the_opening_meets_is_refused_and_leaves_no_memory_behind(tmp_path: Path):
    sealed = stored(tmp_path)
    kept = bytearray(sealed.path.read_bytes())
    kept[len(kept) // 2] ^= 4
    sealed.path.write_bytes(kept)
    for _ in range(2):
        with pytest.raises(Unusable):
            indexes.opened(sealed, ORDER)
    assert not (tmp_path / "bank.held").exists()
