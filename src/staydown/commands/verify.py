"""staydown verify: whether the journal still says what it said."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from staydown.commands.setup import add_home, django
from staydown.site.trouble import Trouble, of_files

HELP = "check the whole journal, against a head that left this machine if you have one"


def add(parser: ArgumentParser) -> None:
    add_home(parser)
    parser.add_argument("--head", type=Path, metavar="FILE", help="a tree head that was kept elsewhere")
    parser.add_argument("--export-head", type=Path, metavar="FILE", help="write the latest head, to be kept elsewhere")


def run(args: Namespace) -> int:
    django(args.home)
    from staydown.journal.verify import verify

    if args.head:
        _must_be_head(args.head)
    findings = verify(args.head)
    for finding in findings:
        print(f"wrong: {finding}")
    if findings:
        print("The journal was changed outside Staydown. Keep a copy of the database before anything else.")
        return 1
    print("The journal is whole.")
    if args.export_head:
        _export(args.export_head)
    return 0


def _must_be_head(path: Path) -> None:
    from staydown.journal.heads import SignedHead

    try:
        SignedHead.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Trouble(f"{path} is not a tree head. Give the file that `staydown verify --export-head` made.") from error


def _export(path: Path) -> None:
    from staydown.journal.errors import NoHead
    from staydown.journal.heads import export_head

    try:
        head = export_head(path)
    except NoHead as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, path) from error
    print(f"Wrote the head of {head.size} entries to {path}. Keep it where this machine's owner cannot change it.")
