"""Sealed segments in an object store, for other machines: copied as they are, never opened on the way.

A segment's object is named by the salt of its file, so it is written once and never changed, and whoever fetches one
gets the very file that the database vouches for.
"""

from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

PIECE = 8 * 2**20  # bytes that are fetched and written at a time


class OutOfReach(OSError):
    """The object store cannot be reached, or has no such segment. Look at STAYDOWN_CLUSTER, and at the store."""


def store_at(url: str) -> ObjectStore:
    """A store by its address: s3://bucket/prefix or file:///folder. What opens a bucket are the AWS_… variables."""
    if url.startswith("file://"):
        Path(url.removeprefix("file://")).mkdir(mode=0o700, parents=True, exist_ok=True)
    return from_url(url)


def put(store: ObjectStore, key: str, path: Path) -> None:
    """Copy a file into the store. Raises `OutOfReach`."""
    try:
        obstore.put(store, key, path)
    except BaseError as error:
        raise OutOfReach(key) from error


def fetch(store: ObjectStore, key: str, to: Path) -> None:
    """Copy an object of the store into a file. Raises `OutOfReach`; what is in the file then is not whole."""
    try:
        with to.open("wb") as file:
            for piece in obstore.get(store, key).stream(min_chunk_size=PIECE):
                file.write(piece)
    except (BaseError, FileNotFoundError) as error:
        raise OutOfReach(key) from error


def delete(store: ObjectStore, key: str) -> None:
    """Remove an object. Raises `OutOfReach`."""
    try:
        obstore.delete(store, key)
    except (BaseError, FileNotFoundError) as error:
        raise OutOfReach(key) from error


def key_of(name: str, salt: bytes) -> str:
    """Where in the store the segment of a name is."""
    return f"segments/{name}/{salt.hex()}"
