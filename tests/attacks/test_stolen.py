"""Somebody carries away the data folder, the database and the logs of a house that people went through."""

import shutil
import time
import zlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from staydown.site import custodians
from tests import house, postgres
from tests.attacks import journeys, theft

SECRET = {"words": journeys.WORDS.encode()}
type Loot = list[tuple[str, bytes]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def theft_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loot, dict]]:
    """(everything carried away, everything that must not be found in it)"""
    folder = tmp_path_factory.mktemp("stolen")
    if request.param == "sqlite":
        with house.running(folder / "house", also=custodians.named(folder / "custodians")) as home:
            known = journeys.gone_through(home)
            _sealed(home)
            yield _carried_away(home, folder / "loot"), known
        return
    if postgres.programs() is None:
        pytest.skip("no PostgreSQL here")
    named = custodians.named(folder / "custodians")
    with postgres.server() as address, house.running(folder / "house", address, also=named) as home:
        known = journeys.gone_through(home)
        _sealed(home)
        yield [*_carried_away(home, folder / "loot"), *theft.postgresql_cells(address)], known


def _sealed(home: house.House) -> None:
    """Wait until what the two reporters wrote, at first and later, is evidence."""
    latest = time.monotonic() + 300
    while home.query("SELECT count(*) FROM evidence_evidence WHERE state = 'sealed'")[0][0] < 3:
        assert time.monotonic() < latest, home.said[-3000:]
        time.sleep(0.5)


def _carried_away(home: house.House, loot: Path) -> Loot:
    """Copied while the programs run, as a thief or a careless backup does; a reader keeps SQLite's log as long as that
    takes, or the two files could be of different moments.
    """
    with home.reading():
        shutil.copytree(home.place.home.data, loot)
    shutil.copy(home.place.output, loot / "programs.log")
    found = list(theft.files(loot))
    database = loot / "staydown.sqlite3"
    return [*found, *(theft.sqlite_cells(database) if database.exists() else ())]


def test_a_thief_finds_nothing_that_anybody_said_showed_or_holds(theft_of: tuple[Loot, dict[str, bytes]]):
    loot, known = theft_of
    assert len({place for place, _ in loot}) > 100  # tables and columns, not an empty folder
    assert sum(place.startswith("evidence/") and place.endswith("/000000") for place, _ in loot) >= 3
    assert {(place, *each) for place, content in loot for each in theft.found_in(content, known)} == set()


DRESSED = {
    "in UTF-16": journeys.WORDS.encode("utf-16"),
    "in base64": b64encode(b"he wrote " + SECRET["words"] + b" and more"),
    "in base64, further on": b64encode(b"he wrote, " + SECRET["words"] + b" and more"),
    "in hex": (b"\1" + SECRET["words"]).hex().encode(),
    "compressed": b"before" + zlib.compress(SECRET["words"] * 3) + b"after",
    "compressed, then in base64": b'{"data": ".' + b64encode(zlib.compress(SECRET["words"] * 3)) + b':sig"}',
    "in an address": b"?words=seventeen%20violet%20umbrellas",
}


@pytest.mark.parametrize("dress", DRESSED)
def test_the_search_finds_words(dress: str):
    assert theft.found_in(b"\0" * 7 + DRESSED[dress] + b"\0", SECRET)
