"""Documents for authorities: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) by typst, which refuses to write what is neither.

What strangers wrote or named is data, and keeps no document from being made: a sign that shows nothing, turns the line around
or is in none of our fonts stands there by its number.
"""

import json
from datetime import datetime
from importlib.resources.abc import Traversable
from typing import Any
from unicodedata import category

import typst

HIDDEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")  # Unicode's categories of what does not show, or of no sign
BREAKS = "\n\r\t"
NO_FONT = "could not be displayed"
OURS = (
    range(0x20, 0x250),
    range(0x370, 0x500),
    range(0x2010, 0x2030),
    range(0x20AC, 0x20AD),
)  # in every font: Europe's


def pdf(source: Traversable, said: dict[str, Any], words: str, now: datetime) -> bytes:
    """A document of typst's `source`, which reads `said` and `words` (JSON). Raises `typst.TypstError` for a wrong source."""
    visible = _each(said, lambda text: shown(text, BREAKS))
    try:
        return _made(source, visible, words, now)
    except typst.TypstError as error:
        if NO_FONT not in str(error):
            raise
        return _made(source, _each(visible, _spelled), words, now)


def shown(text: str, keep: str = "") -> str:
    """The text with every sign that would not show by its number, but for those of `keep`."""
    return "".join(_number(sign) if category(sign) in HIDDEN and sign not in keep else sign for sign in text)


def _spelled(text: str) -> str:
    return "".join(
        sign if any(ord(sign) in each for each in OURS) or sign in BREAKS else _number(sign) for sign in text
    )


def _number(sign: str) -> str:
    return f"<U+{ord(sign):04X}>"


def _each(said: Any, change: Any) -> Any:  # JSON: whatever is in it
    if isinstance(said, str):
        return change(said)
    if isinstance(said, dict):
        return {name: _each(each, change) for name, each in said.items()}
    return [_each(each, change) for each in said] if isinstance(said, list | tuple) else said


def _made(source: Traversable, said: Any, words: str, now: datetime) -> bytes:
    made: bytes = typst.compile(
        source.read_bytes(),
        format="pdf",
        sys_inputs={"said": json.dumps(said), "words": words},
        ignore_system_fonts=True,
        pdf_standards=["a-2a", "ua-1"],
        timestamp=now.replace(microsecond=0),
    )
    return made
