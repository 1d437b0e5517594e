"""ClickHouse and the index, which share no code, agree."""

import numpy as np

from staydown.matching import Index, clickhouse


def test_clickhouse_finds_what_the_index_finds_at_every_distance():
    rng = np.random.default_rng(2)
    known = rng.integers(0, 256, (3000, 32), dtype=np.uint8)
    known[2000:2016] = known[0]
    ids = np.arange(7, 3007, dtype=np.uint64) * np.uint64(2**40)
    bits = np.argsort(np.argsort(rng.random((200, 256)), axis=1), axis=1) < (np.arange(200) % 40)[:, None]
    asked = known[rng.integers(0, 3000, 200)] ^ np.packbits(bits, axis=1)
    asked[0] = known[0]
    index = Index()
    index.add(ids, known)
    for radius in (0, 31, 64):
        mine, theirs = index.search(asked, radius), clickhouse.search(ids, known, asked, radius)
        assert len(mine) > 4
        for name in ("query", "id", "distance"):
            assert np.array_equal(getattr(mine, name), getattr(theirs, name))


def test_nothing_is_found_in_nothing():
    none, some = np.empty((0, 32), np.uint8), np.zeros((3, 32), np.uint8)
    assert len(clickhouse.search(np.empty(0, np.uint64), none, some, 31)) == 0
    assert len(clickhouse.search(np.arange(3, dtype=np.uint64), some, none, 31)) == 0
