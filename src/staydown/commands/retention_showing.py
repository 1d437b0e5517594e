"""The half of `staydown retention` that changes nothing: what is due to go and why, what is held, what was destroyed."""

from argparse import Namespace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from staydown.commands.evidence_releasing import case_of

if TYPE_CHECKING:
    from staydown.vault.retention.models import Hold
    from staydown.vault.retention.orders import OrderLine
    from staydown.vault.retention.plans import Line


def plan(args: Namespace) -> int:
    """`plan`: what is due to go, and why."""
    from django.utils import timezone

    from staydown.vault.retention import orders, plans
    from staydown.vault.retention.plans import Standing

    now, counts = timezone.now(), dict.fromkeys(Standing, 0)
    lines: chain[Line | OrderLine] = chain(plans.plan(), orders.plan())
    for line in lines:
        standing = line.standing(now)
        counts[standing] += 1
        if args.all or standing in (Standing.DUE, Standing.CONFLICT):
            print(f"{standing.value:8} {line.named}: {_why(line)}")
    print(
        f"\n{counts[Standing.DUE]} due, {counts[Standing.CONFLICT]} for a person to decide, "
        f"{counts[Standing.HELD]} held, {counts[Standing.KEPT]} kept."
    )
    return 0


def _why(line: "Line | OrderLine") -> str:
    """The dates, the rules and what they ask for."""
    said = []
    if keep := line.schedule.keep_until:
        said.append(f"keep until {keep.at:%Y-%m-%d} ({keep.rule.id})")
    if gone := line.schedule.gone_by:
        said.append(f"by {gone.at:%Y-%m-%d} ({gone.rule.id}): {gone.rule.then}")
    return "; ".join(said)


def listing(args: Namespace) -> int:
    """`list`: what is held, and what was or will be destroyed."""
    from django.utils import timezone

    from staydown.vault import opening
    from staydown.vault.retention.models import Destruction, Hold

    of = {"case": case_of(args.case)} if args.case else {}
    for hold in Hold.objects.filter(**of).select_related("case", "by").order_by("set_at"):
        print(
            f"{hold.pk} case {hold.case.reference}: {hold.kind}, {_standing(hold, timezone.now())}, {hold.by.username}"
        )
        print(f"  {opening.read(hold.reason_sealed)}")
    for row in Destruction.objects.filter(**of).select_related("case", "by", "second_by").order_by("proposed_at"):
        people = ", ".join(each.username for each in (row.by, row.second_by) if each) or "the timer"
        print(
            f"{row.pk} case {row.case.reference}: {row.what} {row.state}, {people}{f' ({row.rule})' if row.rule else ''}"
        )
        if row.reason_sealed:
            print(f"  {opening.read(row.reason_sealed)}")
    return 0


def _standing(hold: "Hold", now: datetime) -> str:
    if hold.lifted_at:
        return f"lifted {hold.lifted_at:%Y-%m-%d}"
    if hold.until is None:
        return "runs until it is lifted"
    return f"{'ran' if hold.until <= now else 'runs'} until {hold.until:%Y-%m-%d}"
