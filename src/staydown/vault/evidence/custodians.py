"""The custodians: people outside the running server, to whom the private key of each case is sealed (decision 6).

A case's private key is sealed twice, one envelope in the other: the outer one to the first group, the inner one to the
second. Opening takes one person of each group, so that nobody opens alone; each group has at least two people, so
that losing one loses nothing.
"""

from dataclasses import dataclass

import pyrage

LEAST = 2
type Recipient = pyrage.x25519.Recipient | pyrage.tagpq.Recipient | pyrage.plugin.RecipientPluginV1


class BadCustodians(ValueError):
    """Custodians are two groups of at least two age recipients (age1…), comma-separated, nobody in both."""


@dataclass(frozen=True, slots=True)
class Custodians:
    """The two groups, as age recipients (`age1…`); both empty where nobody was named."""

    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.first and self.second)

    def seal(self, private: str) -> bytes:
        """Seal a case's private key: an age file for the first group that holds one for the second."""
        inner: bytes = pyrage.encrypt(private.encode(), recipients(self.second))
        outer: bytes = pyrage.encrypt(inner, recipients(self.first))
        return outer


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


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def recipients(names: tuple[str, ...]) -> list[Recipient]:
    """What age seals to. Raises `BadCustodians` for a text that is no recipient, or one whose plugin is not here."""
    return [_recipient(name) for name in names]


def _recipient(name: str) -> Recipient:
    for kind in (pyrage.x25519.Recipient, pyrage.tagpq.Recipient):
        try:
            return kind.from_str(name)
        except pyrage.RecipientError:
            continue
    try:
        held = pyrage.plugin.Recipient.from_str(name)
    except pyrage.RecipientError as error:
        raise BadCustodians(f"{name[:70]} is no age recipient. {BadCustodians.__doc__}") from error
    try:
        return pyrage.plugin.RecipientPluginV1(held.plugin(), [held], [], None)
    except (pyrage.RecipientError, pyrage.EncryptError, OSError) as error:
        raise BadCustodians(f"{name[:20]}… needs the program age-plugin-{held.plugin()}, which is not here.") from error
