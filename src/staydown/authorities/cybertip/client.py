"""Asking the CyberTipline. Each verb is one call: it answers what the far side answered, or raises a `TipError`."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO

from lxml import etree

from staydown.authorities.cybertip import errors
from staydown.authorities.cybertip.connection import Connection
from staydown.authorities.cybertip.errors import NotLetIn, NotNow
from staydown.outside import http
from staydown.outside.errors import OutsideError

ANSWER_LIMIT = 256 * 1024
SCHEMA_LIMIT = 2 * 1024 * 1024
PIECE = 256 * 1024
UPLOAD_SECONDS = 3600.0
XML = "text/xml; charset=utf-8"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way: its name, its length in bytes, and its MD5, by which the far side says what it got."""

    name: str
    size: int
    md5: str


def status(to: Connection) -> None:
    """Whether it is there and accepts the login."""
    _read(_get(to, "status"))


def schema(to: Connection) -> bytes:
    """Its XML Schema, as it answers it today."""
    answer = _get(to, "xsd", SCHEMA_LIMIT)
    if answer.status == HTTPStatus.OK:
        return answer.body
    _read(answer)
    raise NotNow(answer.status)


def submit(to: Connection, report: bytes) -> str:
    """Open a report; its number. Not filed, it is deleted there after a day."""
    return _the(_read(_post(to, "submit", report, XML)), "reportId")


def upload(to: Connection, number: str, what: Upload, file: IO[bytes]) -> str:
    """Add a file to an open report, read while it is sent; its number. Raises `NotNow` where another file arrived."""
    boundary = secrets.token_hex(16)
    head, tail = _around(boundary, number, what.name)
    length = len(head) + what.size + len(tail)
    sent = http.Sending(_pieces(head, file, tail), length, UPLOAD_SECONDS)
    try:
        answer = http.send(
            f"{to.url}/upload",
            sent,
            headers=_headers(to, f"multipart/form-data; boundary={boundary}"),
            limit=ANSWER_LIMIT,
            allowed=to.allowed,
        )
    except OutsideError as error:
        raise NotNow from error
    said = _read(answer)
    if any(digest.strip().lower() != what.md5 for digest in _all(said, "hash")):
        raise NotNow(answer.status)
    return _the(said, "fileId")


def file_info(to: Connection, details: bytes) -> None:
    """Say what an uploaded file is."""
    _read(_post(to, "fileinfo", details, XML))


def finish(to: Connection, number: str) -> tuple[str, ...]:
    """File a report for good; the numbers of its files. Raises `FiledAlready` where it is."""
    return tuple(_all(_read(_form(to, "finish", number)), "fileId"))


def retract(to: Connection, number: str) -> None:
    """Take back a report that is not filed."""
    _read(_form(to, "retract", number))


def _form(to: Connection, verb: str, number: str) -> http.Answer:
    boundary = secrets.token_hex(16)
    body = _field(boundary, "id", number) + f"--{boundary}--\r\n".encode()
    return _post(to, verb, body, f"multipart/form-data; boundary={boundary}")


def _around(boundary: str, number: str, name: str) -> tuple[bytes, bytes]:
    clean = "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in name)[:120]
    start = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{clean}"\r\n'
    head = _field(boundary, "id", number) + (start + "Content-Type: application/octet-stream\r\n\r\n").encode()
    return head, f"\r\n--{boundary}--\r\n".encode()


def _field(boundary: str, name: str, value: str) -> bytes:
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def _pieces(head: bytes, file: IO[bytes], tail: bytes) -> Iterator[bytes]:
    yield head
    while piece := file.read(PIECE):
        yield piece
    yield tail


def _headers(to: Connection, kind: str = "") -> dict[str, str]:
    said = {"Authorization": to.authorization, "Accept": "text/xml"}
    return said | ({"Content-Type": kind} if kind else {})


def _get(to: Connection, verb: str, limit: int = ANSWER_LIMIT) -> http.Answer:
    try:
        return http.get(f"{to.url}/{verb}", headers=_headers(to), limit=limit, allowed=to.allowed)
    except OutsideError as error:
        raise NotNow from error


def _post(to: Connection, verb: str, body: bytes, kind: str) -> http.Answer:
    try:
        return http.post(
            f"{to.url}/{verb}", body=body, headers=_headers(to, kind), limit=ANSWER_LIMIT, allowed=to.allowed
        )
    except OutsideError as error:
        raise NotNow from error


def _read(answer: http.Answer) -> etree._Element:
    """The answer's XML, where its code is 0. A 401 has no body, and a broken proxy answers with HTML."""
    if answer.status in (401, 403):
        raise NotLetIn(answer.status)
    if answer.status == 429:
        raise NotNow(answer.status, _seconds(answer.headers.get("retry-after", "")))
    try:
        root = etree.fromstring(answer.body, PARSER)
        code = int(_the(root, "responseCode"))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotNow(answer.status) from error
    if code:
        raise errors.of(code)(code)
    return root


def _seconds(text: str) -> float:
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() else 60.0


def _all(root: etree._Element, name: str) -> list[str]:
    return [each.text or "" for each in root.iter() if etree.QName(each).localname == name]


def _the(root: etree._Element, name: str) -> str:
    """The text of the element. Raises `NotNow` where there is none: whatever answered, it was not NCMEC."""
    found = next((text.strip() for text in _all(root, name) if text.strip()), None)
    if found is None:
        raise NotNow
    return found
