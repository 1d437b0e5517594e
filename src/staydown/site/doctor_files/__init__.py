"""What `staydown doctor` looks at in the folder and on the machine. What it asks the database is in `doctor_rows`."""

from pathlib import Path

from staydown.site.doctor_files.keys import keys_are_apart, keys_are_private, keys_in_use
from staydown.site.doctor_files.law import the_law
from staydown.site.doctor_files.machine import disk, search
from staydown.site.doctor_files.settings import nobody_knows_too_much, settings_agree, settings_present
from staydown.site.findings import Findings, wrong
from staydown.site.home import Home
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble


def findings(home: Home) -> Findings:
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
