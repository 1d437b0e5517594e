"""An index on disk is whole or refused."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staydown.matching import Changes, Damaged, Index, segment


def filled(count: int = 20, radius: int = 31) -> Index:
    index = Index(radius)
    prints = np.random.default_rng(3).integers(0, 256, (count, 32), dtype=np.uint8)
    index.apply(Changes(added=np.arange(count), fingerprints=prints), 42)
    return index


PACKED = filled().packed()


@pytest.mark.parametrize("copies", [1, 2, 4, 8, 16])
def test_equal_fingerprints_survive_saving_and_opening(tmp_path: Path, copies: int) -> None:
    """A peer lost ids here: its file kept one id for each distinct fingerprint."""
    same = np.full((copies, 32), 7, np.uint8)
    index = Index()
    index.add(np.arange(copies) + 10, same)
    for turn in range(3):
        index.save(tmp_path / f"{turn}")
        index = Index.open(tmp_path / f"{turn}")
        assert index.search(same[:1]).id.tolist() == list(range(10, 10 + copies))
        assert len(index) == copies


def test_an_opened_index_is_the_saved_one(tmp_path: Path) -> None:
    index = filled(radius=12)
    index.remove([3, 4])
    index.save(str(tmp_path / "bank"))
    again = Index.open(tmp_path / "bank")
    assert (again.radius, again.generation, len(again)) == (12, 42, 18)
    assert again.packed() == index.packed()
    again.add([3], np.zeros((1, 32), np.uint8))
    again.apply(Changes(removed=np.array([3])), 43)


def test_an_empty_index_can_be_saved(tmp_path: Path) -> None:
    Index().save(tmp_path / "bank")
    assert len(Index.open(tmp_path / "bank")) == 0


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_one_altered_byte_anywhere_is_noticed(place: int, change: int) -> None:
    altered = bytearray(PACKED)
    altered[place] ^= change
    with pytest.raises(Damaged):
        Index.unpacked(bytes(altered))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(PACKED) - 1))
def test_a_torn_file_is_noticed_wherever_it_tears(length: int) -> None:
    with pytest.raises(Damaged, match="rebuilt from the bank"):
        Index.unpacked(PACKED[:length])


@given(st.binary(max_size=300))
def test_any_other_bytes_are_damaged(rubbish: bytes) -> None:
    for packed in (rubbish, PACKED + rubbish if rubbish else b""):
        with pytest.raises(Damaged):
            Index.unpacked(packed)


def test_a_file_of_a_later_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "VERSION", 2)
    later = filled().packed()
    monkeypatch.undo()
    with pytest.raises(Damaged):
        Index.unpacked(later)


def test_a_missing_file_is_not_called_damaged(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Index.open(tmp_path / "nothing")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    filled().save(tmp_path / "bank")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", fail) if step == "fsync" else (Path, "replace", fail)))
    with pytest.raises(OSError, match="No space"):
        filled(30).save(tmp_path / "bank")
    monkeypatch.undo()
    assert [file.name for file in tmp_path.iterdir()] == ["bank"]
    assert len(Index.open(tmp_path / "bank")) == 20


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    filled().save(tmp_path / "bank")
    assert (tmp_path / "bank").stat().st_mode & 0o077 == 0
