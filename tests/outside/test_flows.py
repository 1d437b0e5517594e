"""An answer read while it arrives: bounded in size and time, never whole in memory."""

import pytest

from staydown.outside import http, rules
from staydown.outside.errors import AnswerTooLarge, Forbidden, OutsideError

from .conftest import answers

LOOPBACK = rules.parse("http://127.0.0.0/8")


def flowing(port: int, limit: int = 10**9, seconds: float = 60, allowed=LOOPBACK):
    return http.flowing(f"http://127.0.0.1:{port}/", headers={}, limit=limit, seconds=seconds, allowed=allowed)


def read(flow) -> bytes:
    return b"".join(iter(lambda: flow.read(10_000), b""))


def test_all_of_an_answer_arrives_in_order(listen):
    body = bytes(range(256)) * 8000
    with flowing(listen(answers(body, "200 OK", "X-Kind: shape")).port) as flow:
        assert (flow.status, flow.headers["x-kind"]) == (200, "shape")
        assert read(flow) == body
        assert flow.read() == b""


def test_more_than_the_limit_is_refused_while_it_arrives(listen):
    with flowing(listen(answers(b"x" * 1_000_000)).port, limit=100_000) as flow, pytest.raises(AnswerTooLarge):
        read(flow)


def test_an_answer_cut_short_is_never_taken_for_whole(listen):
    def short(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")

    with flowing(listen(short).port) as flow, pytest.raises(OutsideError):
        read(flow)


def test_a_server_that_never_ends_is_left_at_the_deadline(listen):
    def endless(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with flowing(listen(endless).port, limit=10**12, seconds=1) as flow, pytest.raises(OutsideError):
        read(flow)


def test_an_address_that_is_not_allowed_is_not_called(listen):
    server = listen(answers(b"secret"))
    with flowing(server.port, allowed=()) as flow, pytest.raises(Forbidden):
        flow.status  # noqa: B018  waits for the answer
    assert server.connections == 0
