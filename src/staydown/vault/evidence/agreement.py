"""Whether two people released a package: the journal's word for it, checked on the custodians' machine before anything is opened.

Whoever can write into the database can have ciphertext packed that nobody agreed to. The package's custody log shows it: its
entries must lead to a head that the journal's key signed, and two different people must have proposed and agreed. Who has that
key, too, can still invent both; then the entries stand in the journal, where those two people and witnesses see them.
"""

from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from staydown.journal import proofs, rules
from staydown.vault.evidence.packages import Package

PROPOSED, AGREED, KEY_MADE = "evidence.release_proposed", "evidence.release_agreed", "evidence.key_made"


class NotAgreed(ValueError):
    """The journal in this package does not prove that two people released it. Nothing was opened: ask those people first."""


def check(package: Package) -> None:
    """Raise `NotAgreed` unless the package's journal proves that two people released it."""
    custody = package.said["custody"]
    try:
        proven = _is_signed(custody["head"], custody["journal_public"]) and all(
            _is_in(entry, custody["head"]) for entry in custody["entries"]
        )
    except (ValueError, TypeError, KeyError, InvalidSignature) as error:
        raise NotAgreed(NotAgreed.__doc__) from error
    about = f"evidence.release:{package.said['release']}"
    proposed, agreed = (_actors(custody["entries"], about, act) for act in (PROPOSED, AGREED))
    if not proven or not agreed - proposed or len(proposed) != 1:
        raise NotAgreed(NotAgreed.__doc__)


def sealed_to(package: Package) -> list[str]:
    """The custodians to whom the case's key was sealed, as the journal has it; empty where an older version sealed it."""
    made = [entry["facts"] for entry in package.said["custody"]["entries"] if entry["act"] == KEY_MADE]
    return [str(name) for name in made[-1].get("custodians", ())] if made else []


def _is_signed(head: dict[str, Any], public: str) -> bool:
    """True; raises `InvalidSignature` and ValueError."""
    said = rules.head_message(head["size"], bytes.fromhex(head["root"]), datetime.fromisoformat(head["signed_at"]))
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(head["signature"]), said)
    return True


def _is_in(entry: dict[str, Any], head: dict[str, Any]) -> bool:
    at = datetime.fromisoformat(entry["at"])
    act = rules.Act(entry["index"], at, entry["act"], entry["actor"], entry["about"], entry["facts"])
    leaf = rules.leaf_hash(rules.commitment(bytes.fromhex(entry["salt"]), act.canonical()))
    steps = [bytes.fromhex(step) for step in entry["proof"]]
    return proofs.includes(bytes.fromhex(head["root"]), head["size"], entry["index"], leaf, steps)


def _actors(entries: list[dict[str, Any]], about: str, act: str) -> set[str]:
    return {entry["actor"] for entry in entries if entry["about"] == about and entry["act"] == act}
