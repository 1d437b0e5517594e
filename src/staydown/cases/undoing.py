"""How long a decision can be undone. Pure."""

from datetime import timedelta

LONGEST = 60  # seconds: whoever reported waits for the answer meanwhile


class BadUndo(ValueError):
    """The time to undo a decision is a number of seconds, 0 to 60."""


def read(text: str) -> timedelta:
    """Of the setting's text. Raises `BadUndo`."""
    if not text.strip().isdigit() or int(text) > LONGEST:
        raise BadUndo(f"{text}: {BadUndo.__doc__}")
    return timedelta(seconds=int(text))
