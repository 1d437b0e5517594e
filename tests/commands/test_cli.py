"""The command line: what there is, and that a command does not wait for what others need."""

import subprocess
import sys
from pathlib import Path

import pytest

from staydown import commands
from staydown.cli import COMMANDS, main


def test_every_command_there_is_can_be_given():
    there = {path.stem for path in Path(commands.__path__[0]).glob("*.py") if "\nHELP = " in path.read_text()}
    assert set(COMMANDS) == there


def test_help_lists_all_of_them(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["--help"])
    listed = {
        line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("    ") and line[4] != " "
    }
    assert listed == set(COMMANDS)


@pytest.mark.parametrize("given", [["nonsense"], [], ["--nonsense"]])
def test_what_is_not_one_is_refused(given: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit, match=r"^2$"):
        main(given)
    assert "usage: staydown" in capsys.readouterr().err


LOADED = """
import sys
from staydown.cli import main
try:
    main(["journal", "--help"])
finally:
    print(*sys.modules, file=sys.stderr)
"""


def test_a_command_loads_nothing_of_the_others():
    ran = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = ran.stderr.split()
    assert {name for name in COMMANDS if f"staydown.commands.{name}" in loaded} == {"journal"}
    assert "numpy" not in loaded
