"""A file that is bytes in memory, for decoders that ask for a file."""

import io


class Memory:
    """Reads and seeks in bytes, without a copy of them."""

    def __init__(self, data: bytes) -> None:
        self._view = memoryview(data)
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """At most that many of the next bytes, empty at the end."""
        end = len(self._view) if size < 0 else min(len(self._view), self._at + size)
        found = bytes(self._view[self._at : end])
        self._at += len(found)
        return found

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a place, counted from the beginning, from here or from the end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._view)}[whence]
        self._at = min(max(0, base + offset), len(self._view))
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at
