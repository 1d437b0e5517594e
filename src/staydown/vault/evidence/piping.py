"""What one part of the program writes, read by another while it is written."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO


@contextmanager
def written_by(write: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """What `write` writes, to be read while it does so in a thread of its own. Raises what `write` raises."""
    out, into = os.pipe()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(into, "wb") as file:
                write(file)
        except BaseException as error:  # noqa: BLE001  raised where it is read
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(out, "rb") as reader:
            yield reader
    except Exception:
        thread.join()
        if failed and not isinstance(failed[0], BrokenPipeError):
            raise failed[0] from None
        raise
    thread.join()
    if failed:
        raise failed[0]
