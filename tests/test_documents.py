"""Whatever strangers wrote, the document for the authority is made, and nothing of it hides."""

from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
import typst

from staydown import documents
from tests import pdfs

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOURCE = b"""#let said = json(bytes(sys.inputs.said))
#set document(title: "Said")
#set text(lang: "en")
= Said
#said.words
"""


def text(folder: Path, words: str) -> str:
    (folder / "said.typ").write_bytes(SOURCE)
    made = documents.pdf(folder / "said.typ", {"words": words, "count": 1, "list": [words]}, "{}", NOW)
    assert pdfs.complaints(made) == []
    return " ".join(pypdfium2.PdfDocument(made)[0].get_textpage().get_text_bounded().split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Il a écrit Ωмега, €.", "Il a écrit Ωмега, €."),
        ("用户 😀", "<U+7528><U+6237> <U+1F600>"),
        ("ana\u202egpj", "ana<U+202E>gpj"),
        ("one\ntwo", "one two"),
        ("\ue000\u200b\x00\ud800", "<U+E000><U+200B><U+0000><U+D800>"),
        ("#read(\"/etc/passwd\") $x$ *b* @a <l>", "#read(\"/etc/passwd\") $x$ *b* @a <l>"),
    ],
)  # fmt: skip
def test_a_document_is_made_whatever_was_written(tmp_path: Path, words: str, said: str):
    assert text(tmp_path, words) == f"Said {said}"


def test_a_mistake_of_ours_is_not_hidden(tmp_path: Path):
    (tmp_path / "said.typ").write_bytes(b"#set document(title: 1)")
    with pytest.raises(typst.TypstError):
        documents.pdf(tmp_path / "said.typ", {}, "{}", NOW)
