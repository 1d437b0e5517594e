"""A new file that is there whole or not at all, also after kill -9: it has its name only when all of it is on the disk."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path

PART = ".part"  # behind the name of what is not whole


@contextmanager
def whole(path: Path) -> Iterator[BufferedWriter]:
    """Write a new file that only its owner reads. Raises FileExistsError and OSError; then there is no such file.

    A kill leaves `NAME.part` at most, which the next attempt replaces.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    part = path.with_name(path.name + PART)
    part.unlink(missing_ok=True)
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.rename(path)
