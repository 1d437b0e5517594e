"""The text around a post, as a platform hands it over, in a WARC file (ISO 28500, WARC/1.1) without media. Pure.

Nobody fetches a stranger's page: a registered platform's own evidence address is asked, as for originals. Pictures that
are written into a page (`data:` addresses, base64 in JSON) are cut out: every run of 512 or more such signs.
"""

import hashlib
import html
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser

from staydown.vault.evidence.sealing import Readable

LARGEST = 2 * 2**20  # bytes of a page
MEDIA_TYPE = "application/warc"
TEXTS = ("text/html", "text/plain", "application/json", "application/xhtml+xml", "application/activity+json")
RUN = re.compile(rb"[A-Za-z0-9+/=_%-]{512,}")
CUT = b"(cut: %d signs)"
UNSEEN = frozenset({"script", "style", "template", "noscript"})


class NoText(ValueError):
    """What was handed over as a page is no text: `text/html`, `text/plain` or JSON is asked for."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was handed over, from where and when (UTC)."""

    address: str
    media_type: str
    body: bytes
    at: datetime


def whole(source: Readable) -> bytes:
    """All of a page: it is small."""
    return b"".join(iter(lambda: source.read(65536), b""))


def warc(page: Page, tool: str) -> bytes:
    """The WARC file of a page: what made it, the page without media, and its plain text. Raises `NoText`."""
    kind = page.media_type.partition(";")[0].strip().lower()
    if kind not in TEXTS or b"\0" in page.body:
        raise NoText(NoText.__doc__)
    kept = RUN.sub(lambda run: CUT % len(run[0]), page.body)
    told = {"software": tool, "format": "WARC file version 1.1", "handed-over-sha256": _sha256(page.body)}
    about = "".join(f"{name}: {value}\r\n" for name, value in told.items()).encode()
    first = _name(page, b"resource")
    where = {"WARC-Target-URI": page.address}
    records = (
        _record(page, "warcinfo", _name(page, b"warcinfo"), "application/warc-fields", {}, about),
        _record(page, "resource", first, page.media_type, where, kept),
        _record(
            page, "conversion", _name(page, b"conversion"), "text/plain; charset=utf-8",
            {**where, "WARC-Refers-To": first}, _text(kept, kind).encode(),
        ),
    )  # fmt: skip
    return b"".join(records)


def _record(page: Page, kind: str, name: str, media_type: str, also: Mapping[str, str], content: bytes) -> bytes:
    said = {
        "WARC-Type": kind,
        "WARC-Record-ID": name,
        "WARC-Date": page.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "WARC-Block-Digest": f"sha256:{_sha256(content)}",
        **also,
        "Content-Type": _line(media_type),
        "Content-Length": str(len(content)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + content + b"\r\n\r\n"


def _line(text: str) -> str:
    return " ".join(text.split())[:200]


def _name(page: Page, of: bytes) -> str:
    digest = hashlib.sha256(of + page.address.encode() + page.at.isoformat().encode() + page.body).digest()
    return f"<urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}>"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _text(body: bytes, kind: str) -> str:
    """What a person would read of it."""
    said = body.decode("utf-8", errors="replace")
    if "html" not in kind:
        return said
    reader = _Words()
    reader.feed(said)
    reader.close()
    return html.unescape("\n".join(reader.lines))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        self.lines += [value for name, value in attrs if name == "alt" and value]

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        if not self._unseen and data.strip():
            self.lines.append(" ".join(data.split()))

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Browsers read `<![…>` as a comment, whatever is in it; Python's parser would end with an AssertionError."""
        return self.parse_bogus_comment(i)
