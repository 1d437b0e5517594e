"""New keys in the programs' files, the writer killed after any number of files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from staydown.site import key_files
from staydown.site.doctor_files.keys import keys_in_use
from staydown.site.doctor_files.settings import nobody_knows_too_much
from staydown.site.findings import Finding, Level
from staydown.site.home import Home, create
from staydown.site.options import several
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble
from staydown.vault import words


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    create(made, "platform", "FR")
    return made


class Killed(BaseException):
    """As a kill is: nothing after it runs."""


def killed_after(writes: int, monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> bool:
    """Whether `act` was killed before it came to its end."""
    replace, left = key_files._replace, [writes]

    def counted(path: Path, text: str) -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1
        replace(path, text)

    with monkeypatch.context() as patched:
        patched.setattr(key_files, "_replace", counted)
        try:
            act()
        except Killed:
            return True
    return False


def said(home: Home, program: Program, name: str) -> tuple[str, ...]:
    return several(home.environment(program).get(f"STAYDOWN_{name}", ""))


def test_a_new_working_key_stands_before_the_former_one_wherever_the_writer_is_killed(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    for writes in range(9):
        before = said(home, Program.APP, "WORKING_KEY")
        killed = killed_after(writes, monkeypatch, lambda: key_files.add_working(home))
        for seals in Program:  # whatever is sealed now, both programs that open can open it
            (public,) = said(home, seals, "WORKING_PUBLIC")
            for opens in key_files.OPENERS:
                assert public in map(words.public_of, said(home, opens, "WORKING_KEY"))
        key_files.settle(home)
        today, *former = said(home, Program.APP, "WORKING_KEY")
        assert said(home, Program.WORKER, "WORKING_KEY") == (today, *former)
        assert {said(home, each, "WORKING_PUBLIC") for each in Program} == {(words.public_of(today),)}
        assert tuple(former) == (before if writes else before[1:])
    assert not killed
    assert nobody_knows_too_much({each: home.environment(each) for each in Program}).__next__().level is Level.FINE


def test_a_new_fingerprint_key_keeps_every_program_from_starting_until_all_is_sealed_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    key_files.must_be_settled(home)
    assert killed_after(1, monkeypatch, lambda: key_files.add_fingerprint(home))
    with pytest.raises(Trouble, match="staydown keys reseal"):
        key_files.must_be_settled(home)
    key_files.settle(home)
    assert len(said(home, Program.APP, "FINGERPRINT_KEY")) == 2
    assert said(home, Program.APP, "FINGERPRINT_KEY") == said(home, Program.WORKER, "FINGERPRINT_KEY")
    assert said(home, Program.PORTAL, "FINGERPRINT_KEY") == ()
    key_files.finish(home)
    key_files.must_be_settled(home)


def test_a_key_that_stands_in_a_file_of_its_own_is_changed_there(home: Home, tmp_path: Path):
    secret = tmp_path / "working-key"
    for program in key_files.OPENERS:
        path = home.file_of(program)
        lines = path.read_text().splitlines()
        (line,) = [line for line in lines if line.startswith("STAYDOWN_WORKING_KEY=")]
        secret.write_text(line.split("=", 1)[1] + "\n")
        path.write_text("\n".join([*(each for each in lines if each != line), f"STAYDOWN_WORKING_KEY_FILE={secret}"]))
    (before,) = key_files.keys_of(home, key_files.WORKING)
    key_files.add_working(home)
    assert several(secret.read_text())[1:] == (before,)
    assert secret.stat().st_mode & 0o077 == 0
    assert before not in home.file_of(Program.APP).read_text()


def test_a_retired_key_is_in_a_file_that_no_program_reads(home: Home):
    (first,) = key_files.keys_of(home, key_files.WORKING)
    key_files.add_working(home)
    retired = key_files.retire_working(home)
    assert first in retired.read_text()
    assert retired.stat().st_mode & 0o077 == 0
    assert all(first not in home.file_of(program).read_text() for program in Program)
    key_files.add_working(home)
    key_files.retire_working(home)
    assert retired.read_text().count("AGE-SECRET-KEY-1") == 2


def test_the_doctor_says_which_keys_are_in_use_and_never_a_private_one(home: Home):
    def findings() -> list[Finding]:
        return list(keys_in_use({program: home.environment(program) for program in Program}))

    (public,) = said(home, Program.PORTAL, "WORKING_PUBLIC")
    assert public in findings()[0].what
    assert findings()[0].level is Level.FINE
    key_files.add_working(home)
    key_files.add_fingerprint(home)
    levels = [finding.level for finding in findings()]
    assert levels == [Level.FINE, Level.SOON, Level.FINE]
    told = " ".join(finding.what for finding in findings())
    assert not [key for key in said(home, Program.APP, "FINGERPRINT_KEY") if key in told]
    assert "AGE-SECRET" not in told
    key_files._write(home, Program.APP, {key_files.WORKING_PUBLIC: public})
    assert findings()[0].level is Level.WRONG
