"""Opening sealed words with the working key. Only the app and the worker import this; a portal process never does."""

import pyrage
from django.conf import settings


class CannotOpen(ValueError):
    """These words were sealed to another key. Give this program the working key they were sealed to."""


def read(sealed: bytes | memoryview) -> str:
    """The words sealed in `sealed` to the working key, or to a former one. Raises `CannotOpen` for any other."""
    return _opened(sealed, settings.WORKING_KEY, *settings.FORMER_WORKING_KEYS)


def is_current(sealed: bytes | memoryview) -> bool:
    """Whether the working key of today opens this, without a former one."""
    try:
        _opened(sealed, settings.WORKING_KEY)
    except CannotOpen:
        return False
    return True


def _opened(sealed: bytes | memoryview, *keys: str) -> str:
    identities = [pyrage.x25519.Identity.from_str(key) for key in keys]
    try:
        clear: bytes = pyrage.decrypt(bytes(sealed), identities)
    except pyrage.DecryptError as error:
        raise CannotOpen(CannotOpen.__doc__) from error
    return clear.decode()
