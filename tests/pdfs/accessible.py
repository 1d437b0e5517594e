"""PDF/UA-1, and level A of PDF/A-2: what somebody hears who does not see the page (ISO 14289-1; its clauses are named)."""

import io
import re
from collections import Counter
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from tests.pdfs.archive import metadata, said

STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private", "P", "H",
    "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span",
    "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP", "Figure",
    "Formula", "Form",
}  # fmt: skip
SHOWN = {"Tj", "TJ", "'", '"', "Do", "sh", "INLINE IMAGE", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s"}
INSIDE = {"Table": {"TR", "THead", "TBody", "TFoot", "Caption"}, "THead": {"TR"}, "TBody": {"TR"}, "TFoot": {"TR"},
          "TR": {"TH", "TD"}, "L": {"LI", "L", "Caption"}, "LI": {"Lbl", "LBody"}}  # fmt: skip


def accessible(pdf: bytes) -> Iterator[str]:
    """What keeps it from being PDF/UA-1."""
    with Pdf.open(io.BytesIO(pdf)) as opened:
        yield from _document(opened)
        root = opened.Root.get("/StructTreeRoot")
        if root is None:
            yield "7.1: there is no structure"
            return
        tree = list(_elements(root, 0))
        roles = {str(name): str(to) for name, to in root.get("/RoleMap", Dictionary()).items()}
        kinds = [(_kind(each, roles), each) for each in tree]
        if unknown := sorted({kind for kind, _ in kinds} - STANDARD):
            yield f"7.1: structure of kinds that nobody knows: {', '.join(unknown)}"
        yield from _headings([kind for kind, _ in kinds])
        for kind, element in kinds:
            yield from _element(kind, element, roles)
        for number, page in enumerate(opened.pages, 1):
            yield from _page(number, page.obj, _tagged(tree, page.obj))


def _document(opened: Pdf) -> Iterator[str]:
    root = opened.Root
    marks = root.get("/MarkInfo", Dictionary())
    if marks.get("/Marked") is not True or marks.get("/Suspects") is True:
        yield "7.1: it does not say that it is tagged"
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", str(root.get("/Lang", ""))):
        yield "7.2: it does not say in which language it is"
    if root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle") is not True:
        yield "7.1: readers show its file's name in place of its title"
    if "/Metadata" not in root:
        return
    if not said(metadata(opened), "dc:title"):
        yield "7.1: it has no title"
    if said(metadata(opened), "pdfuaid:part") != "1":
        yield "5: it does not call itself PDF/UA-1"


def _elements(node: Object, depth: int) -> Iterator[Object]:
    assert depth < 100, "a structure without an end"
    kids = node.get("/K", Array())
    for each in kids if isinstance(kids, Array) else [kids]:
        if isinstance(each, Dictionary) and "/S" in each:
            yield each
            yield from _elements(each, depth + 1)


def _kind(element: Object, roles: dict[str, str]) -> str:
    name, seen = str(element.S), set[str]()
    while name in roles and name not in seen and name.lstrip("/") not in STANDARD:
        seen.add(name)
        name = roles[name]
    return name.lstrip("/")


def _headings(kinds: list[str]) -> Iterator[str]:
    levels = [int(kind[1]) for kind in kinds if re.fullmatch(r"H[1-6]", kind)]
    before = 0
    for level in levels:
        if level > before + 1:
            yield f"7.4.2: a heading of level {level} after one of level {before}"
        before = level
    if not levels:
        yield "7.4: there is no heading"


def _element(kind: str, element: Object, roles: dict[str, str]) -> Iterator[str]:
    below = [_kind(each, roles) for each in _children(element)]
    if kind in ("Figure", "Formula") and not (str(element.get("/Alt", "")) or str(element.get("/ActualText", ""))):
        yield f"7.3: a {kind} without words for it"
    if kind in INSIDE and (wrong := set(below) - INSIDE[kind]):
        yield f"7.2: {', '.join(sorted(wrong))} in a {kind}"
    if kind == "Table":
        yield from _table(element, roles)
    if kind == "Link" and not any(
        isinstance(each, Dictionary) and each.get("/Type") == Name.OBJR for each in _kids(element)
    ):
        yield "7.18.5: a link that leads nowhere"


def _kids(element: Object) -> list[Object]:
    kids = element.get("/K", Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def _children(element: Object) -> list[Object]:
    return [each for each in _kids(element) if isinstance(each, Dictionary) and "/S" in each]


def _table(table: Object, roles: dict[str, str]) -> Iterator[str]:
    rows = [each for each in _elements(table, 0) if _kind(each, roles) == "TR"]
    heads = [each for each in _elements(table, 0) if _kind(each, roles) == "TH"]
    if not any(_attribute(each, "/Scope") is not None for each in heads):
        yield "7.5: a table without headings that say for what"
    widths = {sum(int(_attribute(cell, "/ColSpan") or 1) for cell in _children(row)) for row in rows}
    if len(widths) > 1:
        yield "7.5: a table whose rows have different numbers of cells"


def _attribute(element: Object, name: str) -> Object | None:
    found = element.get("/A", Array())
    for each in found if isinstance(found, Array) else [found]:
        if isinstance(each, Dictionary) and name in each:
            return each[name]
    return None


def _tagged(tree: list[Object], page: Object) -> Counter[int]:
    """Which marks of a page belong to which element, and how often each."""
    found: Counter[int] = Counter()
    for element in tree:
        for each in _kids(element):
            mark = each.get("/MCID") if isinstance(each, Dictionary) else each
            where = each.get("/Pg", element.get("/Pg")) if isinstance(each, Dictionary) else element.get("/Pg")
            if isinstance(mark, int) and where is not None and where.objgen == page.objgen:
                found[mark] += 1
    return found


def _page(number: int, page: Object, tagged: Counter[int]) -> Iterator[str]:
    if "/StructParents" not in page:
        yield f"7.1: page {number} belongs to no structure"
    if any(count > 1 for count in tagged.values()):
        yield f"7.1: something on page {number} is read twice"
    open_ones: list[str | int] = []
    seen: set[int] = set()
    for each in pikepdf.parse_content_stream(page):
        operator = str(each.operator)
        if operator in ("BMC", "BDC"):
            mark = _mark(each.operands)
            nested = {type(one) for one in open_ones if one != ""}
            if mark != "" and nested and type(mark) not in nested:
                yield f"7.1: page {number} mixes what is read with what is not"
            seen |= {mark} if isinstance(mark, int) else set()
            open_ones.append(mark)
        elif operator == "EMC":
            open_ones.pop()
        elif operator in SHOWN and not any(one != "" for one in open_ones):
            yield f"7.1: page {number} shows something ({operator}) that is neither read nor marked as ornament"
    if lost := seen - set(tagged):
        yield f"7.1: page {number} shows what no element of the structure holds ({len(lost)} times)"
    if page.get("/Annots") and page.get("/Tabs") != Name.S:
        yield f"7.18.3: the tabulator leads through page {number} in another order"
    yield from _annotations(number, page)


def _mark(operands: list[Object]) -> str | int:
    """A number of the structure, "Artifact", or nothing of both."""
    if str(operands[0]) == "/Artifact":
        return "Artifact"
    if len(operands) > 1 and isinstance(operands[1], Dictionary) and "/MCID" in operands[1]:
        return int(operands[1].MCID)
    return ""


def _annotations(number: int, page: Object) -> Iterator[str]:
    left, low, right, high = (float(edge) for edge in page.get("/CropBox", page.MediaBox))
    for each in page.get("/Annots", []):
        at = [float(edge) for edge in each.Rect]
        beyond = at[2] < left or at[3] < low or at[0] > right or at[1] > high
        if not beyond and not int(each.get("/F", 0)) & 0b10 and "/StructParent" not in each:
            yield f"7.18.1: an annotation on page {number} that is not in the structure"
        if each.get("/Subtype") == Name.Widget and not str(each.get("/TU", "")):
            yield f"7.18.4: a field on page {number} without a name for readers"
