"""Promise P1: kill -9 of any program at any moment of the journey loses nothing that was acknowledged."""

import html
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests import house as houses
from tests import postgres
from tests.crashes import comparing, people, reading
from tests.crashes.book import Book, Told
from tests.crashes.killer import Killer, seed, until
from tests.house import House

SHORT = (0.4, 2.0)  # seconds between two kills
LONGER = (1.0, 5.0)  # a program killed again and again is started later and later: let people get on between kills
NEEDS_POSTGRES = pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not on this machine")


def on(kills: int, database: str) -> object:
    marks = [NEEDS_POSTGRES, pytest.mark.soak] if database == "postgres" else []
    return pytest.param(kills, database, marks=marks, id=f"{kills} kills on {database}")


@pytest.mark.parametrize(("kills", "database"), [on(12, "sqlite"), on(8, "postgres")])
def test_kill_9_loses_nothing_that_was_acknowledged(kills: int, database: str, tmp_path: Path):
    with a_house(tmp_path, database) as house:
        crash(house, kills, quiet_within=600)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize(("kills", "database"), [on(50, "sqlite"), on(50, "postgres")])
def test_a_thousand_kills_lose_nothing_that_was_acknowledged(kills: int, database: str, part: int, tmp_path: Path):
    with a_house(tmp_path, database) as house:
        crash(house, kills, quiet_within=600, moment=LONGER)


@contextmanager
def a_house(folder: Path, database: str) -> Iterator[House]:
    """A house on a database of its own, whose supervisor may say as much as it likes."""
    with ExitStack() as stack:
        address = stack.enter_context(postgres.server()) if database == "postgres" else ""
        house = stack.enter_context(houses.running(folder / "house", address, also={"STAYDOWN_UNDO": "1"}))
        threading.Thread(target=_drain, args=(house,), daemon=True).start()
        yield house


def _drain(house: House) -> None:
    """Read what the supervisor says, so that it never waits for a reader."""
    assert house.process.stdout is not None
    with suppress(ValueError):  # closed at the end
        for _ in house.process.stdout:
            pass


def crash(house: House, kills: int, quiet_within: float, moment: tuple[float, float] = SHORT) -> None:
    """People act while programs are killed; once it is quiet, nothing may be missing."""
    chosen = seed()
    print(f"\nseed {chosen} (STAYDOWN_SEED={chosen} makes the same choices again)")
    head = house.place.folder / "head.json"
    assert house.staydown("verify", "--export-head", str(head)).returncode == 0
    began = time.monotonic()
    book = _lived_through(house, random.Random(chosen), kills, moment)
    killed_in = time.monotonic() - began
    quiet_in = _wait_for_quiet(house, quiet_within)
    print(f"{kills} kills in {killed_in:.1f} s, quiet {quiet_in:.1f} s later; acknowledged: {book.counts()}")
    print(f"not acknowledged at once: {dict(book.failed)}")
    lost = comparing.everything(book, reading.of_staydown(house), reading.of_plaza(house), _pages(house, book))
    lost += [*_visible(house), *_kept_down(house)]
    assert not lost, f"seed {chosen}:\n" + "\n".join(lost) + f"\n{house.said[-3000:]}"
    verified = house.staydown("verify", "--head", str(head))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    counted = book.counts()
    assert counted["reports"] and counted["decisions"], f"nobody could do anything: {counted}"
    print(f"checked {time.monotonic() - began - killed_in - quiet_in:.1f} s")


def _lived_through(house: House, rng: random.Random, kills: int, moment: tuple[float, float]) -> Book:
    """Everybody acts until the last kill, and a little longer; then finishes what they are at."""
    world = people.World(house, Book(), threading.Event(), people.Motifs())
    cast = [("arno", people.Poster), ("bas", people.Poster), ("una", people.Reporter), ("vera", people.Reporter)]
    cast += [("mina", people.Moderator), ("tomas", people.Moderator), ("wim", people.Visitor)]
    crowd = [kind(world, name, random.Random(f"{name} {rng.random()}")) for name, kind in cast]
    for person in crowd:
        person.start()
    until(lambda: _is_begun(world.book, crowd), people.PATIENCE, "the journey begins")
    killer = Killer(house, random.Random(f"killer {rng.random()}"), kills, moment)
    killer.start()
    killer.join()
    time.sleep(rng.uniform(0, 2))
    world.over.set()
    for person in crowd:
        person.join(people.PATIENCE + 60)
    for thread in (killer, *crowd):
        assert not thread.is_alive(), f"{thread.name} is still at it"
        if thread.error:
            raise AssertionError(f"{thread.name}: {thread.error}\n{house.said[-3000:]}") from thread.error
    assert sum(killer.killed.values()) == kills, killer.killed
    assert kills < len(houses.PROGRAMS) or set(killer.killed) == set(houses.PROGRAMS), killer.killed
    return world.book


def _is_begun(book: Book, crowd: Sequence[people.Person]) -> bool:
    """Whether everybody is there, and something was decided; or somebody was let down before."""
    return any(person.error for person in crowd) or (bool(book.decisions) and all(person.arrived for person in crowd))


def _wait_for_quiet(house: House, seconds: float) -> float:
    """Until nothing is owed any more, at most `seconds`; what then is still owed the comparison names."""
    began = time.monotonic()
    calm = 0
    while calm < 2 and time.monotonic() - began < seconds:
        with suppress(httpx.TransportError):
            httpx.get(f"{house.plaza}/", trust_env=False, timeout=10)  # a visitor: Plaza does what it owes
        time.sleep(0.3)
        calm = 0 if _owed(house) else calm + 1
    return time.monotonic() - began


def _owed(house: House) -> int:
    counts = [
        "SELECT count(*) FROM promises_promise WHERE ended_at IS NULL AND (key IS NULL OR key NOT LIKE 'duty:%')",
        "SELECT count(*) FROM platforms_order WHERE state NOT IN ('confirmed', 'superseded')",
    ]
    unsettled = house.plaza_query(f"SELECT count(*) FROM posts WHERE state IN {comparing.UNSETTLED}")
    return int(unsettled[0][0]) + sum(int(house.query(sql)[0][0]) for sql in counts)


def _pages(house: House, book: Book) -> dict[str, reading.Page]:
    """What each acknowledged receipt opens."""
    with httpx.Client(trust_env=False, timeout=people.PATIENCE) as client, ThreadPoolExecutor(4) as readers:

        def opened(told: Told) -> tuple[str, reading.Page]:
            answer = client.post(f"{house.portal}/en/follow", data={"receipt": told.receipt})
            return told.receipt, reading.page(answer.status_code, html.unescape(answer.text))

        return dict(readers.map(opened, book.reports))


def _visible(house: House) -> list[str]:
    """Everybody sees what is up, and nothing else: posts and their pictures' own addresses."""
    wrong = []
    with httpx.Client(trust_env=False, timeout=people.PATIENCE) as client:
        for post in reading.of_plaza(house).posts:
            for kind in ("posts", "pictures"):
                status = client.get(f"{house.plaza}/{kind}/{post.id}").status_code
                if status != (200 if post.state == "up" else 404):
                    wrong.append(f"{kind}/{post.id} answers {status}, the post is {post.state}")
    return wrong


def _kept_down(house: House) -> list[str]:
    """What is banked still meets its copies, as strongly as it should; what is not banked passes."""
    banked: dict[str, str] = {}
    for entry in reading.of_staydown(house).entries:
        verdict = {"holding": "hold", "blocking": "block"}.get(entry.state, "allow")
        banked[entry.motif] = max(banked.get(entry.motif, "allow"), verdict, key=("allow", "hold", "block").index)
    wrong = []
    with httpx.Client(trust_env=False, timeout=people.PATIENCE, headers=people.key_of(house)) as client:
        for motif, verdict in {**banked, str(10**6): "allow"}.items():
            copy = {"media": ("copy.jpg", people.saved(int(motif), 77, 300))}
            said = client.post(f"{house.console}/api/v1/uploads/check", files=copy).json()
            if said.get("verdict") != verdict:
                wrong.append(f"motif {motif} is to {verdict}, a copy of it got {said}")
    return wrong
