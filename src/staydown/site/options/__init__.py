"""Every setting an operator may give, declared once: its name, default, meaning, and which program may see it.

`docs/settings.md` documents each (a test compares), and `staydown serve` hands each program only its own.
"""

from staydown.site.options import bank, deployment, keys, moderation, outside, serving, stores
from staydown.site.options.declaration import MissingSetting

OPTIONS = (
    *deployment.OPTIONS,
    *keys.OPTIONS,
    *outside.OPTIONS,
    *bank.OPTIONS,
    *moderation.OPTIONS,
    *stores.OPTIONS,
    *serving.OPTIONS,
)
BY_NAME = {option.name: option for option in OPTIONS}


def value(name: str) -> str:
    """The value of the setting `name` in this process's environment."""
    return BY_NAME[name].read()


def values(name: str) -> tuple[str, ...]:
    """The values of a setting that may have several: a key, then its former ones (`site.key_files`).

    Raises `MissingSetting` where there is none.
    """
    found = several(value(name))
    if not found:
        raise MissingSetting(f"{BY_NAME[name].variable} is empty: {BY_NAME[name].about}")
    return found


def several(text: str) -> tuple[str, ...]:
    """The values in a text, between commas or white space."""
    return tuple(text.replace(",", " ").split())
