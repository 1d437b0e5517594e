"""staydown catalogue import FILE: bring what a platform has published already under protection."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from staydown.commands import progress
from staydown.commands.setup import add_home, django
from staydown.site.options import Program
from staydown.site.trouble import Trouble

HELP = "import a platform's back catalogue"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="import")
    importing = verbs.add_parser("import", help=HELP)
    add_home(importing)
    importing.add_argument("file", type=Path, help="CSV: item_id,pdq,quality and url,sha256,account_id,created")
    importing.add_argument("--platform", required=True, metavar="SLUG", help="whose posts these are")


def run(args: Namespace) -> int:
    """Import a file, or what is left of it after an interruption."""
    django(args.home, Program.WORKER)
    from staydown.banks.listing import BadListing

    try:
        _import(args.file, args.platform)
    except OSError as error:
        raise Trouble(f"{args.file} cannot be read: {error.strerror}.") from error
    except BadListing as error:
        raise Trouble(f"{args.file}: {error} What came before is imported; mend the file and start again.") from error
    return 0


def _import(file: Path, slug: str) -> None:
    from django.utils import timezone

    from staydown.banks.actions import importing
    from staydown.banks.listing import Listing
    from staydown.platforms.models import Platform

    platform = Platform.objects.filter(slug=slug).first()
    if platform is None:
        raise Trouble(f"No platform has the slug {slug}. Register it first: staydown platform add.")
    listing = Listing.of(file)
    begun = importing.begin(platform, listing, timezone.now())
    if begun.done:
        print(f"{begun.done} of {listing.posts} posts were imported before; going on from there.")
    steps = -(-(listing.posts - begun.done) // importing.STEP)
    for _ in progress.shown(importing.go_on(begun, listing), steps):
        pass
    begun.refresh_from_db()
    print(f"{begun.done} posts of {platform.name} are protected; {begun.stopped} were hidden or removed just now.")
