"""Benign pictures to measure on: Debian wallpaper packages, unpacked without installing, and scikit's samples.

They are fetched into a cache and never committed. Pictures that are each other's copies (wallpapers come in
several sizes and tints) are kept once, so that a match between two of them is a wrong match.
"""

import contextlib
import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import skimage.data
import sklearn.datasets
from PIL import Image

from staydown import fingerprints
from staydown.fingerprints import spectrum

CACHE = Path.home() / ".cache" / "staydown-bench"
PACKAGES = (
    "ukui-wallpapers", "mate-backgrounds", "gnome-backgrounds", "plasma-workspace-wallpapers", "desktop-base",
    "lomiri-wallpapers-16.04", "lomiri-wallpapers-20.04", "cinnamon-desktop-data", "enlightenment-data",
    "lxqt-themes", "peony-common", "xfdesktop4-data",
)  # fmt: skip
VERSIONS = ("1080x1920", "720x1440", "360x720")  # upright versions of wallpapers that are there in full
KINDS = (".jpg", ".jpeg", ".png", ".webp")
TEXTURED = 0.5  # of the picture: photographs are above, drawings and shaded shapes below
SIDE = 1280  # pixels: what platforms commonly keep; edits of larger pictures would take the bench's time
ALIKE = 90  # bits: nearer whole pictures are taken for versions of one


def fetch() -> None:
    """Download and unpack the packages that are not in the cache; those that are not to be had are left out."""
    for package in PACKAGES:
        target = CACHE / "pictures" / package
        if target.exists():
            continue
        downloads = CACHE / "debs"
        downloads.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-qq", package], cwd=downloads, check=False, stderr=subprocess.DEVNULL)
        for archive in downloads.glob(f"{package}_*.deb"):
            subprocess.run(["dpkg", "-x", str(archive), str(target)], check=True)


def _files() -> Iterator[Path]:
    folders = [
        CACHE / "pictures",
        Path(skimage.data.__file__).parent,
        Path(sklearn.datasets.__file__).parent / "images",
    ]
    for folder in folders:
        found = (
            path
            for path in sorted(folder.rglob("*"))
            if path.suffix.lower() in KINDS and path.stem not in VERSIONS and not path.is_symlink()
        )
        yield from (path for path in found if path.stat().st_size > 40_000)


def gallery() -> list[tuple[bytes, fingerprints.ImageFingerprints]]:
    """JPEG bytes of each different telling picture, at most 1280 pixels a side, with its fingerprints."""
    kept: list[tuple[bytes, fingerprints.ImageFingerprints]] = []
    known = np.empty((0, 32), np.uint8)
    for path in _files():
        with contextlib.suppress(OSError, ValueError):
            data = _prepared(path)
            found = fingerprints.of_image(data)
            forms = np.array([np.frombuffer(form, np.uint8) for form in found.turned])
            apart = np.bitwise_count(forms[:, None] ^ known[None]).sum(axis=2)
            if found.quality >= 50 and found.sight.regions and (not apart.size or apart.min() > ALIKE):
                kept.append((data, found))
                known = np.concatenate([known, forms[:1]])
    return kept


def _prepared(path: Path) -> bytes:
    with Image.open(path) as picture:
        picture.draft("RGB", (SIDE, SIDE))
        seen = picture.convert("RGB")
    if min(seen.size) < 200:
        raise ValueError(path)
    seen.thumbnail((SIDE, SIDE))
    made = io.BytesIO()
    seen.save(made, "JPEG", quality=92)
    return made.getvalue()


def is_textured(found: fingerprints.ImageFingerprints) -> bool:
    """Whether at least half of a picture has texture (second differences), as photographs do."""
    return spectrum.texture(found.sight.regions[0].canvas) >= TEXTURED
