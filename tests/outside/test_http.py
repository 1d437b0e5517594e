"""Whoever writes a webhook's address cannot make this server call where it must not, nor hold it up."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from staydown.outside import http, rules
from staydown.outside.errors import AnswerTooLarge, Forbidden, OutsideError, TooSlow, Unreachable

from .certificates import issue
from .conftest import Behaviour, Listener, answers

LOOPBACK = rules.parse("http://127.0.0.0/8")
LOOPBACK_TLS = rules.parse("https://127.0.0.0/8")
type Listen = Callable[[Behaviour], Listener]

HOSTILE = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    "169.254.169.254",
    "10.0.0.1",
    "0",
    "2130706433",
    "0x7f.1",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "100.64.0.1",
    "224.0.0.1",
    "[2002:7f00:1::]",
    "[fd00::1]",
    "0.0.0.0",
    "127.0.0.1.",
]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", HOSTILE)
def test_a_hostile_address_is_refused_with_nothing_sent(listen: Listen, host: str, scheme: str) -> None:
    server = listen(answers(b"secret"))
    with pytest.raises((Forbidden, Unreachable)):
        http.get(f"{scheme}://{host}:{server.port}/", headers={}, limit=100, allowed=())
    with pytest.raises((Forbidden, Unreachable)):
        http.post(f"{scheme}://{host}:{server.port}/", body=b"{}", headers={}, limit=100, allowed=())
    assert server.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "https://user:word@example.org/",
        "https://user@example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "/x",
        "",
        "https://",
    ],
)
def test_an_address_that_is_not_plain_https_is_refused_before_any_name_is_resolved(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("resolved"))
    with pytest.raises(Forbidden):
        http.get(url, headers={}, limit=100, allowed=LOOPBACK)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[list[str]]]]:
    """A name server: each name has a list of answers, given one after the other, the last one for ever."""
    table: dict[str, list[list[str]]] = {}

    def resolve(host: str, port: int | None, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        replies = table[host]
        addresses = replies.pop(0) if len(replies) > 1 else replies[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield table


def test_a_name_that_changes_its_address_after_the_check_is_called_at_the_checked_one(
    listen: Listen, names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = listen(answers(b"inside"))
    names["rebind.example"] = [["198.18.0.99"], ["127.0.0.1"]]
    called: list[str] = []

    async def no_network(_: httpx.AsyncClient, request: httpx.Request, **__: Any) -> httpx.Response:
        called.append(f"{request.url.host} {request.headers['host']} {request.extensions['sni_hostname']}")
        raise httpx.ConnectError("no traffic leaves the tests")

    monkeypatch.setattr(httpx.AsyncClient, "send", no_network)
    public = rules.parse("https://198.18.0.0/15")  # stands for a public network
    with pytest.raises(Unreachable):
        http.get(f"https://rebind.example:{server.port}/", headers={}, limit=100, allowed=public)
    assert called == [f"198.18.0.99 rebind.example:{server.port} rebind.example"]
    assert names["rebind.example"] == [["127.0.0.1"]], "resolved once, no more"
    assert server.connections == 0


def test_a_rebinding_name_reaches_only_the_first_address_on_a_real_connection(
    listen: Listen, names: dict[str, list[list[str]]]
) -> None:
    server = listen(answers(b"hello"))
    names["rebind.example"] = [["127.0.0.1"], ["127.0.0.2"], ["10.0.0.1"]]
    http.get(f"http://rebind.example:{server.port}/a?b=c", headers={"host": "evil"}, limit=100, allowed=LOOPBACK)
    assert len(names["rebind.example"]) == 2
    head = server.heads[0].lower()
    assert f"host: rebind.example:{server.port}\r\n".encode() in head
    assert b"evil" not in head
    assert head.startswith(b"get /a?b=c http/1.1")


def test_a_name_with_one_forbidden_address_among_public_ones_is_refused(names: dict[str, list[list[str]]]) -> None:
    names["mixed.example"] = [["1.1.1.1", "127.0.0.1"]]
    with pytest.raises(Forbidden):
        http.get("https://mixed.example/", headers={}, limit=100, allowed=())


def test_a_name_with_a_dead_address_is_reached_at_its_next_one(
    listen: Listen, names: dict[str, list[list[str]]]
) -> None:
    server = listen(answers(b"hello"))
    names["two.example"] = [["127.0.0.9", "127.0.0.1"]]
    answer = http.get(f"http://two.example:{server.port}/", headers={}, limit=100, allowed=LOOPBACK)
    assert answer.body == b"hello"


def test_an_allow_rule_lets_http_on_loopback_through(listen: Listen) -> None:
    server = listen(answers(b"hello", "201 Created", "X-Thing: 1"))
    answer = http.post(f"http://127.0.0.1:{server.port}/x", body=b"{}", headers={"A": "b"}, limit=5, allowed=LOOPBACK)
    assert (answer.status, answer.body, answer.headers["x-thing"]) == (201, b"hello", "1")


def test_an_http_rule_does_not_allow_https(listen: Listen) -> None:
    server = listen(answers(b""))
    with pytest.raises(Forbidden):
        http.get(f"https://127.0.0.1:{server.port}/", headers={}, limit=5, allowed=LOOPBACK)
    assert server.connections == 0


def test_the_setting_decides_where_no_rules_are_given(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    server = listen(answers(b"hello"))

    class Settings:
        OUTSIDE_ALLOW = "http://127.0.0.0/8"

    monkeypatch.setattr(http, "settings", Settings)
    assert http.get(f"http://127.0.0.1:{server.port}/", headers={}, limit=5).body == b"hello"
    Settings.OUTSIDE_ALLOW = ""
    with pytest.raises(Forbidden):
        http.get(f"http://127.0.0.1:{server.port}/", headers={}, limit=5)


def test_a_redirect_is_an_answer_and_is_not_followed(listen: Listen) -> None:
    inside = listen(answers(b"secret"))
    server = listen(answers(b"", "302 Found", f"Location: http://127.0.0.1:{inside.port}/"))
    assert http.get(f"http://127.0.0.1:{server.port}/", headers={}, limit=5, allowed=LOOPBACK).status == 302
    assert inside.connections == 0


def test_a_proxy_in_the_environment_is_not_used(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, server = listen(answers(b"proxy")), listen(answers(b"server"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    assert http.get(f"http://127.0.0.1:{server.port}/", headers={}, limit=9, allowed=LOOPBACK).body == b"server"


def drips(start: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    return behave


def says_nothing(connection: socket.socket) -> None:
    connection.recv(1)


@pytest.mark.parametrize(
    "behaviour",
    [drips(b"HTTP/1.1 200 OK\r\nX-Long: "), drips(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"), says_nothing],
    ids=["header", "body", "silence"],
)
def test_a_server_that_drips_its_answer_is_left_in_time(
    listen: Listen, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.5)
    server, threads, start = listen(behaviour), threading.active_count(), time.monotonic()
    with pytest.raises(TooSlow):
        http.get(f"http://127.0.0.1:{server.port}/", headers={}, limit=10_000, allowed=LOOPBACK)
    while threading.active_count() > threads + 1 and time.monotonic() - start < 300:
        time.sleep(0.01)
    assert threading.active_count() <= threads + 1, "the call's own thread has ended; the server's may still talk"


def test_a_stuck_name_server_does_not_hold_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = threading.Event()
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: stuck.wait(600))
    with pytest.raises(TooSlow):
        http.get("https://slow.example/", headers={}, limit=10, allowed=())
    assert not stuck.is_set(), "the caller was let go while the name server was still silent"
    stuck.set()


@pytest.mark.parametrize("head", [b"Content-Length: 6\r\n\r\n", b"Connection: close\r\n\r\n"])
def test_a_body_over_the_limit_is_an_error_and_not_a_truncation(listen: Listen, head: bytes) -> None:
    server = listen(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"abcdef"))
    with pytest.raises(AnswerTooLarge):
        http.get(f"http://127.0.0.1:{server.port}/", headers={}, limit=5, allowed=LOOPBACK)


def test_an_endless_body_stops_at_the_limit(listen: Listen) -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    server = listen(behave)
    with pytest.raises(AnswerTooLarge):
        http.get(f"http://127.0.0.1:{server.port}/", headers={}, limit=200_000, allowed=LOOPBACK)


@pytest.mark.parametrize("reply", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
def test_a_broken_answer_is_unreachable(listen: Listen, reply: bytes) -> None:
    server = listen(lambda connection: connection.sendall(reply))
    with pytest.raises(Unreachable):
        http.get(f"http://127.0.0.1:{server.port}/", headers={}, limit=5, allowed=LOOPBACK)


def test_nobody_listening_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="could not be reached"):
        http.get(f"http://127.0.0.1:{port}/", headers={}, limit=5, allowed=LOOPBACK)


@pytest.mark.parametrize(("certified", "reached"), [("plaza.example", True), ("other.example", False)])
def test_the_certificate_is_checked_against_the_name_and_not_the_address(
    listen: Listen,
    names: dict[str, list[list[str]]],
    tmp_path: Path,
    certified: str,
    reached: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority, chain = issue(certified, tmp_path)
    asked: list[str | None] = []
    server = listen(tls(chain, asked))
    names["plaza.example"] = [["127.0.0.1"]]
    monkeypatch.setattr(http, "_trust", lambda: ssl.create_default_context(cafile=authority))
    url = f"https://plaza.example:{server.port}/"
    if reached:
        assert http.get(url, headers={}, limit=5, allowed=LOOPBACK_TLS).body == b"tls"
    else:
        with pytest.raises(OutsideError):
            http.get(url, headers={}, limit=5, allowed=LOOPBACK_TLS)
    assert asked == ["plaza.example"]


def tls(chain: Path, asked: list[str | None]) -> Behaviour:
    """A TLS server that notes the name it was asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    context.sni_callback = lambda _sock, name, _context: asked.append(name)

    def behave(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65536)
            answers(b"tls")(secure)

    return behave
