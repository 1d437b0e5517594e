"""The least that has to be done with a file: the decoder alone, as small as the fingerprint allows.

Run as a worker it does that in the very sandbox in which ours works, so that the two can be compared: what else
a fingerprint costs then shows, without the price of keeping strangers' bytes in a process of their own.
"""

import io
import sys
from pathlib import Path
from unittest import mock

from PIL import Image

from staydown.decoding import pixels, process, scaling, wire, worker
from staydown.decoding.pool import Pool
from staydown.decoding.types import Limits

DONE = wire.Question(wire.WHOLE, 1, bytes)


def decoded_at_scale(data: bytes) -> None:
    """In this process."""
    with Image.open(io.BytesIO(data)) as picture:
        fold = next((fold for fold in (8, 4, 2) if min(picture.size) // fold >= scaling.ENOUGH), 1)
        picture.draft("L", (picture.width // fold, picture.height // fold))
        picture.load()


class Confined:
    """The same in a worker of its own, with as much memory and as many system calls as ours has."""

    def __init__(self) -> None:
        self._pool = Pool(1, Limits(pictures_per_worker=sys.maxsize), program="bench.alone")
        here = Path(__file__).resolve().parents[1]
        with mock.patch.object(process, "_PACKAGES", f"{process._PACKAGES}:{here}"):
            self._pool.sandbox_kind()  # started now, once for all: no file waits for it

    def decoded_at_scale(self, data: bytes) -> None:
        """One file. Raises what `staydown.decoding` raises."""
        self._pool.ask(data, DONE)

    def close(self) -> None:
        self._pool.close()


def _answer(_: bytes, data: bytes) -> bytes:
    decoded_at_scale(data)
    return b"\0"


def main() -> None:
    """Prepare, as ours does, then serve."""
    limits = worker.asked_limits()
    pixels.prepare(limits)
    worker.rehearse(limits)
    worker.confine_and_serve(limits, _answer)


if __name__ == "__main__":
    main()
