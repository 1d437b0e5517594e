"""staydown strikes simulate: what a policy of strikes would have proposed of the accounts that this deployment knows."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from staydown.commands.setup import add_home, django
from staydown.site.trouble import Trouble

HELP = "try a policy of strikes on what was decided so far"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="simulate")
    simulate = verbs.add_parser("simulate", help="how many accounts would have reached which step; changes nothing")
    add_home(simulate)
    simulate.add_argument("--policy", type=Path, metavar="FILE", help="your own policy (default: the one shipped)")


def run(args: Namespace) -> int:
    """Print the table; nothing is written, and no account is named."""
    django(args.home)
    from django.utils import timezone

    from staydown.cases import standing, strikes
    from staydown.regimes.reading import BadData

    try:
        policy = strikes.of_file(args.policy) if args.policy else strikes.shipped()
    except (OSError, BadData) as error:
        raise Trouble(str(error)) from error
    histories = standing.histories()
    print(f"{len(histories)} accounts have a strike, {sum(map(len, histories.values()))} strikes in all.\n")
    print(f"{'proposed':<12}{'from points':>12}{'ever':>10}{'today':>10}")
    for row in strikes.simulate(histories.values(), policy, timezone.now()):
        print(f"{row.step.value:<12}{row.points:>12}{row.ever:>10}{row.now:>10}")
    print("\nA person decides each time; `docs/operate.md` says how to switch it on.")
    return 0
