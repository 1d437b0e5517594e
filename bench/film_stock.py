"""The films of the bench, made once and kept in the cache: those that are known, and what compilations are filled with.

No two show the same file of the gallery. What is computed of them is kept apart for each state of the code.
"""

import hashlib
import random
from collections import defaultdict
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from bench import gallery
from bench.film_edits import EDITS, UNLISTED, plain
from bench.films import clip, encoded, frames, shots
from staydown.fingerprints import FilmShelf, footage, of_film

ALL = {**EDITS, **UNLISTED}
HERE = Path(__file__).parent
STOCK = gallery.CACHE / "films-2"
KNOWN, SECONDS, OF_KNOWN = 60, 60.0, 4  # films, how long each is, and of how many pictures
FILLERS, FILLER_SECONDS = 120, 12.0
OF_AN_EDIT = 20  # fillers that are edited as the clip is; of the edits that change nothing, all


@cache
def state() -> str:
    """A name for the state of the code that is measured, and of the bench that measures it."""
    source = HERE.parent / "src" / "staydown"
    files = [*(source / "fingerprints").glob("*.py"), *(source / "decoding").glob("*.py"), *HERE.glob("film*.py")]
    said = [path.read_bytes() for path in sorted(files) if path.name != "film_report.py"]
    return hashlib.sha256(b"\\0".join([*said, (HERE / "scenes.py").read_bytes()])).hexdigest()[:12]


def here(name: str) -> Path:
    """Where something of this state of the code is kept."""
    (STOCK / state()).mkdir(parents=True, exist_ok=True)
    return STOCK / state() / name


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What is in a file; made and written there first, where it is not."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_bytes(make())
        new.rename(path)
    return path.read_bytes()


def known(number: int) -> bytes:
    """A known film."""
    return kept(STOCK / f"known-{number:03}.mp4", lambda: _film(_pictures()[number], number, SECONDS, 22))


def fillers(edit: str) -> range:
    """The fillers that there are under an edit."""
    return range(FILLERS if ALL[edit].change is plain else OF_AN_EDIT)


@lru_cache(maxsize=512)
def filler(number: int, edit: str) -> bytes:
    """Twelve seconds of a film that is not known, edited and encoded as a clip is."""
    asked, raw = ALL[edit], STOCK / f"filler-{number:03}.mp4"
    film = kept(raw, lambda: _film(_pictures()[KNOWN + number], 1000 + number, FILLER_SECONDS))
    if asked.change is plain:
        return film
    edited = raw.with_stem(f"{raw.stem}-{hashlib.sha256(edit.encode()).hexdigest()[:8]}")
    return kept(edited, lambda: encoded(map(asked.change, clip(film, 0, FILLER_SECONDS)), asked.crf))


def pictures_of(number: int) -> list[bytes]:
    """The pictures that a known film shows; below zero, one of the last fillers."""
    return _pictures()[number]


def shelf(count: int) -> FilmShelf:
    """Some of the known films on a shelf, as a bank has them."""
    return FilmShelf.of([footage.unpack(fingerprints(number)) for number in range(count)])


def fingerprints(number: int) -> bytes:
    """What a bank keeps of a known film."""
    return kept(here(f"known-{number:03}.sdf"), lambda: footage.pack(of_film(known(number))))


def _film(pictures: list[bytes], seed: int, seconds: float, crf: int = 26) -> bytes:
    return encoded(frames(shots(pictures, seed, seconds)), crf)


@cache
def _pictures() -> list[list[bytes]]:
    """The pictures of each film: of known films photographs, of fillers what is left."""
    of_files: dict[str, list[bytes]] = defaultdict(list)
    rest: dict[str, list[bytes]] = defaultdict(list)
    for picture in gallery.pictures():
        (of_files if picture.is_source else rest)[picture.of].append(picture.data)
    files, others = list(of_files.values()), [datas for of, datas in rest.items() if of not in of_files]
    rng = random.Random(8)  # noqa: S311 - not for secrets
    rng.shuffle(files)
    rng.shuffle(others)
    films = [[rng.choice(datas) for datas in files[place * OF_KNOWN :][:OF_KNOWN]] for place in range(KNOWN)]
    left = [*files[KNOWN * OF_KNOWN :], *others]
    return films + [[rng.choice(datas)] for datas in left[:FILLERS]]
