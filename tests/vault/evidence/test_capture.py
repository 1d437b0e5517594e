"""A page becomes a WARC file of text, and no picture that was written into it comes along."""

import base64
import hashlib
import os
from datetime import UTC, datetime

import pytest

from staydown.vault.evidence import capture
from staydown.vault.evidence.capture import NoText, Page

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PICTURE = base64.b64encode(os.urandom(3000))
HTML = (
    b"<html><head><style>p {}</style><script>let a</script></head><body><p>Ana &amp; Bob wrote:</p>"
    b'<p>send me   more</p><img alt="a beach" src="data:image/png;base64,' + PICTURE + b'"></body></html>'
)


def page(body: bytes, media_type: str = "text/html; charset=utf-8") -> Page:
    return Page("https://plaza.example/evidence/page/1", media_type, body, AT)


def records(file: bytes) -> list[tuple[dict[str, str], bytes]]:
    """The records of a WARC file, read by their lengths alone."""
    found = []
    while file:
        head, _, rest = file.partition(b"\r\n\r\n")
        version, *lines = head.decode().split("\r\n")
        assert version == "WARC/1.1"
        said = dict(line.split(": ", 1) for line in lines)
        size = int(said["Content-Length"])
        assert rest[size : size + 4] == b"\r\n\r\n"
        found.append((said, rest[:size]))
        file = rest[size + 4 :]
    return found


def test_a_page_is_kept_as_it_came_and_as_text_without_its_picture():
    about, kept, text = records(capture.warc(page(HTML), "staydown 0"))
    assert [said["WARC-Type"] for said, _ in (about, kept, text)] == ["warcinfo", "resource", "conversion"]
    assert hashlib.sha256(HTML).hexdigest().encode() in about[1]
    assert PICTURE not in kept[1]
    assert b"(cut: " in kept[1]
    assert b"<p>send me   more</p>" in kept[1]
    assert text[1].decode() == "Ana & Bob wrote:\nsend me more\na beach"
    assert text[0]["WARC-Refers-To"] == kept[0]["WARC-Record-ID"]
    for said, content in (about, kept, text):
        assert said["WARC-Block-Digest"] == "sha256:" + hashlib.sha256(content).hexdigest()


def test_a_picture_in_json_is_cut_out_too():
    said = b'{"words": "hello", "picture": "' + PICTURE + b'"}'
    _, kept, text = records(capture.warc(page(said, "application/json"), "staydown 0"))
    assert PICTURE[:600] not in kept[1] + text[1]
    assert b'"words": "hello"' in text[1]


@pytest.mark.parametrize(("body", "media_type"), [(b"\xff\xd8\xff", "image/jpeg"), (b"text\0", "text/html"), (b"", "")])
def test_what_is_no_text_is_refused(body: bytes, media_type: str):
    with pytest.raises(NoText):
        capture.warc(page(body, media_type), "staydown 0")


@pytest.mark.parametrize(
    "marked",
    ["<![", "<![\x11EL\x0e", "<![ ]>", "<![if lt IE 9]>", "<![CDATA[x]]>", "<![a[", "<!", "<!x", "</", "<![endif"],
)
def test_what_no_standard_knows_in_a_page_is_passed_over_as_a_browser_does(marked: str):
    """Found by `make bench-fuzz`: whoever posted this would have kept the page out of the evidence."""
    _, _, (_, text) = records(capture.warc(page(f"<p>before</p>{marked}><p>after</p>{marked}".encode()), "test"))
    assert text.decode().startswith("before")
    assert "after" in text.decode()


def test_a_header_cannot_write_lines_of_its_own():
    (_, (said, _), _) = records(capture.warc(page(b"x", "text/plain; x=\r\nWARC-Type: metadata"), "staydown 0"))
    assert said["WARC-Type"] == "resource"
