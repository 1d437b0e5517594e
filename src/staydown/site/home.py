"""The folder of one deployment: `data/`, and beside it, never inside, `keys/` with one file for each program."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from staydown.regimes.harms import Role
from staydown.site import keys
from staydown.site.options import OPTIONS
from staydown.site.options.declaration import Option, Program
from staydown.site.trouble import Trouble, of_files

ROLES = {
    Role.PLATFORM: "an online service that protects itself",
    Role.HOTLINE: "an approved hotline for illegal content",
    Role.SUPPORT_NGO: "an association that helps victims",
    Role.SELF_HELP: "a service with which people protect their own images",
}
SPACE_NEEDED = 200 * 2**20
LINE = re.compile(r"^(STAYDOWN_[A-Z_]+)=(.*)$")


@dataclass(frozen=True, slots=True)
class Home:
    path: Path

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    def file_of(self, program: Program) -> Path:
        """The file with what `program` may know."""
        return self.keys / f"{program.value}.env"

    def is_made(self) -> bool:
        return self.keys.exists()

    def environment(self, program: Program) -> dict[str, str]:
        """What the program's file says. Raises `Trouble` where there is none."""
        path = self.file_of(program)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise Trouble(
                f"{path} is missing. Restore it from your backup of the keys; for a new deployment run "
                f"`staydown init --home {self.path} --role … --country …`."
            ) from error
        except OSError as error:
            raise Trouble(f"{path} cannot be read: {error.strerror}. Run this as the user that owns it.") from error
        return read(text)


def read(text: str) -> dict[str, str]:
    """The settings in the text of an environment file: NAME=value lines, quotes around a value are not part of it."""
    found = (LINE.match(line.strip()) for line in text.splitlines())
    return {match[1]: re.sub(r'^(["\'])(.*)\1$', r"\2", match[2]) for match in found if match}


def create(home: Home, role: str, country: str, also: Mapping[str, str] | None = None) -> None:
    """Make the folder, new random keys, and each program's file; `also` gives optional settings a value."""
    _must_be_lawful(role, country)
    if home.is_made():
        raise Trouble(
            f"{home.keys} exists already and stays as it is: without these keys nothing that was sealed can be "
            "opened. Choose another --home, or go on with `staydown serve`."
        )
    settings = keys.fresh_settings(role=role, country=country, data=str(home.data)) | dict(also or {})
    try:
        home.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_keys(home, settings)
    except OSError as error:
        raise of_files(error, home.path) from error


def _must_be_lawful(role: str, country: str) -> None:
    """Raise `Trouble` with what role and country mean: the law of each is another (decision 21)."""
    if role not in Role:
        meanings = "; ".join(f"{known} ({meaning})" for known, meaning in ROLES.items())
        raise Trouble(f"Say with --role what you are, because the law allows each something else: {meanings}.")
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise Trouble("Say with --country whose law you answer to, as two letters: FR, BE, DE …")


def _write_keys(home: Home, settings: Mapping[str, str]) -> None:
    """Write all files in a folder beside, then name it `keys`: there are all keys or none, also after a power cut."""
    making = Path(tempfile.mkdtemp(prefix=".keys-", dir=home.path))  # mode 0700
    try:
        for program in Program:
            _write(making / home.file_of(program).name, _text(program, settings))
        making.rename(home.keys)
        _sync(home.path)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _text(program: Program, settings: Mapping[str, str]) -> str:
    lines = [_lines(option, settings) for option in OPTIONS if program in option.programs]
    return f"# What the program `{program.value}` may know. Keep a copy where the data is not.\n\n" + "\n".join(lines)


def _lines(option: Option, settings: Mapping[str, str]) -> str:
    """One setting with its meaning; one that has a default and no value of its own stays a comment."""
    value = settings.get(option.variable)
    given = f"# {option.variable}={option.default}" if value is None else f"{option.variable}={value}"
    return f"# {option.about}\n{given}\n"


def must_be_usable(home: Home) -> None:
    """Raise `Trouble` when the data folder cannot be written, or the disk is about to be full."""
    try:
        with tempfile.TemporaryFile(dir=home.data) as file:
            file.write(b"\0" * 4096)
            file.flush()
        left = shutil.disk_usage(home.data).free
    except OSError as error:
        raise of_files(error, home.data) from error
    if left < SPACE_NEEDED:
        raise Trouble(
            f"The disk that holds {home.data} has only {left // 2**20} MB left. Free some space: "
            f"Staydown starts with at least {SPACE_NEEDED // 2**20} MB, so that no report is lost half-way."
        )
