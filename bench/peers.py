"""What other packages compute of a file, in a Python of their own: `python bench/peers.py`, spoken to by a pipe.

Each line that comes in is JSON with a `task` and a `path`; each that goes out is the answer: milliseconds, or PDQ and
quality, or the error's name. One question is one run, so that the runs of all can be interleaved.
"""

import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Task = Callable[[bytes, str], object]


def tasks() -> dict[str, Task]:
    """The packages that this Python has."""
    try:
        return _python_3_11()
    except ImportError:
        from immaculate import _core

        return {"immaculate": lambda data, path: _core.pdq_hash(path)}


def _python_3_11() -> dict[str, Task]:
    import imagehash
    import numpy as np
    import pdqhash
    from perception import hashers
    from PIL import Image
    from pillow_heif import register_heif_opener
    from threatexchange.signal_type.pdq.signal import PdqSignal

    register_heif_opener()
    pdq, phash = hashers.PDQHash(), hashers.PHash()

    def opened(data: bytes) -> np.ndarray:
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))

    def reference(data: bytes, path: str) -> object:
        bits, quality = pdqhash.compute(opened(data))
        return np.packbits(bits.astype(bool)).tobytes().hex(), int(quality)

    return {
        "reference": reference,
        "threatexchange": lambda data, path: PdqSignal.hash_from_bytes(data),
        "pdqhash": lambda data, path: pdqhash.compute(opened(data)),
        "perception PDQHash": lambda data, path: pdq.compute(opened(data)),
        "perception PHash": lambda data, path: phash.compute(opened(data)),
        "imagehash phash": lambda data, path: imagehash.phash(Image.open(io.BytesIO(data))),
    }


def main() -> None:
    known = tasks()
    for line in sys.stdin:
        question = json.loads(line)
        path = question["path"]
        data = Path(path).read_bytes()
        begun = time.perf_counter()
        try:
            found = known[question["task"]](data, path)
            if found is None:
                raise ValueError(path)
            said: dict[str, object] = {"ms": (time.perf_counter() - begun) * 1000}
            said |= {"found": found} if question["task"] == "reference" else {}
        except Exception as problem:  # noqa: BLE001 - whatever a peer raises is its answer
            said = {"error": type(problem).__name__}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
