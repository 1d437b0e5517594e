"""Every setting has its section in docs/settings.md, and no section is about a setting that does not exist."""

import re
from pathlib import Path

from staydown.site.options import OPTIONS

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_and_nothing_else() -> None:
    headings = re.findall(r"^## `?(STAYDOWN_[A-Z_]+)`?\s*$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(option.variable for option in OPTIONS)
