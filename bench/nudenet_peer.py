"""What NudeNet says of files, one JSON line each: `python bench/nudenet_peer.py FILE...`, in a Python of its own.

NudeNet is AGPL-3.0 (its wheel's metadata say MIT; its LICENSE does not): nothing of Staydown imports it, the bench alone runs it.
"""

import json
import os
import sys
import time

from nudenet import NudeDetector


def main(paths: list[str]) -> None:
    """Its highest "EXPOSED" part of each."""
    detector = NudeDetector()
    detector.detect(paths[0])
    for path in paths:
        began, cpu = time.perf_counter(), time.process_time()
        try:
            parts = [each["score"] for each in detector.detect(path) if "EXPOSED" in each["class"]]
            score = float(max((each for each in parts), default=0.0))
        except Exception:  # noqa: BLE001 - it raises whatever its decoder met
            score = None
        spent = {"ms": (time.perf_counter() - began) * 1000, "cpu": (time.process_time() - cpu) * 1000}
        print(json.dumps({"path": path, "score": score, **spent}), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main(sys.argv[1:])
