"""`staydown init`: keys that only their owner reads, each program's own, and never made twice."""

import stat
from pathlib import Path

import pytest

from staydown.cli import main
from staydown.site import custodians
from staydown.site.home import Home, create, read
from staydown.site.options import OPTIONS
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    create(made, "platform", "FR")
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_read_what_init_makes(home: Home) -> None:
    assert mode(home.keys) == 0o700
    assert mode(home.data) == 0o700
    assert {mode(home.file_of(program)) for program in Program} == {0o600}


def test_the_portal_is_given_no_secret_not_even_under_another_name(home: Home) -> None:
    text = home.file_of(Program.PORTAL).read_text(encoding="utf-8")
    others = home.environment(Program.APP) | home.environment(Program.WORKER)
    for option in OPTIONS:
        if option.secret:
            assert option.variable not in text
            assert option.variable not in others or others[option.variable] not in text


@pytest.mark.parametrize("program", Program)
def test_each_program_is_given_all_it_needs_and_nothing_else(home: Home, program: Program) -> None:
    given = set(home.environment(program))
    own = [option for option in OPTIONS if program in option.programs]
    assert given <= {option.variable for option in own}
    assert given >= {option.variable for option in own if option.default is None}


def test_keys_are_never_inside_the_data(home: Home) -> None:
    assert not home.keys.is_relative_to(home.data)
    assert not list(home.data.iterdir())


def test_two_deployments_share_no_key(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    create(other, "platform", "FR")
    same = set(home.environment(Program.APP).items()) & set(other.environment(Program.APP).items())
    assert {name for name, _ in same} == {"STAYDOWN_ROLE", "STAYDOWN_COUNTRY"}


def test_keys_are_never_overwritten(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    before = home.file_of(Program.APP).read_bytes()
    assert main(["init", "--home", str(home.path), "--role", "platform", "--country", "FR"]) == 2
    assert "stays as it is" in capsys.readouterr().err
    assert home.file_of(Program.APP).read_bytes() == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "--role"),
        (["--role", "pirate", "--country", "FR"], "support_ngo"),
        (["--role", "platform"], "--country"),
        (["--role", "platform", "--country", "France"], "two letters"),
    ],
)
def test_role_and_country_are_asked_for_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    assert main(["init", "--home", str(tmp_path / "home"), *given]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "home" / "keys").exists()


def test_a_folder_that_cannot_be_written_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="cannot be used"):
        create(Home(tmp_path / "file"), "platform", "FR")


def test_half_written_keys_never_look_like_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Trouble, match="is full"):
        create(Home(tmp_path), "platform", "FR")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_quotes_and_comments_in_a_settings_file_are_understood() -> None:
    text = '# a word\nSTAYDOWN_DATA="/srv/my data"\nOTHER=1\n STAYDOWN_ROLE=platform \n#STAYDOWN_COUNTRY=FR'
    assert read(text) == {"STAYDOWN_DATA": "/srv/my data", "STAYDOWN_ROLE": "platform"}


def test_custodians_are_named_at_the_start_or_their_absence_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = custodians.named(tmp_path / "custodians")
    words = [f"--{name.removeprefix('STAYDOWN_').lower().replace('_', '-')}={value}" for name, value in named.items()]
    start = ["init", "--role", "platform", "--country", "FR", "--home"]
    assert main([*start, str(tmp_path / "one"), *words]) == 0
    assert "No evidence custodians" not in capsys.readouterr().out
    for program in Program:
        assert named.items() <= Home(tmp_path / "one").environment(program).items()
    assert main([*start, str(tmp_path / "two")]) == 0
    assert "No evidence custodians are named" in capsys.readouterr().out
    assert main([*start, str(tmp_path / "three"), words[0]]) == 2
    assert "at least two" in capsys.readouterr().err


def test_the_programs_are_given_no_custodians_private_key(tmp_path: Path) -> None:
    made = Home(tmp_path / "home")
    create(made, "platform", "FR", also=custodians.named(tmp_path / "custodians"))
    private = [path.read_text().splitlines()[-1] for path in (tmp_path / "custodians").iterdir()]
    assert len(private) == 4
    assert {mode(path) for path in (tmp_path / "custodians").iterdir()} == {0o600}
    for program in Program:
        assert not any(key in made.file_of(program).read_text(encoding="utf-8") for key in private)
