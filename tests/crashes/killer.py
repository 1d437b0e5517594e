"""Kills one program after another, at moments a seed decides."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from tests.house import PROGRAMS, House

LONGEST_RESTART = 300.0  # seconds: other tests may have the machine


class Killer(threading.Thread):
    """`kills` times: wait a moment, kill -9 a program that runs. `killed` says how often each was."""

    def __init__(self, house: House, rng: random.Random, kills: int, moment: tuple[float, float]) -> None:
        super().__init__(name="killer", daemon=True)
        self.house, self.rng, self.kills, self.moment = house, rng, kills, moment
        self.killed: Counter[str] = Counter()
        self.error: BaseException | None = None

    def run(self) -> None:
        """Each program in turn, in a new order each time round, so that every one is killed."""
        try:
            waiting: list[str] = []
            for _ in range(self.kills):
                waiting = waiting or self.rng.sample(PROGRAMS, len(PROGRAMS))
                time.sleep(self.rng.uniform(*self.moment))
                self._kill(waiting.pop())
        except BaseException as error:  # noqa: BLE001  raised where the test waits
            self.error = error

    def _kill(self, program: str) -> None:
        before = until(lambda: self.house._pids(program), LONGEST_RESTART, f"{program} is running")
        self.house.kill(program)
        until(lambda: not any(_lives(pid) for pid in before), LONGEST_RESTART, f"{program} is dead")
        self.killed[program] += 1


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123  /proc
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def until[T](true: Callable[[], T], seconds: float, what: str) -> T:
    """Wait until something is true; AssertionError when it does not become so."""
    latest = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < latest, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.02)
    return value


def seed() -> int:
    """STAYDOWN_SEED, or a fresh one."""
    return int(os.environ.get("STAYDOWN_SEED") or random.SystemRandom().randrange(10**9))
