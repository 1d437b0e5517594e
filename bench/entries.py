"""What a program keeps of an entry and of a picture beside the index, and what it costs to look further than 31 bits.

`python -m bench.entries` takes a minute, and writes bench/results/entries.md, which `bench.sizing` reads. Bytes are
those of Python's and numpy's allocators (tracemalloc), times those of the processor (CLOCK_PROCESS_CPUTIME_ID): neither
waits for what else the machine does, though others in its caches and at its memory slow it.
"""

import os
import platform
import time
import tracemalloc
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staydown.site.settings.tests")
import django

django.setup()

from staydown import fingerprints  # noqa: E402
from staydown.banks.following import BankIndex  # noqa: E402
from staydown.banks.kept import Kept, pack  # noqa: E402
from staydown.banks.models import Entry, Fingerprint  # noqa: E402
from staydown.banks.rules import EntryState  # noqa: E402
from staydown.banks.seeing import Forms  # noqa: E402
from staydown.banks.shelving import Windows  # noqa: E402
from staydown.fingerprints import LOOKED_UP, descriptor  # noqa: E402
from staydown.matching import Index, engine  # noqa: E402
from staydown.vault import fingerprints as sealed  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "entries.md"
COUNT = 4000
ROWS, QUERIES = 2_000_000, 10  # 64 MB of rows: more than a core has for itself
FORMS = 8
RNG = np.random.default_rng(1)


class Elsewhere(Forms):
    """The forms, left out: `make bench` measures the index they are in."""

    def add(self, seq: int, forms: tuple[bytes, ...]) -> None:
        """Nothing."""


@cache
def windows() -> bytes:
    """Of a cup of coffee; those of any other picture are as many bytes."""
    file = BytesIO()
    Image.fromarray(data.coffee()).save(file, "JPEG")
    return fingerprints.of_image(file.getvalue()).windows


def row(seq: int, kept: Kept) -> Fingerprint:
    digests = {name: RNG.bytes(32) for name in ("exact", "bare", "sha1", "md5")}
    return Fingerprint(seq=seq, quality=100, kept_sealed=sealed.seal(pack(kept)), **digests)


def pictures(*, parts: bool) -> list[Fingerprint]:
    """Rows as the database hands them over; `parts`: with windows and a descriptor, as of a picture that was opened."""
    beside = (
        (windows(), descriptor.packed(RNG.normal(size=(1, descriptor.NUMBERS)).astype(np.float32)))
        if parts
        else (b"", ())
    )
    return [row(seq, Kept(tuple(RNG.bytes(32) for _ in range(FORMS)), (), *beside)) for seq in range(COUNT)]


def entries(rows: list[Fingerprint]) -> BankIndex:
    """A bank that has followed so many entries."""
    index = BankIndex()
    index.__dict__["_forms"] = Elsewhere()
    for each in rows:
        index._add(each)
        index._entries[each.seq] = Entry(fingerprint=each, state=EntryState.BLOCKING, harm="NCII")
        index._shelve(each, EntryState.BLOCKING)
    return index


def measured(made: Callable[[], object]) -> float:
    """The bytes that one of `COUNT` takes of what is made, and which stays."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    kept = made()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return (after - before) / COUNT


def scanned() -> float:
    """Nanoseconds of one core for one row of an index that is asked for everything within `LOOKED_UP` bits."""
    index = Index()
    index.add(np.arange(ROWS), RNG.integers(0, 256, (ROWS, 32), dtype=np.uint8))
    index.settle()
    asked = RNG.integers(0, 256, (QUERIES, 32), dtype=np.uint8)
    index.search(asked[:1], LOOKED_UP)
    began = time.process_time()
    for each in asked:
        index.search(each[None], LOOKED_UP)
    return (time.process_time() - began) / QUERIES / ROWS * 1e9


def main() -> None:
    windows()
    figures = {
        "entry by fingerprint alone": measured(lambda: entries(pictures(parts=False))),
        "entry with windows and descriptor": measured(lambda: entries(pictures(parts=True))),
        "picture's windows": measured(lambda: Windows.none().having(dict.fromkeys(range(COUNT), windows()))),
    }
    lines = [
        "# What programs keep beside the index", "",
        f"Made by `python -m bench.entries` from {COUNT} of each, Python {platform.python_version()}.", "",
        "| of each | bytes |", "|---|---|", *(f"| {name} | {each:,.0f} |" for name, each in figures.items()), "",
        f"A search within {LOOKED_UP} bits looks at every row: one query of {ROWS:,} rows, of {QUERIES} that were made by "
        f"{engine()}, took {scanned():.2f} ns of one core a row.", "",
    ]  # fmt: skip
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
