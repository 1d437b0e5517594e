"""docs/law says what the data says, and the table of rows names tests that exist."""

import runpy
from pathlib import Path

import yaml

from staydown.regimes.duties import by_id
from tests.law import test_authorities, test_orders, test_rows

ROOT = Path(__file__).parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "law_pages.py"))
ROWS = yaml.safe_load((ROOT / "tests" / "law" / "rows.yaml").read_text(encoding="utf-8"))["rows"]


def test_the_pages_are_what_the_data_says():
    assert TOOL["stale"]() == [], "run: python tools/law_pages.py write"


def test_every_duty_has_its_page_with_its_article_and_source():
    for duty in by_id().values():
        text = (ROOT / "docs" / "law" / "duties" / f"{duty.id}.md").read_text(encoding="utf-8")
        assert duty.article in text
        assert duty.source in text
        assert ("To verify" in text) is not duty.verified


def test_every_row_that_the_engine_decides_names_its_tests_and_no_test_is_left_out():
    named = [name for row in ROWS for name in row.get("tests", [])]
    assert all(row.get("tests") for row in ROWS if row["state"] == "engine")
    assert sorted(named) == sorted(
        name for each in (test_rows, test_authorities, test_orders) for name in vars(each) if name.startswith("test_r")
    )
    for row in ROWS:
        assert all(name.startswith(f"test_{row['row'].lower()}_") for name in row.get("tests", []))


def test_every_row_is_there_once():
    rows = [row["row"] for row in ROWS]
    assert rows == sorted(set(rows))
    assert len(rows) == 38
