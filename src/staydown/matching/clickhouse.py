"""The exact answer from somebody else's code: ClickHouse (chdb) compares every fingerprint with every query.

It shares nothing with the index, neither the order of bits nor the kernel, and so can audit it. It lives in this
process; nothing is sorted or joined in ways for which ClickHouse would write to a disk.
"""

import chdb
import numpy as np
import pyarrow as pa

from staydown.matching.types import Bytes, Ids, Matches, Words, as_fingerprints, as_ids

_NAMES = ("a", "b", "c", "d")  # the four words of a fingerprint
_DISTANCE = " + ".join(f"bitCount(bitXor(known.{word}, asked.{word}))" for word in _NAMES)
_SEARCH = (
    "SELECT asked.number AS query, known.number AS id, toUInt16({distance}) AS distance"
    " FROM Python(known) AS known CROSS JOIN Python(asked) AS asked WHERE distance <= {radius:d}"
)


def search(ids: Ids, fingerprints: Bytes, queries: Bytes, radius: int) -> Matches:
    """Which of n ids and n x 32 uint8 are within the radius of each of m x 32 uint8, in the order of an index."""
    if not len(ids) or not len(queries):
        return Matches.none()
    known = _table(as_ids(ids), as_fingerprints(fingerprints))  # ClickHouse finds both by these names
    asked = _table(np.arange(len(queries), dtype=np.uint64), as_fingerprints(queries))
    asking = _SEARCH.format(distance=_DISTANCE, radius=radius)
    found = chdb.query(asking, "ArrowTable")  # type: ignore[no-untyped-call]  # chdb has no types
    del known, asked
    query, number, near = (found[name].to_numpy() for name in ("query", "id", "distance"))
    order = np.lexsort((number, near, query))
    return Matches(query[order].astype(np.int64), number[order], near[order])


def _table(numbers: Ids, fingerprints: Bytes) -> pa.Table:
    words: Words = fingerprints.view(np.uint64)
    return pa.table({"number": numbers} | {name: words[:, place] for place, name in enumerate(_NAMES)})
