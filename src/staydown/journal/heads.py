"""Signed tree heads: what an outsider keeps to hold the journal to its word."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from staydown.journal import rules
from staydown.journal.errors import NoHead
from staydown.journal.models import Head


@dataclass(frozen=True, slots=True)
class SignedHead:
    """At `size` entries the tree had `root`, says the journal's key."""

    size: int
    root: bytes
    signed_at: datetime
    signature: bytes

    @classmethod
    def sign(cls, size: int, root: bytes, signed_at: datetime) -> "SignedHead":
        """Sign with the worker's key (`settings.JOURNAL_KEY`, 32 raw bytes, Ed25519)."""
        key = Ed25519PrivateKey.from_private_bytes(settings.JOURNAL_KEY)
        return cls(size, root, signed_at, key.sign(rules.head_message(size, root, signed_at)))

    @classmethod
    def of(cls, head: Head) -> "SignedHead":
        """The head that a row holds."""
        return cls(head.size, bytes(head.root), head.signed_at, bytes(head.signature))

    @classmethod
    def from_json(cls, text: str) -> "SignedHead":
        """The head in a file made by `export_head`. Raises `ValueError` for another file."""
        match json.loads(text):
            case {"size": int(size), "root": str(root), "signed_at": str(at), "signature": str(signature)}:
                return cls(size, bytes.fromhex(root), datetime.fromisoformat(at), bytes.fromhex(signature))
        raise ValueError("this file holds no tree head")

    def said(self) -> dict[str, str | int]:
        """The head as JSON."""
        return {
            "size": self.size,
            "root": self.root.hex(),
            "signed_at": rules.moment(self.signed_at),
            "signature": self.signature.hex(),
        }

    def to_json(self) -> str:
        """The head as a small file, to be kept where this machine's owner cannot change it."""
        return json.dumps(self.said(), indent=1) + "\n"

    def is_signed(self, public: Ed25519PublicKey) -> bool:
        """Whether the journal's key made this signature."""
        try:
            public.verify(self.signature, rules.head_message(self.size, self.root, self.signed_at))
        except InvalidSignature:
            return False
        return True


def public_keys() -> list[bytes]:
    """The keys that check heads (32 raw bytes each), the oldest first, today's last."""
    return [*reversed(settings.FORMER_JOURNAL_PUBLICS), settings.JOURNAL_PUBLIC]


def export_head(path: Path) -> SignedHead:
    """Write the latest signed head to `path`, for somebody else to keep. Raises `NoHead`."""
    head = Head.objects.order_by("-size").first()
    if head is None:
        raise NoHead(NoHead.__doc__)
    signed = SignedHead.of(head)
    path.write_text(signed.to_json(), encoding="utf-8")
    return signed
