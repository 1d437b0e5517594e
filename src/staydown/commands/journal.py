"""staydown journal: its key for a witness, an export that verifies itself, and what others say of it."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from staydown.commands.setup import add_home, django
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble, of_files

HELP = "the journal's key, its export, and who vouches for it"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="key | export | status")
    naming = verbs.add_parser("key", help="print the key that a witness needs")
    naming.set_defaults(act=_key)
    exporting = verbs.add_parser("export", help="write all of it to a file that verifies itself: python3 -I FILE")
    exporting.add_argument("--to", type=Path, required=True, metavar="FILE", help="a file that does not exist yet")
    exporting.set_defaults(act=_export)
    showing = verbs.add_parser("status", help="the last checkpoint, and what witnesses and authorities said")
    showing.set_defaults(act=_status)
    for verb in (naming, exporting, showing):
        add_home(verb)


def run(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    done: int = args.act(args)
    return done


def _key(_args: Namespace) -> int:
    from staydown.journal import checkpoints

    print(checkpoints.journal_keys()[0])
    return 0


def _export(args: Namespace) -> int:
    from django.utils import timezone

    from staydown.journal import exporting
    from staydown.journal.errors import JournalError

    try:
        head = exporting.export(args.to, timezone.now())
    except JournalError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, args.to) from error
    print(f"Wrote {args.to}: {head.size} entries. Whoever has Python checks it: python3 -I {args.to.name} --key …")
    print("It says which of your staff did what, and when: give it only to who may know that.")
    return 0


def _status(_args: Namespace) -> int:
    from django.conf import settings

    from staydown.journal.models import Checkpoint, Partner

    last = Checkpoint.objects.order_by("-size").first()
    print(f"last checkpoint: {last.size} entries, {last.made_at:%Y-%m-%d %H:%M} UTC" if last else "no checkpoint yet")
    rows = Partner.objects.in_bulk()
    for name in [*settings.TSA, *(each.key.name for each in settings.WITNESSES)]:
        row = rows.get(name)
        if row is None:
            print(f"{name}: not asked yet")
            continue
        heard = (
            f"vouched for {row.size} entries, {row.heard_at:%Y-%m-%d %H:%M} UTC" if row.heard_at else "never vouched"
        )
        trouble = f"; {row.trouble} since {row.troubled_at:%Y-%m-%d %H:%M} UTC" if row.trouble else ""
        print(f"{name}: {heard}{trouble}")
    return 1 if any(row.trouble for row in rows.values()) else 0
