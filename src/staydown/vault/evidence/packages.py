"""The file in which released evidence travels to its custodians: a tar of ciphertext. Pure but for the file itself.

release.json                who released what, and the journal's word for it (`custody`)
case-key.age                the case's private key, sealed to the custodians, one envelope in the other
reason.age                  why, sealed to the case
evidence/<id>.age           an original, sealed to the case
evidence/<id>.record.age    its acquisition record, sealed to the case
"""

import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

FORMAT = "staydown released evidence v1"
LIMIT = 64 * 2**20  # bytes of what is read whole: everything but the originals


class BadPackage(ValueError):
    """This file is not what a release of Staydown wrote, or it was changed on the way. Have it released again."""


@dataclass(frozen=True, slots=True)
class Original:
    """One sealed original in a package."""

    id: str
    sealed_size: int
    sealed_sha256: str

    @property
    def name(self) -> str:
        return f"evidence/{self.id}.age"

    @property
    def record_name(self) -> str:
        return f"evidence/{self.id}.record.age"


@dataclass(frozen=True, slots=True)
class Package:
    """A released package, open for reading."""

    tar: tarfile.TarFile
    said: dict[str, Any]
    originals: tuple[Original, ...]

    def whole(self, name: str) -> bytes:
        """A small member. Raises `BadPackage`."""
        with self.stream(name) as file:
            return file.read(LIMIT)

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """A member, read while it is needed. Raises `BadPackage`."""
        try:
            file = self.tar.extractfile(name)
        except KeyError as error:
            raise BadPackage(f"{name} is missing. {BadPackage.__doc__}") from error
        if file is None:
            raise BadPackage(f"{name} is no file. {BadPackage.__doc__}")
        with file:
            yield file


@contextmanager
def reading(path: Path) -> Iterator[Package]:
    """A package from its file. Raises `BadPackage` and OSError."""
    try:
        with tarfile.open(path, "r:") as tar:
            said = json.loads(Package(tar, {}, ()).whole("release.json"))
            if said["format"] != FORMAT:
                raise BadPackage(BadPackage.__doc__)
            originals = tuple(
                Original(each["id"], each["sealed_size"], each["sealed_sha256"]) for each in said["evidence"]
            )
            if any(set(original.id) - set("0123456789abcdef-") for original in originals):
                raise BadPackage(BadPackage.__doc__)  # an id is a name of a file, too
            yield Package(tar, said, originals)
    except (tarfile.TarError, KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BadPackage(BadPackage.__doc__) from error


def add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    """Add a small member."""
    add_stream(tar, name, io.BytesIO(data), len(data))


def add_stream(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    """Add a member of `size` bytes from a stream; members carry no times and no owners."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, file)
