"""The examples of docs/fingerprints.md do what they say, and its figures are there."""

import doctest
import re
from pathlib import Path

import pytest

from tests.banks.test_verified import captioned
from tests.pictures import jpeg, photograph, resized

PAGE = Path(__file__).parents[2] / "docs" / "fingerprints.md"


def test_the_examples_do_what_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    palace = photograph("china")
    pictures = {
        "palace.jpg": palace,
        "palace-smaller.jpg": resized(palace, 0.5),
        "palace-captioned.jpg": captioned(palace),
        "cup.jpg": photograph("coffee"),
    }
    for name, picture in pictures.items():
        (tmp_path / name).write_bytes(jpeg(picture))
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert tried > 10
    assert failed == 0


def test_every_figure_and_page_it_names_is_there():
    for name in re.findall(r"\]\((?!http)([^)#]+)", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / name).exists(), name
