"""Benign photographs to measure on: Debian packages, unpacked without installing, and scikit's samples.

They are fetched into a cache and never committed. Pictures whose subject is people are left out by name.
"""

import io
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import skimage.data
import sklearn.datasets
from PIL import Image

CACHE = Path.home() / ".cache" / "staydown-bench"
UNPACKED = CACHE / "pictures"
PACKAGES = (
    "ukui-wallpapers", "mate-backgrounds", "gnome-backgrounds", "plasma-workspace-wallpapers", "desktop-base",
    "lomiri-wallpapers-16.04", "lomiri-wallpapers-20.04", "cinnamon-desktop-data", "enlightenment-data",
    "lxqt-themes", "xfdesktop4-data", "gcompris-qt-data", "opencv-doc", "palapeli-data", "stellarium-data",
    "endless-sky-data", "kalzium-data", "kphotoalbum", "hugin-data", "digikam-data",
)  # fmt: skip
KINDS = (".jpg", ".jpeg", ".png", ".webp")
VERSIONS = ("1080x1920", "720x1440", "360x720")  # upright versions of wallpapers that are there in full
HEAVY = 40_000  # bytes; lighter files are icons
LIGHT = 12_000  # bytes, in packages and albums where all that is looked at are photographs
# Else screenshots of programs, which repeat each other, too.
WHERE = {"opencv-doc": "examples", "palapeli-data": "collection", "gcompris-qt-data": "nothing but albums",
         "stellarium-data": "nebulae", "ukui-wallpapers": "backgrounds",
         "endless-sky-data": "land", "kalzium-data": "toolpics"}  # fmt: skip
# Of some packages these alone: what else is in them are people, screenshots and the same thing again.
ONLY = {
    "kphotoalbum": ("donna", "donna_2", "grand_canyon_3", "skagen", "skagen_2", "snow", "spiff", "spiff_2", "sunset"),
    "hugin-data": ("AliasingPScubic", "Big_ben_cylindrical", "CA_fringes00", "CA_tCA00",
                   "Medinet_habu_horizontal_fisheye"),
    "digikam-data": ("body-background",),
}  # fmt: skip
# Drawings, paintings, shapes and close surfaces, told by eye; they stand in the bank only.
DRAWN = frozenset((
    "joy-theme", "lines-theme", "softwaves-theme", "spacefun-theme", "softwaves", "spacefun", "emerald-theme",
    "homeworld-theme", "moonlight-theme", "futureprototype-theme", "org.debian.desktop", "enlightenment",
    "adwaita-d", "adwaita-l", "blobs-d", "blobs-l", "drool-d", "drool-l", "grid-d", "grid-l", "keys-d", "keys-l",
    "licorice-d", "licorice-l", "pills-d", "pills-l", "pixels-d", "pixels-l", "truchet-d", "truchet-l", "vnc-d",
    "vnc-l", "wood-d", "wood-l", "Painting-Colors_by__herobrine7gamer", "Infinite-Sea_by_Aury88", "beam",
    "plasma-logo-bright", "plasma-logo", "waves-logo", "waves-purple-logo", "plasma_arch", "this-is-not-windows",
    "triangles", "triangles-logo", "simple_blue_widescreen", "GreenTraditional", "Float-into-MATE",
    "Float-into-MATE2", "chessboard", "digits", "ellipses", "imageTextR", "ml", "opencv-logo", "opencv-logo-white",
    "opencv-logo-with-text", "pic1", "pic2", "pic3", "pic4", "pic5", "pic6", "starry_night", "input", "stanford",
    "plant", "cards", "sudoku", "gradient", "Altai", "BytheWater", "Canopee", "Cascade", "Cluster", "Elarun",
    "EveningGlow", "Flow", "FlyingKonqui", "Honeywave", "IceCold", "Kay", "Kite", "Kokkini", "MilkyWay", "Next",
    "Opal", "Patak", "SafeLanding", "Shell", "summer_1am", "DarkestHour", "2004default", "calla", "city", "desert",
    "firstgeneration", "fluent-color", "focal-ubuntukylin", "goldfish", "rollpaper", "the-mouse", "rhythm", "string",
    "brick", "cell", "gravel", "grass", "hubble_deep_field", "ihc", "logo", "color", "retina", "text", "page",
    "checker_bilevel", "multipage", "clock_motion", "phantom", "blobs", "coins", "microaneurysms", "moon",
))  # fmt: skip
SKY = "nebulae"  # photographs through telescopes: the hardest to tell apart, and never edited here
PEOPLE = ("astronaut", "camera", "basketball", "messi", "face", "portrait", "lena", "grace_hopper")
# Another photograph of what one shows already: the second eye of a stereo pair, the same box among other things, the same
# toy blocks (in an album), the same houses at night, the same mountain from the same place in other light. Named before
# the run, the last one after an earlier run had taken it for the other one and the sixty pairs most alike by their
# descriptors had been looked at for more such; what is not named here counts as unrelated.
SECOND_VIEWS = ("aloeR", "aloeGT", "aero3", "leuvenB", "graf3", "rubberwhale2", "ela_modified", "motorcycle_right",
                "box_in_scene", "2939670", "mfield1", "bwerner2")  # fmt: skip
ALBUMS = ("categorization", "clickgame", "erase", "explore_farm_animals", "explore_monuments",
          "explore_world_animals")  # fmt: skip
_FIRST = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"RIFF": ".webp"}


def fetch() -> None:
    """Download and unpack the packages that are not in the cache; those that are not to be had are left out."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        target = UNPACKED / package
        if target.exists():
            continue
        downloads = CACHE / "debs"
        downloads.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-qq", package], cwd=downloads, check=False, stderr=subprocess.DEVNULL)
        for archive in downloads.glob(f"{package}_*.deb"):
            subprocess.run(["dpkg", "-x", str(archive), str(target)], check=True)


def found() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each picture file, in the order of the names."""
    for package in sorted(PACKAGES):
        folder = UNPACKED / package
        for path in sorted(folder.rglob("*")):
            if path.suffix == ".rcc" and path.stem in ALBUMS:
                yield from _in_album(path)
            elif path.suffix.lower() in KINDS and _is_wanted(path, package):
                yield str(path.relative_to(UNPACKED)), path.read_bytes()
    for samples in (Path(skimage.data.__file__).parent, Path(sklearn.datasets.__file__).parent / "images"):
        for path in sorted(samples.rglob("*")):
            if path.suffix.lower() in KINDS and _is_wanted(path):
                yield f"scikit/{path.name}", path.read_bytes()


def is_drawn(name: str) -> bool:
    """Whether a picture is none of the photographs that are edited."""
    parts = (*Path(name).parts, Path(name).stem)
    return SKY in parts or any(part in DRAWN or part.startswith(("MATE-", "Ubuntu-Mate")) for part in parts)


def _is_wanted(path: Path, package: str = "") -> bool:
    least = LIGHT if package in ("endless-sky-data", "kalzium-data") else HEAVY
    if path.is_symlink() or path.stat().st_size < least or path.stem in (*VERSIONS, *SECOND_VIEWS):
        return False
    if package in ONLY and path.stem not in ONLY[package]:
        return False
    where = WHERE.get(package, "")
    return (not where or where in path.parts) and not any(word in path.stem.lower() for word in PEOPLE)


def _in_album(path: Path) -> Iterator[tuple[str, bytes]]:
    """The pictures of a Qt resource file: each stored as it is, after its length (four bytes, big-endian)."""
    data = path.read_bytes()
    for first, suffix in _FIRST.items():
        at = data.find(first)
        while at >= 0:
            (length,) = struct.unpack_from(">I", data, at - 4) if at >= 4 else (0,)
            if LIGHT < length <= len(data) - at and str(at) not in SECOND_VIEWS and _is_picture(data[at : at + length]):
                yield f"gcompris-qt-data/{path.stem}/{at}{suffix}", data[at : at + length]
            at = data.find(first, at + 1)


def _is_picture(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return min(picture.size) >= 200
    except OSError:
        return False
