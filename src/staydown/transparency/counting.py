"""Counting a year for the yearly report (EU law, art. 15, 24; Implementing Regulation (EU) 2024/2835): from the first day.

Nothing is written down for it: what is counted are the rows themselves, which retention keeps without their words.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from staydown.cases.models import Caution, Complaint, Report, Statement
from staydown.cases.rules import Step
from staydown.cases.severity import flags_of
from staydown.platforms.models import Order
from staydown.platforms.rules import Action
from staydown.regimes.harms import Capacity, Flag, Harm, Tri
from staydown.transparency import ordered, tables
from staydown.transparency.tables import HEAD, INDICATORS, NOTICES, OF_CATEGORY, OWN, RESTRICTIONS, Number, Table
from staydown.transparency.vocabulary import Automated, Category, Ground, Keyword, Source, category_of
from staydown.transparency.year import Year

ALL, HOSTING, ONLINE = (
    "All",
    "Only for providers of hosting services, including online platforms",
    "Only for providers of online platforms",
)
COMPLAINTS, MACHINES = "Internal complaints mechanism", "Use of automated means for content moderation"
VISIBILITY = "Complaint regarding a decision to remove or disable access to or restrict visibility of information"
NO_ACTION = (
    "Complaint regarding a decision not to take action on a notice submitted in accordance with Article 16",
    "Complaint regarding a decision not to take action on a notice submitted by a Trusted Flagger in accordance with"
    " Article 16",
)
IN_PART = "Decisions that were reversed in part are counted as reversed."
type Kind = tuple[Category, Keyword | None]


def report(year: Year) -> tuple[Table, ...]:
    """The tables that this deployment can count. Those of staff and users (1.7, 1.8) it cannot."""
    return (
        ordered.table(year.orders, year.head),
        notices(year),
        own_initiative(year, Ground.ILLEGAL),
        own_initiative(year, Ground.INCOMPATIBLE),
        complaints(year),
        machines(year),
        identification(year),
    )


def identification(year: Year) -> Table:
    """Table 1.1; the provider's name and the days of publication are for whoever publishes it."""
    first, last = f"{year.year}-01-01", f"{year.year}-12-31"
    rows = (
        ("Name of the service provider", ""),
        ("Date of the publication of the report", ""),
        ("Date of the publication of the latest previous report", ""),
        ("Starting date of reporting period", first),
        ("Ending date of reporting period", last),
    )
    columns = ("Applicability", "Service", "Indicator", "Value")
    return Table("1-1-identification", columns, tuple((ALL, year.service, *row) for row in rows))


def notices(year: Year) -> Table:
    """Table 1.3."""
    rows = [(HOSTING, *year.head, "TOTAL", "", *_of_notices(year.notices, year.statements))]
    for kind in tables.categories():
        mine = [each for each in year.notices if _kind(each) == kind]
        acts = [each for each in year.statements if _kind(each) == kind]
        rows.append((HOSTING, *year.head, *tables.named(kind), *_of_notices(mine, acts)))
    return Table("1-3-notices", (*HEAD, *OF_CATEGORY, *NOTICES), tuple(rows))


def own_initiative(year: Year, ground: Ground) -> Table:
    """Tables 1.4: what nobody had reported, such as copies of what must stay down; by the law, or by the platform's rules."""
    own = [each for each in year.statements if each.source_type == Source.VOLUNTARY and each.decision_ground == ground]
    rows = [(ALL, *year.head, "TOTAL", "", *_of_measures(own))]
    for kind in tables.categories():
        rows.append(
            (ALL, *year.head, *tables.named(kind), *_of_measures([each for each in own if _kind(each) == kind]))
        )
    name = "1-4-own-initiative-law" if ground is Ground.ILLEGAL else "1-4-own-initiative-rules"
    return Table(name, (*HEAD, *OF_CATEGORY, *OWN, *RESTRICTIONS), tuple(rows))


def complaints(year: Year) -> Table:
    """Table 1.5, without the out-of-court bodies, of which nobody tells this software."""
    every = "Number of complaints submitted to the internal-complaints mechanism"
    by_uploaders = [each for each in year.complaints if each.item_id]
    ignored = [each for each in year.complaints if each.report and not each.decision.statements.all()]
    flaggers = [each for each in ignored if each.report and each.report.capacity == Capacity.TRUSTED_FLAGGER]
    rows = _of_complaints(every, year.complaints) + _of_complaints(VISIBILITY, by_uploaders)
    rows += _of_complaints(NO_ACTION[0], [each for each in ignored if each not in flaggers])
    rows += _of_complaints(NO_ACTION[1], flaggers)
    newly = [each for each in year.complaints if each.report and each.settled_by and each.outcome == "reversed"]
    rows.append((COMPLAINTS, "Number of restrictions newly imposed as a result of an internal complaint", "Total number",
                 len(newly), "Complaints upon which something was restricted that had been left up."))  # fmt: skip
    section, total = "Suspensions imposed on repeated offenders", "Total number"
    start, end = year.span
    told = "Number of suspensions enacted for the provision of manifestly"
    ended = Order.objects.filter(action__in=[Action.SUSPEND, Action.END], written_at__gte=start, written_at__lt=end)
    slowed = Caution.objects.filter(step=Step.SLOWED, at__gte=start, at__lt=end)
    rows += [
        (section, f"{told} illegal content", total, ended.count(), "Accounts suspended or ended by a person."),
        (section, f"{told} unfounded notices", total, slowed.count(), "Looked at later; nobody is silenced."),
        (section, f"{told} unfounded complaints", total, 0, ""),
    ]
    return _indicators("1-5-complaints", year, ONLINE, rows)


def machines(year: Year) -> Table:
    """Table 1.6. A machine decides nothing here; what it detects alone is in 1.4. Accuracy is not measured per year."""
    alone = [each for each in year.statements if each.automated_decision == Automated.FULLY]
    own = [each for each in year.statements if each.source_type == Source.VOLUNTARY]
    told = ("Number of measures solely taken by automated means", "Number of measures not taken by automated means")
    flagged = [each for each in year.notices if each.capacity == Capacity.TRUSTED_FLAGGER]
    rows: list[tuple[Number, ...]] = []
    for scope, every in (("Total number", year.statements), ("Own-initiative", own)):
        by_machine = sum(each in alone for each in every)
        rows += [(MACHINES, told[0], scope, by_machine, ""), (MACHINES, told[1], scope, len(every) - by_machine, "")]
    for scope, count in (("NAM Total", len(year.notices)), ("NAM Trusted Flagger", len(flagged))):
        rows += [
            (MACHINES, "Number of notices solely processed by automated means", scope, 0, "A person answers each."),
            (MACHINES, "Number of notices not processed by automated means", scope, count, ""),
        ]
    return _indicators("1-6-automated-means", year, ALL, rows)


def _of_notices(rows: Sequence[Report], acts: Sequence[Statement]) -> tuple[Number, ...]:
    flagged = [each for each in rows if each.capacity == Capacity.TRUSTED_FLAGGER]
    return (
        len(rows),
        len(flagged),
        sum(len(each.subjects.all()) for each in rows),
        sum(len(each.subjects.all()) for each in flagged),
        tables.median_hours(_times(rows)),
        tables.median_hours(_times(flagged)),
        *(
            sum(each.decision_ground == ground and each.source_type in sources for each in acts)
            for ground in (Ground.ILLEGAL, Ground.INCOMPATIBLE)
            for sources in ((Source.NOTICE, Source.TRUSTED_FLAGGER), (Source.TRUSTED_FLAGGER,))
        ),
    )


def _times(rows: Iterable[Report]) -> list[timedelta]:
    """From receipt to the first answer, of those that were answered."""
    return [each.answered - each.received_at for each in rows if each.answered]  # type: ignore[attr-defined]  # annotated


def _of_measures(rows: Sequence[Statement]) -> tuple[Number, ...]:
    by_machine = sum(each.automated_detection for each in rows)
    return (len(rows), by_machine, *(sum(_is(each, word) for each in rows) for word in RESTRICTIONS.values()))


def _is(row: Statement, word: str) -> bool:
    whole = word in row.decision_visibility or word == row.decision_account
    return bool(word) and (whole or row.decision_provision.endswith(f"_{word}"))


def _of_complaints(indicator: str, rows: Sequence[Complaint]) -> list[tuple[Number, ...]]:
    times = [each.settled_at - each.at for each in rows if each.settled_at]
    found = tables.complaints_of([each.outcome for each in rows], times)
    return [
        (COMPLAINTS, indicator, scope, value, IN_PART if scope == "Decisions reversed" else "")
        for scope, value in found.items()
    ]


def _indicators(name: str, year: Year, applies: str, rows: Iterable[tuple[Number, ...]]) -> Table:
    return Table(name, (*HEAD, *INDICATORS), tuple((applies, *year.head, *row) for row in rows))


def _kind(row: Report | Statement) -> Kind:
    return category_of(Harm(row.harm), Tri(row.minor), synthetic=Flag.SYNTHETIC in flags_of(row.flags))
