"""staydown backup: everything that is remembered, sealed to several people, while the programs run."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from staydown.commands.setup import add_home, django
from staydown.site.trouble import Trouble, of_files
from staydown.vault.sealed_files import NoRecipient, TooFewPeople, recipients_of

HELP = "write a backup, sealed to at least two people"


def add(parser: ArgumentParser) -> None:
    add_home(parser)
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="a file that does not exist yet")
    parser.add_argument(
        "--recipient", action="append", required=True, metavar="age1…", help="a custodian's public key; at least two"
    )


def run(args: Namespace) -> int:
    path = args.to.expanduser().absolute()
    if path.exists():
        raise Trouble(f"{path} exists already and stays as it is. Choose another name.")
    try:
        people = recipients_of(args.recipient)
    except (TooFewPeople, NoRecipient) as error:
        raise Trouble(str(error)) from error
    django(args.home)
    from django.utils import timezone

    from staydown.site import backups

    try:
        made = backups.make(path, people, timezone.now())
    except OSError as error:
        raise of_files(error, path) from error
    print(f"Wrote {path}: {path.stat().st_size} bytes, the journal at {made.journal_size} entries.")
    print("The keys are not in it. Each of the recipients can open it, alone; try that once (docs/keys.md).")
    return 0
