"""Publishing a year: its tables as they stand, and the few figures that anybody may see, without small numbers."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Max

from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import Kind
from staydown.journal.acting import action, note
from staydown.regimes.harms import Harm
from staydown.transparency import counting, ordered, tables
from staydown.transparency.models import Yearly
from staydown.transparency.vocabulary import Ground, Source
from staydown.transparency.year import Year

type Figures = dict[str, dict[str, int | float | None]]  # None: too small to be told


class NotOver(ValueError):
    """This year is not over: publish it in January or February of the next one (Regulation 2024/2835, art. 2)."""


@action
def publish(year: Year, by: str, now: datetime) -> Yearly:
    """Publish a year, or publish it anew as another version. Raises `NotOver`."""
    if now < year.span[1]:
        raise NotOver(NotOver.__doc__)
    before = Yearly.objects.filter(year=year.year).aggregate(last=Max("version"))["last"] or 0
    made = Yearly.objects.create(
        year=year.year,
        version=before + 1,
        made_at=now,
        figures=figures(year),
        tables={each.name: each.to_csv() for each in counting.report(year)},
    )
    note("transparency.published", about=made, by=by, now=now, year=year.year, version=made.version)
    return made


def figures(year: Year) -> Figures:
    """What the public page shows: counts of things that people did, each without numbers from 1 to 4."""
    own = [each for each in year.statements if each.source_type == Source.VOLUNTARY]
    answered = [each.answered - each.received_at for each in year.notices if each.answered]  # type: ignore[attr-defined]  # annotated
    by_law = sum(each.decision_ground == Ground.ILLEGAL for each in year.statements)
    outcomes = [each.outcome for each in year.complaints]
    return {
        "reports": {
            **tables.for_everybody({harm.value: sum(each.harm == harm for each in year.notices) for harm in Harm})
        },
        "hours": {"median": _median(answered)},
        "restrictions": {
            **tables.for_everybody({"law": by_law, "rules": len(year.statements) - by_law}),
            "own": tables.for_everybody({"own": len(own)})["own"],
        },
        "complaints": {**tables.for_everybody({name: outcomes.count(name) for name in ("upheld", "reversed", "")})},
        **_of_orders(year.orders),
    }


def _of_orders(rows: list[AuthorityOrder]) -> Figures:
    """Three ways to divide the orders, each without small numbers; medians where there are enough."""
    act = sum(each.kind == Kind.REMOVAL for each in rows)
    countries = Counter(each.organisation.country for each in rows if each.organisation)
    medians = {"acknowledged": ordered.acknowledged(rows), "effected": ordered.effected(rows)}
    return {
        "orders": {**tables.for_everybody({"act": act, "tell": len(rows) - act})},
        "order_hours": {name: _median(times) for name, times in medians.items()},
        "order_harms": {**tables.for_everybody({harm.value: n for harm in Harm if (n := _about(rows, harm))})},
        "order_countries": {**tables.for_everybody(dict(sorted(countries.items())))},
    }


def _about(rows: list[AuthorityOrder], harm: Harm) -> int:
    return sum(ordered.said_of(each).harm == harm for each in rows)


def _median(times: list[timedelta]) -> float | None:
    return float(tables.median_hours(times)) if len(times) >= tables.FEWEST else None
