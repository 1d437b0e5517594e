"""How near windows are to what lies at their places, many of one canvas at once.

In C (kernel/align.c), and with numpy, some ten times slower, where no compiler was there.
"""

import numpy as np
import numpy.typing as npt

from staydown.decoding.kernel import address
from staydown.decoding.types import Floats
from staydown.fingerprints import spectrum
from staydown.fingerprints.kernel import library


def apart(
    steps: Floats,
    intervals: tuple[Floats, Floats],
    crossings: npt.NDArray[np.intp],
    wanted: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """Bits that differ from wanted ones (n x 256) at n crossings (which column, which row) of a stepped canvas.

    `intervals` are the columns and the rows, each m x 2 float32: start and end, as parts of the canvas.
    """
    compiled = library()
    columns, rows = map(np.ascontiguousarray, intervals)
    if compiled is None:
        found = spectrum.above(spectrum.of_crossed(steps, columns, rows, crossings))
        wrong: npt.NDArray[np.int64] = (found != wanted).sum(axis=1, dtype=np.int64)
        return wrong
    places, bits = np.ascontiguousarray(crossings, np.int64), np.ascontiguousarray(wanted)
    distances = np.empty(len(places), np.int64)
    if not compiled.staydown_crossed(
        address(steps), len(steps), address(columns), address(rows), len(columns), address(places), len(places),
        address(bits), address(distances),
    ):  # fmt: skip
        raise MemoryError
    return distances
