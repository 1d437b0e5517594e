"""A CyberTipline on this machine: it enforces the published rules, and fails in every way that the documentation names.

Written from the documentation, not from our code: what it takes and answers is in `cybertip.xsd`.
"""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from hashlib import md5
from pathlib import Path

from lxml import etree

from tests import far_side
from tests.far_side import FarSide, Said

LOGIN = "esp:secret"
XSD = Path(__file__).with_name("cybertip.xsd")
SCHEMA = etree.XMLSchema(etree.parse(XSD))
LIFE = timedelta(hours=24)
XML = {"Content-Type": "text/xml; charset=utf-8"}


class Wrong(Exception):
    """The answer's code, and what is wrong."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


@dataclass
class Tip:
    """A report on the server's side."""

    xml: bytes
    opened: datetime
    files: dict[str, bytes] = field(default_factory=dict)
    details: dict[str, bytes] = field(default_factory=dict)
    state: str = "open"


@dataclass
class Tipline(far_side.Memory):
    """The server's memory. Faults: "drop", "drop after", "502", "429", "401", "damage" (it stores another file), or a code."""

    tips: dict[str, Tip] = field(default_factory=dict)
    clock: timedelta = timedelta()

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock

    def of(self, state: str) -> list[Tip]:
        return [tip for tip in self.tips.values() if tip.state == state]

    def submit(self, body: bytes) -> dict[str, str]:
        root = _parsed(body, "report")
        self._past(root, "incidentSummary/incidentDateTime")
        number = str(1_000_000 + len(self.tips))
        self.tips[number] = Tip(body, self.now)
        return {"reportId": number}

    def upload(self, number: str, file: bytes) -> dict[str, str]:
        tip = self._open(number)
        file_id = f"{len(tip.files) + (int(number) << 32):032x}"
        tip.files[file_id] = file
        return {"reportId": number, "fileId": file_id, "hash": md5(file).hexdigest()}

    def fileinfo(self, body: bytes) -> dict[str, str]:
        root = _parsed(body, "fileDetails")
        number, file_id = root.findtext("reportId", ""), root.findtext("fileId", "")
        tip = self._open(number)
        if file_id not in tip.files:
            raise Wrong(5002, "no such file")
        self._past(root, "uploadedToEspTimestamp")
        tip.details[file_id] = body
        return {"reportId": number}

    def finish(self, number: str) -> list[str]:
        tip = self._open(number)
        tip.state = "finished"
        return list(tip.files)

    def retract(self, number: str) -> dict[str, str]:
        self._open(number).state = "retracted"
        return {"reportId": number}

    def _open(self, number: str) -> Tip:
        tip = self.tips.get(number)
        if tip is not None and tip.state == "open" and self.now - tip.opened > LIFE:
            tip.state = "expired"
        if tip is None or tip.state == "expired":
            raise Wrong(5001, "no such report")
        if tip.state != "open":
            raise Wrong({"finished": 5102, "retracted": 5101}[tip.state], tip.state)
        return tip

    def _past(self, root: etree._Element, path: str) -> None:
        for at in root.iterfind(path):
            if datetime.fromisoformat(at.text or "") > self.now:
                raise Wrong(4100, "a time that has not come yet")


def _parsed(body: bytes, name: str) -> etree._Element:
    try:
        root = etree.fromstring(body)
    except etree.XMLSyntaxError as error:
        raise Wrong(4110, "not XML") from error
    if root.tag != name or not SCHEMA.validate(root):
        raise Wrong(4100, str(SCHEMA.error_log.last_error) if root.tag == name else f"expected {name}")
    return root


class Handler(FarSide):
    """One call."""

    memory: Tipline

    def name(self) -> str:
        return self.path.removeprefix("/ispws/")

    def answer(self, body: bytes, fault: str) -> Said:
        if fault == "401" or self.headers.get("Authorization") != "Basic " + b64encode(LOGIN.encode()).decode():
            return Said(401)
        if fault == "502":
            return Said(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", {"Content-Type": "text/html"})
        if fault == "429":
            return Said(429, headers={"Retry-After": "7"})
        if fault.isdigit():
            return _response({"responseCode": fault, "responseDescription": "as the test wants"})
        try:
            return self._done(body, fault)
        except Wrong as wrong:
            return _response({"responseCode": str(wrong.code), "responseDescription": wrong.why})

    def _done(self, body: bytes, fault: str) -> Said:
        verb, memory = self.name(), self.memory
        if self.command == "GET":
            if verb == "xsd":
                return Said(200, XSD.read_bytes(), XML)
            return _response({"responseCode": "0" if verb == "status" else "5001", "responseDescription": verb})
        if verb in ("submit", "fileinfo"):
            if not self.headers.get("Content-Type", "").startswith("text/xml"):
                raise Wrong(4100, "not text/xml")
            return _success(memory.submit(body) if verb == "submit" else memory.fileinfo(body))
        fields = self._fields(body)
        number = fields.get("id", b"").decode()
        if verb == "upload":
            if "file" not in fields:
                raise Wrong(4200, "no file")
            return _success(memory.upload(number, fields["file"] + (b"!" if fault == "damage" else b"")))
        return _filed(number, memory.finish(number)) if verb == "finish" else _success(memory.retract(number))

    def _fields(self, body: bytes) -> dict[str, bytes]:
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/form-data"):
            raise Wrong(4000, "not a form")
        message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        found = {}
        for part in message.walk():
            if name := part.get_param("name", header="content-disposition"):
                found[str(name)] = bytes(part.get_payload(decode=True) or b"")
        return found


def _success(said: dict[str, str]) -> Said:
    return _response({"responseCode": "0", "responseDescription": "Success", **said})


def _response(said: dict[str, str]) -> Said:
    root = etree.Element("reportResponse")
    for name, text in said.items():
        etree.SubElement(root, name).text = text
    return _written(root)


def _filed(number: str, files: list[str]) -> Said:
    """What only /finish answers with."""
    root = etree.Element("reportDoneResponse")
    etree.SubElement(root, "responseCode").text = "0"
    etree.SubElement(root, "reportId").text = number
    listed = etree.SubElement(root, "files")
    for file in files:
        etree.SubElement(listed, "fileId").text = file
    return _written(root)


def _written(root: etree._Element) -> Said:
    SCHEMA.assertValid(root)
    return Said(200, etree.tostring(root, xml_declaration=True, encoding="UTF-8"), XML)


@contextmanager
def tipline() -> Iterator[Tipline]:
    """The server, running until the end of the block."""
    with far_side.running(Tipline(), Handler, "/ispws") as memory:
        yield memory
