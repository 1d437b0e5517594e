"""staydown init: a new deployment's folder, with its keys."""

from argparse import ArgumentParser, Namespace

from staydown.commands.setup import add_home, home_of
from staydown.site import home
from staydown.site.trouble import Trouble

GROUPS = {"custodians-first": "first", "custodians-second": "second"}
HELP = "make a new deployment: its folder and its keys"


def add(parser: ArgumentParser) -> None:
    add_home(parser, required=True)
    parser.add_argument("--role", default="", help=f"what you are: {', '.join(home.ROLES)}")
    parser.add_argument(
        "--country", default="", type=str.upper, help="whose law you answer to, as two letters: FR, BE …"
    )
    parser.add_argument("--portal-url", metavar="URL", help="where people will reach the report pages: https://…")
    for setting, group in GROUPS.items():
        parser.add_argument(
            f"--{setting}", metavar="AGE1…,AGE1…", help=f"the {group} group of evidence custodians, at least two"
        )
    parser.add_argument("--app-url", metavar="URL", help="where staff and platforms will reach the app: https://…")


def run(args: Namespace) -> int:
    made = home_of(args.home)
    addresses = {"STAYDOWN_PORTAL_URL": args.portal_url, "STAYDOWN_APP_URL": args.app_url}
    addresses |= _custodians(args)
    home.create(made, args.role, args.country, also={name: url for name, url in addresses.items() if url})
    print(f"Made {made.path}: data in data/, keys in keys/ (one file for each program).")
    print("Copy keys/ now to a place that no copy of the data goes to. Without it nothing sealed can be opened again.")
    if not args.custodians_first:
        print(
            "No evidence custodians are named: what is taken down is not kept. docs/evidence.md says how to name them."
        )
    print(f"Next: staydown serve --home {made.path}")
    return 0


def _custodians(args: Namespace) -> dict[str, str | None]:
    """The settings of the two groups. Raises `Trouble` where they cannot be what they are said to be."""
    from staydown.vault.evidence import custodians

    first, second = args.custodians_first, args.custodians_second
    try:
        custodians.read(first or "", second or "")
    except custodians.BadCustodians as error:
        raise Trouble(str(error)) from error
    return {"STAYDOWN_CUSTODIANS_FIRST": first, "STAYDOWN_CUSTODIANS_SECOND": second}
