"""Whoever checks is checked: each thing that is bent in a PDF of ours is found, and named by its clause."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pikepdf
import pytest
import typst
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from tests.pdfs import complaints

SOURCE = b"""#set document(title: "Said", author: "Staydown")
#set text(lang: "fr")
= Said
/ Who: ana
== Where
#table(columns: 2, table.header([Service], [Address]), [Plaza], raw("https://plaza.example"))
"""
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def made(*standards: str, source: bytes = SOURCE) -> bytes:
    pdf: bytes = typst.compile(
        source, format="pdf", ignore_system_fonts=True, pdf_standards=list(standards), timestamp=NOW
    )
    return pdf


@pytest.fixture(scope="module")
def good() -> bytes:
    return made("a-2a", "ua-1")


def bent(pdf: bytes, how: Callable[[Pdf], object], **also: object) -> list[str]:
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(pdf)) as opened:
        how(opened)
        opened.save(out, fix_metadata_version=False, **also)
    return complaints(out.getvalue())


def test_what_typst_makes_to_both_standards_is_good_and_stays_so_when_it_is_written_anew(good: bytes):
    assert complaints(good) == []
    assert bent(good, lambda _: None) == []


def test_what_was_made_to_neither_is_not():
    found = complaints(made("1.7"))
    assert [each for each in found if each.startswith(("6.6.4", "6.2.3", "5:"))]


def fonts(opened: Pdf) -> list[pikepdf.Object]:
    return [each for each in opened.objects if isinstance(each, Dictionary) and each.get("/Type") == Name.Font]


def descriptors(opened: Pdf) -> list[pikepdf.Object]:
    kind = Name.FontDescriptor
    return [each for each in opened.objects if isinstance(each, Dictionary) and each.get("/Type") == kind]


def elements(opened: Pdf, kind: str) -> list[pikepdf.Object]:
    return [each for each in opened.objects if isinstance(each, Dictionary) and str(each.get("/S")) == f"/{kind}"]


def dropped(name: str, of: Callable[[Pdf], list[pikepdf.Object]]) -> Callable[[Pdf], None]:
    def bend(opened: Pdf) -> None:
        for each in of(opened):
            if name in each:
                del each[name]

    return bend


def root(opened: Pdf) -> list[pikepdf.Object]:
    return [opened.Root]


def metadata(old: bytes, new: bytes) -> Callable[[Pdf], None]:
    def bend(opened: Pdf) -> None:
        said = opened.Root.Metadata.read_bytes()
        assert old in said
        opened.Root.Metadata = opened.make_stream(said.replace(old, new), Type=Name.Metadata, Subtype=Name.XML)

    return bend


def content(before: bytes, after: bytes = b"") -> Callable[[Pdf], None]:
    def bend(opened: Pdf) -> None:
        page = opened.pages[0]
        page.Contents = opened.make_stream(before + page.Contents.read_bytes() + after)

    return bend


def annotation(**said: object) -> Callable[[Pdf], None]:
    def bend(opened: Pdf) -> None:
        one = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([1, 1, 9, 9]), F=4, **said)
        opened.pages[0].Annots = Array([opened.make_indirect(one)])

    return bend


def action(opened: Pdf) -> None:
    opened.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def private_use(opened: Pdf) -> None:
    for each in fonts(opened):
        if "/ToUnicode" in each:
            each.ToUnicode = Stream(opened, b"1 beginbfchar\n<0001> <E000>\nendbfchar")


def no_profile(opened: Pdf) -> None:
    opened.Root.OutputIntents = Array()


def clear(opened: Pdf) -> None:
    opened.pages[0].Resources.ExtGState = Dictionary(G=Dictionary(ca=0.5))
    if "/Group" in opened.pages[0]:
        del opened.pages[0].Group


def renamed(old: str, new: str) -> Callable[[Pdf], None]:
    def bend(opened: Pdf) -> None:
        for each in elements(opened, old):
            each.S = Name(f"/{new}")

    return bend


def forgotten(opened: Pdf) -> None:
    del elements(opened, "H1")[0]["/K"]


@pytest.mark.parametrize(
    ("how", "clause"),
    [
        (dropped("/MarkInfo", root), "7.1"),
        (dropped("/Lang", root), "7.2"),
        (dropped("/ViewerPreferences", root), "7.1"),
        (dropped("/StructTreeRoot", root), "7.1"),
        (dropped("/Metadata", root), "6.6.2"),
        (metadata(b"<pdfaid:part>2<", b"<pdfaid:part>3<"), "6.6.4"),
        (metadata(b"<pdfuaid:part>1<", b"<pdfuaid:part>2<"), "5:"),
        (metadata(b"http://www.aiim.org/pdfa/ns/schema#", b"http://elsewhere.example/#"), "6.6.2.3"),
        (metadata(b">Said<", b"><"), "7.1"),
        (no_profile, "6.2.3"),
        (content(b"", b"\n0 0 0 1 k"), "6.2.4.3"),
        (content(b"", b"\n0 0 5 5 re f"), "7.1"),
        (content(b"/Artifact BMC /Span <</MCID 999>> BDC EMC EMC\n"), "7.1"),
        (content(b"/P <</MCID 999>> BDC EMC\n"), "7.1"),
        (dropped("/ToUnicode", fonts), "6.2.11.7.2"),
        (private_use, "6.2.11.7.3"),
        (dropped("/CIDToGIDMap", fonts), "6.2.11.3.2"),
        (dropped("/FontFile2", descriptors), "6.2.11.4.1"),
        (action, "6.5.1"),
        (clear, "6.2.10"),
        (annotation(AP=Dictionary()), "7.18.1"),
        (annotation(StructParent=7), "6.3.3"),
        (annotation(AP=Dictionary(), A=Dictionary(S=Name.Launch)), "6.5.1"),
        (renamed("H1", "H3"), "7.4.2"),
        (renamed("TH", "TD"), "7.5"),
        (renamed("LI", "P"), "7.2"),
        (renamed("Table", "Figure"), "7.3"),
        (renamed("TD", "Cell"), "7.1"),
        (forgotten, "7.1"),
    ],
)  # fmt: skip
def test_what_was_bent_is_found(good: bytes, how: Callable[[Pdf], None], clause: str):
    found = bent(good, how)
    assert [each for each in found if each.startswith(clause)], found


def test_what_is_locked_or_has_something_behind_its_end_is_found(good: bytes):
    locked = bent(good, lambda _: None, encryption=pikepdf.Encryption(owner="a", user=""))
    assert [each for each in locked if each.startswith("6.1.3")]
    assert [each for each in complaints(good + b"more") if each.startswith("6.1.3")]
    assert [each for each in complaints(good.replace(b"/ID", b"/JD")) if each.startswith("6.1.3")]
