"""Making a new deployment's keys and settings."""

import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from staydown.vault import words


def _ed25519() -> tuple[str, str]:
    private = Ed25519PrivateKey.generate()
    return private.private_bytes_raw().hex(), private.public_key().public_bytes_raw().hex()


def fresh_settings(*, role: str, country: str, data: str) -> dict[str, str]:
    """Every required setting of a new deployment, with new random keys, by environment variable."""
    working_private, working_public = words.new_key_pair()
    link_private, link_public = _ed25519()
    journal_private, journal_public = _ed25519()
    return {
        "STAYDOWN_ROLE": role,
        "STAYDOWN_COUNTRY": country,
        "STAYDOWN_DATA": data,
        "STAYDOWN_RECEIPT_SALT": secrets.token_hex(32),
        "STAYDOWN_WORKING_PUBLIC": working_public,
        "STAYDOWN_WORKING_KEY": working_private,
        "STAYDOWN_FINGERPRINT_KEY": secrets.token_hex(32),
        "STAYDOWN_LINK_PUBLIC": link_public,
        "STAYDOWN_LINK_KEY": link_private,
        "STAYDOWN_JOURNAL_PUBLIC": journal_public,
        "STAYDOWN_JOURNAL_KEY": journal_private,
        "STAYDOWN_SECRET_KEY": secrets.token_urlsafe(50),
    }
