"""Table 1.2 of the yearly report: the orders of Member States' authorities, by what they are about and where they come from.

An order that turned out to be an impostor's is none, and one that nobody could say of which admitted authority it is, or of
one outside the Union, is not a Member State's. Sources: Implementing Regulation (EU) 2024/2835, Annex I and II, 1.2.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import Kind, OrderState
from staydown.cases.models import Case
from staydown.regimes import places
from staydown.regimes.harms import Harm, Tri
from staydown.transparency import tables
from staydown.transparency.tables import HEAD, OF_CATEGORY, ORDERS, Number, Table
from staydown.transparency.vocabulary import Category, Keyword, category_of

EUROSTAT = {"GR": "EL"}  # Eurostat's two letters, where they are not ISO's
ALL = "All"


def received(start: datetime, end: datetime) -> list[AuthorityOrder]:
    """The orders of Member States' authorities that were delivered from `start` on and before `end`."""
    rows = AuthorityOrder.objects.filter(served_at__gte=start, served_at__lt=end)
    of_union = rows.filter(organisation__country__in=places.places().unions["EU"])
    return list(of_union.exclude(state=OrderState.IMPOSTOR).select_related("organisation", "report__case"))


def table(rows: Sequence[AuthorityOrder], head: tuple[str, str]) -> Table:
    """Of all, and of each Member State that ordered something: in all, and by category."""
    scopes = {"TOTAL": list(rows)} | {
        country: [each for each in rows if country_of(each) == country]
        for country in sorted({country_of(each) for each in rows})
    }
    found: list[tuple[Number, ...]] = []
    for scope, mine in scopes.items():
        found.append((ALL, *head, "TOTAL", "", scope, *_counted(mine)))
        for kind in _kinds():
            found.append(
                (ALL, *head, *tables.named(kind), scope, *_counted([each for each in mine if _kind(each) == kind]))
            )
    return Table("1-2-orders", (*HEAD, *OF_CATEGORY, "Scope", *ORDERS), tuple(found))


def country_of(row: AuthorityOrder) -> str:
    """The Member State of the authority, as Eurostat writes it."""
    country = row.organisation.country if row.organisation else ""
    return EUROSTAT.get(country, country)


def acknowledged(rows: Sequence[AuthorityOrder]) -> list[timedelta]:
    """From delivery to the word that it arrived, of those whose authority was told."""
    return [each.acknowledged_at - each.served_at for each in rows if each.acknowledged_at]


def effected(rows: Sequence[AuthorityOrder]) -> list[timedelta]:
    """From delivery to the effect. What an order for information had told is given by hand, and not known here."""
    return [each.effect_at - each.served_at for each in rows if each.effect_at and each.kind != Kind.INFORMATION]


def _counted(rows: Sequence[AuthorityOrder]) -> tuple[Number, ...]:
    act = [each for each in rows if each.kind == Kind.REMOVAL]
    tell = [each for each in rows if each.kind != Kind.REMOVAL]
    return (
        len(act),
        sum(each.named for each in act),
        tables.median_hours(acknowledged(act)),
        tables.median_hours(effected(act)),
        len(tell),
        tables.median_hours(acknowledged(tell)),
        tables.median_hours(effected(tell)),
    )


def _kinds() -> list[tuple[Category, Keyword | None]]:
    return [_of_order(each) for each in tables.categories()]


def said_of(row: AuthorityOrder) -> AuthorityOrder | Case:
    """Whose harm counts: the order's, or, where it says none, that of its case, as it turned out."""
    return row.report.case if row.report and row.harm == Harm.UNSPECIFIED else row


def _kind(row: AuthorityOrder) -> tuple[Category, Keyword | None]:
    said = said_of(row)
    return _of_order(category_of(Harm(said.harm), Tri(said.minor), synthetic=False))


def _of_order(kind: tuple[Category, Keyword | None]) -> tuple[Category, Keyword | None]:
    return (Category.NOT_SPECIFIED_ORDER, None) if kind[0] is Category.NOT_SPECIFIED else kind
