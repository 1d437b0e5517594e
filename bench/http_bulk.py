"""Sweeps and imports of a deployment, in a program of its own: `python -m bench.http_bulk POSTS SWEEPS`.

Prints one line of JSON: posts a second of an import that is met by the whole bank, and what a sweep over everything
registered takes, the first one (which opens the index) and the further ones.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import django
import numpy as np

from bench.http_hashes import strangers


def main(posts: int, sweeps: int) -> None:
    django.setup()
    print(json.dumps(imported(posts) | swept(sweeps)))


def imported(posts: int) -> dict[str, float]:
    """A platform's back catalogue taken in from a file."""
    from django.utils import timezone

    from staydown.banks.actions import importing
    from staydown.banks.following import bank
    from staydown.banks.listing import Listing
    from staydown.platforms.models import Platform

    bank.resembled(np.zeros((1, 32), np.uint8), [()])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.csv"
        rows = (f"{number},{text},100" for number, text in enumerate(strangers(posts, seed=7)))
        path.write_text("\n".join(["item_id,pdq,quality", *rows]) + "\n")
        listing = Listing.of(path)
        run, began, own = (
            importing.begin(Platform.objects.get(), listing, timezone.now()),
            time.monotonic(),
            time.process_time(),
        )
        for _ in importing.go_on(run, listing):
            pass
    return {"posts": posts, "seconds": time.monotonic() - began, "own": time.process_time() - own}


def swept(sweeps: int) -> dict[str, float]:
    """Entries sought among everything registered: what a sweep searches, without the orders it writes."""
    from staydown.banks.catalogue import catalogue
    from staydown.banks.models import Entry, Fingerprint
    from staydown.banks.sweeping import Sweep

    last = Fingerprint.objects.order_by("-pk")[0].pk
    entries = list(Entry.objects.select_related("fingerprint")[: sweeps + 1])
    times = []
    for entry in entries:
        entry.catalogue_seq = last
        began = time.monotonic()
        assert entry.fingerprint_id in Sweep.of(entry, catalogue).copies()
        times.append(time.monotonic() - began)
    return {"catalogue": last, "opening": times[0], "sweep": float(np.median(times[1:])), "sweeps": sweeps}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
