"""Checks an exported journal of Staydown, from within the export:

    python3 -I journal.zip --key <64 hex digits>

It needs Python 3.9 or later and nothing else, and reads the export in one pass. Exit code 0: everything fits. It may be given

    --key HEX           a public key of the journal that you were told by another way, today's or a former one
    --head FILE         a tree head that you kept (`staydown verify --export-head`), or a checkpoint
    --certificate FILE  a certificate of destruction: its entries must be these
    --witness KEY       a witness's verifier key: the newest checkpoint that it cosigned is named
    --tsa-roots FILE    PEM certificates: the time-stamps are checked with the `openssl` program, if there is one

It checks that every entry is the one that was committed to; that the commitments make the tree (RFC 9162) of every
checkpoint and of the last signed head, which no entry can be changed, removed, inserted or moved in; that heads and
checkpoints are signed with the journal's key of their time (Ed25519, RFC 8032), and each new key is named under the former
one; and that whatever was erased was erased by a recorded act.

It cannot check: whose key it is, unless you give one; that the journal was not cut off after the last head, unless you kept a
later one; that what was written was true when it was written; and that this script is the real one (read it: it is short).
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

Point = tuple[int, int, int, int]

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
FORMAT = "staydown journal export v1"


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


encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode
sha256 = hashlib.sha256


class Tree:
    """A growing tree (RFC 9162, 2.1), carried as the roots of its perfect subtrees, the largest first."""

    def __init__(self) -> None:
        self.size, self.peaks = 0, []  # type: int, list[bytes]

    def append(self, committed: bytes) -> None:
        node, size = sha256(b"\x00" + committed).digest(), self.size
        while size & 1:
            node, size = sha256(b"\x01" + self.peaks.pop() + node).digest(), size >> 1
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return sha256().digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = sha256(b"\x01" + peak + root).digest()
        return root


class Keys:
    """The journal's keys, one after the other: each new one is named by an entry under the former one."""

    def __init__(self, first: str) -> None:
        self.chain, self.at, self.named_at = [first], 0, [0]
        self.handed_over = [True]  # whether the former key signed the naming of this one
        self.seen: set[int] = set()

    def name(self, facts: dict[str, Any], index: int) -> None:
        if facts.get("former") != self.chain[-1]:
            raise Wrong(f"entry {index} names a key in the place of one that was not the journal's")
        self.chain.append(facts["key"])
        self.named_at.append(index)
        self.handed_over.append(False)

    def check(self, size: int, message: bytes, signature: bytes, what: str) -> None:
        for place in (self.at, self.at + 1):
            if place < len(self.chain) and signed(bytes.fromhex(self.chain[place]), message, signature):
                self.at = place
                self.seen.add(place)
                if place + 1 < len(self.chain) and size > self.named_at[place + 1]:
                    self.handed_over[place + 1] = True
                return
        raise Wrong(f"{what} is not signed with the journal's key of its time")


class Journal:
    """What was read so far."""

    def __init__(
        self, head: dict[str, Any], wanted: dict[int, dict[str, Any]], kept: list[tuple[int, bytes, str]]
    ) -> None:
        self.tree, self.keys = Tree(), Keys(head["keys"][0])
        self.erased: dict[int, tuple[str, str]] = {}
        self.named: set[int] = set()
        self.wanted, self.kept = wanted, sorted(kept)
        self.checkpoints = 0
        self.vouched: dict[str, tuple[int, bytes, bytes]] = {}  # the newest of each partner: size, note, what it said
        self.last: dict[str, Any] = {}

    def entry(self, line: dict[str, Any]) -> None:
        index = line["index"]
        if index != self.tree.size:
            raise Wrong(f"entry {self.tree.size} is missing: the next one is {index}")
        if index in self.wanted and self.wanted.pop(index) != line:
            raise Wrong(f"entry {index} is not what the certificate says")
        if "erased" in line:
            self.erased[index] = (line["at"], line["act"])
            self.tree.append(bytes.fromhex(line["erased"]))
        else:
            salt = bytes.fromhex(line.pop("salt"))
            self.tree.append(sha256(salt + encode(line).encode()).digest())
            if line["act"] == "journal.erased":
                self.erasure(index, line["facts"])
            elif line["act"] == "journal.key_changed":
                self.keys.name(line["facts"], index)
        while self.kept and self.kept[0][0] == self.tree.size:
            size, root, name = self.kept.pop(0)
            if self.tree.root() != root:
                raise Wrong(f"{name}, of {size} entries, was signed over other entries")

    def erasure(self, index: int, facts: dict[str, Any]) -> None:
        for each in facts["indices"]:
            if each not in self.erased:
                raise Wrong(f"entry {each} was erased by entry {index} and is here again")
        rows = [[each, *self.erased[each]] for each in sorted(facts["indices"])]
        if sha256(encode({"kept": rows}).encode()).hexdigest() != facts["kept"]:
            raise Wrong(f"the time or act of an entry that entry {index} erased is not what it was")
        self.named.update(facts["indices"])

    def checkpoint(self, line: dict[str, Any]) -> None:
        note = line["checkpoint"].encode()
        size, root, body, signature = read_note(note)
        if (size, root) != (self.tree.size, self.tree.root()):
            raise Wrong(f"the checkpoint of {size} entries was signed over other entries")
        self.keys.check(size, body, signature, f"the checkpoint of {size} entries")
        self.checkpoints += 1
        for each in line["vouched"]:
            self.vouched[each["by"]] = (size, note, base64.b64decode(each["data"]))

    def head(self, head: dict[str, Any]) -> None:
        if (head["size"], head["root"]) != (self.tree.size, self.tree.root().hex()):
            raise Wrong("these entries are not the tree of the last head")
        said = {"root": head["root"], "signed_at": head["signed_at"], "size": head["size"]}
        message = b"staydown journal head v1\n" + encode(said).encode()
        self.keys.check(head["size"], message, bytes.fromhex(head["signature"]), "the last head")
        self.last = head

    def finish(self, key: str) -> None:
        if not self.last:
            raise Wrong("the export ends before its head")
        if unrecorded := sorted(set(self.erased) - self.named):
            raise Wrong(f"no act records that entry {unrecorded[0]} was erased")
        if self.kept:
            raise Wrong(f"{self.kept[0][2]} is of {self.kept[0][0]} entries: the journal was cut off")
        if self.wanted:
            raise Wrong("the certificate's entries are not in this journal")
        if key and key not in self.keys.chain:
            raise Wrong("the key you gave is none of this journal's")
        if key and not all(self.keys.handed_over[self.keys.chain.index(key) + 1 :]):
            raise Wrong("a later key was not named under the signature of the one before")
        if key and not self.keys.seen & set(range(self.keys.chain.index(key), len(self.keys.chain))):
            raise Wrong("nothing here is signed with the key you gave, or one that came after it")


def read_note(note: bytes) -> tuple[int, bytes, bytes, bytes]:
    """Size, root, signed text and signature of a checkpoint."""
    text, _, lines = note.decode().rpartition("\n\n")
    _, size, root = text.split("\n")
    return int(size), base64.b64decode(root), f"{text}\n".encode(), base64.b64decode(lines.split(" ")[2])[4:]


def fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The tag and content of each value in some DER (X.690)."""
    place = 0
    while place < len(data):
        tag, length, place = data[place], data[place + 1], place + 2
        if length & 0x80:
            count = length & 0x7F
            length, place = int.from_bytes(data[place : place + count], "big"), place + count
        yield tag, data[place : place + length]
        place += length


def inside(data: bytes, *places: int) -> bytes:
    """The content of the value at these places, one in the other."""
    for place in places:
        data = list(fields(data))[place][1]
    return data


def stamp(response: bytes, note: bytes) -> datetime:
    """The moment that a time-stamp (RFC 3161) says, of this very checkpoint."""
    info = inside(response, 0, 1, 1, 0, 2, 1, 0)  # response, token, content, signed data, its content, octets
    imprint, moment = inside(info, 0, 2), inside(info, 0, 4)
    if inside(imprint, 1) != sha256(note).digest():
        raise Wrong("a time-stamp is of something else")
    return datetime.strptime(moment.decode()[:14], "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)


def by_openssl(response: bytes, note: bytes, at: datetime, roots: str) -> bool:
    """Whether `openssl ts -verify` accepts a time-stamp."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "response.tsr"
        path.write_bytes(response)
        command = ["openssl", "ts", "-verify", "-digest", sha256(note).hexdigest(), "-in", str(path), "-CAfile", roots,
                   "-attime", str(int(at.timestamp()))]  # fmt: skip
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def cosigned(key: str, note: bytes, lines: bytes) -> int:
    """When a witness cosigned a checkpoint; 0 where it did not (C2SP tlog-cosignature)."""
    name, _, material = key.split("+", 2)
    public, body = base64.b64decode(material)[1:], note.rpartition(b"\n\n")[0] + b"\n"
    known = sha256(name.encode() + b"\n\x04" + public).digest()[:4]
    for line in lines.decode().splitlines():
        _, named, data = line.split(" ")
        raw = base64.b64decode(data)
        at = int.from_bytes(raw[4:12], "big")
        message = b"cosignature/v1\ntime %d\n" % at + body
        if (named, raw[:4]) == (name, known) and signed(public, message, raw[12:]):
            return at
    return 0


def vouching(journal: Journal, asked: dict[str, str]) -> list[str]:
    """What others said of the newest checkpoint that each of them saw."""
    told = []
    for partner, (size, note, data) in sorted(journal.vouched.items()):
        if partner.startswith("http"):
            at = stamp(data, note)
            roots = asked.get("--tsa-roots")
            if roots and not by_openssl(data, note, at, roots):
                raise Wrong(f"openssl does not accept the time-stamp of {partner} with these certificates")
            checked = "checked with openssl" if roots else "NOT CHECKED: its signature (give --tsa-roots)"
            told.append(f"{partner} time-stamped {size} entries on {at:%Y-%m-%d %H:%M:%S} UTC; {checked}.")
        elif asked.get("--witness", "").startswith(partner + "+"):
            seconds = cosigned(asked["--witness"], note, data)
            if not seconds:
                raise Wrong(f"what {partner} is said to have cosigned does not bear its signature")
            moment = datetime.fromtimestamp(seconds, timezone.utc)
            told.append(f"{partner} cosigned {size} entries on {moment:%Y-%m-%d %H:%M:%S} UTC.")
        else:
            told.append(f"NOT CHECKED: what the witness {partner} said of {size} entries (give --witness).")
    if "--witness" in asked and asked["--witness"].split("+")[0] not in journal.vouched:
        raise Wrong("the witness you named has cosigned nothing here")
    return told


def read(lines: Iterator[bytes], asked: dict[str, str]) -> Journal:
    head = json.loads(next(lines))
    if head["format"] != FORMAT:
        raise Wrong("this is no exported journal")
    journal = Journal(head, certified(asked.get("--certificate")), kept_heads(asked.get("--head")))
    for line in lines:
        said = json.loads(line)
        if "index" in said:
            journal.entry(said)
        elif "checkpoint" in said:
            journal.checkpoint(said)
        else:
            journal.head(said["head"])
    journal.finish(asked.get("--key", "").lower())
    return journal


def certified(path: str | None) -> dict[int, dict[str, Any]]:
    """The entries of a certificate, as the export has them."""
    entries = json.loads(Path(path).read_text("utf-8"))["journal"]["entries"] if path else []
    return {each["index"]: {name: each[name] for name in each if name != "proof"} for each in entries}


def kept_heads(path: str | None) -> list[tuple[int, bytes, str]]:
    if not path:
        return []
    data = Path(path).read_bytes()
    if data.startswith(b"{"):
        said = json.loads(data)
        return [(said["size"], bytes.fromhex(said["root"]), "the head you kept")]
    size, root, *_ = read_note(data)
    return [(size, root, "the checkpoint you kept")]


def main(words: list[str]) -> int:
    names = ("--key", "--head", "--certificate", "--witness", "--tsa-roots")
    asked = dict(zip(words[::2], words[1::2]))
    if len(words) % 2 or set(asked) - set(names):
        print(__doc__)
        return 2
    try:
        with zipfile.ZipFile(Path(sys.argv[0]).resolve()) as export, export.open("journal.jsonl") as lines:
            journal = read(iter(lines), asked)
        told = vouching(journal, asked)
    except Wrong as wrong:
        print(f"REFUSED: {wrong}.")
        return 1
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        StopIteration,
        zipfile.BadZipFile,
    ) as error:
        print(f"REFUSED: the export cannot be read ({type(error).__name__}: {error}).")
        return 1
    print(
        f"{journal.tree.size} entries are as they were written; {len(journal.erased)} of them were erased by a recorded act."
    )
    print(f"{journal.checkpoints} checkpoints and the last head fit, signed {journal.last['signed_at']}.")
    print("\n".join(told) or "Nobody outside has vouched for it.")
    if "--key" not in asked:
        print(f"NOT CHECKED: whose key this is: {journal.keys.chain[-1]}")
        print("Ask the operator for the journal's public key by another way, and give it with --key.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
