import hashlib
import io
import resource
import tracemalloc
from pathlib import Path

import pyrage
import pytest

from staydown.vault.evidence import sealing
from staydown.vault.evidence.objects import AlreadyThere, Objects


class Generated:
    """So many bytes that are nowhere: made as they are read."""

    def __init__(self, size: int) -> None:
        self.left, self.digest = size, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        size = min(self.left, size if size >= 0 else self.left)
        data = (self.left % 251).to_bytes(1, "big") * size
        self.left -= size
        self.digest.update(data)
        return data


@pytest.fixture
def key() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


def joined(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_what_is_sealed_opens_with_the_cases_key_to_the_same_bytes(tmp_path: Path, key):
    original = bytes(range(256)) * 100_000  # 25.6 MB: four parts
    made = sealing.seal(io.BytesIO(original), str(key.to_public()), Objects.files(tmp_path), "case/one")
    stored = joined(tmp_path / "case" / "one")
    assert (made.parts, made.size, made.sealed_size) == (4, len(original), len(stored))
    assert made.sha256 == hashlib.sha256(original).digest()
    assert made.sealed_sha256 == hashlib.sha256(stored).digest()
    assert pyrage.decrypt(stored, [key]) == original


def test_nothing_of_the_original_is_in_what_is_stored(tmp_path: Path, key):
    original = b"words that nobody may find" * 50_000
    sealing.seal(io.BytesIO(original), str(key.to_public()), Objects.files(tmp_path), "case/one")
    assert b"nobody may find" not in joined(tmp_path / "case" / "one")


def test_memory_does_not_grow_with_the_original(tmp_path: Path, key):
    source = Generated(200 * 2**20)
    tracemalloc.start()
    made = sealing.seal(source, str(key.to_public()), Objects.files(tmp_path), "case/one")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert made.size == 200 * 2**20
    assert peak < 6 * sealing.PART


def test_an_object_is_written_once(tmp_path: Path):
    objects = Objects.files(tmp_path)
    objects.put("case/one/000000", b"first")
    with pytest.raises(AlreadyThere):
        objects.put("case/one/000000", b"second")
    assert objects.get("case/one/000000") == b"first"


def test_a_source_that_breaks_off_says_so_itself(tmp_path: Path, key):
    class Broken:
        def read(self, size: int = -1, /) -> bytes:
            raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        sealing.seal(Broken(), str(key.to_public()), Objects.files(tmp_path), "case/one")


def test_a_store_that_refuses_says_so_itself(tmp_path: Path, key):
    objects = Objects.files(tmp_path)
    objects.put(sealing.part("case/one", 0), b"there before")
    with pytest.raises(AlreadyThere):
        sealing.seal(io.BytesIO(b"x"), str(key.to_public()), objects, "case/one")


@pytest.mark.soak
def test_a_film_of_a_gigabyte_is_sealed_in_constant_memory(tmp_path: Path, key, capsys: pytest.CaptureFixture[str]):
    objects, public = Objects.files(tmp_path), str(key.to_public())
    sealing.seal(Generated(64 * 2**20), public, objects, "case/small")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made = sealing.seal(Generated(2**30), public, objects, "case/film")
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    with capsys.disabled():
        print(f"\n1 GB sealed in {made.parts} parts; {more:.0f} MB more memory than for 64 MB")
    assert made.size == 2**30
    assert more < 64
