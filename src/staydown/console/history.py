"""What was done in a case, as the journal has it."""

import re
from dataclasses import dataclass
from datetime import datetime

from staydown.cases import seeing
from staydown.cases.models import Case
from staydown.journal.models import Entry as JournalEntry
from staydown.people.models import Staff
from staydown.platforms.models import Item, Order

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the journal, with the name of who did it."""

    at: datetime
    act: str
    who: str


def of(case: Case, items: list[Item], staff: Staff) -> list[Act]:
    """The acts about this case and its items, as the journal has them, without those of a case she must not know of."""
    about = [f"cases.case:{case.pk}"] + [f"platforms.item:{item.pk}" for item in items]
    about += [f"cases.report:{report.pk}" for report in case.reports.all()]
    about += [f"cases.decision:{decision.pk}" for decision in case.decisions.all()]
    about += [f"banks.entry:{entry.pk}" for entry in case.entries.all()]
    about += [f"banks.allowance:{made.pk}" for made in case.allowances.all()]
    about += [f"platforms.check:{check.pk}" for check in case.checks.all()]
    about += [f"retention.hold:{hold.pk}" for hold in case.holds.all()]
    about += [f"retention.destruction:{row.pk}" for row in case.destructions.all()]
    entries = list(JournalEntry.objects.filter(about__in=about).order_by("index")[:500])
    hers = _may_know(entries, staff)
    names = {staff.journal_name: staff.username for staff in Staff.objects.all()}
    return [Act(entry.at, entry.act, names.get(entry.actor or "", entry.actor or "")) for entry in hers]


def _may_know(entries: list[JournalEntry], staff: Staff) -> list[JournalEntry]:
    """Without the acts that a case she must not know of made follow: about the same posts, or naming it."""
    unknown = seeing.unknown(staff)
    named = {value for entry in entries for value in (entry.facts or {}).values() if isinstance(value, str)}
    ids = [each for each in named if _ID.fullmatch(each)]
    barred = {str(pk) for pk in unknown.filter(pk__in=ids).values_list("pk", flat=True)}
    if not staff.may_see_child_safety():
        ordered = Order.objects.filter(seeing.may_be_childs("case__"), pk__in=ids)
        barred |= {str(pk) for pk in ordered.values_list("pk", flat=True)}
    return [entry for entry in entries if barred.isdisjoint(map(str, (entry.facts or {}).values()))]
