"""staydown recognition calibrate: what your own people's decisions say of the network's numbers. It looks at no picture."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from staydown.commands.setup import add_home, django
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble

if TYPE_CHECKING:
    from staydown.recognition.calibrating import Decided

HELP = "what decisions say of the numbers of recognition"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="calibrate")
    calibrate = verbs.add_parser("calibrate", help="compare the numbers that were kept with what people decided")
    add_home(calibrate)
    calibrate.add_argument(
        "--precision",
        type=float,
        default=0.5,
        metavar="SHARE",
        help="part of what is stopped that should be right (0.5)",
    )


def run(args: Namespace) -> int:
    """Print what each threshold would have done, the advice, and whether the numbers have changed."""
    if not 0 < args.precision < 1:
        raise Trouble("A precision lies between 0 and 1: give --precision 0.5, for example.")
    django(args.home, Program.WORKER)
    from staydown.banks import recognising

    print("\n".join(lines(recognising.decided(), args.precision)))
    return 0


def lines(decided: "list[Decided]", precision: float) -> list[str]:
    """What is printed."""
    from staydown.recognition import calibrating

    if not decided:
        return ["Nobody has decided on an upload that a policy of recognition held. There is nothing to compare yet."]
    blocked = sum(each.blocked for each in decided)
    said = [f"{len(decided)} uploads were decided on: {blocked} not to be published, {len(decided) - blocked} to be."]
    said.append("Nothing is known of what lies below your policy's first step.")
    said.append("from   found  wrongly  right of those over it (95 %)    over it")
    said += [
        f"{each.threshold:.2f}  {each.found:6.0%}  {each.wrongly:7.0%}  {each.precision:6.0%}  "
        f"({each.low:.0%} to {each.high:.0%})  {each.over:>10}"
        for each in calibrating.points(decided)
        if each.over
    ]
    area = calibrating.area(decided)
    said += [f"Area under the curve: {area:.2f} (0.5 is chance)."] if area is not None else []
    threshold = calibrating.advice(decided, precision)
    said.append(
        f"To be right in at least {precision:.0%} of cases: from {threshold:.2f} on."
        if threshold is not None
        else f"No threshold is surely right in {precision:.0%} of cases, or fewer than {calibrating.ENOUGH} were decided on."
    )
    if calibrating.drifts(decided):
        said.append("The newer numbers are of another kind than the older ones: look at what is uploaded now.")
    return said
