"""A real house: what its portal's processes know, what its disk gives a thief, and what it answers to raw bytes."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests import house
from tests.attacks import journeys
from tests.attacks.journeys import KEYS, PATIENCE, WORDS, private


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[house.House]:
    with house.running(tmp_path_factory.mktemp("attacks") / "house") as running:
        yield running


@pytest.fixture(scope="module")
def journey(home: house.House) -> dict[str, bytes]:
    """Everything a thief must not find after a journey, by name."""
    return journeys.gone_through(home)


def _tree(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task").glob("*/children")
    below = [int(child) for each in children for child in each.read_text().split()]
    return [pid] + [one for child in below for one in _tree(child)]


def _memory(pid: int) -> Iterator[bytes]:
    """Everything readable in a process's memory, region by region."""
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            span, rights, *_rest = line.split()
            start, end = (int(part, 16) for part in span.split("-"))
            if not rights.startswith("r") or line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            try:
                memory.seek(start)
                yield memory.read(end - start)
            except (OSError, ValueError, OverflowError):
                continue


def _found(pid: int, secrets: dict[str, bytes]) -> set[str]:
    return {name for region in _memory(pid) for name, secret in secrets.items() if secret in region}


def test_no_process_of_the_portal_knows_a_private_key(home: house.House, journey: dict[str, bytes]):
    known = private(home)
    pids = [pid for first in home._pids("portal") for pid in _tree(first)]
    assert len(pids) >= 2  # granian and the process that serves
    for pid in pids:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert not [name for name, secret in known.items() if secret in environment]
        assert not [name for name in KEYS if f"STAYDOWN_{name}=".encode() in environment]
        assert _found(pid, known) == set()


def test_a_program_that_crashes_leaves_nothing_of_its_memory_on_the_disk(home: house.House):
    pids = [pid for name in ("portal", "app", "worker") for first in home._pids(name) for pid in _tree(first)]
    assert len(pids) >= 3
    for pid in pids:
        (line,) = (each for each in Path(f"/proc/{pid}/limits").read_text().splitlines() if "core file" in each)
        assert line.split()[4:6] == ["0", "0"]


def test_the_search_of_memory_would_find_a_key_where_there_is_one(home: house.House):
    pids = [pid for first in home._pids("app") for pid in _tree(first)]
    found = set().union(*(_found(pid, private(home)) for pid in pids))
    assert {"WORKING_KEY", "FINGERPRINT_KEY", "LINK_KEY", "SECRET_KEY"} <= found
    assert "JOURNAL_KEY" not in found


def test_no_file_of_the_house_holds_a_word_a_link_a_receipt_a_key_or_a_fingerprint(
    home: house.House, journey: dict[str, bytes]
):
    time.sleep(1)
    files = dict(_files(home.place.home.data))
    assert any(path.name == "staydown.sqlite3" for path in files)
    found = {(path.name, name) for path, held in files.items() for name, secret in journey.items() if secret in held}
    assert found == set()


def _files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file with what is in it, but those that go while they are looked at."""
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file():
                yield path, path.read_bytes()


def test_nothing_a_person_said_stands_in_the_logs(home: house.House, journey: dict[str, bytes]):
    receipt = journey["receipt"].decode()
    for path in (
        f"/en/follow/{receipt}",
        f"/en/report/{receipt}",
        f"/{receipt.replace(' ', '-')}",
        f"/en/follow?c={receipt}",
    ):
        httpx.get(home.portal + path, timeout=PATIENCE)
        httpx.post(home.portal + path, data={"receipt": receipt, "words": WORDS}, timeout=PATIENCE)
    log = home.place.output.read_bytes()
    assert {name for name, secret in journey.items() if secret in log} == set()


# Raw bytes.


def _raw(url: str, request: bytes, seconds: float = 5.0) -> bytes:
    """What the server says to these bytes."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=seconds) as line:
        try:
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := line.recv(65536):
                answer += chunk
        except OSError:  # it hung up on us
            return b""
        return answer


STRANGE = {
    "no host": b"GET /en/ HTTP/1.1\r\n\r\n",
    "another host": b"GET /en/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "two lengths": b"POST /en/report HTTP/1.1\r\nHost: HOST\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "length and chunks": (
        b"POST /en/report HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "no number": b"POST /api/v1/uploads/check HTTP/1.1\r\nHost: HOST\r\nContent-Length: abc\r\n\r\n",
    "negative": b"POST /api/v1/uploads/check HTTP/1.1\r\nHost: HOST\r\nContent-Length: -1\r\n\r\n",
    "many headers": b"GET /en/ HTTP/1.1\r\nHost: HOST\r\n" + b"A: b\r\n" * 2000 + b"\r\n",
    "long header": b"GET /en/ HTTP/1.1\r\nHost: HOST\r\nA: " + b"b" * 1_000_000 + b"\r\n\r\n",
    "long path": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "not http": b"\x16\x03\x01\x02\x00\x01\x00" + b"\x00" * 500,
    "null in header": b"GET /en/ HTTP/1.1\r\nHost: HOST\r\nAccept-Language: \x00\xff\r\n\r\n",
    "bad utf-8 path": b"GET /en/report/\xff\xfe HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "languages": b"GET / HTTP/1.1\r\nHost: HOST\r\nAccept-Language: " + b"fr-" * 3000 + b"\r\n\r\n",
}
PATHS = (
    "/static/../keys/portal.env",
    "/static/..%2f..%2fkeys%2fportal.env",
    "/static/%2e%2e/%2e%2e/staydown.sqlite3",
    "/static//etc/passwd",
    "/static/....//....//etc/passwd",
    "/static/%00",
    "/../../../../etc/passwd",
)


@pytest.mark.parametrize("name", STRANGE)
def test_strange_bytes_are_refused_and_the_house_stands(home: house.House, name: str):
    for url in (home.portal, home.console):
        said = _raw(url, STRANGE[name].replace(b"HOST", url.removeprefix("http://").encode()))
        assert b" 500 " not in said.split(b"\r\n", 1)[0]
        assert b"evil.example" not in said
        assert httpx.get(f"{url}/health", timeout=PATIENCE).text == "ok\n"


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_the_static_files(home: house.House, path: str):
    for url in (home.portal, home.console):
        host = url.removeprefix("http://")
        said = _raw(url, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert b"STAYDOWN_" not in said
        assert b"root:" not in said
        assert b"SQLite format" not in said
        assert b" 200 " not in said.split(b"\r\n", 1)[0]


def test_a_huge_upload_is_refused_and_neither_kept_nor_held_in_memory(home: house.House):
    """64 MiB in a file field of the report page: not on the disk, and the page still answers."""
    (pid, *_), host = home._pids("portal"), home.portal.removeprefix("http://")
    part = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
    size = 64 * 2**20
    head = f"POST /en/report HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    request = head.encode() + f"Content-Length: {size}\r\n\r\n".encode() + part + b"x" * (size - len(part))
    said = _raw(home.portal, request, 20)
    assert b" 500 " not in said.split(b"\r\n", 1)[0]
    assert httpx.get(f"{home.portal}/health", timeout=PATIENCE).text == "ok\n"
    assert pid in home._pids("portal")
