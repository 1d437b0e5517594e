"""Sealing words: what a person writes is encrypted to public keys the moment it arrives (age, X25519).

This half holds no private key. The half that opens with the working key is `vault.opening`.
"""

import pyrage


def new_key_pair() -> tuple[str, str]:
    """A new age key pair as text: (private `AGE-SECRET-KEY-1…`, public `age1…`)."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def public_of(private: str) -> str:
    """The public half of a private age key. Raises ValueError for what is none."""
    try:
        return str(pyrage.x25519.Identity.from_str(private).to_public())
    except pyrage.IdentityError as error:
        raise ValueError("This is no age key. It begins with AGE-SECRET-KEY-1.") from error


def seal(text: str, *recipients: str) -> bytes:
    """Encrypt `text` so that the holder of any of the recipients' private keys can read it (age v1 format)."""
    sealed: bytes = pyrage.encrypt(
        text.encode(), [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    )
    return sealed
