"""A sealed segment is whole or refused, whatever happened to its file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staydown.vault import segments
from staydown.vault.segments import Sealed, Unusable

KEY = b"k" * 32
PAGE = b"page".ljust(4096)
CLEAR = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def _small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "FRAME", 5000)


def at(folder: Path, name: str = "bank", key: bytes = KEY) -> Sealed:
    return Sealed(folder / f"{name}.segment", name, key)


def written(folder: Path) -> Sealed:
    sealed = at(folder)
    sealed.write(PAGE, [CLEAR[:7], memoryview(CLEAR)[7:6000], b"", CLEAR[6000:]])
    return sealed


def opened(sealed: Sealed) -> tuple[bytes, list[bytes], bool]:
    """What is stored, the records, and whether the end was torn."""
    with sealed.reading() as reader:
        memory = bytearray(len(PAGE) + len(CLEAR))
        memory[: len(PAGE)] = reader.page()
        reader.into(memoryview(memory), len(PAGE))
        return bytes(memory), list(reader.records()), reader.torn


def stored(_page: bytes) -> int:
    return len(PAGE) + len(CLEAR)


def add(sealed: Sealed, record: bytes) -> None:
    with sealed.reading() as reader:
        reader.skip(stored)
        assert list(reader.records()) is not None
    sealed.append(reader, record)


def test_what_was_stored_and_added_is_read_again(tmp_path: Path):
    sealed = written(tmp_path)
    assert opened(sealed) == (PAGE + CLEAR, [], False)
    for each in (b"one", b"", b"three" * 900):
        add(sealed, each)
    assert opened(sealed) == (PAGE + CLEAR, [b"one", b"", b"three" * 900], False)
    with sealed.reading() as reader:
        assert reader.skip(stored) == PAGE
        assert list(reader.records()) == [b"one", b"", b"three" * 900]


def test_nothing_in_clear_is_on_the_disk(tmp_path: Path):
    sealed = written(tmp_path)
    add(sealed, CLEAR[:4000])
    kept = sealed.path.read_bytes()
    assert all(CLEAR[start : start + 8] not in kept for start in range(0, 256, 8))
    assert sealed.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("other", [{"key": b"o" * 32}, {"name": "catalogue"}], ids=["another key", "another name"])
def test_a_file_sealed_otherwise_is_refused(tmp_path: Path, other: dict):
    written(tmp_path).path.rename(at(tmp_path, **other).path)
    with pytest.raises(Unusable, match="another key"):
        opened(at(tmp_path, **other))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_an_altered_byte_is_never_used(tmp_path: Path, place: float, change: int):
    sealed = written(tmp_path)
    add(sealed, b"one")
    add(sealed, b"two")
    kept = bytearray(sealed.path.read_bytes())
    kept[int(place * len(kept))] ^= change
    sealed.path.write_bytes(kept)
    try:
        clear, records, torn = opened(sealed)
    except Unusable:
        return
    assert torn
    assert (clear, records) in [(PAGE + CLEAR, [b"one"]), (PAGE + CLEAR, [])]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True))
def test_a_torn_end_is_left_out_and_written_over(tmp_path: Path, place: float):
    sealed = written(tmp_path)
    add(sealed, b"one")
    before = sealed.path.stat().st_size
    add(sealed, b"two" * 900)
    kept = sealed.path.read_bytes()
    sealed.path.write_bytes(kept[: before + int(place * (len(kept) - before))])
    assert opened(sealed)[:2] == (PAGE + CLEAR, [b"one"])
    add(sealed, b"three")
    assert opened(sealed) == (PAGE + CLEAR, [b"one", b"three"], False)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True))
def test_an_end_that_a_power_cut_left_as_zeros_is_not_used(tmp_path: Path, place: float):
    sealed = written(tmp_path)
    add(sealed, b"one")
    before = sealed.path.stat().st_size
    add(sealed, b"two" * 900)
    kept = sealed.path.read_bytes()
    whole = before + int(place * (len(kept) - before))
    sealed.path.write_bytes(kept[:whole].ljust(len(kept), b"\0"))
    try:
        assert opened(sealed)[:2] == (PAGE + CLEAR, [b"one"])
    except Unusable:
        return


def test_a_segment_that_is_cut_short_is_refused_and_not_added_to(tmp_path: Path):
    sealed = written(tmp_path)
    os.truncate(sealed.path, sealed.path.stat().st_size - 1)
    with pytest.raises(Unusable):
        add(sealed, b"one")
    with pytest.raises(Unusable):
        opened(sealed)


def test_frames_cannot_change_places(tmp_path: Path):
    sealed = written(tmp_path)
    size = sealed.path.stat().st_size
    add(sealed, b"one")
    add(sealed, b"two")
    kept = sealed.path.read_bytes()
    one, two = kept[size : size + 35], kept[size + 35 :]
    sealed.path.write_bytes(kept[:size] + two + one)
    with pytest.raises(Unusable):
        opened(sealed)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    sealed = written(tmp_path)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync", fail) if step == "fsync" else (Path, "replace", fail)))
        with pytest.raises(OSError, match="No space"):
            sealed.write(PAGE, [b"other"])
    assert [file.name for file in tmp_path.iterdir()] == ["bank.segment"]
    assert opened(sealed)[0] == PAGE + CLEAR


WRITER = """
import sys
from pathlib import Path
from staydown.vault import segments
from staydown.vault.segments import Sealed
segments.FRAME = 5000
sealed = Sealed(Path(sys.argv[1]) / "bank.segment", "bank", b"k" * 32)
number = int(sys.argv[2])
page = b"page".ljust(4096)
while True:
    number += 1
    if number % 7 == 0:
        content = str(number).encode().ljust(30_000, b".")
        sealed.write(page, [content])
    else:
        with sealed.reading() as reader:
            reader.skip(lambda _: len(page) + 30_000)
            list(reader.records())
        sealed.append(reader, str(number).encode().ljust(4_000, b"-"))
    print(number, flush=True)
"""


@pytest.mark.parametrize("turns", [6, pytest.param(200, marks=pytest.mark.soak)])
def test_kill_9_while_adding_and_compacting_loses_nothing_that_was_told(tmp_path: Path, turns: int):
    sealed = at(tmp_path)
    sealed.write(PAGE, [b"0".ljust(30_000, b".")])
    last = 0
    for turn in range(turns):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(last)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        first = process.stdout.readline()  # it has begun
        time.sleep(0.003 * (turn % 29))
        process.send_signal(signal.SIGKILL)
        told = [int(each) for each in (first + process.stdout.read()).split()]
        process.wait()
        last = _last_in(sealed)
        assert told[-1] <= last <= told[-1] + 1


def _last_in(sealed: Sealed) -> int:
    """The number of what was written last; everything since the segment was written is there, in order."""
    with sealed.reading() as reader:
        memory = bytearray(len(PAGE) + 30_000)
        memory[: len(PAGE)] = reader.page()
        reader.into(memoryview(memory), len(PAGE))
        numbers = [int(each.rstrip(b"-")) for each in reader.records()]
    begin = int(bytes(memory[len(PAGE) :]).rstrip(b"."))
    assert numbers == list(range(begin + 1, begin + 1 + len(numbers)))
    return numbers[-1] if numbers else begin
