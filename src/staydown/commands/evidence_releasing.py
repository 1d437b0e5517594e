"""The half of `staydown evidence` that runs on the server: what is sealed, and its release by two people."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staydown.commands.setup import add_home, django
from staydown.site.options import Program
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
    _verb(verbs, "check", "read everything that is stored, and name what differs from what was sealed", _check)
    proposing = _verb(verbs, "release", "propose that a case's evidence is released to its custodians", _propose)
    proposing.add_argument("case", help="the case's reference, as the console shows it")
    proposing.add_argument("--reason", required=True, help="who asks for it, by which right, in which matter")
    agreeing = _verb(verbs, "agree", "agree, as a second person, to a release", _agree)
    agreeing.add_argument("--decline", action="store_true", help="do not agree: nothing leaves")
    packing = _verb(verbs, "pack", "write the ciphertext of an agreed release to a file for the custodians", _pack)
    packing.add_argument("--to", type=Path, required=True, metavar="FILE")
    for verb in (proposing, agreeing, packing):
        verb.add_argument("--by", required=True, metavar="NAME", help="who of the staff does this")
    for verb in (agreeing, packing):
        verb.add_argument("release", help="the release, as `staydown evidence list` shows it")


def _verb(verbs: Any, name: str, about: str, act: Act) -> ArgumentParser:
    parser: ArgumentParser = verbs.add_parser(name, help=about)
    add_home(parser)
    parser.set_defaults(act=act)
    return parser


def _list(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from staydown.cases.models import Case
    from staydown.vault.evidence import releasing

    cases = [_case(args.case)] if args.case else Case.objects.filter(evidence__isnull=False).distinct()
    for case in cases:
        print(f"case {case.reference}")
        for row in releasing.of_case(case):
            why = f" ({row.reason})" if row.reason else f" {row.size} bytes as stored" if row.size else ""
            print(f"  {row.wanted_at:%Y-%m-%d %H:%M} item {row.item.external_id}: {row.state}{why}")
        for release in case.releases.select_related("by", "second_by").order_by("proposed_at"):
            second = f", {release.second_by.username}" if release.second_by else ""
            print(
                f"  release {release.pk}: {release.state}, {release.by.username}{second}: {releasing.reason_of(release)}"
            )
    return 0


def _check(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from staydown.vault.evidence import checking
    from staydown.vault.evidence.store import store

    checked = checking.check(store())
    for wrong in checked.wrong:
        print(f"wrong: {wrong}")
    print(
        f"{checked.sealed} sealed originals were read, {checked.bytes} bytes; {checked.orphans} objects belong to none."
    )
    return 1 if checked.wrong else 0


def _propose(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from django.utils import timezone

    from staydown.vault.evidence import releasing

    try:
        release = releasing.propose(_case(args.case), args.reason, _staff(args.by), timezone.now())
    except ValueError as error:
        raise Trouble(str(error)) from error
    print(f"Proposed. Another person agrees: staydown evidence agree {release.pk} --by NAME")
    return 0


def _agree(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from django.utils import timezone

    from staydown.vault.evidence import releasing

    answer = releasing.decline if args.decline else releasing.agree
    try:
        release = answer(_release(args.release), _staff(args.by), timezone.now())
    except ValueError as error:
        raise Trouble(str(error)) from error
    print("Declined." if args.decline else f"Agreed. Next: staydown evidence pack {release.pk} --by NAME --to FILE")
    return 0


def _pack(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from django.utils import timezone

    from staydown.vault.evidence import packing
    from staydown.vault.evidence.store import store

    by = _staff(args.by)
    try:
        count = packing.write(_release(args.release), args.to, store(), by.journal_name, timezone.now())
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, args.to) from error
    print(f"Wrote {args.to}: {count} originals, sealed to the custodians. They open it with `staydown evidence open`.")
    return 0


def _case(reference: str) -> "Case":
    from staydown.cases.models import Case

    found = [case for case in Case.objects.all().only("id") if case.reference == reference.upper()]
    if len(found) != 1:
        raise Trouble(f"{len(found) or 'No'} cases have the reference {reference}. The console shows each case's.")
    return Case.objects.get(pk=found[0].pk)


def _staff(name: str) -> "Staff":
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
