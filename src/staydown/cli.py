"""The command line: `staydown COMMAND`. Exit codes: 0 done, 1 something is wrong, 2 it could not be tried."""

import resource
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from staydown.commands import (
    backup,
    catalogue,
    demo,
    doctor,
    evidence,
    fingerprint,
    init,
    journal,
    keys,
    matching,
    platform,
    recognition,
    restore,
    retention,
    serve,
    staff,
    strikes,
    transparency,
    verify,
    witness,
    work,
)
from staydown.site.options import MissingSetting
from staydown.site.trouble import Trouble

COMMANDS = {
    "init": init,
    "serve": serve,
    "work": work,
    "platform": platform,
    "catalogue": catalogue,
    "staff": staff,
    "keys": keys,
    "verify": verify,
    "journal": journal,
    "witness": witness,
    "doctor": doctor,
    "evidence": evidence,
    "backup": backup,
    "restore": restore,
    "retention": retention,
    "strikes": strikes,
    "transparency": transparency,
    "matching": matching,
    "recognition": recognition,
    "fingerprint": fingerprint,
    "demo": demo,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command."""
    parser = ArgumentParser(prog="staydown", description="A self-hosted notice-and-stay-down service.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=command.HELP, description=command.__doc__)
        command.add(own)
        own.set_defaults(run=command.run)
    args = parser.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what a program that crashes had in memory stays off the disk
    try:
        return int(args.run(args))
    except (Trouble, MissingSetting) as trouble:
        print(f"staydown: {trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:  # Ctrl-C before the programs run; afterwards the supervisor stops them in order
        return 130


if __name__ == "__main__":
    sys.exit(main())
