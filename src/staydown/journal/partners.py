"""To whom checkpoints are sent, as the settings say: time-stamping authorities, and witnesses."""

from dataclasses import dataclass
from pathlib import Path

from staydown.journal.notes import COSIGNATURE, BadNote, Key
from staydown.journal.timestamps import Roots


class BadWitness(ValueError):
    """STAYDOWN_WITNESS is `address verifier-key`, several with commas: https://witness.example/ name+1a2b3c4d+Base64."""


class NoRoots(ValueError):
    """STAYDOWN_TSA_ROOTS names a file with the PEM certificates by which the authorities of STAYDOWN_TSA are checked."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A witness: where it is asked, and by what its cosignatures are checked."""

    url: str
    key: Key


def authorities(text: str) -> tuple[str, ...]:
    """The addresses of time-stamping authorities, with commas between."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def roots(asked: tuple[str, ...], path: str) -> Roots:
    """By what their answers are checked. Raises `NoRoots`: a time-stamp that nobody can check is none."""
    if not path:
        if asked:
            raise NoRoots(NoRoots.__doc__)
        return Roots(())
    try:
        return Roots.read(Path(path))
    except (OSError, ValueError) as error:
        raise NoRoots(f"{path} ({error}). {NoRoots.__doc__}") from error


def witnesses(text: str) -> tuple[Trusted, ...]:
    """The witnesses of the setting. Raises `BadWitness`."""
    return tuple(_witness(each) for each in text.split(",") if each.strip())


def _witness(text: str) -> Trusted:
    url, _, key = text.strip().partition(" ")
    try:
        read = Key.read(key)
    except BadNote as error:
        raise BadWitness(BadWitness.__doc__) from error
    if read.kind != COSIGNATURE or not url.startswith(("https://", "http://")):
        raise BadWitness(BadWitness.__doc__)
    return Trusted(url.rstrip("/"), read)
