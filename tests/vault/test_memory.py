"""What is opened once is shared, cannot be changed, and ends with its last user."""

import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from staydown.vault.memory import Memory

SALT = b"s" * 32
pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="memory is shared on Linux only")


def shared(advert: Path, content: bytes = b"content") -> Memory:
    memory = Memory.new(10_000)
    memory.bytes[: len(content)] = content
    memory.share(SALT)
    memory.advertise(advert, SALT)
    return memory


def within(pipe: Connection) -> object:
    """What a process says, if it says anything."""
    assert pipe.poll(120)
    return pipe.recv()


def _look(advert: Path, sender: Connection) -> None:
    memory = Memory.shared(advert, SALT)
    sender.send(memory and bytes(memory.bytes[:7]))
    if memory:
        memory.advertise(advert, SALT)
    sender.recv()  # hold it until told


def test_another_process_finds_the_memory_and_keeps_it_for_a_third(tmp_path: Path):
    advert, context = tmp_path / "bank.held", multiprocessing.get_context("spawn")
    memory: Memory | None = shared(advert)
    pipes = [context.Pipe() for _ in range(2)]
    processes = [context.Process(target=_look, args=(advert, pipe)) for _, pipe in pipes]
    processes[0].start()
    assert within(pipes[0][0]) == b"content"
    del memory
    processes[1].start()
    assert within(pipes[1][0]) == b"content"
    for mine, _ in pipes:
        mine.send("end")
    for process in processes:
        process.join()
    assert Memory.shared(advert, SALT) is None


def test_nobody_can_write_what_is_shared(tmp_path: Path):
    memory = shared(tmp_path / "held")
    with pytest.raises(TypeError):
        memory.bytes[0] = 1
    pid, fd, _ = (tmp_path / "held").read_text().split()
    opened = os.open(f"/proc/{pid}/fd/{fd}", os.O_RDWR)
    with pytest.raises(PermissionError):
        os.write(opened, b"other")
    os.close(opened)


def test_memory_of_another_segment_or_not_yet_whole_is_not_taken(tmp_path: Path):
    memory = shared(tmp_path / "held")
    assert Memory.shared(tmp_path / "held", b"t" * 32) is None
    unfinished = Memory.new(100)
    unfinished.advertise(tmp_path / "half", SALT)
    assert Memory.shared(tmp_path / "half", SALT) is None
    assert bytes(memory.bytes[:7]) == b"content"


@pytest.mark.parametrize("line", ["", "4194305 3 {salt}", "rubbish", "{me} 1 {salt}"])
def test_a_stale_note_leads_nowhere(tmp_path: Path, line: str):
    (tmp_path / "held").write_text(line.format(me=os.getpid(), salt=SALT.hex()))
    assert Memory.shared(tmp_path / "held", SALT) is None
    assert Memory.shared(tmp_path / "missing", SALT) is None


def test_no_file_holds_the_memory(tmp_path: Path):
    memory = shared(tmp_path / "held", b"a very secret content")
    assert all(b"very secret" not in path.read_bytes() for path in tmp_path.iterdir())
    assert bytes(memory.bytes[:6]) == b"a very"
