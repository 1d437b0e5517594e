"""`staydown doctor` says what searches the fingerprints."""

import pytest

from staydown import matching
from staydown.site.doctor_files.machine import search
from staydown.site.findings import Level


@pytest.mark.parametrize(("engine", "level"), [("C, AVX2", Level.FINE), ("numpy", Level.SOON)])
def test_the_doctor_names_the_engine_and_asks_for_a_compiler_only_without_one(
    monkeypatch: pytest.MonkeyPatch, engine: str, level: Level
) -> None:
    monkeypatch.setattr(matching, "engine", lambda: engine)
    (finding,) = search()
    assert finding.level is level
    assert engine in finding.what
    assert ("compiler" in finding.do) == (level is Level.SOON)
