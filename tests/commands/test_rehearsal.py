"""What docs/keys.md says, done: both keys changed, a key lost, a deployment made again."""

import re
import shutil
from pathlib import Path

import pytest

from staydown.site.home import Home
from staydown.vault.words import new_key_pair
from tests.ports import free_port
from tests.site import deployments
from tests.site.deployments import staydown

PAGE = Path(__file__).parents[2] / "docs" / "keys.md"
WORDS = "her words, seventeen violet umbrellas"
ANNA, BELA = new_key_pair(), new_key_pair()
TO_BOTH = ("--recipient", ANNA[1], "--recipient", BELA[1])


def reads(home: Home) -> tuple[str, str, str, int]:
    told = deployments.told(home)
    return told["words"], told["receipt"], told["verdict"], told["wrong"]


ALL_WELL = (WORDS, WORDS, "block", 0)


def test_both_keys_are_changed_and_nothing_is_lost_but_with_the_key_of_a_backups_day(tmp_path: Path):
    home = deployments.lived_in(tmp_path / "house")
    key = tmp_path / "anna.key"
    key.write_text(ANNA[0])
    first = deployments.with_the_keys_of(home, tmp_path / "the keys of the first day")
    staydown(home, "backup", "--to", tmp_path / "monday.age", *TO_BOTH)

    staydown(home, "keys", "rotate", "working")
    early = staydown(home, "keys", "retire", check=False)
    assert (early.returncode, "still sealed to a former key" in early.stdout) == (1, True)
    staydown(home, "keys", "reseal")
    assert "keys/retired.env" in staydown(home, "keys", "retire").stdout

    staydown(home, "keys", "rotate", "fingerprint")
    doors = ("--portal-port", str(free_port()), "--app-port", str(free_port()))
    refused = staydown(home, "serve", *doors, check=False)
    assert (refused.returncode, "staydown keys reseal" in refused.stderr) == (2, True), refused.stderr
    assert "staydown serve" in staydown(home, "keys", "reseal").stdout
    assert reads(home) == ALL_WELL
    staydown(home, "backup", "--to", tmp_path / "tuesday.age", *TO_BOTH)

    # The new backup opens with the new keys; with those of before the change it says which key is missing.
    now = deployments.with_the_keys_of(home, tmp_path / "now")
    staydown(now, "restore", tmp_path / "tuesday.age", "--identity", key)
    staydown(now, "keys", "reseal")
    assert reads(now) == ALL_WELL
    staydown(first, "restore", tmp_path / "tuesday.age", "--identity", key)
    with pytest.raises(AssertionError, match=r"sealed (to|with) another key"):
        deployments.told(first)

    # The old backup opens with the new keys, once the retired one is put back behind the new one.
    old = deployments.with_the_keys_of(home, tmp_path / "old")
    retired = re.findall(r"AGE-SECRET-KEY-1\w+", (home.keys / "retired.env").read_text())
    for name in ("app.env", "worker.env"):
        path = old.keys / name
        path.write_text(re.sub(r"(?m)^(STAYDOWN_WORKING_KEY=.*)$", rf"\1,{retired[0]}", path.read_text()))
    staydown(old, "restore", tmp_path / "monday.age", "--identity", key)
    staydown(old, "keys", "reseal")
    assert reads(old) == ALL_WELL
    shutil.rmtree(home.path)


def test_the_page_names_the_commands_that_there_are():
    page = PAGE.read_text(encoding="utf-8")
    for words in ("keys rotate working", "keys rotate fingerprint", "keys reseal", "keys retire"):
        assert f"staydown {words} --home" in page
