"""Asking another server over http: each name is resolved once, checked, and only the checked address is called.

A platform tells us where its webhooks and its evidence are. Whoever writes such an address could point it at our own
database or at the cloud's metadata, or drip an answer for days; so every call is checked, bounded in time and size,
and follows no redirect.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from time import monotonic

import httpx
from django.conf import settings

from staydown.outside import rules
from staydown.outside.errors import AnswerTooLarge, Forbidden, OutsideError, TooSlow, Unreachable
from staydown.outside.flows import Flow

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0  # from the call to the last byte, however the other side behaves


@dataclass(frozen=True, slots=True)
class Answer:
    """What another server answered: header names in lower case, the body as sent, never more than the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Sending:
    """A body that is read while it is sent: its pieces, their length in bytes altogether, and how long it may take."""

    pieces: Iterator[bytes]
    length: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    url: httpx.URL
    headers: Mapping[str, str]
    body: bytes | Sending | None
    limit: int
    flow: Flow | None = None  # where the body goes while it arrives


type Rules = tuple[rules.Allowed, ...]


def get(url: str, *, headers: Mapping[str, str], limit: int, allowed: Rules | None = None) -> Answer:
    """GET `url`, reading at most `limit` bytes; `allowed` defaults to OUTSIDE_ALLOW. Raises `OutsideError`."""
    return _ask(_Call("GET", _parsed(url), headers, None, limit), allowed)


def post(url: str, *, body: bytes, headers: Mapping[str, str], limit: int, allowed: Rules | None = None) -> Answer:
    """POST `body` to `url`, reading at most `limit` bytes of answer; otherwise as `get`."""
    return _ask(_Call("POST", _parsed(url), headers, body, limit), allowed)


def send(url: str, sending: Sending, *, headers: Mapping[str, str], limit: int, allowed: Rules | None = None) -> Answer:
    """POST a body that is too large to hold in memory; otherwise as `post`, within the seconds that it says."""
    told = {**headers, "Content-Length": str(sending.length)}
    return _ask(_Call("POST", _parsed(url), told, sending, limit), allowed, sending.seconds)


@contextmanager
def flowing(
    url: str, *, headers: Mapping[str, str], limit: int, seconds: float, allowed: Rules | None = None
) -> Iterator[Flow]:
    """GET `url` and read its answer while it arrives, at most `limit` bytes within `seconds`; otherwise as `get`."""
    parsed = _parsed(url)
    flow = Flow(parsed.host, limit, monotonic() + seconds)
    call = _Call("GET", parsed, headers, None, limit, flow)
    outcome: Future[Answer] = Future()
    outcome.add_done_callback(lambda done: flow.fail(_outside(done)) if done.exception() else None)
    rules_now = rules.parse(settings.OUTSIDE_ALLOW) if allowed is None else allowed
    threading.Thread(target=_settle, args=(outcome, call, rules_now, flow.deadline), daemon=True).start()
    try:
        yield flow
    finally:
        flow.close()


def _outside(done: Future[Answer]) -> OutsideError:
    error = done.exception()
    return error if isinstance(error, OutsideError) else Unreachable(type(error).__name__)


def _parsed(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise Forbidden(f"not an address: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise Forbidden("an address starts with https:// and a name")
    if url.userinfo:
        raise Forbidden("an address with a user name or password in it is not called")
    return url


def _ask(call: _Call, allowed: Rules | None, seconds: float | None = None) -> Answer:
    """Run the call in a thread of its own, so that not even a stuck name server holds the caller beyond the deadline.

    The thread ends by itself: resolving has the system's own time-out, and the rest is cancelled at the deadline
    (httpx's time-outs are for each read, which a server that drips header bytes never exceeds).
    """
    if allowed is None:
        allowed = rules.parse(settings.OUTSIDE_ALLOW)
    outcome: Future[Answer] = Future()
    limit = TOTAL_SECONDS if seconds is None else seconds
    thread = threading.Thread(target=_settle, args=(outcome, call, allowed, monotonic() + limit), daemon=True)
    thread.start()
    try:
        return outcome.result(timeout=limit + 0.25)  # the cancelled call gets a moment to close its socket
    except TimeoutError as error:
        raise TooSlow(call.url.host) from error


def _settle(outcome: Future[Answer], call: _Call, allowed: Rules, deadline: float) -> None:
    try:
        addresses = _checked_addresses(call.url, allowed)
        outcome.set_result(asyncio.run(_exchange(call, addresses, deadline)))
    except Exception as error:  # noqa: BLE001  handed to the caller's thread, which raises it
        outcome.set_exception(error)


def _checked_addresses(url: httpx.URL, allowed: Rules) -> list[str]:
    """Every address of the name, resolved once. One forbidden among them forbids the name: it is a rebinding trick."""
    host = url.raw_host.decode("ascii")
    try:
        found = socket.getaddrinfo(host, url.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{host} has no address") from error
    addresses = [rules.unwrapped(ip_address(entry[4][0])) for entry in found]
    for address in addresses:
        if reason := rules.refusal(url.scheme, address, allowed):
            raise Forbidden(reason)
    return list(dict.fromkeys(str(address) for address in addresses))


async def _exchange(call: _Call, addresses: list[str], deadline: float) -> Answer:
    timeout = httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)  # for each read; the deadline is for all
    try:
        async with (
            asyncio.timeout(deadline - monotonic()),
            httpx.AsyncClient(verify=_trust(), trust_env=False, follow_redirects=False, timeout=timeout) as client,
        ):
            return await _first_that_connects(client, call, addresses)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise TooSlow(call.url.host) from error
    except httpx.HTTPError as error:
        raise Unreachable(f"{call.url.host}: {type(error).__name__}") from error


async def _first_that_connects(client: httpx.AsyncClient, call: _Call, addresses: list[str]) -> Answer:
    """Try the addresses in order; only a failed connection, where nothing was sent yet, leads to the next."""
    *others, last = addresses
    for address in others:
        try:
            return await _send(client, call, address)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await _send(client, call, last)


async def _send(client: httpx.AsyncClient, call: _Call, address: str) -> Answer:
    """Call the checked address under the name of the URL: Host header, SNI, and the name the certificate must have."""
    headers = httpx.Headers(call.headers)
    headers["Host"] = call.url.netloc.decode("ascii")
    headers["Accept-Encoding"] = "identity"  # a small body that unpacks into a huge one is never unpacked here
    request = client.build_request(
        call.method,
        call.url.copy_with(host=address),
        headers=headers,
        content=_content(call.body),
        extensions={"sni_hostname": call.url.raw_host.decode("ascii")},
    )
    answer = await client.send(request, stream=True)
    try:
        if call.flow:
            await call.flow.pour(answer.status_code, dict(answer.headers), answer.aiter_raw(64 * 1024))
            return Answer(answer.status_code, dict(answer.headers), b"")
        return Answer(answer.status_code, dict(answer.headers), await _bounded_body(answer, call))
    finally:
        await answer.aclose()


def _content(body: bytes | Sending | None) -> bytes | AsyncIterator[bytes] | None:
    return _one_by_one(body.pieces) if isinstance(body, Sending) else body


async def _one_by_one(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def _bounded_body(answer: httpx.Response, call: _Call) -> bytes:
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > call.limit:
            raise AnswerTooLarge(f"{call.url.host}: more than {call.limit} bytes")
    return bytes(body)


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


__all__ = ["Answer", "OutsideError", "Sending", "get", "post", "send"]
