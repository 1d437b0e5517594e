"""The workers: what they can reach, how they end, and who shares them."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from staydown import decoding
from staydown.decoding import DecodingError, Limits, Pool, TookTooLong, Unavailable, Undecodable, process, sandbox
from tests.decoding.conftest import PATIENT

Save = Callable[..., bytes]
Workers = Callable[[], set[int]]
SOURCE = str(Path(decoding.__file__).parents[2])

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="seccomp and /proc are Linux's")


@pytest.fixture
def data(photograph: Image.Image, saved: Save) -> bytes:
    return saved(photograph, "JPEG")


def _python(code: str, **environment: str) -> subprocess.Popen[bytes]:
    known = {"PYTHONPATH": SOURCE, "PATH": os.environ["PATH"], **environment}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=known,
    )


@linux_only
def test_a_workers_environment_holds_no_secret(data: bytes, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAYDOWN_FINGERPRINT_KEY", "hunter2")
    before = workers()
    with Pool(1) as pool:
        pool.decode(data)
        (worker,) = workers() - before
        held = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")
    assert {name.partition(b"=")[0] for name in held if name} == {
        b"PYTHONPATH", b"OPENBLAS_NUM_THREADS", b"OMP_NUM_THREADS", b"MKL_NUM_THREADS",
        b"MALLOC_MMAP_THRESHOLD_", b"MALLOC_TRIM_THRESHOLD_",
    }  # fmt: skip


@linux_only
def test_a_worker_has_three_open_files_and_its_limits(data: bytes, workers: Workers) -> None:
    before = workers()
    with Pool(1) as pool:
        pool.decode(data)
        (worker,) = workers() - before
        folder = Path(f"/proc/{worker}")
        assert len(list((folder / "fd").iterdir())) <= 4  # three, and at most /dev/null's first name
        status = (folder / "status").read_text()
        limits = {line[:25].strip(): line[25:].split()[:2] for line in (folder / "limits").read_text().splitlines()}
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status
    for nothing in ("Max file size", "Max core file size", "Max processes"):
        assert limits[nothing] == ["0", "0"]
    assert limits["Max address space"] == [str(1 << 30)] * 2
    assert limits["Max cpu time"][0] != "unlimited"


def test_the_protection_is_what_a_worker_says_it_is() -> None:
    assert decoding.sandbox_kind() in (sandbox.FULL, sandbox.WEAKER)
    if sys.platform == "linux":
        assert decoding.sandbox_kind() == sandbox.FULL


@linux_only
@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "os.open('/tmp', os.O_RDONLY)",
        "os.listdir('/')",
        "socket.socket()",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getppid(), 0)",
        "os.unlink('/tmp/nothing')",
        "os.symlink('/', '/tmp/nothing-at-all')",
        "threading.Thread(target=print).start()",
        "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
        "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)",
        "os.dup(0)",
        "os.pipe()",
    ],
)
def test_a_confined_process_can_do_nothing_but_decode(attempt: str) -> None:
    ended = _python(f"""
        import mmap, os, resource, socket, threading
        from staydown.decoding import sandbox
        sandbox.confine(1 << 30)
        try:
            {attempt}
        except (OSError, RuntimeError, ValueError):
            os._exit(7)
        os._exit(0)
        """)
    assert ended.wait(300) == 7


@linux_only
def test_a_confined_process_cannot_take_memory_without_end() -> None:
    ended = _python("""
        import os
        from staydown.decoding import sandbox
        sandbox.confine(300 << 20)
        try:
            bytearray(400 << 20)
        except MemoryError:
            os._exit(7)
        """)
    assert ended.wait(300) == 7


@linux_only
def test_on_other_machines_only_the_weaker_protection_is_claimed() -> None:
    ended = _python("""
        import os, platform
        from staydown.decoding import sandbox
        platform.machine = lambda: "riscv64"
        os._exit(7 if sandbox.confine(1 << 30) == sandbox.WEAKER else 0)
        """)
    assert ended.wait(300) == 7


@linux_only
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_when_their_parent_is_killed(end: signal.Signals) -> None:
    parent = _python("""
        import threading
        from staydown.decoding import process, Limits
        started = []
        starting = threading.Thread(target=lambda: started.append(process.Process(Limits())))
        starting.start()
        starting.join()  # the thread that started the worker has ended, and the worker has not
        print(started[0].pid, flush=True)
        input()
        """)
    assert parent.stdout
    worker = Path(f"/proc/{int(parent.stdout.readline())}")
    time.sleep(0.2)
    assert worker.exists()
    parent.send_signal(end)
    parent.wait()
    deadline = time.monotonic() + 120
    while _lives(worker):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _lives(process: Path) -> bool:
    """Whether it runs; what has ended may be buried while it is looked at."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return "\nState:\tZ" not in (process / "status").read_text()
    return False


@linux_only
def test_kill_9_of_an_idle_worker_is_not_noticed(data: bytes, workers: Workers) -> None:
    before = workers()
    with Pool(1) as pool:
        first = pool.decode(data)
        for worker in workers() - before:
            os.kill(worker, signal.SIGKILL)
        assert np.array_equal(pool.decode(data).luma, first.luma)
        assert len(workers() - before) == 1


@linux_only
def test_kill_9_in_the_middle_of_the_service_is_survived(data: bytes, workers: Workers) -> None:
    """Each kill waits until no picture of the kill before is left: to meet two is to be refused."""
    before, stop, served = workers(), threading.Event(), [0] * 6
    with Pool(2) as pool, ThreadPoolExecutor(6) as threads:
        right = pool.decode(data).luma

        def serve(place: int) -> None:
            while not stop.is_set():
                assert np.array_equal(pool.decode(data).luma, right)
                served[place] += 1

        serving = [threads.submit(serve, place) for place in range(6)]
        for _ in range(4):
            enough = [count + 3 for count in served]
            while any(map(int.__lt__, served, enough)) and not any(each.done() for each in serving):
                time.sleep(0.01)
            os.kill(min(workers() - before), signal.SIGKILL)
        time.sleep(0.5)
        stop.set()
        for each in serving:
            each.result()


@linux_only
def test_a_picture_that_ends_two_workers_is_undecodable(
    data: bytes, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise process.Died

    with Pool(1) as pool:
        monkeypatch.setattr(process.Process, "_send", die)
        with pytest.raises(Undecodable):
            pool.decode(data)
        monkeypatch.undo()
        assert pool.decode(data).width == 640


def test_many_threads_share_a_pool_and_each_gets_its_own_answer(pool: Pool, saved: Save) -> None:
    shades = range(0, 250, 5)
    files = [saved(Image.new("L", (100 + shade, 100), shade), "PNG") for shade in shades]
    with ThreadPoolExecutor(16) as threads:
        for shade, found in zip(shades, threads.map(pool.decode, files), strict=True):
            assert found.width == 100 + shade
            assert abs(float(found.luma.mean()) - shade) < 0.01


@linux_only
def test_a_worker_is_replaced_after_its_share_of_pictures(data: bytes, workers: Workers) -> None:
    before, seen = workers(), set()
    with Pool(1, Limits(pictures_per_worker=2)) as pool:
        for _ in range(4):
            pool.decode(data)
            seen |= workers() - before
            assert len(workers() - before) <= 1
    assert not workers() - before
    assert 1 <= len(seen) <= 2


@linux_only
def test_cpu_time_is_counted_for_each_picture_and_not_for_the_workers_life(
    scans: Callable[[int, int], bytes], workers: Workers
) -> None:
    before = workers()
    with Pool(1, Limits(cpu_seconds=1, wall_seconds=240.0)) as pool:
        pool.sandbox_kind()
        (worker,) = workers() - before
        used = (~worker << 3) | 2  # its CPU clock, see clock_getcpuclockid(3)
        picture = scans(10, 700)  # a small part of a second, also on a machine that is ten times slower
        while time.clock_gettime(used) < 2.5:
            assert pool.decode(picture).width == 700
        assert workers() - before == {worker}


def test_whoever_waits_too_long_for_a_worker_is_told_to_come_back(many_scans: bytes, data: bytes) -> None:
    patience = Limits(cpu_seconds=600, wall_seconds=6, waiting_seconds=0.2)
    with Pool(1, patience) as pool, ThreadPoolExecutor(1) as threads:
        pool.sandbox_kind()
        slow = threads.submit(pool.decode, many_scans)
        while not pool._free.empty():  # until the only worker has been taken
            time.sleep(0.01)
        with pytest.raises(Unavailable):
            pool.decode(data)
        assert isinstance(slow.exception(), TookTooLong)


def test_a_worker_that_cannot_be_started_is_said_to_be_unavailable(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Pool(1) as pool:
        for program in ("/nowhere/python", "/bin/false"):
            monkeypatch.setattr(sys, "executable", program)
            with pytest.raises(Unavailable, match="staydown doctor"):
                pool.decode(data)
        monkeypatch.undo()
        assert pool.decode(data).width == 640


@linux_only
def test_a_closed_pool_leaves_neither_processes_nor_files_behind(data: bytes, workers: Workers) -> None:
    before, files = workers(), len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(2):
        with Pool(2) as pool:
            pool.decode(data)
    assert workers() == before
    assert len(list(Path("/proc/self/fd").iterdir())) == files


@linux_only
def test_a_forked_child_starts_workers_of_its_own(data: bytes) -> None:
    ended = _python(f"""
        import os
        from staydown import decoding
        data = bytes.fromhex("{data[:3].hex()}") + os.read(0, 1 << 20)
        def ask():
            try:
                decoding.decode(data)
            except decoding.DecodingError:
                pass
            return decoding.pool._shared.pool()
        mine = ask()
        child = os.fork()
        if child == 0:
            os._exit(0 if ask() is not mine else 1)
        os._exit(7 if os.waitpid(child, 0)[1] == 0 else 1)
        """)
    assert ended.stdin
    ended.stdin.write(data[3:1000])
    ended.stdin.close()
    assert ended.wait(300) == 7


@linux_only
@pytest.mark.parametrize("megabytes", [240, 280, 320, 400])
def test_a_picture_for_which_memory_is_not_enough_is_never_taken_for_a_plain_one(
    photograph: Image.Image, saved: Save, megabytes: int
) -> None:
    """libjpeg keeps all of a progressive file; what it cannot have, it tells as it tells damage."""
    data = saved(photograph.resize((5000, 4000)), "JPEG", quality=20, progressive=True, subsampling=0)
    with Pool(1, replace(PATIENT, memory=megabytes << 20)) as pool:
        for ask in (pool.hashed, pool.decode, pool.show):
            try:
                found = ask(data)
            except DecodingError:
                continue
            assert not getattr(found, "truncated", False)
