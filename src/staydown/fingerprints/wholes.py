"""How near the whole of a known picture is to any part of an upload: the plainest evidence, where nothing was cropped."""

from dataclasses import replace

import numpy as np

from staydown.fingerprints.rules import Evidence
from staydown.fingerprints.turns import TURNS
from staydown.fingerprints.types import ImageFingerprints
from staydown.fingerprints.windows import Entry


def compared(evidence: Evidence, query: ImageFingerprints, entry: Entry) -> Evidence:
    """Evidence with the distance of whole fingerprints; and with the place of the nearest, where windows gave none."""
    if not query.regions:
        return evidence
    forms = np.frombuffer(b"".join(query.regions), np.uint8).reshape(-1, 32)
    apart = np.bitwise_count(forms ^ entry.hashes[0]).sum(axis=1, dtype=np.int64)
    nearest = int(np.minimum(apart, 256 - apart).argmin())
    bits, negative = int(apart[nearest]), bool(apart[nearest] > 128)
    whole = 256 - bits if negative else bits
    if evidence.region is not None:
        return replace(evidence, whole=whole)
    region, turn = divmod(nearest, len(TURNS))
    kind = query.sight.regions[region].kind
    return replace(evidence, whole=whole, region=kind, turn=TURNS[turn], negative=negative)
