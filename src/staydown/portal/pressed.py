"""Whoever tells of pressure with pictures is offered help with it, whichever door she came through."""

from staydown.recognition import Care, of_words


def is_pressed(words: str) -> bool:
    """Whether words tell of pressure, or are what was written to whoever pasted them.

    Read in the request that carries them, kept nowhere, and never held against anybody: all that follows is an offer.
    """
    return of_words(words).care is not Care.NOBODY
