"""Make src/staydown/banks/data/canaries.txt: the fingerprints of wallpapers that very many people have.

Run it as `.venv/bin/python -m tools.canaries`; the pictures come from Debian's packages (see `bench.gallery`).
"""

from pathlib import Path

from bench.photographs import CACHE, KINDS, fetch
from PIL import Image

from staydown import fingerprints
from staydown.banks.canaries import OWN

ENOUGH = 50  # of quality: flatter pictures are never matched by their looks
HEAD = """# PDQ of pictures that very many people have, and that no entry may match: the wallpapers of Debian's packages.
# Made by tools/canaries.py. Name your own (default avatars, logos, stickers) in STAYDOWN_CANARIES.
"""


def _of(path: Path) -> str | None:
    try:
        made = fingerprints.of_image(path.read_bytes())
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return made.turned[0].hex() if made.quality >= ENOUGH else None


def main() -> None:
    """Write the file."""
    fetch()
    paths = [path for path in sorted((CACHE / "pictures").rglob("*")) if path.suffix.lower() in KINDS]
    found = {_of(path) for path in paths if path.is_file() and not path.is_symlink()} - {None}
    OWN.parent.mkdir(exist_ok=True)
    OWN.write_text(HEAD + "".join(f"{each}\n" for each in sorted(map(str, found))), encoding="utf-8")
    print(f"{len(found)} canaries")


if __name__ == "__main__":
    main()
