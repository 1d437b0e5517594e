"""Fingerprints of common benign pictures, which no entry may match: whatever banked them would hide half the world."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from staydown.banks.policy import RADIUS

Rows = npt.NDArray[np.uint8]
OWN = Path(__file__).parent / "data" / "canaries.txt"


class BadCanaries(ValueError):
    """A file of canaries has one PDQ a line, as 64 hex digits; what follows a comma, and lines that begin with #, are
    left out.
    """


def parse(lines: Iterable[str]) -> Rows:
    """n x 32 uint8. Raises `BadCanaries`."""
    texts = [line.split(",")[0].strip() for line in lines if line.strip() and not line.startswith("#")]
    try:
        rows = [bytes.fromhex(text) for text in texts]
    except ValueError as error:
        raise BadCanaries(BadCanaries.__doc__) from error
    if any(len(row) != 32 for row in rows):
        raise BadCanaries(BadCanaries.__doc__)
    return np.frombuffer(b"".join(rows) or bytearray(), np.uint8).reshape(-1, 32)


def meet(forms: Sequence[bytes], canaries: Rows) -> bool:
    """Whether a picture, in any of its forms, is within the widest matching distance of a canary."""
    mine = np.frombuffer(b"".join(forms) or bytearray(), np.uint8).reshape(-1, 1, 32)
    if not len(mine) or not len(canaries):
        return False
    return bool((np.bitwise_count(mine ^ canaries).sum(axis=2, dtype=np.uint16) <= RADIUS).any())


@cache
def known(more: str) -> Rows:
    """The canaries that come with Staydown, and those in an operator's own file, if one is named."""
    paths = [OWN, *([Path(more)] if more else [])]
    return np.concatenate([parse(path.read_text(encoding="utf-8").splitlines()) for path in paths])
