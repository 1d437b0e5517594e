"""The style sheets that are served: `css.py write | check` (no package; a second).

    tools/vendor/pico.min.css (as its authors ship it) + src/staydown/site/static/staydown.css
        → static/portal.css, cut to what the portal's pages use, and static/pages.css, to what any page uses

A rule stays when a page could match it: every element, class and attribute it asks for stands in a template, in a script
of ours, or among what code writes (`BY_CODE`). A value that nothing asks for, or that our own sheet sets anew, goes too.
Pico is turned to name starts and ends instead of left and right, so that it holds in languages written from the right.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "staydown"
WHOLE = ROOT / "tools" / "vendor" / "pico.min.css"
OWN = SOURCE / "site" / "static" / "staydown.css"
OVER = ":root:not([data-theme])"  # where our own sheet sets Pico's values anew, stronger than Pico does
SHEETS = {
    SOURCE / "site" / "static" / "portal.css": ("portal/**/*.html", "portal/**/*.js", "site/templates/site/*.html"),
    SOURCE / "site" / "static" / "pages.css": ("**/templates/**/*.html", "portal/**/*.js"),
}
SAID = "/*! Made by tools/css.py of staydown.css and Pico CSS v2.1.1 (picocss.com, MIT, vendor/LICENSES.txt) */\n"

BY_CODE = """<html><body><ul class="errorlist nonfield"><li><select><option><textarea><p class="helptext"><input type="text">
<input type="password"><input type="checkbox"><input type="radio"><input type="hidden"><input type="file">
<time class="due late soon ok"><button class="htmx-request">"""
ON_ANY = {"aria-invalid": {"true"}, "disabled": {""}, "open": {""}}  # attributes that come and go
UNDONE = re.compile(
    r"\[role=group\]|^(nav (li|ol|ul)|aside|article)\b|:-(ms|moz)-|^(video|canvas)$|:indeterminate"
)  # our sheet undoes it, or nothing is lost
TAG = re.compile(r"<([a-z][a-z0-9]*)((?:[^<>\"]|\"[^\"]*\")*)>|createElement\(\"([a-z0-9]+)\"\)")
ATTRIBUTE = re.compile(r"([a-z][a-z-]*)(?:=\"([^\"]*)\")?")
BODY = re.compile(r"\{% block body_attributes %\}(.*?)\{% endblock", re.DOTALL)
PARTS = re.compile(r"::?[a-zA-Z-]+|\.[\w-]+|#[\w-]+|\[[^\]]*\]|\*|[a-z][a-z0-9]*")
LOGICAL = [
    (re.compile(rf"(?<![\w-]){physical}(?=:)"), logical)
    for physical, logical in (
        ("(padding|margin)-left", r"\1-inline-start"),
        ("(padding|margin)-right", r"\1-inline-end"),
        ("border-left", "border-inline-start"),
        ("border-right", "border-inline-end"),
        ("left", "inset-inline-start"),
        ("right", "inset-inline-end"),
        ("border-top-left-radius", "border-start-start-radius"),
        ("border-top-right-radius", "border-start-end-radius"),
        ("border-bottom-left-radius", "border-end-start-radius"),
        ("border-bottom-right-radius", "border-end-end-radius"),
    )
] + [
    (re.compile(r"(?<=text-align:)left"), "start"),
    (re.compile(r"(?<=text-align:)right"), "end"),
    (re.compile(r"(?<=float:)left"), "inline-start"),
    (re.compile(r"(?<=float:)right"), "inline-end"),
]


@dataclass
class Page:
    """What our pages have: each tag as (element, attributes with the words of their values)."""

    tags: list[tuple[str, dict[str, set[str]]]] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Take every tag of a template or a script."""
        for attributes in BODY.findall(text):
            self.tags.append(("body", ON_ANY | _words(attributes)))
        for name, attributes, made in TAG.findall(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)):
            self.tags.append((name or made, ON_ANY | _words(attributes)))

    def has(self, parts: list[str]) -> bool:
        """Whether one tag is all that is asked for, for example `["button", ".secondary", ":hover"]`."""
        return any(all(_is(part, name, attributes) for part in parts) for name, attributes in self.tags)


def _words(attributes: str) -> dict[str, set[str]]:
    return {key: {*value.split(), ""} for key, value in ATTRIBUTE.findall(attributes)}


def _is(part: str, name: str, attributes: dict[str, set[str]]) -> bool:
    if part.startswith("["):
        key, _, value = part[1:-1].replace('"', "").partition("=")
        return value in attributes.get(key.rstrip("~|^$*"), {""} if value else set())
    if part.startswith("."):
        return part[1:] in attributes.get("class", set())
    return part == name or (part.startswith((":", "#", "*")) and part != ":host")


def ours(patterns: tuple[str, ...]) -> Page:
    """Everything in some of our templates and scripts."""
    page = Page()
    page.add(BY_CODE)
    for pattern in patterns:
        for path in sorted(SOURCE.glob(pattern)):
            page.add(path.read_text(encoding="utf-8"))
    return page


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """(what stands before the brace, what stands inside) of each block."""
    depth = start = inside = 0
    for at, sign in enumerate(text):
        if sign == "{":
            depth += 1
            inside = at if depth == 1 else inside
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield text[start:inside], text[inside + 1 : at]
                start = at + 1


def split(text: str, at: str) -> list[str]:
    """`text` in pieces, cut at a sign that stands in no bracket and no quotation."""
    pieces, depth, piece, quoted = [], 0, "", False
    for sign in text:
        quoted ^= sign == '"'
        depth += 0 if quoted else (sign in "([") - (sign in ")]")
        if sign == at and depth == 0 and not quoted:
            pieces.append(piece)
            piece = ""
        else:
            piece += sign
    return [*pieces, piece]


def matches(selector: str, page: Page) -> bool:
    """Whether something on a page may be what `selector` asks for."""
    found = re.search(r":(not|is|where|has)\(", selector)
    if found is None:
        compounds = re.split(r"[\s>+~]+", re.sub(r"\([^)]*\)", "", selector))
        return all(page.has(PARTS.findall(each)) for each in compounds)
    end = _closing(selector, found.end())
    before, inner, after = selector[: found.start()], split(selector[found.end() : end], ","), selector[end + 1 :]
    if found[1] in ("is", "where"):
        return any(matches(before + each + after, page) for each in inner)
    return matches(before + after, page) and (found[1] == "not" or any(matches(each, page) for each in inner))


def _closing(text: str, at: int) -> int:
    depth = 1
    while depth:
        depth += (text[at] == "(") - (text[at] == ")")
        at += 1
    return at - 1


def kept(text: str, page: Page) -> str:
    """The rules of a sheet that a page may need."""
    out = ""
    for before, inside in blocks(text):
        if before.startswith(("@media", "@supports")):
            inner = kept(inside, page)
            out += f"{before}{{{inner}}}" if inner else ""
        elif before.startswith("@"):
            out += f"{before}{{{inside}}}"
        else:
            selectors = [each for each in split(before, ",") if not UNDONE.search(each) and matches(each, page)]
            out += f"{','.join(selectors)}{{{inside}}}" if selectors else ""
    return out


def asked(text: str) -> str:
    """`text` without the values and the movements that nothing in it asks for."""
    before = ""
    while before != text:
        before = text
        moving = " ".join(re.findall(r"animation[\w-]*:([^;}]*)", text))
        wanted = set(re.findall(r"var\((--[\w-]+)", text)) | set(re.split(r"[\s,]+", moving))
        text = _less(text, wanted)
    return text


def _less(text: str, wanted: set[str]) -> str:
    out = ""
    for before, inside in blocks(text):
        if before.startswith("@keyframes"):
            less = inside if before.split()[1] in wanted else ""
        elif before.startswith("@"):
            less = _less(inside, wanted)
        else:
            lines = (each for each in split(inside, ";") if each)
            less = ";".join(each for each in lines if not each.startswith("--") or each.partition(":")[0] in wanted)
        out += f"{before}{{{less}}}" if less else ""
    return out


def without(text: str, again: set[str]) -> str:
    """Pico without the values of the whole page that our own sheet sets anew."""
    out = ""
    for before, inside in blocks(text):
        if before.startswith("@media"):
            less = without(inside, again)
        elif all(
            re.fullmatch(r":root(:not\([^)]*\))?|:host.*|\[data-theme=\w+\]", each) for each in split(before, ",")
        ):
            less = ";".join(each for each in split(inside, ";") if each.partition(":")[0] not in again)
        else:
            less = inside
        out += f"{before}{{{less}}}" if less else ""
    return out


def plain(text: str) -> str:
    """A sheet without its comments and without the space that only people read."""
    text = re.sub(r"/\*.*?\*/|@charset[^;]*;", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};]) ?", r"\1", text)
    return re.sub(r"([{;][a-zA-Z-]+): ", r"\1:", text).strip()


def cut(patterns: tuple[str, ...]) -> str:
    """One sheet that is served."""
    page, own = ours(patterns), plain(OWN.read_text(encoding="utf-8"))
    again = {each.partition(":")[0] for before, inside in blocks(own) if before == OVER for each in split(inside, ";")}
    pico = without(plain(WHOLE.read_text(encoding="utf-8")), again)
    for physical, logical in LOGICAL:
        pico = physical.sub(logical, pico)
    return SAID + asked(kept(pico, page) + kept(own, page)).replace(";}", "}").replace("}", "}\n")


def main(what: str) -> int:
    stale = 0
    for path, patterns in SHEETS.items():
        sheet = cut(patterns)
        if what == "write":
            path.write_text(sheet, encoding="utf-8")
            print(f"{path.name}: {path.stat().st_size} bytes of {WHOLE.stat().st_size + OWN.stat().st_size}")
        elif path.read_text(encoding="utf-8") != sheet:
            stale = 1
            print(f"{path.name} is not what the pages use now. Run: python tools/css.py write")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
