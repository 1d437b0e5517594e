"""What an operator is told instead of a traceback."""

import errno


class Trouble(Exception):
    """Something outside Staydown is in the way. The text is one clear sentence, and what to do about it."""


def of_files(error: OSError, path: object) -> Trouble:
    """The sentence for a file or folder that cannot be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(f"The disk that holds {path} is full. Free some space, or choose a folder on another disk.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(f"{path} may not be written by this user. Give it the right to, or choose another folder.")
    return Trouble(f"{path} cannot be used: {error.strerror or error}. Choose another folder, or put this right first.")
