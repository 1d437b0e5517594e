"""The half of `staydown evidence` that runs on the server: what is sealed, and writing out what two people released."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staydown.commands.setup import add_home, django
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble, of_files

if TYPE_CHECKING:
    from staydown.cases.models import Case
    from staydown.people.models import Staff
    from staydown.vault.evidence.models import Release

type Act = Callable[[Namespace], int]


def add(verbs: Any) -> None:
    """Add the verbs of this half to those of the command."""
    listing = _verb(verbs, "list", "what is sealed in a case, or in all that have any, and what is proposed", _list)
    listing.add_argument("case", nargs="?", default="", help="a case's reference, as the console shows it")
    _verb(verbs, "check", "read everything that is sealed, and name what is not as it was sealed", _check)
    packing = _verb(verbs, "pack", "write the ciphertext of an agreed release to a file for the custodians", _pack)
    packing.add_argument("--to", type=Path, required=True, metavar="FILE")
    packing.add_argument("release", help="the release, as the console and `staydown evidence list` show it")

    recording = _verb(
        verbs, "record", "take back into the journal what custodians' machines wrote of an opening", _record
    )
    recording.add_argument(
        "file", type=Path, help="the file …opening.json that `staydown evidence open` or `export` wrote"
    )


def _verb(verbs: Any, name: str, about: str, act: Act) -> ArgumentParser:
    parser: ArgumentParser = verbs.add_parser(name, help=about)
    add_home(parser)
    parser.set_defaults(act=act)
    return parser


def _list(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from staydown.cases.models import Case
    from staydown.vault.evidence import releasing, returning

    cases = [case_of(args.case)] if args.case else Case.objects.filter(evidence__isnull=False).distinct()
    for case in cases:
        print(f"case {case.reference}")
        for row in releasing.of_case(case):
            why = f" ({row.reason})" if row.reason else f" {row.size} bytes as stored" if row.size else ""
            print(f"  {row.wanted_at:%Y-%m-%d %H:%M} {row.kind} {row.name}: {row.state}{why}")
        for release in case.releases.select_related("by", "second_by").order_by("proposed_at"):
            second = f", {release.second_by.username}" if release.second_by else ""
            print(
                f"  release {release.pk}: {release.state}, {release.by.username}{second}: {releasing.reason_of(release)}"
            )
            for entry in returning.returned(release):
                facts = (entry.facts or {})["opening"]
                print(f"    {facts['how']} at {facts['at']} by {' and '.join(facts['by'])}, as their machine wrote")
    return 0


def _check(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from staydown.site import sealed_columns
    from staydown.vault.evidence import checking
    from staydown.vault.evidence.store import store

    checked, columns = checking.check(store()), sealed_columns.check()
    for wrong in [*checked.wrong, *columns.wrong]:
        print(f"wrong: {wrong}")
    for older in [*checked.unchecked, *columns.unchecked]:
        print(f"not checked: {older}")
    print(
        f"{checked.sealed} sealed originals were read, {checked.bytes} bytes; {checked.orphans} objects belong to none."
    )
    print(f"{columns.sealed} sealed columns of the database were read.")
    return 1 if checked.wrong or columns.wrong else 0


def _pack(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from django.utils import timezone

    from staydown.vault.evidence import packing
    from staydown.vault.evidence.store import store

    try:
        count = packing.write(_release(args.release), args.to, store(), "operator", timezone.now())
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, args.to) from error
    print(f"Wrote {args.to}: {count} originals, sealed to the custodians. They open it with `staydown evidence open`.")
    return 0


def _record(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from django.utils import timezone

    from staydown.authorities import files
    from staydown.vault.evidence import openings, returning

    try:
        data, known = args.file.read_bytes(), ""
        try:
            said = returning.record(data, "operator", timezone.now())
        except returning.AlreadyRecorded as error:
            said, known = openings.read(data).record, str(error)
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, args.file) from error
    if said.how == files.SENT and (referral := files.added(said, timezone.now())):  # also after a kill in between
        print(f"Report {referral.number} has all of its files: it is filed once two people have approved it.")
    elif known:
        raise Trouble(known)
    print(f"Recorded: release {said.release} was {said.how} at {said.at} by {' and '.join(said.by)}.")
    return 0


def case_of(reference: str) -> "Case":
    from staydown.cases.models import Case

    found = [case for case in Case.objects.all().only("id") if case.reference == reference.upper()]
    if len(found) != 1:
        raise Trouble(f"{len(found) or 'No'} cases have the reference {reference}. The console shows each case's.")
    return Case.objects.get(pk=found[0].pk)


def staff_of(name: str) -> "Staff":
    from staydown.people.models import Staff

    found = Staff.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise Trouble(f"Nobody of the staff is called {name}. Add them with `staydown staff add`.")
    return found


def _release(text: str) -> "Release":
    from django.core.exceptions import ValidationError

    from staydown.vault.evidence.models import Release

    try:
        found = Release.objects.select_related("case", "by").filter(pk=text).first()
    except ValidationError:
        found = None
    if found is None:
        raise Trouble(f"No release is called {text}. `staydown evidence list` shows them.")
    return found
