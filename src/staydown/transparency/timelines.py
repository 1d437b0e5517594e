"""The proof of a case's clocks: when each started, when it was due, what ended it; each moment an entry of the signed journal.

The file is a zip that checks itself (`python3 -I FILE`), for an authority or a court. It holds ids and codes, and no word that
anybody wrote. An authority's order has one of its own, which tells nothing else of its case.
"""

import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from django.db.models import Q

from staydown.authorities.actions import of_case
from staydown.authority_orders.models import AuthorityOrder
from staydown.cases import owing
from staydown.cases.models import Case
from staydown.journal import rules
from staydown.journal.models import Entry
from staydown.journal.proving import proven
from staydown.regimes.clocks import DECIDING, Deadline, owed
from staydown.transparency import order_clocks
from staydown.transparency.clock import Clock
from staydown.vault.whole_files import whole

FORMAT = "staydown timeline v1"
SENT = frozenset({"referral.sent", "referral.dismissed"})


class Nothing(ValueError):
    """The journal has no entry of this: it is older than the journal, or its entries were erased with its data."""


def write(case: Case, path: Path, now: datetime) -> list[Clock]:
    """Write a case's timeline to a new file; its clocks. Raises `Nothing`, `NotSigned`, FileExistsError and OSError."""
    entries = entries_of(case)
    found = clocks(case, entries, now)
    _write({"case": str(case.pk), "reference": case.reference, "made_at": now.isoformat()}, found, entries, path)
    return found


def write_order(order: AuthorityOrder, path: Path, now: datetime) -> list[Clock]:
    """As `write`, of one authority's order alone."""
    rows = Entry.objects.filter(about=order_clocks.about(order), salt__isnull=False)
    entries = list(rows.order_by("index"))
    found = order_clocks.of_order(order, entries, now)
    _write({"order": str(order.pk), "reference": order.reference, "made_at": now.isoformat()}, found, entries, path)
    return found


def _write(head: dict[str, str], found: list[Clock], entries: list[Entry], path: Path) -> None:
    if not entries:
        raise Nothing(Nothing.__doc__)
    said = {"format": FORMAT, **head, "clocks": [asdict(each) for each in found], "journal": proven(entries)}
    with whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("__main__.py", (files("staydown.transparency") / "data" / "timeline.py").read_bytes())
        made.writestr("package.py", (files("staydown.vault.evidence") / "data" / "verify.py").read_bytes())
        made.writestr("timeline.json", json.dumps(said, indent=1, ensure_ascii=False))


def entries_of(case: Case) -> list[Entry]:
    """The journal's entries about a case, its reports, decisions, orders and referrals, in order; without erased ones."""
    about = [f"cases.case:{case.pk}"]
    about += [f"cases.report:{each}" for each in case.reports.values_list("pk", flat=True)]
    about += [f"cases.decision:{each}" for each in case.decisions.values_list("pk", flat=True)]
    about += [f"authorities.referral:{each.pk}" for each in of_case(case)]
    about += [order_clocks.about(each) for each in orders_of(case)]
    rows = Entry.objects.filter(Q(about__in=about) | Q(facts__case=str(case.pk)), salt__isnull=False)
    return list(rows.order_by("index"))


def orders_of(case: Case) -> list[AuthorityOrder]:
    """The authorities' orders that concern a case, in the order of their service."""
    return list(
        AuthorityOrder.objects.filter(report__case=case).select_related("organisation").order_by("served_at", "pk")
    )


def clocks(case: Case, entries: list[Entry], now: datetime) -> list[Clock]:
    """Of each report the clocks by which a person must have decided; of each referral the one by which it is sent; of each
    authority's order its own: it is no notice.
    """
    found = [each for order in orders_of(case) for each in order_clocks.of_order(order, entries, now)]
    for report in case.reports.filter(authority_order=None).order_by("received_at"):
        start = next(
            (e for e in entries if e.act == "report.received" and e.about == f"cases.report:{report.pk}"), None
        )
        if start is None:
            continue
        end = next((e for e in entries if e.act == "case.decided" and e.index > start.index), None)
        deadlines = owed(owing.facts(report), start.at).deadlines
        found += [_clock(one, start, end) for one in deadlines if one.duty.owes in DECIDING]
    return found + _of_referrals(case, entries)


def _of_referrals(case: Case, entries: list[Entry]) -> list[Clock]:
    found = []
    for referral in of_case(case):
        about = f"authorities.referral:{referral.pk}"
        start = next((e for e in entries if e.about == about and e.act == "referral.prepared"), None)
        end = next((e for e in entries if e.about == about and e.act in SENT), None)
        if start and referral.law and referral.due_at:
            law = referral.law
            ends = (rules.moment(end.at), end.index) if end else ("", -1)
            due = rules.moment(referral.due_at)
            found.append(Clock(law.id, law.law, law.article, rules.moment(start.at), start.index, due, *ends))
    return found


def _clock(one: Deadline, start: Entry, end: Entry | None) -> Clock:
    ends = (rules.moment(end.at), end.index) if end else ("", -1)
    due = rules.moment(one.at)
    return Clock(one.duty.id, one.duty.law, one.duty.article, rules.moment(start.at), start.index, due, *ends)
