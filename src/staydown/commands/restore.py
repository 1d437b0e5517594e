"""staydown restore: a deployment made again from a backup, in an empty place that has its keys."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from staydown.commands.setup import add_home, home_of
from staydown.site.options.declaration import Program
from staydown.site.serving import Places, environment
from staydown.site.trouble import Trouble, of_files

HELP = "make a deployment again from a backup"


def add(parser: ArgumentParser) -> None:
    add_home(parser, required=True)
    parser.add_argument("backup", type=Path, metavar="FILE", help="what `staydown backup` wrote")
    parser.add_argument(
        "--identity", type=Path, required=True, metavar="FILE", help="a recipient's private age key, in a file"
    )


def run(args: Namespace) -> int:
    from staydown.site import key_files, restoring
    from staydown.site.archives import NotABackup
    from staydown.vault.sealed_files import NoIdentity, NotForYou, NotWhole, identities_in

    home = home_of(args.home)

    def setup(data: Path) -> None:
        os.environ.update(environment(home, Program.APP, Places().urls) | {"STAYDOWN_DATA": str(data)})
        import django

        django.setup()

    try:
        identities = identities_in(args.identity.read_text(encoding="utf-8"))
        made = restoring.restore(args.backup, identities, home, setup)
    except (NoIdentity, NotForYou, NotWhole, NotABackup) as error:
        raise Trouble(f"{args.identity if isinstance(error, NoIdentity) else args.backup}: {error}") from error
    except OSError as error:
        raise of_files(error, error.filename or home.data) from error
    print(f"Restored the backup of {made.made_at}: the journal's {made.journal_size} entries verify.")
    print(f"{made.evidence} pieces of sealed evidence are back; {made.evidence_left_out} were not in the backup.")
    print("What platforms were told since then is not in it. Once its programs run, it sends orders.")
    if key_files.under_way(home).exists():
        print(f"The fingerprint key was changed since: first run `staydown keys reseal --home {home.path}`.")
    return 0
