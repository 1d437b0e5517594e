"""Where sealed evidence lies: files by default, S3 beyond (obstore). What was written once is never written again."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, S3Store


class AlreadyThere(ValueError):
    """An object of this name was written before, and stays as it is."""


class BadStore(ValueError):
    """STAYDOWN_EVIDENCE_STORE is empty (files in the data folder), or s3://bucket/prefix with STAYDOWN_EVIDENCE_ACCESS."""


class Objects:
    """Named bytes, written once."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder  # of a store of files: to be told to the disk, which obstore leaves out

    @classmethod
    def files(cls, folder: Path) -> "Objects":
        """Objects as files in a folder, which is made."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(LocalStore(folder), folder)

    @classmethod
    def s3(cls, address: str, options: Mapping[str, str]) -> "Objects":
        """Objects in a bucket (`s3://bucket/prefix`); `options` as obstore's S3Config names them. Raises `BadStore`."""
        if not address.startswith("s3://"):
            raise BadStore(f"{address} is no place for evidence. {BadStore.__doc__}")
        plain = options.get("endpoint", "").startswith("http://")
        config = {"checksum_algorithm": "SHA256", **options}  # a bucket with object lock takes nothing without one
        return cls(S3Store.from_url(address, config=config, client_options={"allow_http": plain}))  # type: ignore[arg-type]  # a TypedDict of text

    def put(self, name: str, data: bytes) -> None:
        """Write an object; on return it is on the disk. Raises `AlreadyThere`, and OSError or obstore's errors."""
        try:
            obstore.put(self._store, name, data, mode="create", use_multipart=False)
        except AlreadyExistsError as error:
            raise AlreadyThere(AlreadyThere.__doc__) from error
        if self._folder:
            _to_disk(self._folder, self._folder / name)

    def keep(self, name: str, data: bytes) -> bool:
        """Write an object that may be there already; whether it was written. Raises `AlreadyThere` where another is."""
        try:
            self.put(name, data)
        except AlreadyThere:
            if self.get(name) != data:
                raise
            return False
        return True

    def get(self, name: str) -> bytes:
        """The bytes of an object. Raises FileNotFoundError."""
        return bytes(obstore.get(self._store, name).bytes())

    def names(self, folder: str = "") -> list[str]:
        """The names of all objects in a folder and below it, in order."""
        pages = obstore.list(self._store, folder or None)
        return sorted(str(meta["path"]) for page in pages for meta in page)

    def delete(self, name: str) -> None:
        """Remove an object: when a case's evidence is destroyed. A locked bucket keeps the version."""
        obstore.delete(self._store, name)

    def take_away(self, names: list[str]) -> None:
        """Remove what should not have been written, as far as the store lets go of it."""
        with suppress(BaseError, OSError):
            for name in names:
                self.delete(name)


def pieces(objects: Objects, names: list[str]) -> Iterator[bytes]:
    """The bytes of several objects, one after the other."""
    for name in names:
        yield objects.get(name)


def _to_disk(folder: Path, path: Path) -> None:
    """Make a file, and the folders that name it, survive a power cut."""
    made = [path, *(parent for parent in path.parents if parent.is_relative_to(folder))]
    for each in made:
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
