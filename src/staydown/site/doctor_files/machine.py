"""The machine: its disk, and what searches here."""

import os
import shutil
from pathlib import Path

from staydown import matching
from staydown.site.findings import Finding, Findings, Level, fine, wrong
from staydown.site.home import SPACE_NEEDED

PLENTY = 5 * SPACE_NEEDED


def disk(data: Path) -> Findings:
    """The data folder is there, can be written, and has room."""
    if not os.access(data, os.W_OK):
        yield wrong(f"{data} is missing or cannot be written", "Make it, and give this user the right to write there.")
        return
    left = shutil.disk_usage(data).free
    said = f"{left // 2**20} MB are left on the disk of {data}"
    if left < SPACE_NEEDED:
        yield wrong(said, "Free some space now: with a full disk no report can be taken.")
    elif left < PLENTY:
        yield Finding(Level.SOON, said, "Free some space, or move the data to a larger disk.")
    else:
        yield fine(said)


def search() -> Findings:
    """What looks for resembling pictures here. Each engine finds the same; without a compiler it takes longer."""
    said = f"fingerprints are searched by {matching.engine()}"
    if matching.engine() == "numpy":
        cure = "Install a C compiler and Staydown again, or the extra staydown[jit]: above 100,000 entries it is felt."
        yield Finding(Level.SOON, said, cure)
    else:
        yield fine(said)
