"""The settings that each program is given."""

from staydown.regimes.harms import Role
from staydown.site.findings import Findings, fine, wrong
from staydown.site.options import BY_NAME, OPTIONS, several
from staydown.site.options.declaration import MissingSetting, Option, Program

type Environments = dict[Program, dict[str, str]]


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
