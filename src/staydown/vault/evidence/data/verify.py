"""Checks an evidence package of Staydown, in the folder where it was unpacked:

    python3 -I verify.py --key <the journal's public key, 64 hex digits> [--tsa-roots FILE]

It needs Python 3.9 or later and nothing else, and reads only the files beside it. Exit code 0: everything fits. With a file
of PEM certificates it has the `openssl` program check the time-stamps.

It checks that every file is the one the manifest names, and that there is no other; that every original is the one its
acquisition record describes; that every record is the one the journal committed to when the original was sealed; that
every entry of the custody log is in the journal's tree (RFC 9162); that the tree's head was signed with the journal's
key (Ed25519, RFC 8032); and that the report was signed (ECDSA on P-256) with the certificate that the journal names.

It cannot check: that the key is the deployment's (give it with --key, as the operator told you by another way); that
the server's clock was right; that the platform handed over what it had published; what the PDF says beyond these files;
and that this script is the real one (read it: it is short).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tempfile
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


def inside(data: bytes, *places: int) -> bytes:
    """The content of the DER value (X.690) at these places, one in the other."""
    for wanted in places:
        place = number = 0
        while True:
            length, place = data[place + 1], place + 2
            if length & 0x80:
                count = length & 0x7F
                length, place = int.from_bytes(data[place : place + count], "big"), place + count
            if number == wanted:
                break
            place, number = place + length, number + 1
        data = data[place : place + length]
    return data


def check_stamps(custody: dict[str, Any], roots: str) -> list[str]:
    """The time-stamps (RFC 3161) are of a checkpoint of the journal, and the entries they are said of are in it."""
    stamped, told = custody.get("stamped"), []
    if not stamped:
        return []
    note = stamped["checkpoint"].encode()
    text, _, line = note.decode().rpartition("\n\n")
    size, root = int(text.split("\n")[1]), base64.b64decode(text.split("\n")[2])
    signature = base64.b64decode(line.split(" ")[2])[4:]
    if not signed(bytes.fromhex(custody["journal_public"]), f"{text}\n".encode(), signature):
        raise Wrong("the checkpoint that was time-stamped is not signed with the journal's key")
    for entry in custody["entries"]:
        path = stamped["proofs"].get(str(entry["index"]))
        if (path is None) != (entry["index"] >= size) or (
            path is not None and not included({**entry, "proof": path}, size, root)
        ):
            raise Wrong(f"entry {entry['index']} is not in the checkpoint that was time-stamped")
    for each in stamped["stamps"]:
        response, digest = base64.b64decode(each["response"]), hashlib.sha256(note).digest()
        info = inside(response, 0, 1, 1, 0, 2, 1, 0)  # response, token, content, signed data, its content, octets
        if inside(info, 0, 2, 1) != digest:
            raise Wrong(f"the time-stamp of {each['by']} is of something else")
        at = inside(info, 0, 4).decode()
        if roots and not by_openssl(response, digest, roots):
            raise Wrong(f"openssl does not accept the time-stamp of {each['by']} with these certificates")
        checked = "checked with openssl" if roots else "NOT CHECKED: its signature (give --tsa-roots)"
        told.append(f"{len(stamped['proofs'])} of the entries existed at {at}, says {each['by']}; {checked}.")
    return told


def by_openssl(response: bytes, digest: bytes, roots: str) -> bool:
    """Whether `openssl ts -verify` accepts a time-stamp."""
    with tempfile.NamedTemporaryFile(suffix=".tsr") as file:
        file.write(response)
        file.flush()
        command = ["openssl", "ts", "-verify", "-digest", digest.hex(), "-in", file.name, "-CAfile", roots]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


Place = tuple[int, int]  # on P-256 (SP 800-186, 3.2.1.3); (0, 0) is none
FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
START = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")  # before the 64 bytes of such a key


def added(one: Place, other: Place) -> Place:
    """The sum of two places of the curve."""
    if (0, 0) in (one, other):
        return other if one == (0, 0) else one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % FIELD == 0:
        return 0, 0
    over, under = (3 * x1 * x1 - 3, 2 * y1) if one == other else (y2 - y1, x2 - x1)
    slope = over * pow(under, FIELD - 2, FIELD) % FIELD
    x = (slope * slope - x1 - x2) % FIELD
    return x, (slope * (x1 - x) - y1) % FIELD


def multiple(number: int, of: Place) -> Place:
    total = (0, 0)
    while number:
        if number & 1:
            total = added(total, of)
        of, number = added(of, of), number >> 1
    return total


def signed_p256(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an ECDSA signature (DER) with SHA-256 is that key's, 64 bytes (FIPS 186-5, 6.4.2)."""
    x, y = int.from_bytes(key[:32], "big"), int.from_bytes(key[32:], "big")
    r, s = (int.from_bytes(inside(signature, 0, number), "big") for number in (0, 1))
    if len(key) != 64 or not (0 < r < ORDER and 0 < s < ORDER):
        return False
    digest, inverse = int.from_bytes(hashlib.sha256(message).digest(), "big"), pow(s, ORDER - 2, ORDER)
    found = added(multiple(digest * inverse % ORDER, START), multiple(r * inverse % ORDER, (x, y)))
    return found != (0, 0) and found[0] % ORDER == r


def check_report(folder: Path, manifest: dict[str, Any], custody: dict[str, Any]) -> str:
    """The report is signed, all of it, with the certificate that the journal names (PAdES: ETSI EN 319 142-1)."""
    signer = manifest.get("report_signer")
    if not signer:
        return "report.pdf bears no signature of its own; the manifest names its SHA-256."
    certificate, pdf = (folder / "report-signer.der").read_bytes(), (folder / "report.pdf").read_bytes()
    named = [e["facts"]["certificate_sha256"] for e in custody["entries"] if e["act"] == "keys.document_signer"]
    if signer not in named or hashlib.sha256(certificate).hexdigest() != signer:
        raise Wrong("the report's certificate is not one that the journal names")
    ranges = re.findall(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+)", pdf)
    begin, first, second, rest = (int(number) for number in ranges[-1]) if ranges else (1, 0, 0, 0)
    if begin or second + rest != len(pdf) or not first < second:
        raise Wrong("the signature of report.pdf is not over all of it")
    digest = hashlib.sha256(pdf[:first] + pdf[second:]).digest()
    about = inside(bytes.fromhex(pdf[first + 1 : second - 1].decode()), 0, 1, 0, 4, 0)  # of the only signer (RFC 5652)
    attributes = inside(about, 3)
    message = b"\x31" + length_of(attributes) + attributes
    key = certificate.partition(P256)[2][:64]
    if b"\x04\x20" + digest not in attributes or not signed_p256(key, message, inside(about, 5)):
        raise Wrong("report.pdf is not what was signed with its certificate")
    return f"report.pdf is signed with the certificate {signer}, which the journal names."


def length_of(content: bytes) -> bytes:
    """The length of some content as DER has it."""
    size = len(content)
    if size < 128:
        return bytes([size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(digits)]) + digits


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
    asked = dict(zip(words[::2], words[1::2]))
    key = asked.get("--key", "").lower()
    if len(words) % 2 or set(asked) - {"--key", "--tsa-roots"}:
        print(__doc__)
        return 2
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        check_files(folder, manifest)
        custody = json.loads((folder / "custody.json").read_bytes())
        check_custody(custody, key)
        told = check_stamps(custody, asked.get("--tsa-roots", ""))
        told.append(check_report(folder, manifest, custody))
        of = check_originals(folder, manifest, custody)
    except Wrong as wrong:
        print(f"REFUSED: {wrong}.")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        print(f"REFUSED: the package cannot be read ({type(error).__name__}: {error}).")
        return 1
    print(f"{len(manifest['originals'])} originals (the journal has sealed {of} in this case) are as they were sealed.")
    print(
        f"{len(custody['entries'])} entries of the custody log are in the journal, signed at {custody['head']['signed_at']}."
    )
    for line in told:
        print(line)
    print(f"SHA-256 of manifest.json: {digest_of(folder / 'manifest.json')[0]}")
    if not key:
        print(f"NOT CHECKED: whose key this is: {custody['journal_public']}")
        print("Ask the operator for the journal's public key by another way, and give it with --key.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
