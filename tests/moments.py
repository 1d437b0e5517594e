"""kill -9 at moments nobody chose: spread evenly over how long an act takes, from a seed that is printed."""

import random
import subprocess
import time
from collections.abc import Callable

from tests.crashes.killer import seed, until

LONGEST = 600.0


class Moments:
    """Kills the processes of one kind of act. `STAYDOWN_SEED` gives the same moments again."""

    def __init__(self) -> None:
        self.seed, self.lasts = seed(), 0.0
        self.rng = random.Random(self.seed)
        print(f"STAYDOWN_SEED={self.seed}")

    def measure(self, process: subprocess.Popen[str], begun: Callable[[], bool]) -> None:
        """How long the act takes from its beginning when nobody kills it; it must succeed."""
        until(begun, LONGEST, "it has begun")
        start = time.monotonic()
        process.communicate(timeout=LONGEST)
        assert process.returncode == 0
        self.lasts = time.monotonic() - start

    def kill(self, process: subprocess.Popen[str], begun: Callable[[], bool], part: float = 1.0) -> None:
        """Kill it at some moment of the first `part` of what it takes, after its beginning."""
        until(lambda: begun() or process.poll() is not None, LONGEST, "it has begun")
        time.sleep(self.rng.uniform(0.0, self.lasts * part))
        process.kill()
        process.communicate()


def says(process: subprocess.Popen[str], word: str) -> Callable[[], bool]:
    """Whether it has said this; asked once, it waits for its first line."""
    said: list[str] = []

    def has_said() -> bool:
        if not said:
            said.append(process.stdout.readline() if process.stdout else "")
        return said[0] == f"{word}\n"

    return has_said
