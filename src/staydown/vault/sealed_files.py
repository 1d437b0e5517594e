"""Files sealed to several people with age, streamed: never whole in memory, never in clear on a disk.

age authenticates every 64 KiB and that the last one is there (age-encryption.org/v1, STREAM): a file that was altered or
cut off anywhere is refused, at the latest at its end. So nothing that was read counts before the end was.
"""

import io
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

import pyrage

FEWEST = 2  # people: losing one of them loses nothing (decision 6)
PREFIX = "AGE-SECRET-KEY-1"


class TooFewPeople(ValueError):
    """Name at least two different people's public keys (age1…), so that losing one person loses nothing."""


class NoRecipient(ValueError):
    """This is no public age key. One begins with age1; `age-keygen` makes one with its private half."""


class NoIdentity(ValueError):
    """There is no private age key in this file. Give the file that `age-keygen` made for one of the recipients."""


class NotForYou(ValueError):
    """This file was sealed to other people. Give the private key of one of its recipients."""


class NotWhole(ValueError):
    """This file is damaged, cut off, or none that Staydown sealed: nothing of it was used. Take another copy."""


class _Side(threading.Thread):
    """age's half of the work, at the other end of a pipe."""

    def __init__(self, work: Callable[[], None], end: BinaryIO) -> None:
        super().__init__(daemon=True)
        self._work, self._end = work, end
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001  raised where the other half waits
            self.error = error
        finally:
            with suppress(OSError):
                self._end.close()


def recipients_of(texts: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """The people whose public keys these are. Raises `NoRecipient` and `TooFewPeople`."""
    try:
        found = [pyrage.x25519.Recipient.from_str(text) for text in dict.fromkeys(texts)]
    except pyrage.RecipientError as error:
        raise NoRecipient(NoRecipient.__doc__) from error
    if len(found) < FEWEST:
        raise TooFewPeople(TooFewPeople.__doc__)
    return found


def identities_in(text: str) -> list[pyrage.x25519.Identity]:
    """The private keys in a file that `age-keygen` made. Raises `NoIdentity`."""
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith(PREFIX)]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines]
    except pyrage.IdentityError as error:
        raise NoIdentity(NoIdentity.__doc__) from error
    if not found:
        raise NoIdentity(NoIdentity.__doc__)
    return found


@contextmanager
def sealing(path: Path, recipients: Sequence[pyrage.x25519.Recipient]) -> Iterator[BinaryIO]:
    """Something to write into: it goes sealed into a file that has its name only once it is whole.

    Raises OSError, FileExistsError where there is such a file already.
    """
    for left in path.parent.glob(f".{path.name}.*"):  # of a process that was killed
        left.unlink(missing_ok=True)
    unfinished = path.parent / f".{path.name}.{os.getpid()}"
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            with _encrypting(file, recipients) as into:
                yield into
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(unfinished)  # unlike a rename, it takes nobody's place
    finally:
        unfinished.unlink(missing_ok=True)
    _sync(path.parent)


@contextmanager
def _encrypting(file: BinaryIO, recipients: Sequence[pyrage.x25519.Recipient]) -> Iterator[BinaryIO]:
    """The writing end of a pipe whose other end is encrypted into a file."""
    read, write = os.pipe()
    source, into = os.fdopen(read, "rb"), os.fdopen(write, "wb")
    disk = _Disk(file)
    side = _Side(lambda: pyrage.encrypt_io(source, disk, list(recipients)), source)
    side.start()
    try:
        yield into
        into.close()
    except BrokenPipeError:
        pass  # the other side has failed, and says why
    finally:
        with suppress(OSError):
            into.close()
        side.join()
    if error := disk.error or side.error:
        raise error


class _Disk:
    """A file that remembers what the system said: age repeats it only as text."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, sealed: bytes) -> int:
        try:
            return self._file.write(sealed)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self._file.flush()


@contextmanager
def opened(path: Path, identities: Sequence[pyrage.x25519.Identity]) -> Iterator[BinaryIO]:
    """What is sealed in a file, to be read to its end. Raises `NotForYou`, `NotWhole`, OSError."""
    read, write = os.pipe()
    into = os.fdopen(write, "wb")
    with path.open("rb") as file, os.fdopen(read, "rb", 0) as raw:
        side = _Side(lambda: pyrage.decrypt_io(file, into, list(identities)), into)
        side.start()
        try:
            yield io.BufferedReader(cast(io.RawIOBase, _Checked(raw, side)), 2**16)
        finally:
            raw.close()  # the other side ends, also where nobody read to the end
            side.join()


class _Checked(io.RawIOBase):
    """What comes out of the pipe; its end is an end only if the other side says that all was whole."""

    def __init__(self, raw: io.RawIOBase, side: _Side) -> None:
        self._raw, self._side = raw, side

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # typeshed: any buffer
        count = self._raw.readinto(buffer)
        if not count:
            self._side.join()
            _refuse(self._side.error)
        return count or 0


def _refuse(error: BaseException | None) -> None:
    """Raise the sentence for what went wrong at the other side."""
    if error is None:
        return
    if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
        raise NotForYou(NotForYou.__doc__) from error
    raise NotWhole(NotWhole.__doc__) from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
