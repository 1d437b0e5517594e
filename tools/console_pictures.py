"""Write docs/console-pictures.md: the pages of the console, as the tests photographed them into docs/pictures."""

import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "console-pictures.md"
BEGIN = """# The console in pictures

Photographed by the tests that use these pages in a browser, with harmless pictures and made-up people.
Written by `make pictures`; what each page is for is in [the console](console.md).
"""
SHOWN = {
    "queue": "The queue: what is late first, then what is due soon, the gravest first",
    "case": "A case: words and facts first, nothing of the picture",
    "follows": "What follows from a ruling, before it is decided",
    "settling": "Decided, and for some seconds not carried out yet",
    "second-person": "What a second person reads before agreeing",
    "copies": "Copies that were found, hidden, and wait for one click",
    "decided": "A decided case",
    "two-people": "Everything that takes two people",
    "bank": "What must stay down, and where each came from",
    "under-way": "How far searches and imports are",
    "evidence": "What is sealed, and who may have it opened",
    "referrals": "What authorities are told",
    "orders": "What platforms have not confirmed yet",
    "board": "The lead's board, each figure with its table",
    "complaints": "How complaints turned out, for training",
    "yours": "What somebody looked at, which only she sees",
}


def page() -> str:
    """The page, in Markdown: what there is a photograph of."""
    there = {name: said for name, said in SHOWN.items() if _picture(name).exists()}
    shown = [f"\n## {said}\n\n![{said}](pictures/{_picture(name).name})\n" for name, said in there.items()]
    return BEGIN + "".join(shown)


def _picture(name: str) -> Path:
    return PAGE.parent / "pictures" / f"console-{name}.png"


def main() -> int:
    if sys.argv[1:] != ["check"]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write("docs/console-pictures.md shows other pictures than there are: python tools/console_pictures.py\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
