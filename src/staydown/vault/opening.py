"""Opening sealed words with the working key. Only the app and the worker import this; a portal process never does."""

import pyrage
from django.conf import settings


class CannotOpen(ValueError):
    """These words were sealed to another key. Give this program the working key they were sealed to."""


def read(sealed: bytes | memoryview) -> str:
    """The words sealed in `sealed`. Raises `CannotOpen` when the working key is not among the recipients."""
    identity = pyrage.x25519.Identity.from_str(settings.WORKING_KEY)
    try:
        clear: bytes = pyrage.decrypt(bytes(sealed), [identity])
    except pyrage.DecryptError as error:
        raise CannotOpen(CannotOpen.__doc__) from error
    return clear.decode()
