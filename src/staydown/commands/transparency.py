"""staydown transparency: what is sent to the EU's database, published once a year, proved of a case, and written as policy."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from staydown.commands.setup import add_home, django
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble, of_files

if TYPE_CHECKING:
    from staydown.authority_orders.models import AuthorityOrder
    from staydown.transparency.database import Database

HELP = "statements of reasons to the EU's database, the yearly report, timelines of cases, drafts of policies"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="status | send | retry | report | timeline | pages")
    for name, about, act in (
        ("status", "how many statements are stored, due, or refused, and why; 1 where one is refused", _status),
        ("send", "send what is due now, as the worker does by itself", _send),
        ("retry", "try those again that were refused, after their cause was put right", _retry),
    ):
        verb = verbs.add_parser(name, help=about)
        add_home(verb)
        verb.set_defaults(act=act)
    yearly = verbs.add_parser("report", help="count a year, as the tables of Regulation (EU) 2024/2835 have it")
    add_home(yearly)
    yearly.add_argument("year", type=int)
    yearly.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a new folder for the tables, as CSV")
    yearly.add_argument(
        "--service", default="", help="what the tables call the service; the platforms' names otherwise"
    )
    yearly.add_argument(
        "--publish", action="store_true", help="also keep it, and show its figures on the portal, once the year is over"
    )
    yearly.set_defaults(act=_report)
    proof = verbs.add_parser(
        "timeline", help="write the clocks of a case, or of an order, with a proof of every moment"
    )
    add_home(proof)
    proof.add_argument("case", help="its reference, as the console shows it")
    proof.add_argument("--order", action="store_true", help="it is an authority's order: its own clocks, no others")
    proof.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="a zip that checks itself: python3 -I FILE"
    )
    proof.set_defaults(act=_timeline)
    drafts = verbs.add_parser("pages", help="write drafts of the impact assessment, the records and the policies")
    add_home(drafts)
    drafts.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a new folder")
    drafts.set_defaults(act=_pages)


def run(args: Namespace) -> int:
    done: int = args.act(args)
    return done


def _status(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from staydown.transparency import tasks
    from staydown.transparency.models import Filing, FilingState

    to = _database()
    here = Filing.objects.filter(environment=to.environment)
    refused = here.filter(state=FilingState.REFUSED).select_related("statement").order_by("tried_at")
    stored = here.filter(state=FilingState.STORED).count()
    print(f"{to.environment}: {stored} stored, {tasks.owed(to).count()} due, {len(refused)} refused.")
    for filing in refused:
        print(f"  {filing.statement.puid} of {filing.statement.at:%Y-%m-%d}: {filing.trouble}")
    return 1 if refused else 0


def _send(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from staydown.promises.errors import Later
    from staydown.transparency import tasks

    _database()
    try:
        print(f"{tasks.send()} statements are stored now.")
    except Later as later:
        raise Trouble(f"{later.__cause__} The worker tries again by itself.") from later
    return 0


def _retry(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from staydown.transparency.models import Filing, FilingState

    rows = Filing.objects.filter(environment=_database().environment, state=FilingState.REFUSED)
    print(f"{rows.delete()[0]} statements are due again.")
    return 0


def _report(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from django.utils import timezone

    from staydown.platforms.models import Platform
    from staydown.transparency import counting, publishing
    from staydown.transparency.year import Year

    service = args.service or ", ".join(Platform.objects.order_by("name").values_list("name", flat=True))
    year = Year(args.year, service)
    try:
        args.to.mkdir()
        for table in counting.report(year):
            (args.to / f"{args.year}-{table.name}.csv").write_text(table.to_csv(), encoding="utf-8", newline="")
        print(
            f"Wrote the tables of {args.year} into {args.to}. They have small numbers: read docs/transparency.md first."
        )
        if args.publish:
            print(f"Published {publishing.publish(year, 'operator', timezone.now())}: the portal shows it.")
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, args.to) from error
    return 0


def _timeline(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from django.utils import timezone

    from staydown.commands.evidence_releasing import case_of
    from staydown.transparency import timelines

    try:
        if args.order:
            found = timelines.write_order(_order(args.case), args.to, timezone.now())
        else:
            found = timelines.write(case_of(args.case), args.to, timezone.now())
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, args.to) from error
    print(f"Wrote {args.to}: {len(found)} clocks. Whoever has Python checks it: python3 -I {args.to.name} --key …")
    print("It says which of your staff did what in this, by id: give it only to who may know that.")
    return 0


def _order(reference: str) -> "AuthorityOrder":
    from staydown.authority_orders.models import AuthorityOrder

    rows = AuthorityOrder.objects.select_related("organisation")
    found = [row for row in rows.iterator() if row.reference == reference.upper()]
    if len(found) != 1:
        raise Trouble(f"{len(found) or 'No'} orders have the reference {reference}. The console shows each order's.")
    return found[0]


def _pages(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from staydown.transparency import pages

    try:
        args.to.mkdir()
        for name, text in pages.drafts().items():
            (args.to / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise of_files(error, args.to) from error
    print(f"Wrote drafts into {args.to}. Every line that begins with TO DO is yours; have counsel read the rest.")
    return 0


def _database() -> "Database":
    from django.conf import settings

    to: Database | None = settings.TRANSPARENCY
    if to is None:
        raise Trouble("No database is named. An operator names it in STAYDOWN_TRANSPARENCY.")
    return to
