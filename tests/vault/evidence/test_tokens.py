"""Custodians whose keys are on tokens: sealed to and opened through a real age plugin, a program of its own on the PATH."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from staydown.cli import main
from staydown.vault.evidence import custodians, openings
from staydown.vault.evidence.custodians import BadCustodians, NotSealed

from . import token_plugin
from .conftest import Originals, Vault
from .released import PICTURE, identity_file, packed
from .token_plugin import PIN

QUIET = "    to = [unbech(words[1])"


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the plugin, on the PATH."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "bin"


@pytest.fixture
def package(tokens: Path, vault: Vault, originals: Originals, settings: LazySettings, tmp_path: Path) -> Path:
    """Released evidence, sealed to Ada's token and Bea's key first, to Cyd's token and Dan's key second."""
    (ada, eve), (cyd, fay) = (token_plugin.install(tokens, slot) for slot in ("ada", "cyd"))
    bea, dan = vault.named.first[1], vault.named.second[1]
    settings.CUSTODIANS = custodians.read(f"{ada},{bea}", f"{cyd},{dan}")
    vault.private.update(ada=eve, cyd=fay)
    return packed(originals, tmp_path / "package.tar")


def said(vault: Vault, package: Path, *who: str, pins: str = "") -> subprocess.CompletedProcess[str]:
    """The custodians' command in a process of its own, which knows no deployment; PINs come as from a keyboard."""
    folder = package.parent
    words = [word for name in who for word in ("--identity", identity_file(vault, name, folder / "keys"))]
    command = [sys.executable, "-m", "staydown.cli", "evidence", "open", str(package), *words]
    return subprocess.run(
        [*command, "--to", str(folder / "opened")], input=pins, capture_output=True, text=True, check=False, timeout=120,
        env={"PATH": os.environ["PATH"]}, start_new_session=True,
    )  # fmt: skip


@pytest.mark.django_db
def test_two_people_with_their_tokens_open_what_was_released(vault: Vault, package: Path):
    done = said(vault, package, "cyd", "ada", pins=f"{PIN}\n{PIN}\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Touch the token now.") == 2
    (picture,) = (package.parent / "opened").glob("*.jpg")
    assert picture.read_bytes() == PICTURE
    record = openings.read((package.parent / "opened.opening.json").read_bytes()).record
    assert record.by == ("held by an age plugin", "held by an age plugin")


@pytest.mark.django_db
def test_what_a_token_says_against_it_is_told_and_nothing_is_opened(
    vault: Vault, package: Path, tokens: Path, capsys: pytest.CaptureFixture[str]
):
    done = said(vault, package, "ada", "dan", pins="1357\n")
    assert done.returncode == 2
    assert "the PIN is wrong, 2 tries are left" in done.stderr
    words = [word for name in ("ada", "dan") for word in ("--identity", str(package.parent / "keys" / f"{name}.key"))]
    command = ["evidence", "open", str(package), *words, "--to", str(package.parent / "opened")]
    (tokens / "ada.key").unlink()  # another token is in the reader
    assert main(command) == 2
    assert "slot ada is not on this token" in capsys.readouterr().err
    (tokens / "age-plugin-token").unlink()
    assert main(command) == 2
    assert "ada.key needs the program age-plugin-token. Install it" in capsys.readouterr().err
    assert not (package.parent / "opened").exists()


def changed(tokens: Path, change: Callable[[str], str]) -> custodians.Custodians:
    """Custodians of two tokens, whose plugin is another program afterwards."""
    names = [token_plugin.install(tokens, slot)[0] for slot in ("ada", "bea", "cyd", "dan")]
    named = custodians.read(",".join(names[:2]), ",".join(names[2:]))
    program = tokens / "age-plugin-token"
    program.write_text(change(program.read_text(encoding="utf-8")), encoding="utf-8")
    return named


def test_a_plugin_that_speaks_or_asks_while_the_server_seals_stops_nothing(tokens: Path):
    asks = (
        '    ask("msg", body=b"Hello"), ask("request-secret", body=b"PIN:"), ask("confirm", "eWVz", body=b"Really?")\n'
    )
    assert changed(tokens, lambda text: text.replace(QUIET, asks + QUIET)).seal("a key")


def test_a_plugin_that_dies_or_is_gone_while_the_server_seals_is_told(tokens: Path):
    named = changed(tokens, lambda _: "#!/bin/sh\nexit 3\n")
    with pytest.raises(NotSealed):
        named.seal("a key")
    (tokens / "age-plugin-token").unlink()
    with pytest.raises(NotSealed, match="needs the program age-plugin-token"):
        named.seal("a key")
    with pytest.raises(BadCustodians, match="needs the program age-plugin-token"):
        custodians.read(",".join(named.first), ",".join(named.second))
