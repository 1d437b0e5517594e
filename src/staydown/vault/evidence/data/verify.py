"""Checks an evidence package of Staydown, in the folder where it was unpacked:

    python3 -I verify.py --key <the journal's public key, 64 hex digits>

It needs Python 3.8 or later and nothing else, and reads only the files beside it. Exit code 0: everything fits.

It checks that every file is the one the manifest names, and that there is no other; that every original is the one its
acquisition record describes; that every record is the one the journal committed to when the original was sealed; that
every entry of the custody log is in the journal's tree (RFC 9162); and that the tree's head was signed with the journal's
key (Ed25519, RFC 8032).

It cannot check: that the key is the deployment's (give it with --key, as the operator told you by another way); that
the server's clock was right; that the platform handed over what it had published; what the PDF says beyond these files
(it is bound by the manifest alone); and that this script is the real one (read it: it is short).
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

Point = tuple[int, int, int, int]

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


class Wrong(Exception):
    """Something does not fit."""


def point(data: bytes) -> Point:
    """A point of the curve from its 32 bytes, in extended coordinates (RFC 8032, 5.1.3)."""
    value = int.from_bytes(data, "little")
    sign, y = value >> 255, value & (1 << 255) - 1
    if y >= P:
        raise Wrong("a key or signature is no point of the curve")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        raise Wrong("a key or signature is no point of the curve")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def plus(one: Point, other: Point) -> Point:
    """The sum of two points (RFC 8032, 5.1.4)."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, of: Point) -> Point:
    """A multiple of a point."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = plus(total, of)
        of, number = plus(of, of), number >> 1
    return total


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is that key's (RFC 8032, 5.1.7)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, half = point(public), point(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if number >= L:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = times(number, BASE), plus(half, times(digest, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def canonical(said: dict[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8."""
    return json.dumps(said, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(entry: dict[str, Any], size: int, root: bytes) -> bool:
    """Whether an entry is in the tree (RFC 9162, 2.1.3.2)."""
    said = {name: entry[name] for name in ("about", "act", "actor", "at", "facts", "index")}
    committed = hashlib.sha256(bytes.fromhex(entry["salt"]) + canonical(said)).digest()
    hashed, place, last = hashlib.sha256(b"\x00" + committed).digest(), entry["index"], size - 1
    if not 0 <= place <= last:
        return False
    for step in entry["proof"]:
        beside = bytes.fromhex(step)
        if last == 0:
            return False
        if place & 1 or place == last:
            hashed = node(beside, hashed)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hashed = node(hashed, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and hashed == root


def digest_of(path: Path) -> tuple[str, int]:
    """The SHA-256 and size of a file, read piece by piece."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def check_files(folder: Path, manifest: dict[str, Any]) -> None:
    """Every file is the manifest's, and there is no other."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    named = set(manifest["files"])
    for name in sorted((there - {"manifest.json"}) ^ named):
        raise Wrong(f"{name} is {'missing' if name in named else 'not in the manifest'}")
    for name, said in sorted(manifest["files"].items()):
        if (folder / name).is_symlink() or digest_of(folder / name) != (said["sha256"], said["size"]):
            raise Wrong(f"{name} was changed")


def check_custody(custody: dict[str, Any], key: str) -> None:
    """Every entry is in the tree, and the tree's head is signed."""
    head = custody["head"]
    for entry in custody["entries"]:
        if not included(entry, head["size"], bytes.fromhex(head["root"])):
            raise Wrong(f"entry {entry['index']} of the custody log is not in the journal")
    said = {"root": head["root"], "signed_at": head["signed_at"], "size": head["size"]}
    message = b"staydown journal head v1\n" + canonical(said)
    if key and key != custody["journal_public"]:
        raise Wrong("the journal's key is not the one you gave")
    if not signed(bytes.fromhex(custody["journal_public"]), message, bytes.fromhex(head["signature"])):
        raise Wrong("the journal's head is not signed with the journal's key")


def check_originals(folder: Path, manifest: dict[str, Any], custody: dict[str, Any]) -> int:
    """Every original is its record's, and every record the journal's. Answers how many originals the journal has."""
    sealed = {each["about"]: each["facts"] for each in custody["entries"] if each["act"] == "evidence.sealed"}
    for one in manifest["originals"]:
        data = (folder / one["record"]).read_bytes()
        record, facts = json.loads(data), sealed.get("evidence.evidence:" + one["id"])
        if facts is None or hashlib.sha256(data).hexdigest() != facts["record"] or record["evidence"] != one["id"]:
            raise Wrong(f"{one['record']} is not the record that the journal committed to")
        if digest_of(folder / one["file"]) != (record["sha256"], record["size"]):
            raise Wrong(f"{one['file']} is not the original that its record describes")
    listed = {one["file"] for one in manifest["originals"]} | {one["record"] for one in manifest["originals"]}
    for name in sorted(manifest["files"]):
        if name.startswith(("originals/", "records/")) and name not in listed:
            raise Wrong(f"{name} belongs to no original")
    return len(sealed)


def main(words: list[str]) -> int:
    folder = Path(sys.argv[0]).resolve().parent
    key = words[1].lower() if len(words) == 2 and words[0] == "--key" else ""
    if words and not key:
        print(__doc__)
        return 2
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        check_files(folder, manifest)
        custody = json.loads((folder / "custody.json").read_bytes())
        check_custody(custody, key)
        of = check_originals(folder, manifest, custody)
    except Wrong as wrong:
        print(f"REFUSED: {wrong}.")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"REFUSED: the package cannot be read ({type(error).__name__}: {error}).")
        return 1
    print(f"{len(manifest['originals'])} originals (the journal has sealed {of} in this case) are as they were sealed.")
    print(
        f"{len(custody['entries'])} entries of the custody log are in the journal, signed at {custody['head']['signed_at']}."
    )
    print(f"SHA-256 of manifest.json: {digest_of(folder / 'manifest.json')[0]}")
    if not key:
        print(f"NOT CHECKED: whose key this is: {custody['journal_public']}")
        print("Ask the operator for the journal's public key by another way, and give it with --key.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
