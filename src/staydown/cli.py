"""The command line: `staydown COMMAND`. Exit codes: 0 done, 1 something is wrong, 2 it could not be tried."""

import resource
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module

from staydown.site.options.declaration import MissingSetting
from staydown.site.trouble import Trouble

COMMANDS = (
    "init", "serve", "work", "platform", "catalogue", "staff", "keys", "verify", "journal", "witness", "doctor",
    "evidence", "backup", "restore", "retention", "strikes", "transparency", "matching", "recognition", "fingerprint",
    "demo",
)  # fmt: skip
"""As `staydown --help` lists them: each is the module of that name in `staydown.commands`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Nothing of the others is loaded, which takes longer than most commands do."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    parser = ArgumentParser(prog="staydown", description="A self-hosted notice-and-stay-down service.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in given[:1] if given and given[0] in COMMANDS else COMMANDS:
        command = import_module(f"staydown.commands.{name}")
        own = commands.add_parser(name, help=command.HELP, description=command.__doc__)
        command.add(own)
        own.set_defaults(run=command.run)
    args = parser.parse_args(given)
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
