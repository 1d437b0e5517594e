"""A recall run: two processes, bounded in time, every upload's tally appended to a file as a line of JSON.

Sources come in a fixed shuffled order, in twelve passes: in each, every source in a twelfth of the edits. So a run that
ends early has still seen every photograph, in every edit about equally often. A run that begins with another pass sees
uploads that an earlier one did not: what was changed after the earlier one is measured on others.
"""

import dataclasses
import hashlib
import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

from bench import recall
from bench.gallery import Picture
from bench.recall import ALL, Bank, Kept, Tally

PASSES = 12
TOGETHER = 16  # jobs (of 6 uploads each) handed out at a time; the clock is looked at in between

_bank: list[Bank] = []


def order(pictures: list[Picture], first: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each measured source with a part of the edits, pass after pass, from the `first` (1 to 12) on and round again."""
    sources = [place for place, picture in enumerate(pictures) if picture.is_source and picture.is_measured]
    random.Random(3).shuffle(sources)  # noqa: S311 - not for secrets
    for turn in range(first - 1, first - 1 + PASSES):
        for place in sources:
            start = hashlib.sha256(pictures[place].name.encode()).digest()[1] + turn
            yield place, tuple(edit for at, edit in enumerate(ALL) if (at + start) % PASSES == 0)


def prepared(pictures: list[Picture], processes: int) -> list[Kept]:
    """What a bank keeps of every picture."""
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(recall.kept, pictures, chunksize=16))


def tallied(  # noqa: PLR0913 - each is an option of the command
    pictures: list[Picture],
    kept: list[Kept],
    seconds: float,
    processes: int,
    raw: Path,
    on: bool,
    first: int,
    draw: int = 0,
) -> list[Tally]:
    """The tallies of as many uploads as fit into the time; each is in the file as soon as it is known.

    To go `on` means to keep those that are in the file; to `draw`, to verify so many that nothing proposes with each.
    """
    _bank[:] = [Bank(pictures, kept)]
    found = read(raw) if on and raw.exists() else []
    done = {(tally.source, tally.edit) for tally in found}
    jobs = (job for job in order(pictures, first) if (pictures[job[0]].name, job[1][0]) not in done)
    ends = time.monotonic() + seconds
    with ProcessPoolExecutor(processes) as pool, raw.open("a" if on else "w") as lines:
        while time.monotonic() < ends and (some := list(islice(jobs, TOGETHER))):
            for tallies in pool.map(partial(_measured, draw), some, chunksize=1):
                found += tallies
                lines.writelines(json.dumps(dataclasses.asdict(tally)) + "\n" for tally in tallies)
            lines.flush()
    return found


def read(raw: Path) -> list[Tally]:
    """The tallies in a file."""
    return [_read(json.loads(line)) for line in raw.read_text().splitlines()]


def _read(fields: dict) -> Tally:  # type: ignore[type-arg]
    fields["own"], fields["by_hashes"] = tuple(fields["own"]), tuple(fields["by_hashes"])
    fields["others"] = tuple((way, name, tuple(weight)) for way, name, weight in fields["others"])
    return Tally(**fields)


def _measured(draw: int, job: tuple[int, tuple[str, ...]]) -> list[Tally]:
    source, some = job
    return [recall.measured(source, edit, _bank[0], draw) for edit in some]
