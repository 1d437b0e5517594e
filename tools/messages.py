"""Translations, without GNU gettext: `messages.py extract | compile | check` (Babel; Django's own template reader).

Sentences come from the code, the templates, and what the data on the law says to people (`LAW`).

extract   write every sentence of the code and the templates into locale/*/LC_MESSAGES/django.po, keeping translations
compile   write the .mo files that Django reads
check     fail when a language lacks a sentence, or has one that is fuzzy, empty, or has lost a placeholder
"""

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[1] / "src" / "staydown"
LOCALE = SOURCE / "locale"
LANGUAGES = ("en", "fr", "nl", "de")
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w[^>]*>")

SHOWN_ERRORS = (
    "cases/actions/",
    "cases/templates.py",
    "banks/actions/",
    "console/not_shown.py",
    "vault/evidence/screenshots.py",
    "vault/retention/errors.py",
    "authorities/errors.py",
    "authority_orders/errors.py",
    "authority_orders/prints.py",
    "flaggers/errors.py",
    "organisations/errors.py",
    "platforms/evidence.py",
    "vault/evidence/releasing.py",
)  # an error's docstring is its message

LAW = {
    "duties/": ("law", "article", "words", "to_verify"),
    "notices.yaml": ("law", "article"),
    "features.yaml": ("law", "article", "why"),
    "services.yaml": ("does",),
}  # by file of regimes/data, the fields that a page shows
ROWS = ("duties", "elements", "refusals", "services")
WORD = re.compile(r"[A-Za-z]{2}")  # an article like 16(2)(b) is the same in every language

Found = tuple[str, int, tuple[str, ...] | str, str | None]


def found() -> Iterator[Found]:
    """(place, line, message or (singular, plural), context) of every sentence."""
    if not settings.configured:
        settings.configure()
    for path in sorted(SOURCE.rglob("*.py")) + sorted(SOURCE.rglob("templates/**/*.html")):
        text = path.read_text(encoding="utf-8")
        python = templatize(text, origin=str(path)) if path.suffix == ".html" else text
        place = path.relative_to(SOURCE).as_posix()
        if place.startswith(SHOWN_ERRORS):
            yield from _errors(place, text)
        for line, function, messages, _ in extract_python(BytesIO(python.encode()), list(KEYWORDS), [], {}):
            yield from _one(place, line, function, messages)
    yield from _law()


def _law() -> Iterator[Found]:
    """What the data on the law says where a page shows it; a law by its name."""
    folder = SOURCE / "regimes" / "data"
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        fields = next((shown for start, shown in LAW.items() if name.startswith(start)), ())
        book = yaml.safe_load(path.read_text(encoding="utf-8")) if fields else {}
        for law in book.get("laws", {}).values():
            yield f"regimes/data/{name}", 0, law["name"], None
        for row in next((book[name] for name in ROWS if name in book), []):
            said = (row[field] for field in fields if field in row and not (field == "law" and "laws" in book))
            yield from ((f"regimes/data/{name}", 0, text, None) for text in said if WORD.search(text))


def _errors(place: str, text: str) -> Iterator[Found]:
    """The docstrings of exceptions that the staff is shown."""
    for node in ast.walk(ast.parse(text)):
        message = ast.get_docstring(node) if isinstance(node, ast.ClassDef) and node.bases else None
        if message and "\n" not in message:
            yield place, node.lineno, message, None


def _one(place: str, line: int, function: str | None, said: object) -> Iterator[Found]:
    parts = said if isinstance(said, tuple) else (said,)
    if function and "pgettext" in function:
        yield place, line, str(parts[1]), str(parts[0])
    elif function and function.startswith("ngettext"):
        yield place, line, (str(parts[0]), str(parts[1])), None
    elif parts[0]:
        yield place, line, str(parts[0]), None


def template() -> Catalog:
    """Every sentence, untranslated."""
    catalog = Catalog(project="Staydown", charset="utf-8", fuzzy=False)
    for place, line, message, context in found():
        catalog.add(message, locations=[(place, line)], context=context)
    return catalog


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _read(language: str) -> Catalog:
    path = _path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def extract() -> int:
    """Bring the catalogues up to date."""
    sentences = template()
    for language in LANGUAGES[1:]:
        catalog = _read(language)
        catalog.update(sentences, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.fuzzy = False
        path = _path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
    return 0


def compile_all() -> int:
    """Write the .mo files."""
    for language in LANGUAGES[1:]:
        with _path(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, _read(language))
    return 0


def _complaints(language: str, sentences: Catalog) -> Iterator[str]:
    catalog = _read(language)
    for message in sentences:
        if not message.id:
            continue
        there = catalog.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        if there is None or not there.string or there.fuzzy or (message.pluralizable and not all(there.string)):
            yield f"{language}: not translated: {message.id!r} ({message.locations[0][0]})"
        elif _lost(message, there):
            yield f"{language}: a placeholder was lost in {message.id!r}"


def _lost(message: Message, there: Message) -> bool:
    wanted = set(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[1]))
    given = set(PLACEHOLDER.findall(there.string if isinstance(there.string, str) else there.string[-1]))
    return wanted != given


def check() -> int:
    """Say what is missing, and how many."""
    sentences = template()
    complaints = [line for language in LANGUAGES[1:] for line in _complaints(language, sentences)]
    print(*complaints, sep="\n", end="\n" if complaints else "")
    print(f"{len(sentences)} sentences, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit({"extract": extract, "compile": compile_all, "check": check}[sys.argv[1]]())
