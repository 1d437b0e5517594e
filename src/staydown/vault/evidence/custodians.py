"""The custodians: people outside the running server, to whom the private key of each case is sealed (decision 6).

A case's private key is sealed twice, one envelope in the other: the outer one to the first group, the inner one to the
second. Opening takes one person of each group, so that nobody opens alone; each group has at least two people, so
that losing one loses nothing.
"""

from dataclasses import dataclass

import pyrage

LEAST = 2
LONGEST = 100  # signs of a recipient in the journal: those of post-quantum tokens have two thousand
type Recipient = (
    pyrage.x25519.Recipient | pyrage.tag.Recipient | pyrage.tagpq.Recipient | pyrage.plugin.RecipientPluginV1
)


class BadCustodians(ValueError):
    """Custodians are two groups of at least two age recipients (age1…), comma-separated, nobody in both."""


class NotSealed(ValueError):
    """An age plugin could not seal to its custodian. See that it runs here as the user of Staydown; nothing was sealed."""


@dataclass(frozen=True, slots=True)
class Custodians:
    """The two groups, as age recipients (`age1…`); both empty where nobody was named."""

    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.first and self.second)

    def told(self) -> list[str]:
        """Both groups, for the journal: who has himself made a custodian stands there. Long recipients are shortened."""
        return [name if len(name) <= LONGEST else f"{name[:LONGEST]}…" for name in (*self.first, *self.second)]

    def seal(self, private: str) -> bytes:
        """Seal a case's private key: an age file for the first group that holds one for the second. Raises `NotSealed`."""
        return _sealed(_sealed(private.encode(), self.second), self.first)


def read(first: str, second: str) -> Custodians:
    """The custodians of the two settings. Raises `BadCustodians` for one group alone, too few, or one person in both."""
    named = Custodians(_listed(first), _listed(second))
    if not (named.first or named.second):
        return named
    for group in (named.first, named.second):
        if len(set(group)) < LEAST or len(set(group)) < len(group):
            raise BadCustodians(f"{len(set(group))} in one group. {BadCustodians.__doc__}")
        recipients(group)
    if both := set(named.first) & set(named.second):
        raise BadCustodians(f"{', '.join(sorted(both))} is in both groups. {BadCustodians.__doc__}")
    return named


def _sealed(data: bytes, group: tuple[str, ...]) -> bytes:
    try:
        sealed: bytes = pyrage.encrypt(data, recipients(group))
    except (pyrage.EncryptError, BadCustodians) as error:
        raise NotSealed(f"{NotSealed.__doc__} ({plain(error)})") from error
    return sealed


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def recipients(names: tuple[str, ...]) -> list[Recipient]:
    """What age seals to. Raises `BadCustodians` for a text that is no recipient, or one whose plugin is not here."""
    return [_recipient(name) for name in names]


def _recipient(name: str) -> Recipient:
    for kind in (pyrage.x25519.Recipient, pyrage.tag.Recipient, pyrage.tagpq.Recipient):
        try:
            return kind.from_str(name)
        except pyrage.RecipientError:
            continue
    try:
        held = pyrage.plugin.Recipient.from_str(name)
    except pyrage.RecipientError as error:
        raise BadCustodians(f"{name[:70]} is no age recipient. {BadCustodians.__doc__}") from error
    try:
        return pyrage.plugin.RecipientPluginV1(held.plugin(), [held], [], _Unattended())
    except (pyrage.RecipientError, pyrage.EncryptError, OSError) as error:
        program = f"age-plugin-{held.plugin()}"
        raise BadCustodians(
            f"{name[:20]}… needs the program {program}, which is not here: have it on the PATH."
        ) from error


class _Unattended:
    """Where keys are sealed nobody sits who could answer a plugin: what it says is let go, what it asks is not answered."""

    def display_message(self, message: str) -> None:
        """Nothing: it is meant for somebody before a screen."""

    def confirm(self, message: str, yes_string: str, no_string: str | None = None) -> bool | None:
        return None

    def request_public_string(self, description: str) -> str | None:
        return None

    def request_passphrase(self, description: str) -> str | None:
        return None


def plain(error: Exception) -> str:
    """What age says, without the invisible marks around names."""
    return " ".join(str(error).replace("\u2068", "").replace("\u2069", "").split()).rstrip(".")
