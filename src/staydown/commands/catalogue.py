"""staydown catalogue: bring what a platform has published already under protection, and see how far that is."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from staydown.banks.progress import Progress
from staydown.commands import progress
from staydown.commands.setup import add_home, django
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble

HELP = "import a platform's back catalogue, or see how far that is"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="import | status")
    status = verbs.add_parser("status", help="how far imports and searches of the catalogue are")
    add_home(status)
    status.set_defaults(act=_status)
    importing = verbs.add_parser("import", help="import a platform's back catalogue")
    add_home(importing)
    importing.add_argument(
        "file", type=Path, help="CSV: item_id,pdq,quality and url,sha256,sha1,md5,account_id,created"
    )
    importing.add_argument("--platform", required=True, metavar="SLUG", help="whose posts these are")
    importing.set_defaults(act=_bring_in)


def run(args: Namespace) -> int:
    """Import a file, or what is left of it after an interruption; or say how far it is."""
    django(args.home, Program.WORKER)
    done: int = args.act(args)
    return done


def _bring_in(args: Namespace) -> int:
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


def _status(_args: Namespace) -> int:
    from staydown.banks import under_way
    from staydown.cases.models import Case

    for work in under_way.imports():
        print(f"import  {work.platform}: {_said(work.progress)}, {work.stopped} hidden or removed")
    for work in under_way.sweeps(Case.objects.all()):
        name = work.case.reference if work.case else ""
        print(f"search  case {name}: {_said(work.progress)}, {work.stopped} hidden or removed")
    print(f"{under_way.to_look_at()} posts wait for a look at their own bytes.")
    return 0


def _said(progress: Progress) -> str:
    rate = f", {progress.rate:.0f}/s" if progress.rate else ""
    if progress.ended:
        end = f"ended {progress.ended:%Y-%m-%d %H:%M:%S} UTC"
    elif progress.expected:
        end = f"expected to end {progress.expected:%Y-%m-%d %H:%M:%S} UTC"
    else:
        end = "its end is not known yet"
    return f"{progress.done}/{progress.total} ({progress.percent} %){rate}, {end}"
