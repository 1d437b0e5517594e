"""Many pictures in files: each is answered for, also the one that cannot be read."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

from staydown.decoding import DecodingError, Limits, TooLarge
from staydown.fingerprints.digests import Digests, digests
from staydown.fingerprints.image import of_image
from staydown.fingerprints.types import ImageFingerprints

AHEAD = 64  # files under way for each processor, at most


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one file: `made`, or `refused`; `digests` also of a file that is no picture (None: not read)."""

    path: Path
    digests: Digests | None = None
    made: ImageFingerprints | None = None
    refused: DecodingError | OSError | None = None


def listed(paths: Iterable[Path]) -> list[Path]:
    """The files that paths name, in order: a folder stands for every file in it and below, by name."""
    found: list[Path] = []
    for path in paths:
        found += sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    return found


def of_files(paths: Iterable[Path]) -> Iterator[Answer]:
    """An answer for each file, in order, while all processors work on those that follow."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:  # threads suffice: what takes time happens in the decoding processes
        for some in batched(paths, cores * AHEAD):
            yield from pool.map(of_file, some)


def of_file(path: Path) -> Answer:
    """The answer for one file. Nothing is raised: a file that cannot be read is an answer, too."""
    found = None
    try:
        with path.open("rb") as file:
            found = digests(file)
        if path.stat().st_size > Limits().bytes:
            raise TooLarge
        return Answer(path, found, made=of_image(path))
    except (DecodingError, OSError) as error:
        return Answer(path, found, refused=error)
