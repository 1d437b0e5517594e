"""The custodians' own age identities: out of a file, or on a token that an age plugin speaks with (https://c2sp.org/age-plugin)."""

from getpass import getpass
from pathlib import Path

import pyrage

from staydown.vault.evidence.custodians import plain

type Identity = pyrage.x25519.Identity | pyrage.plugin.IdentityPluginV1
HELD_BY_PLUGIN = "held by an age plugin"
NOT_FOR_IT = "No matching keys found"  # what age says of an identity that a file was not sealed to


class NoIdentity(ValueError):
    """This file holds no age identity (a line AGE-SECRET-KEY-1… or AGE-PLUGIN-…)."""


class NoPlugin(ValueError):
    """Install it and have it on the PATH: it speaks with the token that holds this identity."""


class TokenFailed(ValueError):
    """A token, or the program that speaks with it, did not open this. Nothing was opened; try again."""


def read(path: Path) -> list[Identity]:
    """The identities in a file of age-keygen, or of an age plugin. Raises `NoIdentity`, `NoPlugin` and OSError."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    found = [_identity(line, path) for line in lines if line.startswith(("AGE-SECRET-KEY-1", "AGE-PLUGIN-"))]
    if not found:
        raise NoIdentity(f"{path}: {NoIdentity.__doc__}")
    return found


def opened_by(sealed: bytes, own: list[Identity]) -> tuple[bytes | None, str]:
    """What is sealed, and the recipient whose identity opened it: of a token, that it was one. Raises `TokenFailed`."""
    for each in own:
        if clear := opened(sealed, each):
            return clear, str(each.to_public()) if isinstance(each, pyrage.x25519.Identity) else HELD_BY_PLUGIN
    return None, ""


def opened(sealed: bytes, identity: Identity) -> bytes | None:
    """What is sealed; None where this identity does not open it. Raises `TokenFailed` with what a token said."""
    try:
        clear: bytes = pyrage.decrypt(sealed, [identity])
    except pyrage.DecryptError as error:
        if isinstance(identity, pyrage.plugin.IdentityPluginV1) and str(error) != NOT_FOR_IT:
            raise TokenFailed(f"{plain(error)}. {TokenFailed.__doc__}") from error
        return None
    return clear


def _identity(line: str, path: Path) -> Identity:
    try:
        if line.startswith("AGE-SECRET-KEY-1"):
            return pyrage.x25519.Identity.from_str(line)
        held = pyrage.plugin.Identity.from_str(line)
    except pyrage.IdentityError as error:
        raise NoIdentity(f"{path}: {NoIdentity.__doc__} ({plain(error)})") from error
    try:
        return pyrage.plugin.IdentityPluginV1(held.plugin(), [held], _Asking())
    except pyrage.DecryptError as error:
        raise NoPlugin(f"{path} needs the program age-plugin-{held.plugin()}. {NoPlugin.__doc__}") from error


class _Asking:
    """What an age plugin says and asks, in the terminal. Nobody there is no answer: an error raised here would end
    the program.
    """

    def display_message(self, message: str) -> None:
        print(message, flush=True)

    def confirm(self, message: str, yes_string: str, no_string: str | None = None) -> bool | None:
        answer = _line(f"{message} [{yes_string}/{no_string or '-'}] ")
        return None if answer is None else answer.strip().lower() == yes_string.lower()

    def request_public_string(self, description: str) -> str | None:
        return _line(f"{description} ")

    def request_passphrase(self, description: str) -> str | None:
        try:
            return getpass(f"{description} ")
        except (EOFError, KeyboardInterrupt):
            return None


def _line(question: str) -> str | None:
    try:
        return input(question)
    except (EOFError, KeyboardInterrupt):
        return None
