"""staydown backup: everything that is remembered, sealed to several people, while the programs run."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from staydown.commands.setup import add_home, django
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble, of_files
from staydown.vault.sealed_files import NoRecipient, TooFewPeople, recipients_of

HELP = "write a backup, sealed to at least two people"


def add(parser: ArgumentParser) -> None:
    add_home(parser)
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="a file that does not exist yet")
    parser.add_argument(
        "--recipient", action="append", required=True, metavar="age1…", help="a custodian's public key; at least two"
    )
    parser.add_argument(
        "--without-evidence", action="store_true", help="the database alone, where the store is copied in another way"
    )


def run(args: Namespace) -> int:
    path = args.to.expanduser().absolute()
    if path.exists():
        raise Trouble(f"{path} exists already and stays as it is. Choose another name.")
    try:
        people = recipients_of(args.recipient)
    except (TooFewPeople, NoRecipient) as error:
        raise Trouble(str(error)) from error
    django(args.home, Program.WORKER)
    from django.utils import timezone

    from staydown.site import backups
    from staydown.vault.evidence.store import store

    try:
        made = backups.make(path, people, timezone.now(), None if args.without_evidence else store())
    except OSError as error:
        raise of_files(error, path) from error
    said = made.manifest
    print(f"Wrote {path}: {path.stat().st_size} bytes, the journal at {said.journal_size} entries.")
    print(f"{said.evidence} pieces of sealed evidence are in it, {said.evidence_left_out} are not (docs/operate.md).")
    print("The keys are not in it. Each of the recipients can open it, alone; try that once (docs/keys.md).")
    for wrong in made.wrong:
        print(f"wrong: {wrong}")
    return 1 if made.wrong else 0
