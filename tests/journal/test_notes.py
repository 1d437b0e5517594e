"""Checkpoints in the formats of C2SP: against its own published example, and against whatever is changed."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from staydown.journal import notes

PRIVATE, OTHER = bytes(range(32)), bytes(range(1, 33))
PUBLIC = Ed25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()
KEY = notes.Key("journal.test/journal", notes.SIGNATURE, PUBLIC)
# The verifier key in the documentation of Go's golang.org/x/mod/sumdb/note, and a note it signed (its example).
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def checkpoint(size: int = 7, private: bytes = PRIVATE) -> bytes:
    return notes.sign(KEY.name, size, b"r" * 32, private)


def test_a_verifier_key_and_signature_of_another_implementation_are_understood():
    key = notes.Key.read(GO_KEY)
    assert (key.name, str(key)) == ("PeterNeumann", GO_KEY)
    data = base64.b64decode(GO_SIGNATURE)
    assert data[:4] == key.id
    assert notes._verifies(key.public, data[4:], GO_TEXT.encode())


def test_a_checkpoint_is_signed_by_its_key_and_no_other():
    read = notes.Checkpoint.read(checkpoint())
    assert (read.origin, read.size, read.root) == (KEY.name, 7, b"r" * 32)
    assert read.is_signed([KEY])
    assert not notes.Checkpoint.read(checkpoint(private=OTHER)).is_signed([KEY])
    assert not read.is_signed([notes.Key("other.test", notes.SIGNATURE, PUBLIC)])
    assert not notes.Checkpoint.read(checkpoint().replace(b"\n7\n", b"\n8\n")).is_signed([KEY])


@pytest.mark.parametrize("text", ["", "name", "name+00000000+AAAA", GO_KEY.replace("c74f", "c74e"), "a b+1+2"])
def test_what_is_no_verifier_key_is_refused(text: str):
    with pytest.raises(notes.BadNote):
        notes.Key.read(text)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n\n",
        b"a\n1\n" + base64.b64encode(b"r" * 31) + b"\n\n\xe2\x80\x94 a AAAA\n",
        b"a\n01\nAAAA\n\n",
        b"\xff\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(note: bytes):
    with pytest.raises(notes.BadNote):
        notes.Checkpoint.read(note)


def test_a_cosignature_is_bound_to_its_moment_its_checkpoint_and_its_witness():
    body = notes.Checkpoint.read(checkpoint()).body
    line = notes.cosign(body, "w.test", OTHER, 1700000000)
    public = Ed25519PrivateKey.from_private_bytes(OTHER).public_key().public_bytes_raw()
    witness = notes.Key("w.test", notes.COSIGNATURE, public)
    assert notes.cosigned_at(body, b"rubbish\n" + line, witness) == 1700000000
    assert notes.cosigned_at(notes.Checkpoint.read(checkpoint(8)).body, line, witness) is None
    assert notes.cosigned_at(body, line, notes.Key("x.test", notes.COSIGNATURE, public)) is None
    assert notes.cosigned_at(body, line, notes.Key("w.test", notes.SIGNATURE, public)) is None
