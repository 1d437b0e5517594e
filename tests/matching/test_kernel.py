"""Every engine this machine can run finds exactly what counting all bits finds."""

import shutil
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import staydown.matching
from staydown.fingerprints import spectrum
from staydown.matching import Misshapen, kernel
from staydown.matching.kernel import Engine, Native, Owned, Part, Plain, Set, native, ring
from staydown.matching.kernel.interface import HIT
from staydown.matching.shelf import Shelf
from staydown.matching.shuffling import Shuffle, shuffled
from staydown.matching.table import CHUNKS, Tables
from tests.pictures import photograph

ENGINES = list(kernel.engines())
SHUFFLE = Shuffle.of(np.random.default_rng(7).permutation(256))

pytestmark = pytest.mark.filterwarnings("error", "ignore::ResourceWarning")  # what tests before these left unclosed
each_engine = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)


def some(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def flipped(rows: np.ndarray, flips: np.ndarray) -> np.ndarray:
    """Rows with bits changed where `flips` (n x 256, in the shuffled order) says so."""
    given_order = np.empty_like(flips)
    given_order[:, SHUFFLE.permutation] = flips
    return rows ^ np.packbits(given_order, axis=1, bitorder="little")


def answers(engine: Engine, known: np.ndarray, queries: np.ndarray, radius: int, tabled: bool = True) -> list:
    """(query, row, distance), sorted, as one engine finds it: with tables or without."""
    words = engine.shuffled(known, SHUFFLE)
    part = Part(words, engine.tables(words, 2) if tabled else None)
    hits = engine.search(engine.ready((part,), (len(words),)), SHUFFLE, queries, radius)
    return sorted(zip(*(hits[name].tolist() for name in ("query", "row", "distance")), strict=True))


def counted(known: np.ndarray, queries: np.ndarray, radius: int) -> list:
    """The same, by counting every bit of every pair."""
    apart = np.bitwise_count(queries[:, None] ^ known[None]).sum(axis=2)
    return [(int(q), int(r), int(apart[q, r])) for q, r in np.argwhere(apart <= radius)]


def few_in_each_chunk(rng: np.random.Generator, counts: np.ndarray) -> np.ndarray:
    """Flips with so many bits (n x 16) in each chunk, at random places in it."""
    ranks = np.argsort(np.argsort(rng.random((*counts.shape, 16)), axis=2), axis=2)
    return (ranks < counts[:, :, None]).reshape(len(counts), 256).astype(np.uint8)


@each_engine
@pytest.mark.parametrize("radius", [0, 1, 7, 30, 31, 32, 45, 64])
@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 33, 513, 1200])
def test_rows_at_every_distance_are_found_up_to_the_radius_and_not_beyond(
    engine: Engine, radius: int, count: int
) -> None:
    rng = np.random.default_rng(count)
    centre = some(1, seed=count)
    flips = np.array([np.isin(np.arange(256), rng.permutation(256)[: each % 70]) for each in range(count)], np.uint8)
    known = flipped(np.repeat(centre, count, axis=0), flips)
    queries = np.concatenate([centre, ~centre, known[:2]])
    for tabled in (True, False):
        assert answers(engine, known, queries, radius, tabled) == counted(known, queries, radius)


@pytest.mark.parametrize("engine", [each for each in ENGINES if isinstance(each, Native)], ids=lambda each: each.name)
@pytest.mark.parametrize(("room", "looks"), [(native.ROOM, 1), (100, 2)])
def test_what_resembles_ten_thousand_is_looked_up_once_where_there_is_room(
    engine: Native, room: int, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bits = np.argsort(np.argsort(np.random.default_rng(5).random((10_000, 256)), axis=1), axis=1)
    centre, looked, searched = some(1), [], engine._c.search
    known = flipped(np.repeat(centre, 10_000, axis=0), (bits < 25).astype(np.uint8))
    monkeypatch.setattr(native, "ROOM", room)
    monkeypatch.setattr(native, "_mine", native._Mine())
    monkeypatch.setattr(engine._c, "search", lambda *asked: looked.append(asked) or searched(*asked))
    assert answers(engine, known, centre, 31) == counted(known, centre, 31)
    assert len(looked) == looks


@pytest.mark.parametrize("engine", [each for each in ENGINES if isinstance(each, Native)], ids=lambda each: each.name)
def test_what_was_found_stays_when_the_same_thread_searches_again(engine: Native) -> None:
    known, shuffle = some(200, seed=7), Shuffle.drawn()
    words = engine.shuffled(known, shuffle)
    ready = engine.ready((Part(words, engine.tables(words, 1)),), (len(known),))
    first = engine.search(ready, shuffle, known[:3], 0)
    before = first.tolist()
    assert len(before) == 3
    assert engine.search(ready, shuffle, known[100:104], 0).tolist() != before
    assert first.tolist() == before


def arrangements(kind: str, count: int) -> np.ndarray:
    """How many bits differ in each of the 16 chunks, for the hardest pairs at distances of about 31."""
    rng = np.random.default_rng(len(kind))
    if kind == "two everywhere, or one less":
        counts = np.full((count, CHUNKS), 2)
        counts[np.arange(count), rng.integers(0, CHUNKS, count)] -= rng.integers(0, 2, count)
        return counts
    if kind == "one and three by turns":
        counts = np.tile([1, 3], (count, CHUNKS // 2))
        counts[np.arange(count), rng.integers(0, CHUNKS, count)] -= 1
        return counts
    shares = rng.dirichlet(np.full(CHUNKS, 0.3), count) * rng.integers(28, 35, count)[:, None]
    return np.minimum(16, np.round(shares)).astype(int)


@each_engine
@pytest.mark.parametrize("kind", ["two everywhere, or one less", "one and three by turns", "skewed"])
def test_the_hardest_arrangements_of_differing_bits_are_found_once_each(engine: Engine, kind: str) -> None:
    count = 300 if isinstance(engine, Plain) else 20_000
    known, rng = some(20_000, seed=1), np.random.default_rng(2)
    counts, rows = arrangements(kind, count), rng.integers(0, 20_000, count)
    queries = flipped(known[rows], few_in_each_chunk(rng, counts))
    apart = counts.sum(axis=1)
    expected = [
        (query, row, far)
        for query, (row, far) in enumerate(zip(rows.tolist(), apart.tolist(), strict=True))
        if far < 32
    ]
    assert len(expected) > count // 10
    assert answers(engine, known, queries, 31) == expected


@pytest.mark.soak
@pytest.mark.parametrize("engine", [each for each in ENGINES if isinstance(each, Native)], ids=lambda each: each.name)
@pytest.mark.parametrize("kind", ["two everywhere, or one less", "one and three by turns", "skewed"])
def test_a_hundred_thousand_of_the_hardest_pairs_are_found_among_a_million(engine: Engine, kind: str) -> None:
    known, rng = some(1_000_000, seed=1), np.random.default_rng(3)
    counts, rows = arrangements(kind, 100_000), rng.integers(0, 1_000_000, 100_000)
    queries = flipped(known[rows], few_in_each_chunk(rng, counts))
    near = np.flatnonzero(counts.sum(axis=1) < 32)
    expected = list(zip(near.tolist(), rows[near].tolist(), counts.sum(axis=1)[near].tolist(), strict=True))
    assert answers(engine, known, queries, 31) == expected


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(0, 300), radius=st.integers(0, 64))
@example(seed=0, count=0, radius=31)
def test_every_engine_gives_the_same_answers(seed: int, count: int, radius: int) -> None:
    """Rows and queries about a few centres, so that buckets are long and hits many."""
    rng = np.random.default_rng(seed)
    centres = some(3, seed=seed)
    far = rng.integers(0, 60, count + 70)
    flips = np.argsort(np.argsort(rng.random((count + 70, 256)), axis=1), axis=1) < far[:, None]
    near = centres[rng.integers(0, 3, count + 70)] ^ np.packbits(flips, axis=1)
    known, queries = np.ascontiguousarray(near[:count]), np.ascontiguousarray(near[count:])
    expected = counted(known, queries, radius)
    for engine in ENGINES:
        for tabled in (True, False):
            assert answers(engine, known, queries, radius, tabled) == expected


@each_engine
def test_buckets_that_someone_filled_on_purpose_hide_nothing(engine: Engine) -> None:
    """Thousands of rows that share all chunks but one, and more hits than there is room for at first."""
    rng, count = np.random.default_rng(5), 5000
    counts = np.zeros((count, CHUNKS), int)
    counts[:, 3] = rng.integers(0, 17, count)
    centre = some(1, seed=6)
    known = flipped(np.repeat(centre, count, axis=0), few_in_each_chunk(rng, counts))
    queries = np.concatenate([centre, flipped(centre, few_in_each_chunk(rng, np.full((1, CHUNKS), 1)))])
    assert answers(engine, known, queries, 31) == counted(known, queries, 31)


def crops_of(canvas: np.ndarray, sides: int, rng: np.random.Generator) -> np.ndarray:
    """The fingerprints of sides x sides random crops of a picture of 128 x 128."""
    lengths = rng.uniform(0.2, 1, (2, sides))
    starts = rng.uniform(0, 1 - lengths)
    columns, rows = map(spectrum.sides, starts.astype(np.float32), (starts + lengths).astype(np.float32))
    return spectrum.packed(spectrum.of_grid(canvas, columns, rows).reshape(-1, 16, 16))


@each_engine
def test_fingerprints_of_real_pictures_flat_ones_among_them_are_found_as_counted(engine: Engine) -> None:
    """Crops of four photographs, of a plain wall and of a sky: many resemble each other, and buckets are uneven."""
    rng, names = np.random.default_rng(12), ("coffee", "cat", "china", "flower")
    canvases = [np.asarray(photograph(name).convert("L").resize((128, 128)), np.float32) for name in names]
    canvases.append(np.full((128, 128), 90, np.float32))
    canvases.append(np.repeat(np.linspace(120, 200, 128, dtype=np.float32)[:, None], 128, axis=1))
    known = np.concatenate([crops_of(canvas, 22, rng) for canvas in canvases])
    copies = known[::30] ^ np.packbits(rng.random((len(known[::30]), 256)) < 0.08, axis=1)
    queries = np.concatenate([crops_of(canvas, 3, rng) for canvas in canvases] + [copies])
    for radius, least in ((31, len(copies)), (64, 2000)):
        found = answers(engine, known, queries, radius)
        assert found == counted(known, queries, radius)
        assert len(found) > least


@each_engine
@pytest.mark.parametrize("count", [0, 1, 40, 3000])
def test_tables_shuffles_and_first_equals_are_the_oracles(engine: Engine, count: int) -> None:
    known = np.concatenate([some(count), some(count)[::3], np.zeros((5, 32), np.uint8)])
    words = engine.shuffled(known, SHUFFLE)
    assert np.array_equal(words, shuffled(known, SHUFFLE))
    assert np.array_equal(engine.first_equal(words), Plain().first_equal(words))
    made, oracle = engine.tables(words, 3), Tables.of(words)
    assert np.array_equal(made.begins, oracle.begins)
    assert np.array_equal(made.beside, oracle.beside)
    assert np.array_equal(made.places, oracle.places)


def joined(engine: Engine, known: np.ndarray, queries: np.ndarray, radius: int) -> list:
    """As `answers`, by a join."""
    part, asked = (
        Part(words, engine.tables(words, 2))
        for words in (engine.shuffled(known, SHUFFLE), engine.shuffled(queries, SHUFFLE))
    )
    hits = engine.join(part, len(known), asked, radius, 2)
    return sorted(zip(*(hits[name].tolist() for name in ("query", "row", "distance")), strict=True))


@each_engine
@pytest.mark.parametrize("kind", ["two everywhere, or one less", "one and three by turns", "skewed"])
def test_a_join_finds_the_hardest_arrangements_once_each(engine: Engine, kind: str) -> None:
    count = 300 if isinstance(engine, Plain) else 20_000
    known, rng = some(20_000, seed=1), np.random.default_rng(2)
    counts, rows = arrangements(kind, count), rng.integers(0, 20_000, count)
    queries = flipped(known[rows], few_in_each_chunk(rng, counts))
    near = np.flatnonzero(counts.sum(axis=1) < 32)
    expected = list(zip(near.tolist(), rows[near].tolist(), counts.sum(axis=1)[near].tolist(), strict=True))
    assert joined(engine, known, queries, 31) == expected


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 300), asked=st.integers(1, 200), radius=st.integers(0, 31))
def test_a_join_finds_what_a_search_finds_also_among_equal_and_near_ones(
    seed: int, count: int, asked: int, radius: int
) -> None:
    rng = np.random.default_rng(seed)
    pool = some(3, seed) ^ np.packbits(rng.random((3, 256)) < 0.02, axis=1)
    known = pool[rng.integers(0, 3, count)] ^ np.packbits(rng.random((count, 256)) < 0.05, axis=1)
    queries = pool[rng.integers(0, 3, asked)] ^ np.packbits(rng.random((asked, 256)) < 0.05, axis=1)
    for engine in ENGINES:
        assert joined(engine, known, queries, radius) == counted(known, queries, radius)


def clustered(rng: np.random.Generator, count: int, centres: np.ndarray) -> np.ndarray:
    """Words at all distances, few and many bits, from a few centres."""
    order = np.argsort(rng.random((count, 64)), axis=1)
    flips = np.packbits(order < rng.integers(0, 20, (count, 1)), axis=1).view(np.uint64).reshape(-1)
    words: np.ndarray = centres[rng.integers(0, len(centres), count)] ^ flips
    return words


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(0, 200), asked=st.integers(0, 90), radius=st.integers(0, 11))
def test_every_engine_finds_the_nearness_of_every_pair_of_words(seed: int, count: int, asked: int, radius: int) -> None:
    rng = np.random.default_rng(seed)
    centres = rng.integers(0, 2**64, 3, dtype=np.uint64)
    words, wanted = clustered(rng, count, centres), clustered(rng, asked, centres)
    owner = rng.integers(0, 40, count).astype(np.uint32)
    owners = int(owner.max()) + 1 if count else 0
    nearest, support = np.full(owners, 64), np.zeros(owners, int)
    for row, far in zip(owner, np.bitwise_count(words[:, None] ^ wanted[None]), strict=True):
        near = far[far <= radius].astype(int)
        nearest[row] = min(nearest[row], near.min(initial=64))
        support[row] += (radius + 1 - near).sum()
    for engine in ENGINES:
        found = engine.nearness(Owned(words, owner), wanted, radius)
        assert found.nearest.tolist() == nearest.tolist()
        assert found.support.tolist() == support.tolist()


@each_engine
def test_words_whose_bits_differ_where_it_is_hardest_are_counted_once_each(engine: Engine) -> None:
    """Eleven bits spread so that one chunk of six has one, and the others two; and all pairs of equal words."""
    chunks = [range(11 * at, 11 * at + 11) for at in range(4)] + [range(44, 54), range(54, 64)]
    rng, centre = np.random.default_rng(4), np.random.default_rng(5).integers(0, 2**64, dtype=np.uint64)
    known = []
    for spared in range(len(chunks)):
        for _ in range(50):
            bits = [
                bit for at, chunk in enumerate(chunks) for bit in rng.permutation(chunk)[: 1 if at == spared else 2]
            ]
            known.append(centre ^ np.bitwise_or.reduce(np.uint64(1) << np.array(bits, np.uint64)))
    words = np.array([*known, *[centre] * 20], np.uint64)
    owned = Owned(words, np.repeat([0, 1], [len(known), 20]).astype(np.uint32))
    found = engine.nearness(owned, np.array([centre] * 30), 11)
    assert (found.nearest.tolist(), found.support.tolist()) == ([11, 0], [30 * len(known), 30 * 20 * 12])


@given(st.permutations(range(256)))
@settings(max_examples=20)
def test_what_was_shuffled_can_be_put_back(order: list[int]) -> None:
    shuffle, known = Shuffle.of(order), some(9)
    for engine in ENGINES:
        kept = engine.shuffled(known, shuffle).view(np.uint8).reshape(-1, 32)
        assert np.array_equal(engine.shuffled(kept, shuffle.undone()).view(np.uint8).reshape(-1, 32), known)


@pytest.mark.parametrize("order", [range(255), [0] * 256, range(1, 257), np.zeros((16, 16))])
def test_only_an_order_of_all_256_bits_is_taken(order: object) -> None:
    with pytest.raises(Misshapen):
        Shuffle.of(order)


@each_engine
def test_a_shelf_keeps_equal_fingerprints_once_and_all_their_ids(engine: Engine) -> None:
    known = np.repeat(some(5), [1, 2, 4, 8, 16], axis=0)
    ids = np.arange(31, dtype=np.uint64) * 2**40 + 7
    shelf = Shelf.of(engine, ids, engine.shuffled(known, SHUFFLE))
    assert (len(shelf), len(shelf.words)) == (31, 5)
    assert listed(engine, shelf, version=0) == list(
        zip(np.repeat(range(5), [1, 2, 4, 8, 16]).tolist(), ids.tolist(), strict=True)
    )
    shelf.end(shelf.find(ids[::3]), version=1)
    assert (shelf.find(ids) < 0).tolist() == [each % 3 == 0 for each in range(31)]
    assert (shelf.find(ids + 1) == -1).all()
    left = [each for number, each in enumerate(ids.tolist()) if number % 3]
    for there in (shelf, shelf.renewed(2)):
        assert [each for _, each in listed(engine, there, version=2)] == left
    assert [each for _, each in listed(engine, shelf, version=1)] == left
    assert len(listed(engine, shelf, version=0)) == 31


def listed(engine: Engine, shelf: Shelf, version: int) -> list[tuple[int, int]]:
    """(row, id) of all that count at a version, as an engine names them when every row was hit, in whatever order."""
    hits = np.zeros(len(shelf.words), HIT)
    hits["query"] = hits["row"] = np.random.default_rng(1).permutation(len(hits))
    named = engine.named(engine.ready((shelf.part,), (len(hits),), (shelf.names,)), hits, version)
    return sorted(zip(named["query"].tolist(), named["id"].tolist(), strict=True))


@each_engine
@pytest.mark.parametrize("wide", [False, True])
def test_every_engine_names_what_was_hit_in_several_parts_alike(engine: Engine, wide: bool) -> None:
    rng = np.random.default_rng(4)
    known = some(300)[rng.integers(0, 300, 900)]
    shelves, held = [], {}
    for number in range(3):
        ids = np.sort(rng.choice(10**6, 900, replace=False)).astype(np.uint64) + np.uint64(2**40 * number)
        ids[-1] += np.uint64(2**35 * wide)
        shelf = Shelf.of(engine, ids, engine.shuffled(known, SHUFFLE))
        gone = rng.choice(ids, 200, replace=False)
        shelf.end(shelf.find(gone), version=number + 1)
        shelves.append(shelf)
        for row, each in zip(known, ids.tolist(), strict=True):
            held[number, each] = row.tobytes(), 0 if each in set(gone.tolist()) and number + 1 <= 2 else 1
    hits = np.concatenate([np.zeros(len(shelf.words), HIT) for shelf in shelves])
    hits["part"] = np.repeat(range(3), [len(shelf.words) for shelf in shelves])
    hits["row"] = np.concatenate([np.arange(len(shelf.words)) for shelf in shelves])
    hits["query"] = rng.permutation(len(hits))
    ready = engine.ready(
        tuple(shelf.part for shelf in shelves), tuple(len(shelf.words) for shelf in shelves),
        tuple(shelf.names for shelf in shelves),
    )  # fmt: skip
    named = engine.named(ready, rng.permutation(hits), 2)
    assert sorted(named["id"].tolist()) == sorted(each for (_, each), (_, counts) in held.items() if counts)
    of_query = {int(hit["query"]): shelves[hit["part"]].words[hit["row"]].tobytes() for hit in hits}
    words = {
        each: bytes(engine.shuffled(np.frombuffer(row, np.uint8)[None], SHUFFLE))
        for (_, each), (row, _) in held.items()
    }
    assert all(
        of_query[query] == words[each]
        for query, each in zip(named["query"].tolist(), named["id"].tolist(), strict=True)
    )


@each_engine
def test_a_row_that_is_noticed_in_every_table_is_reported_once_however_many_there_are(engine: Engine) -> None:
    """More near rows than a query remembers, all within a few bits, so that each is noticed sixteen times."""
    count = 1500 if isinstance(engine, Plain) else 30_000
    rng, centre = np.random.default_rng(6), some(1, seed=9)
    flips = np.zeros((count, 256), np.uint8)
    for _ in range(6):
        flips[np.arange(count), rng.integers(0, 256, count)] ^= 1
    known = flipped(np.repeat(centre, count, axis=0), flips)
    assert answers(engine, known, centre, 31) == [(0, row, int(far)) for row, far in enumerate(flips.sum(axis=1))]


def test_many_threads_search_one_part_and_get_the_same() -> None:
    known = some(30_000)
    queries = known[:400] ^ np.packbits(np.arange(256) < 20)
    for engine in ENGINES[:-1]:
        words = engine.shuffled(known, SHUFFLE)
        ready = engine.ready((Part(words, engine.tables(words, 2)),), (len(words),))
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(lambda _: engine.search(ready, SHUFFLE, queries, 31).tobytes(), range(40)))  # noqa: B023
        assert len(set(found)) == 1
        assert len(found[0]) == 400 * 12


def test_the_engine_is_said_and_is_the_first_of_those_that_run_here() -> None:
    assert staydown.matching.engine() == ENGINES[0].name
    assert ENGINES[-1].name == "numpy"


def test_without_a_library_or_with_a_foreign_one_numpy_serves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ring, "__file__", str(tmp_path / "ring.py"))
    assert ring.library.__wrapped__() is None
    (tmp_path / "_ring.abi3.so").write_bytes(b"not a library")
    assert ring.library.__wrapped__() is None
    monkeypatch.setattr(kernel, "library", lambda: None)
    assert [engine.name for engine in kernel.engines()] == ["numba", "numpy"]
    monkeypatch.setitem(sys.modules, "staydown.matching.kernel.jitted", None)  # as where the extra is not installed
    assert [engine.name for engine in kernel.engines()] == ["numpy"]


def test_numba_is_not_imported_where_the_search_is_compiled() -> None:
    if not isinstance(ENGINES[0], Native):
        pytest.skip("nothing was compiled here")
    asked = "import sys; from staydown.matching import engine; engine(); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kernel, compiled from these sources with every warning an error."""
    compiler = shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0]) or shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler here")
    library = tmp_path_factory.mktemp("built") / "_ring.so"
    source = Path(kernel.__file__).with_name("ring.c")
    flags = ["-O1", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-g"]
    subprocess.run([compiler, *flags, "-o", library, source], check=True)
    return library


def test_the_sources_compile_without_a_warning_and_find_what_numpy_finds(built: Path) -> None:
    library = ring.Library(built)
    assert library.interface == ring.INTERFACE
    known = some(2000)
    queries = known[:70] ^ np.packbits(np.arange(256) % 9 == 0)
    for instructions in Set:
        if library.supports(instructions):
            assert answers(Native(library, instructions), known, queries, 31) == counted(known, queries, 31)


@pytest.mark.skipif(sys.platform != "linux", reason="the sanitizer's library is found for gcc on Linux only")
def test_nothing_outside_the_arrays_is_read_or_written(tmp_path: Path) -> None:
    """The kernel under the address sanitizer, with arrays of its own on the heap, at every awkward size."""
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("there is no gcc here")
    harness = Path(__file__).with_name("bounds.c")
    program = tmp_path / "bounds"
    flags = [
        "-O1",
        "-g",
        "-std=gnu11",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all",
        "-fno-sanitize=alignment",
    ]
    folder = Path(kernel.__file__).parent
    made = subprocess.run([compiler, *flags, "-I", folder, "-o", program, harness], capture_output=True, text=True)
    if "cannot find -lasan" in made.stderr or "libasan" in made.stderr:
        pytest.skip("the address sanitizer is not installed")
    assert made.returncode == 0, made.stderr
    ran = subprocess.run([program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_neon_finds_what_plain_c_finds_bit_for_bit(tmp_path: Path) -> None:
    """Compiled for 64-bit ARM and run by an emulator, where both are installed."""
    compiler, emulator = shutil.which("aarch64-linux-gnu-gcc"), shutil.which("qemu-aarch64-static")
    if compiler is None or emulator is None:
        pytest.skip("there is no compiler for ARM here, or no emulator")
    harness, program = Path(__file__).with_name("bounds.c"), tmp_path / "bounds"
    flags = ["-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-static"]
    folder = Path(kernel.__file__).parent
    subprocess.run([compiler, *flags, "-I", folder, "-o", program, harness], check=True)
    ran = subprocess.run([emulator, program, "few"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout.split()) == (0, ["0", "3"]), ran.stderr
