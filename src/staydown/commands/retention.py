"""staydown retention: what is kept how long; what keeps it longer; and its destruction, which takes two people.

`plan` and `list` change nothing. The timer destroys without a person only by the rules that the operator named.
"""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from staydown.commands.evidence_releasing import case_of, staff_of
from staydown.commands.retention_showing import listing, plan
from staydown.commands.setup import add_home, django
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble, of_files

HELP = "say what is kept how long, keep it longer, destroy it"
type Act = Callable[[Namespace], int]


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(
        required=True, metavar="plan | list | hold | preserve | lift | destroy | agree | run | certificate"
    )
    _verb(verbs, "plan", "what is due to go, and why", plan).add_argument(
        "--all", action="store_true", help="also what is not due yet"
    )
    _verb(verbs, "list", "what is held, and what was or will be destroyed", listing).add_argument("case", nargs="?")
    holding = _verb(verbs, "hold", "a legal hold: nothing of a case is destroyed until it is lifted", _hold)
    preserving = _verb(verbs, "preserve", "an authority's preservation: the same, until a day", _hold)
    preserving.add_argument("--until", required=True, type=_day, metavar="YYYY-MM-DD")
    lifting = _verb(verbs, "lift", "end a hold or a preservation", _lift)
    destroying = _verb(verbs, "destroy", "propose to destroy something of a case", _propose)
    destroying.add_argument(
        "--what", required=True, choices=("media", "contact", "file"), help="file: words, and all the rest of the case"
    )
    agreeing = _verb(verbs, "agree", "agree, as a second person, to a destruction", _agree)
    agreeing.add_argument("--decline", action="store_true", help="do not agree: nothing is destroyed")
    _verb(verbs, "run", "destroy now what was agreed, or is due by the timer's rules", _run)
    certifying = _verb(verbs, "certificate", "write the certificate of a destruction that is done", _certificate)
    certifying.add_argument("--to", type=Path, required=True, metavar="FILE")
    for verb in (holding, preserving, destroying):
        verb.add_argument("case", help="the case's reference, as the console shows it")
    for verb in (lifting, agreeing, certifying):
        verb.add_argument("id", help="as `staydown retention list` shows it")
    for verb in (holding, preserving, lifting, destroying):
        verb.add_argument("--reason", required=True, help="why; for a preservation whose request, and its number")
    for verb in (holding, preserving, lifting, destroying, agreeing):
        verb.add_argument("--by", required=True, metavar="NAME", help="who of the staff does this")


def run(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    try:
        done: int = args.act(args)
    except ValueError as error:
        raise Trouble(str(error)) from error
    return done


def _verb(verbs: Any, name: str, about: str, act: Act) -> ArgumentParser:
    parser: ArgumentParser = verbs.add_parser(name, help=about)
    add_home(parser)
    parser.set_defaults(act=act)
    return parser


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def _hold(args: Namespace) -> int:
    from django.utils import timezone

    from staydown.vault.retention import holding
    from staydown.vault.retention.rules import HoldKind

    until = getattr(args, "until", None)
    kind = HoldKind.PRESERVATION if until else HoldKind.LEGAL
    row = holding.hold(case_of(args.case), kind, args.reason, staff_of(args.by), timezone.now(), until)
    print(f"Nothing of case {row.case.reference} is destroyed from now on. To end it: staydown retention lift {row.pk}")
    return 0


def _lift(args: Namespace) -> int:
    from django.utils import timezone

    from staydown.vault.retention import holding
    from staydown.vault.retention.models import Hold

    row: Hold = _found(Hold, args.id)
    holding.lift(row, args.reason, staff_of(args.by), timezone.now())
    print(f"Lifted. Case {row.case.reference} goes by the schedule again, unless another hold keeps it.")
    return 0


def _propose(args: Namespace) -> int:
    from django.utils import timezone

    from staydown.regimes.retention import Kept
    from staydown.vault.retention import actions

    row = actions.propose(case_of(args.case), Kept(args.what), args.reason, staff_of(args.by), timezone.now())
    print(f"Proposed. Another person agrees: staydown retention agree {row.pk} --by NAME")
    return 0


def _agree(args: Namespace) -> int:
    from django.utils import timezone

    from staydown.vault.retention import actions
    from staydown.vault.retention.models import Destruction

    row: Destruction = _found(Destruction, args.id)
    (actions.decline if args.decline else actions.agree)(row, staff_of(args.by), timezone.now())
    print("Declined." if args.decline else "Agreed. The worker destroys it now; `staydown retention list` shows it.")
    return 0


def _run(_args: Namespace) -> int:
    from staydown.vault.retention import tasks
    from staydown.vault.retention.models import Destruction
    from staydown.vault.retention.rules import DestructionState

    tasks.keep_schedule()
    under_way = Destruction.objects.filter(state__in=(DestructionState.AGREED, DestructionState.ERASED))
    for row in under_way.order_by("proposed_at"):
        tasks.destroy(str(row.pk))
        row.refresh_from_db()
        print(f"{row.what} of case {row.case.reference}: {row.state}")
    return 0


def _certificate(args: Namespace) -> int:
    from staydown.vault.retention import certificates
    from staydown.vault.retention.models import Destruction

    row: Destruction = _found(Destruction, args.id)
    said = certificates.certificate(row)
    try:
        with args.to.open("x", encoding="utf-8") as file:
            json.dump(said, file, indent=1, ensure_ascii=False)
    except OSError as error:
        raise of_files(error, args.to) from error
    print(f"Wrote {args.to}: {row.what} of case {row.case.reference}, destroyed {row.erased_at:%Y-%m-%d %H:%M} UTC.")
    return 0


def _found(kind: Any, text: str) -> Any:
    from django.core.exceptions import ValidationError

    try:
        found = kind.objects.select_related("case", "by").filter(pk=text).first()
    except ValidationError:
        found = None
    if found is None:
        raise Trouble(f"Nothing is called {text}. `staydown retention list` shows what there is.")
    return found
