"""What `staydown doctor` looks at in the folder and on the machine. What it asks the database is in `doctor_rows`."""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from staydown import matching
from staydown.regimes import duties, helplines
from staydown.regimes.harms import Role
from staydown.site.home import SPACE_NEEDED, Home
from staydown.site.options import BY_NAME, OPTIONS, several
from staydown.site.options.option import MissingSetting, Option, Program
from staydown.site.trouble import Trouble
from staydown.vault import fingerprints, words

PLENTY = 5 * SPACE_NEEDED


class Level(StrEnum):
    WRONG = "wrong"  # a promise of Staydown is not kept, or will not be
    SOON = "soon"  # it works, and somebody should look at it
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    do: str = ""


type Findings = Iterator[Finding]
type Environments = dict[Program, dict[str, str]]


def wrong(what: str, do: str) -> Finding:
    return Finding(Level.WRONG, what, do)


def fine(what: str) -> Finding:
    return Finding(Level.FINE, what)


def files_of(home: Home) -> Findings:
    """Everything that can be said without starting anything."""
    try:
        environments = {program: home.environment(program) for program in Program}
    except Trouble as trouble:
        yield wrong("A program's settings are not there", str(trouble))
        return
    for check in (settings_present, nobody_knows_too_much, settings_agree, keys_in_use, the_law):
        yield from check(environments)
    for look in (keys_are_private, keys_are_apart):
        yield from look(home, environments)
    yield from disk(Path(environments[Program.APP].get("STAYDOWN_DATA", home.data)))
    yield from search()


def settings_present(environments: Environments) -> Findings:
    """Every required setting of each program is given and can be read."""
    problems = [
        (program, _problem(option, environments[program]))
        for program in Program
        for option in OPTIONS
        if program in option.programs
    ]
    said = [wrong(f"{program}: {problem}", "Put it into the file.") for program, problem in problems if problem]
    yield from said or [fine("every program has its settings")]


def _problem(option: Option, environment: dict[str, str]) -> str:
    try:
        value = option.read(environment)
    except MissingSetting as error:
        return str(error)
    except OSError as error:
        return f"{option.variable}_FILE cannot be read: {error.strerror}"
    if option.name == "ROLE" and value not in Role:
        return f"{option.variable} is {value}; it must be one of {', '.join(Role)}"
    return ""


def nobody_knows_too_much(environments: Environments) -> Findings:
    """No program's file holds what only another may know, not even under another name (decision 1)."""
    found = False
    for program, environment in environments.items():
        for option in OPTIONS:
            if program in option.programs or not _leaks(option, environment, environments):
                continue
            found = True
            yield wrong(
                f"{program}.env holds {option.variable}, which the {program} may not know",
                f"Take it out of the file, make a new key, and start the {program} again.",
            )
    if not found:
        yield fine("each program knows its own secrets only; the portal knows none")


def _leaks(option: Option, environment: dict[str, str], environments: Environments) -> bool:
    named = {option.variable, f"{option.variable}_FILE"} & set(environment)
    given = {each.get(option.variable, "") for each in environments.values()} if option.secret else set()
    secrets = {secret for text in given for secret in (text, *several(text))}
    return bool(named) or any(secret and secret in value for secret in secrets for value in environment.values())


def settings_agree(environments: Environments) -> Findings:
    """What several programs are told is the same for all: a salt that differs would lose receipts."""
    names = [option.variable for option in OPTIONS]
    differing = [n for n in names if len({each[n] for each in environments.values() if n in each}) > 1]
    for name in differing:
        if name != BY_NAME["LOG_LEVEL"].variable:
            yield wrong(f"{name} differs between the programs", "Give all programs the value the first one had.")


def keys_in_use(environments: Environments) -> Findings:
    """Which working key words are sealed to, and whether former ones are still needed. No private key is shown."""
    try:
        app = environments[Program.APP]
        public = BY_NAME["WORKING_PUBLIC"].read(app)
        today, *former = several(BY_NAME["WORKING_KEY"].read(app))
        fingerprint, *before = several(BY_NAME["FINGERPRINT_KEY"].read(app))
        own = words.public_of(today)
    except (MissingSetting, OSError, ValueError):
        yield wrong("the working key or the fingerprint key cannot be read", "Restore them: docs/keys.md says how.")
        return
    if public != own:
        yield wrong(
            f"words are sealed to {public}, which the app's first working key ({own}) does not open",
            "If a rotation was interrupted, `staydown keys reseal` ends it. Else give back the key that belongs to it.",
        )
    else:
        yield fine(f"words are sealed to {public}; fingerprints under the key {fingerprints.name_of(fingerprint)}")
    if former:
        yield Finding(
            Level.SOON,
            f"{len(former)} former working keys still open older words",
            "`staydown keys reseal`, then `staydown keys retire`.",
        )
    if before:
        yield fine(f"{len(before)} former fingerprint keys are part of how digests are kept: never take them away")


def the_law(environments: Environments) -> Findings:
    """What the data does not know of this country's law, and what nobody has compared with its text."""
    country = environments[Program.APP].get("STAYDOWN_COUNTRY", "").upper()
    read = "Read docs/law with somebody who knows that law."
    if not duties.regimes_of(country):
        yield Finding(Level.SOON, f"no law of {country} is in the data: only Staydown's own targets hold", read)
    open_ones = [duty.id for duty in duties.by_id().values() if country in duty.countries and not duty.verified]
    if open_ones:
        yield Finding(Level.SOON, f"to verify in the law of {country}: {', '.join(open_ones)}", read)
    yield from _helplines(country)


def _helplines(country: str) -> Findings:
    """A number that is shown to frightened people and not answered does harm."""
    lines = helplines.in_country(country).lines
    if not any(line.verified_on for line in lines):
        yield Finding(
            Level.SOON,
            f"nobody has called the helplines shown in {country}",
            "Call them: docs/law/helplines.md. Until then people see their numbers only with STAYDOWN_HELPLINES=read.",
        )
    if old := [line.name for line in lines if line.is_old(datetime.now(UTC).date())]:
        yield Finding(
            Level.SOON,
            f"called more than {helplines.GOOD_FOR.days} days ago: {', '.join(old)}",
            "Call them again, and write the day into the data: docs/law/helplines.md",
        )


def keys_are_private(home: Home, _environments: Environments) -> Findings:
    """Only the owner may read the key files."""
    open_ones = [path for path in (home.keys, *sorted(home.keys.glob("*.env"))) if path.stat().st_mode & 0o077]
    for path in open_ones:
        mode = stat.filemode(path.stat().st_mode)
        yield wrong(f"{path} can be read by others ({mode})", f"chmod {'700' if path.is_dir() else '600'} {path}")
    if not open_ones:
        yield fine("only the owner can read the keys")


def keys_are_apart(home: Home, environments: Environments) -> Findings:
    """A copy of the data folder must never carry the keys that open it."""
    keys = {home.keys.resolve(), *_key_files(environments)}
    for data in {Path(each["STAYDOWN_DATA"]).resolve() for each in environments.values() if "STAYDOWN_DATA" in each}:
        if any(key.is_relative_to(data) for key in keys):
            yield wrong(
                f"keys are stored inside the data folder {data}",
                "Move them out: whoever copies or steals the data would hold the keys, too.",
            )
        else:
            yield fine("the keys are not stored with the data")


def _key_files(environments: Environments) -> set[Path]:
    return {
        Path(value).resolve()
        for environment in environments.values()
        for name, value in environment.items()
        if name.endswith("_FILE")
    }


def disk(data: Path) -> Findings:
    """The data folder is there, can be written, and has room."""
    if not os.access(data, os.W_OK):
        yield wrong(f"{data} is missing or cannot be written", "Make it, and give this user the right to write there.")
        return
    left = shutil.disk_usage(data).free
    said = f"{left // 2**20} MB are left on the disk of {data}"
    if left < SPACE_NEEDED:
        yield wrong(said, "Free some space now: with a full disk no report can be taken.")
    elif left < PLENTY:
        yield Finding(Level.SOON, said, "Free some space, or move the data to a larger disk.")
    else:
        yield fine(said)


def search() -> Findings:
    """What looks for resembling pictures here. Each engine finds the same; without a compiler it takes longer."""
    said = f"fingerprints are searched by {matching.engine()}"
    if matching.engine() == "numpy":
        cure = "Install a C compiler and Staydown again, or the extra staydown[jit]: above 100,000 entries it is felt."
        yield Finding(Level.SOON, said, cure)
    else:
        yield fine(said)
