"""Custodians and sealed originals, as the vault's tests have them."""

from tests.vault.evidence.conftest import originals, vault

__all__ = ["originals", "vault"]
