"""age-plugin-token: a small but real age plugin, as hardware tokens have them (https://c2sp.org/age-plugin).

Its "hardware" are files beside the executable: `<slot>.key`, 32 bytes that never go through the protocol, and its PIN.
What it wraps are X25519 stanzas of a type of its own. An identity names a slot; a recipient is the slot's public half.
"""

import base64
import sys
from pathlib import Path

import bech32
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NAME = "token"
PIN = "2468"
COLUMNS = 64


def bech(hrp: str, data: bytes) -> str:
    words = bech32.convertbits(data, 8, 5)
    assert words
    return bech32.bech32_encode(hrp, words)


def unbech(text: str) -> bytes:
    words = bech32.bech32_decode(text)[1]
    assert words
    return bytes(bech32.convertbits(words, 5, 8, pad=False) or b"")


def install(folder: Path, slot: str) -> tuple[str, str]:
    """Put the plugin into a folder and make a slot on its token; answers with its recipient and its identity."""
    folder.mkdir(exist_ok=True)
    program = folder / f"age-plugin-{NAME}"
    if not program.exists():
        program.write_text(f"#!{sys.executable}\n{Path(__file__).read_text(encoding='utf-8')}", encoding="utf-8")
        program.chmod(0o700)
    key = X25519PrivateKey.generate()
    (folder / f"{slot}.key").write_bytes(key.private_bytes_raw())
    return bech(f"age1{NAME}", key.public_key().public_bytes_raw()), bech(f"age-plugin-{NAME}-", slot.encode()).upper()


def decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))


def encoded(data: bytes) -> str:
    return base64.b64encode(data).rstrip(b"=").decode()


def tell(*words: str, body: bytes = b"") -> None:
    text = encoded(body)
    lines = [text[i : i + COLUMNS] for i in range(0, len(text), COLUMNS)]
    if not lines or len(lines[-1]) == COLUMNS:
        lines.append("")
    sys.stdout.write("\n".join([" ".join(("->", *words)), *lines]) + "\n")
    sys.stdout.flush()


def hear() -> tuple[list[str], bytes]:
    words, text = sys.stdin.readline().split()[1:], ""
    while len(line := sys.stdin.readline().rstrip("\n")) == COLUMNS:
        text += line
    return words, decoded(text + line)


def phase() -> list[tuple[list[str], bytes]]:
    """All that the client says until it is done."""
    said = []
    while (heard := hear())[0] != ["done"]:
        said.append(heard)
    return said


def ask(*words: str, body: bytes = b"") -> tuple[list[str], bytes]:
    tell(*words, body=body)
    return hear()


def fail(*words: str, message: str) -> None:
    ask("error", *words, body=message.encode())


def wrapping(shared: bytes, ephemeral: bytes, public: bytes) -> ChaCha20Poly1305:
    key = HKDF(hashes.SHA256(), 32, salt=ephemeral + public, info=b"age-plugin-token").derive(shared)
    return ChaCha20Poly1305(key)


def wrap(file_key: bytes, public: bytes) -> tuple[bytes, bytes]:
    once = X25519PrivateKey.generate()
    ephemeral = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return ephemeral, wrapping(shared, ephemeral, public).encrypt(bytes(12), file_key, None)


def unwrap(ephemeral: bytes, body: bytes, key: X25519PrivateKey) -> bytes | None:
    shared = key.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    try:
        return wrapping(shared, ephemeral, key.public_key().public_bytes_raw()).decrypt(bytes(12), body, None)
    except InvalidTag:
        return None


def recipient_v1() -> None:
    said = phase()
    to = [unbech(words[1]) for words, _ in said if words[0] == "add-recipient"]
    keys = [body for words, body in said if words[0] == "wrap-file-key"]
    for number, file_key in enumerate(keys):
        for public in to:
            ephemeral, body = wrap(file_key, public)
            ask("recipient-stanza", str(number), NAME, encoded(ephemeral), body=body)
    tell("done")


def identity_v1(token: Path) -> None:
    said = phase()
    slots = [unbech(words[1]).decode() for words, _ in said if words[0] == "add-identity"]
    held = [(slot, token / f"{slot}.key") for slot in slots]
    for number, (slot, path) in enumerate(held):
        if not path.exists():
            fail("identity", str(number), message=f"slot {slot} is not on this token")
            held = []
    keys = [X25519PrivateKey.from_private_bytes(path.read_bytes()) for _, path in held]
    for words, body in said:
        if words[0] == "recipient-stanza" and words[2] == NAME:
            found = [clear for key in keys if (clear := unwrap(decoded(words[3]), body, key))]
            if found and not open_slot(words[1], found[0]):
                break
    tell("done")


def open_slot(file: str, file_key: bytes) -> bool:
    ask("msg", body=b"Touch the token now.")
    answer, pin = ask("request-secret", body=b"PIN of the token:")
    if answer != ["ok"] or pin.decode() != PIN:
        fail("internal", message="the PIN is wrong, 2 tries are left")
        return False
    ask("file-key", file, body=file_key)
    return True


if __name__ == "__main__":
    machine = sys.argv[1].partition("--age-plugin=")[2]
    recipient_v1() if machine == "recipient-v1" else identity_v1(Path(sys.argv[0]).parent)
