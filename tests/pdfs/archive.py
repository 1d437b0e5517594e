"""PDF/A-2, level A: what must be in the file for it to look the same in fifty years (ISO 19005-2; its clauses are named)."""

import io
import re
from collections.abc import Iterator

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

ACTIONS = {"Launch", "Sound", "Movie", "ResetForm", "ImportData", "Hide", "SetOCGState", "Rendition", "Trans", "GoTo3DView",
           "JavaScript", "SubmitForm"}  # fmt: skip
ANNOTATIONS = {"3D", "Sound", "Screen", "Movie", "FileAttachment"}
FORBIDDEN = {"/AA": "6.5.2", "/JS": "6.5.1", "/XFA": "6.4.2", "/NeedsRendering": "6.4.2", "/EF": "6.8", "/EmbeddedFiles": "6.8",
             "/OCProperties": "6.9"}  # fmt: skip
BLENDS = {"Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn", "HardLight",
          "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity"}  # fmt: skip
COLOURS = {"g": "Gray", "G": "Gray", "rg": "RGB", "RG": "RGB", "k": "CMYK", "K": "CMYK"}
PRINT, UNSEEN = 0b100, 0b100011  # flags of annotations: printed; invisible, hidden, or not viewed
SPACES = {b"RGB ": 3, b"GRAY": 1, b"CMYK": 4}
IDS = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "schema": "http://www.aiim.org/pdfa/ns/schema#",
}


def archive(pdf: bytes) -> Iterator[str]:
    """What keeps it from being PDF/A-2a."""
    yield from _frame(pdf)
    with Pdf.open(io.BytesIO(pdf)) as opened:
        if opened.is_encrypted:
            yield "6.1.3: it is encrypted"
        if "/ID" not in opened.trailer:
            yield "6.1.3: the trailer has no ID"
        yield from _metadata(opened)
        yield from _profiles(opened)
        for thing in _all(opened):
            yield from _object(thing)
        for page in opened.pages:
            yield from _page(page.obj)


def _frame(pdf: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", pdf):
        yield "6.1.2: the header is not %PDF-1.n with a binary comment"
    if not re.search(rb"%%EOF\r?\n?$", pdf):
        yield "6.1.3: something stands behind its end"


def metadata(opened: Pdf) -> etree._Element:
    """Its XMP."""
    return etree.fromstring(bytes(opened.Root.Metadata.read_bytes()))


def said(root: etree._Element, name: str) -> str:
    """A property of the XMP, as an element or as an attribute."""
    prefix, _, local = name.partition(":")
    key = f"{{{IDS[prefix]}}}{local}"
    found = [each.text or "".join(each.itertext()) for each in root.iter(key)]
    return (found or [value for each in root.iter() for at, value in each.attrib.items() if at == key] or [""])[
        0
    ].strip()


def _metadata(opened: Pdf) -> Iterator[str]:
    if "/Metadata" not in opened.Root:
        yield "6.6.2: there is no XMP metadata"
        return
    root = metadata(opened)
    if (said(root, "pdfaid:part"), said(root, "pdfaid:conformance")) != ("2", "A"):
        yield "6.6.4: it does not call itself PDF/A-2a"
    described = {(each.text or "").strip() for each in root.iter(f"{{{IDS['schema']}}}namespaceURI")}
    if said(root, "pdfuaid:part") and IDS["pdfuaid"] not in described:
        yield "6.6.2.3: what it says of PDF/UA is described by no extension schema"


def _profiles(opened: Pdf) -> Iterator[str]:
    """The output intent, and whether it fits the device colours that pages use."""
    intents = [each for each in opened.Root.get("/OutputIntents", []) if each.get("/S") == Name.GTS_PDFA1]
    profiles = [bytes(each.DestOutputProfile.read_bytes()) for each in intents if "/DestOutputProfile" in each]
    used = {COLOURS[operator] for page in opened.pages for operator in _operators(page.obj) if operator in COLOURS}
    if not profiles:
        yield "6.2.3: there is no output intent with a profile"
        return
    profile, number = profiles[0], int(intents[0].DestOutputProfile.N)
    if profile[36:40] != b"acsp" or profile[12:16] not in (b"mntr", b"prtr") or profile[8] > 4:
        yield "6.2.3: the profile is none of a screen or printer, of ICC version 4 at most"
    if SPACES.get(profile[16:20]) != number:
        yield "6.2.3: the profile has another number of colours than it says"
    if wrong := used - {"Gray", {3: "RGB", 4: "CMYK"}.get(number, "Gray")}:
        yield f"6.2.4.3: device colours without a profile: {', '.join(sorted(wrong))}"


def _operators(page: Object) -> list[str]:
    return [str(each.operator) for each in pikepdf.parse_content_stream(page)]


def _all(opened: Pdf) -> Iterator[Object]:
    """Every dictionary and stream in it, also those that stand within others."""
    waiting = [*opened.objects, opened.trailer]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, (Dictionary, Stream)):
            yield thing
            waiting += [each for _, each in thing.items() if not _is_elsewhere(each)]
        elif isinstance(thing, Array):
            waiting += [each for each in thing if not _is_elsewhere(each)]


def _is_elsewhere(thing: object) -> bool:
    """Whether it is an object of its own, which comes by itself, or none."""
    return not isinstance(thing, Object) or thing.is_indirect


def _object(thing: Object) -> Iterator[str]:
    if isinstance(thing, Stream):
        yield from _stream(thing)
    yield from (f"{clause}: {name}" for name, clause in FORBIDDEN.items() if name in thing)
    if str(thing.get("/S", "")).lstrip("/") in ACTIONS and "/K" not in thing:
        yield f"6.5.1: an action {thing.S}"
    if thing.get("/BM") is not None and str(thing.BM).lstrip("/") not in BLENDS:
        yield f"6.2.10: the blend mode {thing.BM}"
    if thing.get("/Type") == Name.Font:
        yield from _font(thing)
    if str(thing.get("/Subtype", "")).lstrip("/") in ANNOTATIONS:
        yield f"6.3.1: an annotation {thing.Subtype}"


def _stream(thing: Stream) -> Iterator[str]:
    filters = thing.get("/Filter", Array())
    names = {str(each) for each in (filters if isinstance(filters, Array) else [filters])}
    if wrong := names & {"/LZWDecode", "/Crypt"}:
        yield f"6.1.7: the filter {', '.join(wrong)}"
    if "/F" in thing or "/FFilter" in thing:
        yield "6.1.7: a stream that is kept elsewhere"
    if thing.get("/Subtype") == Name.PS or "/Ref" in thing or "/OPI" in thing:
        yield "6.2.9: PostScript, or a reference to elsewhere"
    if thing.get("/Subtype") == Name.Image and (thing.get("/Interpolate") is True or "/Alternates" in thing):
        yield "6.2.8: an image that is made up between its points, or has others"


def _font(font: Object) -> Iterator[str]:
    name = str(font.get("/BaseFont", "?"))
    if font.get("/Subtype") == Name.Type0:
        (below,) = font.DescendantFonts
        if below.get("/Subtype") == Name.CIDFontType2 and "/CIDToGIDMap" not in below:
            yield f"6.2.11.3.2: {name} does not say which sign is which outline"
        if str(font.Encoding) not in ("/Identity-H", "/Identity-V"):
            yield f"6.2.11.3.3: {name} is encoded as {font.Encoding}"
        yield from _embedded(below, name)
        yield from _unicode(font, name)
    elif font.get("/Subtype") in (Name.Type1, Name.TrueType, Name.MMType1):
        yield from _embedded(font, name)
        yield from _unicode(font, name)


def _embedded(font: Object, name: str) -> Iterator[str]:
    described = font.get("/FontDescriptor")
    if described is None or not any(each in described for each in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield f"6.2.11.4.1: {name} is not embedded"


def _unicode(font: Object, name: str) -> Iterator[str]:
    if "/ToUnicode" not in font:
        yield f"6.2.11.7.2: nobody knows which signs {name} shows"
        return
    table = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    ranges = "".join(re.findall(r"begin(?:bfchar|bfrange)(.*?)end", table, re.DOTALL))
    targets = {each.lower() for each in re.findall(r"<[0-9a-fA-F]+>\s*<([0-9a-fA-F]+)>\s*$", ranges, re.MULTILINE)}
    if not targets or targets & {"0000", "feff", "fffe"}:
        yield f"6.2.11.7.2: {name} shows signs that are none"
    if any(0xE000 <= int(each[:4], 16) <= 0xF8FF for each in targets):
        yield f"6.2.11.7.3: {name} shows signs of private use"


def _page(page: Object) -> Iterator[str]:
    group = page.get("/Group")
    states = [each for _, each in page.get("/Resources", Dictionary()).get("/ExtGState", Dictionary()).items()]
    clear = any(
        float(each.get("/ca", 1)) < 1
        or float(each.get("/CA", 1)) < 1
        or each.get("/SMask", Name("/None")) != Name("/None")
        for each in states
    )
    if clear and (group is None or "/CS" not in group):
        yield "6.2.10: transparency on a page that does not say in which colours"
    for each in page.get("/Annots", []):
        flags = int(each.get("/F", 0))
        if each.get("/Subtype") != Name.Popup and (not flags & PRINT or flags & UNSEEN):
            yield "6.3.2: an annotation that is not printed, or hidden"
        left, low, right, high = (float(edge) for edge in each.Rect)
        if (left, low) != (right, high) and "/AP" not in each:
            yield "6.3.3: an annotation whose look is left to the reader"
