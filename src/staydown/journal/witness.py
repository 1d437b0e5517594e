"""The second party: remembers the longest checkpoint it saw of a journal, and cosigns only what that one is part of.

It needs no deployment and no database: a folder with its key and, for each journal, one small file. The protocol is
C2SP's tlog-witness, so that other logs' witnesses can be ours and ours theirs.
"""

import json
import os
import secrets
import tempfile
import threading
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from staydown.journal import proofs
from staydown.journal.notes import COSIGNATURE, BadNote, Checkpoint, Key, cosign
from staydown.journal.rules import EMPTY_ROOT

LARGEST = 64 * 1024  # bytes of a request
LONGEST_PROOF = 63  # lines


@dataclass(frozen=True, slots=True)
class Reply:
    """What the witness answers over HTTP."""

    status: int
    body: bytes
    media_type: str = "text/plain; charset=utf-8"


class Witness:
    """One witness: its folder, its name, and the journals' keys that it believes."""

    def __init__(self, folder: Path, name: str, journals: Sequence[Key]) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder, self._name, self._journals = folder, name, tuple(journals)
        self._private = _kept_key(folder / "witness.key")
        self._lock = threading.Lock()

    @property
    def key(self) -> Key:
        """By what its cosignatures are checked."""
        public = Ed25519PrivateKey.from_private_bytes(self._private).public_key()
        return Key(self._name, COSIGNATURE, public.public_bytes_raw())

    def add_checkpoint(self, request: bytes, now: int) -> Reply:
        """Answer one request: a cosignature, or why not. What is answered with 200 is on the disk."""
        try:
            old, proof, note = _asked(request)
            checkpoint = Checkpoint.read(note)
        except ValueError:
            return Reply(400, b"This is no request of a C2SP tlog-witness.\n")
        known = [key for key in self._journals if key.name == checkpoint.origin]
        if not known:
            return Reply(404, b"This witness does not know that journal.\n")
        if not checkpoint.is_signed(known):
            return Reply(403, b"No key of that journal that this witness believes signed this.\n")
        with self._lock:
            return self._weigh(old, proof, checkpoint, now)

    def _weigh(self, old: int, proof: list[bytes], checkpoint: Checkpoint, now: int) -> Reply:
        size, root = self._seen(checkpoint.origin)
        if old > checkpoint.size:
            return Reply(400, b"The old size is larger than the checkpoint's.\n")
        if old != size:
            return Reply(409, f"{size}\n".encode(), "text/x.tlog.size")
        if old == checkpoint.size and root != checkpoint.root:
            return Reply(409, f"{size}\n".encode(), "text/x.tlog.size")
        consistent = (
            not proof if old == 0 else proofs.is_consistent((old, root), (checkpoint.size, checkpoint.root), proof)
        )
        if not consistent:
            return Reply(422, b"This journal is not the one that this witness saw before, continued.\n")
        self._keep(checkpoint)
        return Reply(200, cosign(checkpoint.body, self._name, self._private, now))

    def _seen(self, origin: str) -> tuple[int, bytes]:
        path = self._path(origin)
        if not path.exists():
            return 0, EMPTY_ROOT
        said = json.loads(path.read_text("utf-8"))
        return said["size"], bytes.fromhex(said["root"])

    def _keep(self, checkpoint: Checkpoint) -> None:
        said = {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}
        _write(self._path(checkpoint.origin), json.dumps(said))

    def _path(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hexdigest()[:32]}.json"


def request(old: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """What is sent to a witness: the size it saw last, a consistency proof from there, and the checkpoint."""
    lines = [f"old {old}", *(b64encode(step).decode() for step in proof), ""]
    return "\n".join(lines).encode() + b"\n" + note


def _asked(data: bytes) -> tuple[int, list[bytes], bytes]:
    """Old size, proof and note of a request. Raises ValueError."""
    head, gap, note = data.partition(b"\n\n")
    first, *lines = head.decode().split("\n")
    word, _, old = first.partition(" ")
    if not gap or word != "old" or str(int(old)) != old or int(old) < 0 or len(lines) > LONGEST_PROOF:
        raise BadNote(BadNote.__doc__)
    return int(old), [b64decode(line, validate=True) for line in lines], note


def _kept_key(path: Path) -> bytes:
    """The witness's own private key, made when it starts for the first time."""
    if not path.exists():
        _write(path, secrets.token_hex(32))
    return bytes.fromhex(path.read_text("utf-8"))


def _write(path: Path, text: str) -> None:
    """The whole file or the old one, also after a power cut."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
