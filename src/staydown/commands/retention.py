"""staydown retention plan: what is due to go, and why. It changes nothing."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from staydown.commands.setup import add_home, django

if TYPE_CHECKING:
    from staydown.vault.retention import Line

HELP = "say what is kept how long, and what is due to go"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="plan")
    planning = verbs.add_parser("plan", help=HELP)
    add_home(planning)
    planning.add_argument("--all", action="store_true", help="also what is not due yet")


def run(args: Namespace) -> int:
    django(args.home)
    from django.utils import timezone

    from staydown.vault.retention import Standing, plan

    now, counts = timezone.now(), dict.fromkeys(Standing, 0)
    for line in plan():
        standing = line.standing(now)
        counts[standing] += 1
        if args.all or standing is not Standing.KEPT:
            print(f"{standing.value:8} {line.what.value} of case {line.case.reference}: {_why(line)}")
    print(
        f"\n{counts[Standing.DUE]} due, {counts[Standing.CONFLICT]} for a person to decide, {counts[Standing.KEPT]} kept."
    )
    return 0


def _why(line: "Line") -> str:
    """The dates, the rules and what they ask for."""
    said = []
    if keep := line.schedule.keep_until:
        said.append(f"keep until {keep.at:%Y-%m-%d} ({keep.rule.id})")
    if gone := line.schedule.gone_by:
        said.append(f"by {gone.at:%Y-%m-%d} ({gone.rule.id}): {gone.rule.then}")
    return "; ".join(said)
