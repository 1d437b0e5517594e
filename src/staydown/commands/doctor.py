"""staydown doctor: what is wrong, and what to do."""

import os
from argparse import ArgumentParser, Namespace

from staydown.commands.setup import add_home, home_of
from staydown.site import doctor_files, serving
from staydown.site.findings import Findings, Level, wrong
from staydown.site.home import Home
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble

HELP = "say what is wrong with a deployment, and what to do"
MARKS = {Level.WRONG: "WRONG", Level.SOON: "soon ", Level.FINE: "ok   "}


def add(parser: ArgumentParser) -> None:
    add_home(parser, required=True)


def run(args: Namespace) -> int:
    findings = list(examine(home_of(args.home)))
    for finding in findings:
        print(f"{MARKS[finding.level]} {finding.what}")
        if finding.do:
            print(f"      → {finding.do}")
    bad = sum(finding.level is Level.WRONG for finding in findings)
    print(f"\n{bad} things are wrong." if bad else "\nNothing is wrong.")
    return 1 if bad else 0


def examine(home: Home) -> Findings:
    """The folder first; the database only when the settings are whole."""
    files = list(doctor_files.findings(home))
    yield from files
    try:
        environment = serving.environment(home, Program.APP, serving.Places().urls)
    except Trouble:
        return  # said above
    os.environ.update(environment)
    from django.core.exceptions import ImproperlyConfigured

    try:
        import django

        django.setup()
    except (ImproperlyConfigured, RuntimeError, ValueError) as error:  # a missing or malformed setting
        yield wrong(f"the app's settings do not load: {error}", "Put right the setting that is named.")
        return
    from staydown.site import doctor_rows

    yield from doctor_rows.findings()
