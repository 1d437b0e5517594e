"""A new key in the programs' files: written where each program reads it, so that a kill between two files is mended.

The order is such that no program ever seals what another cannot open: first both programs that open learn the new private
key, then all three the new public one. `settle` does what is left of it, from whatever files there are.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from staydown.site.home import Home
from staydown.site.options import BY_NAME, several
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble, of_files
from staydown.vault import words

OPENERS = (Program.WORKER, Program.APP)
WORKING, WORKING_PUBLIC = BY_NAME["WORKING_KEY"].variable, BY_NAME["WORKING_PUBLIC"].variable
FINGERPRINT = BY_NAME["FINGERPRINT_KEY"].variable
JOURNAL, JOURNAL_PUBLIC = BY_NAME["JOURNAL_KEY"].variable, BY_NAME["JOURNAL_PUBLIC"].variable
UNDER_WAY = "resealing"  # while it stands beside the key files, no program may start
RETIRED = "retired.env"


def keys_of(home: Home, variable: str) -> tuple[str, ...]:
    """The key of today and the former ones: of the program that knows most of them."""
    return max((several(value_of(home, variable, program)) for program in OPENERS), key=len)


def add_working(home: Home) -> None:
    """Give every program a new working key pair; the former key still opens what was sealed before."""
    private, _public = words.new_key_pair()
    _write(home, OPENERS[0], {WORKING: ",".join((private, *keys_of(home, WORKING)))})
    settle(home)


def add_fingerprint(home: Home) -> None:
    """Give app and worker a new fingerprint key. Until `finish`, no program starts."""
    begin(home)
    _write(home, OPENERS[0], {FINGERPRINT: ",".join((secrets.token_hex(32), *keys_of(home, FINGERPRINT)))})
    settle(home)


def settle(home: Home) -> None:
    """Give every program what the one that knows most knows. Run again, it changes nothing."""
    working = keys_of(home, WORKING)
    private = {WORKING: ",".join(working), FINGERPRINT: ",".join(keys_of(home, FINGERPRINT))}
    for program in OPENERS:
        _write(home, program, private)
    for program in Program:
        _write(home, program, {WORKING_PUBLIC: words.public_of(working[0])})


def retire_working(home: Home) -> Path:
    """Take the former working keys out of the programs' files, into one that no program reads; answers which."""
    today, *former = keys_of(home, WORKING)
    retired = home.keys / RETIRED
    before = retired.read_text(encoding="utf-8") if retired.exists() else ""
    kept = "".join(f"{WORKING}={key}\n" for key in former if key not in before)
    _replace(retired, before + kept)
    for program in OPENERS:
        _write(home, program, {WORKING: today})
    return retired


def give_journal(home: Home, private: str, public: str) -> None:
    """Give every program the journal's new public key before the former ones, then the worker the private one."""
    for program in Program:
        former = [key for key in several(value_of(home, JOURNAL_PUBLIC, program)) if key != public]
        _write(home, program, {JOURNAL_PUBLIC: ",".join((public, *former))})
    _write(home, Program.WORKER, {JOURNAL: private})


def keep_next_journal(home: Home, private: str) -> None:
    """Keep the journal's key that is to come, until everybody has it: `next_journal`."""
    _replace(next_journal(home), private)


def next_journal(home: Home) -> Path:
    """The file of the journal's key that is to come; no program reads it."""
    return home.keys / "journal.next"


def under_way(home: Home) -> Path:
    """The file that says that fingerprints are being sealed anew."""
    return home.keys / UNDER_WAY


def begin(home: Home) -> None:
    """Let no program start before `finish`."""
    under_way(home).touch(mode=0o600)
    sync(home.keys)


def finish(home: Home) -> None:
    """Let the programs start again."""
    under_way(home).unlink(missing_ok=True)
    sync(home.keys)


def must_be_settled(home: Home) -> None:
    """Raise `Trouble` while fingerprints are half sealed anew: what is banked would not be found."""
    if under_way(home).exists():
        raise Trouble(
            "The fingerprints are being sealed under a new key, and that is not done. Finish it first: "
            f"`staydown keys reseal --home {home.path}`."
        )


def value_of(home: Home, variable: str, program: Program = Program.APP) -> str:
    """What a program is told, from its file or the file that `NAME_FILE` names; empty where nothing is. Raises `Trouble`."""
    given = home.environment(program)
    if path := given.get(f"{variable}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Trouble(f"{path} cannot be read: {error.strerror}. Run this as the user that owns it.") from error
    return given.get(variable, "")


def _write(home: Home, program: Program, values: Mapping[str, str]) -> None:
    """Change settings where the program reads them: in its file, or in the file that `NAME_FILE` names."""
    given = home.environment(program)
    changed = {name: value for name, value in values.items() if value_of(home, name, program) != value}
    for name in [name for name in changed if f"{name}_FILE" in given]:
        _replace(Path(given[f"{name}_FILE"]), changed.pop(name) + "\n")
    if changed:
        path = home.file_of(program)
        _replace(path, _with(path.read_text(encoding="utf-8"), changed))


def _with(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        line = f"{name}={value}"
        text, there = re.subn(rf"(?m)^{name}=.*$", line, text)
        text = text if there else f"{text.rstrip()}\n{line}\n"
    return text


def _replace(path: Path, text: str) -> None:
    """The whole new content or the whole old one, also after a power cut; readable by its owner only."""
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        sync(path.parent)
    except OSError as error:
        raise of_files(error, path) from error


def sync(folder: Path) -> None:
    """Have the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
