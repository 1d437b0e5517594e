"""staydown keys: a new key in the place of the one in use, without losing what the former one sealed."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from staydown.commands.setup import add_home, django, home_of
from staydown.site import key_files
from staydown.site.home import Home
from staydown.site.options.declaration import Program
from staydown.site.trouble import of_files

HELP = "change the working key, the fingerprint key or the journal's key; make one that signs reports"
WAYS = ("working", "fingerprint", "journal")


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="rotate|reseal|retire|document")
    rotating = verbs.add_parser("rotate", help="make a new key; the former one goes on opening what it sealed")
    rotating.add_argument("which", choices=WAYS)
    rotating.set_defaults(verb=rotate)
    resealing = verbs.add_parser(
        "reseal", help="seal under today's keys what former ones sealed; goes on if it was killed"
    )
    resealing.set_defaults(verb=reseal)
    retiring = verbs.add_parser("retire", help="take the former working key from the programs, once nothing needs it")
    retiring.set_defaults(verb=retire)
    documenting = verbs.add_parser("document", help="make a key that signs reports for authorities, for the custodians")
    documenting.add_argument("--to", type=Path, required=True, metavar="FILE")
    documenting.set_defaults(verb=document)
    for each in (rotating, resealing, retiring, documenting):
        add_home(each, required=True)


def run(args: Namespace) -> int:
    home = home_of(args.home)
    return int(args.verb(home, args))


def rotate(home: Home, args: Namespace) -> int:
    key_files.must_be_settled(home)
    if args.which == "working":
        key_files.add_working(home)
        print("The programs' files have a new working key; the former one still opens what was sealed to it.")
        print("Copy keys/ to its second place now. Then restart `staydown serve`, and run:")
        print(f"  staydown keys reseal --home {home.path}")
        return 0
    if args.which == "journal":
        return rotate_journal(home)
    django(home.path)
    from staydown.site import rekeying

    rekeying.must_be_stopped()
    key_files.add_fingerprint(home)
    print("app.env and worker.env have a new fingerprint key. Copy keys/ to its second place now. Then run:")
    print(f"  staydown keys reseal --home {home.path}")
    print("Until that is done, no program starts.")
    return 0


def rotate_journal(home: Home) -> int:
    django(home.path, Program.WORKER)
    from staydown.site import journal_keys, rekeying

    rekeying.must_be_stopped()
    public = journal_keys.rotate(home)
    print(f"The journal is signed with a new key from now on: {public}")
    print("The former one is gone from the files and named in the journal. Copy keys/ to its second place now, tell")
    print("whoever keeps your heads, and your witnesses (`staydown journal key`). Then start `staydown serve` again.")
    return 0


def reseal(home: Home, _args: Namespace) -> int:
    key_files.settle(home)
    django(home.path)
    from staydown.site import rekeying, resealing

    changed = 0
    if key_files.under_way(home).exists():
        rekeying.must_be_stopped()
        for changed in rekeying.rekey():  # noqa: B007  the last one is told
            pass
        key_files.finish(home)
        print(f"{changed} fingerprints were sealed under the new key. Start `staydown serve` again.")
    for changed in resealing.reseal():  # noqa: B007  the same
        pass
    print(f"{changed} pieces of writing were sealed to the working key of today.")
    if len(key_files.keys_of(home, key_files.WORKING)) > 1:
        print("Once every program was restarted with it, take the former one away:")
        print(f"  staydown keys retire --home {home.path}")
    return 0


def retire(home: Home, _args: Namespace) -> int:
    key_files.settle(home)
    if len(key_files.keys_of(home, key_files.WORKING)) == 1:
        print("There is no former working key.")
        return 0
    django(home.path)
    from staydown.site import resealing

    if not resealing.is_done():
        print(
            "Something is still sealed to a former key. Restart `staydown serve`, run `staydown keys reseal`, then this."
        )
        return 1
    retired = key_files.retire_working(home)
    print(f"The programs no longer know the former working key. It is in {retired}, which no program reads.")
    print("Older backups need it: move that file to where the copies of the keys are. Then restart `staydown serve`.")
    return 0


def document(home: Home, args: Namespace) -> int:
    django(home.path, Program.WORKER)
    from django.utils import timezone

    from staydown.site import document_keys

    try:
        fingerprint = document_keys.make(args.to, timezone.now())
    except OSError as error:
        raise of_files(error, args.to) from error
    print(f"Wrote {args.to}: bring it to the custodians, who sign their reports with it, and delete it here.")
    print(f"SHA-256 of its certificate, which the journal names: {fingerprint}")
    return 0
