"""The comparison bites: from a world in which nothing is missing, each planted loss is found, and named."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from tests.crashes import comparing
from tests.crashes.book import Book, Decided, Told
from tests.crashes.reading import (
    Applied,
    Decision,
    Entry,
    Item,
    Order,
    Page,
    Plaza,
    Post,
    Promise,
    Staydown,
    page,
)


@dataclass
class World:
    """Post `a` was reported, held and removed, `b` held as its copy and put back, `c` never reported; `d` an upload."""

    book: Book
    staydown: Staydown
    plaza: Plaza
    pages: dict[str, Page] = field(default_factory=dict)

    def losses(self) -> list[str]:
        return comparing.everything(self.book, self.staydown, self.plaza, self.pages)

    def here(self, **changed: object) -> None:
        self.staydown = replace(self.staydown, **changed)  # type: ignore[arg-type]  # tests name the fields

    def there(self, **changed: object) -> None:
        self.plaza = replace(self.plaza, **changed)  # type: ignore[arg-type]  # tests name the fields


def whole() -> World:
    given = [
        ("o1", "order.hold", "a", 1),
        ("o2", "order.remove", "a", 2),
        ("o3", "order.hold", "b", 1),
        ("o4", "order.release", "b", 2),
        ("o5", "order.label", "b", 3),
    ]
    orders = [Order(id_, act, f"row{item}", None, number, "confirmed", "applied") for id_, act, item, number in given]
    applied = [Applied(id_, act, item, None, number, "applied") for id_, act, item, number in given]
    orders.append(Order("o6", "check.resolved", None, "check-d", 1, "confirmed", "applied"))
    applied.append(Applied("o6", "check.resolved", None, "check-d", 1, "applied"))
    journalled = {("report.received", "cases.report:r1"), ("case.decided", "cases.case:k1")}
    staydown = Staydown(
        items=(
            Item("rowa", "a", "removed", 2, (), False),
            Item("rowb", "b", "up", 3, ("sensitive",), True),
            Item("rowc", "c", "up", 0, (), False),
        ),
        orders=tuple(orders),
        decisions=(Decision("k1", "made", {"rowa": "remove"}, 1, 1),),
        entries=(Entry("e1", "blocking", "7", True),),
        promises=(Promise("deliver", "deliver:o1", True, False), Promise("watch", "duty:watch", False, False)),
        checks={"check-d": ("resolved", "block", "hold"), "checkd": ("resolved", "block", "hold")},
        reports=("r1",),
        journalled=frozenset(journalled),
        ordered=tuple(order.id for order in orders),
    )
    posts = (
        Post("a", "7", "removed", 2, None, None),
        Post("b", "7", "up", 2, "sensitive", None),
        Post("c", "8", "up", 0, None, None),
        Post("d", "7", "refused", 0, None, "check-d"),
    )
    book = Book(
        posts={"a": "7", "b": "7", "c": "8"},
        reports=[Told("AAAA", ("a",), "words 1")],
        added=[("AAAA", "words 2")],
        decisions=[Decided("k-1", {"row-a": "remove"}, "answer 1")],
        seconded={"k-1"},
        copies={"row-b": "release"},
        uploads={"check-d": "block"},
        raised={"e-1"},
    )
    pages = {"AAAA": Page(200, ("answer 1",), ("words 1", "words 2"))}
    return World(book, staydown, Plaza(posts, tuple(applied)), pages)


def changed[T](rows: tuple[T, ...], number: int, **facts: object) -> tuple[T, ...]:
    """The rows, one of them changed."""
    return (*rows[:number], replace(rows[number], **facts), *rows[number + 1 :])  # type: ignore[type-var]  # dataclasses


def without[T](rows: tuple[T, ...], number: int) -> tuple[T, ...]:
    return rows[:number] + rows[number + 1 :]


# What is planted, and how it is named.
LOSSES: list[tuple[str, Callable[[World], object]]] = [
    ("report lost: receipt AAAA", lambda w: w.pages.update(AAAA=Page(404))),
    ("report lost: receipt AAAA", lambda w: w.pages.clear()),
    ("1 reports were acknowledged, 0 are remembered", lambda w: w.here(reports=())),
    ("1 reports were acknowledged, 2 are remembered", lambda w: w.here(reports=("r1", "r1-again"))),
    ("two reports got the same receipt", lambda w: w.book.reports.append(Told("AAAA", ("c",), ""))),
    ("words lost: 'words 1'", lambda w: w.pages.update(AAAA=Page(200, ("answer 1",), ("words 2",)))),
    ("words lost: 'words 2'", lambda w: w.pages.update(AAAA=Page(200, ("answer 1",), ("words 1",)))),
    ("decision lost: answer 1", lambda w: w.here(decisions=())),
    ("decision differs", lambda w: w.here(decisions=changed(w.staydown.decisions, 0, lines={"rowa": "keep"}))),
    ("decision differs", lambda w: w.here(decisions=changed(w.staydown.decisions, 0, lines={}))),
    ("second person's word lost", lambda w: w.here(decisions=changed(w.staydown.decisions, 0, state="proposed"))),
    ("second person's word lost", lambda w: w.here(decisions=())),
    ("answer lost: 1 read it, 1 were answered, 2", lambda w: _decision(w, reports=2)),
    ("answer lost: 1 read it, 0 were answered", lambda w: _decision(w, answered=0)),
    ("answer lost: 0 read it", lambda w: w.pages.update(AAAA=Page(200, (), ("words 1", "words 2")))),
    ("item rowa was to be removed", lambda w: w.here(orders=without(w.staydown.orders, 1))),
    ("item rowb was to be put back", lambda w: _never_put_back(w)),
    ("post lost: c", lambda w: w.there(posts=without(w.plaza.posts, 2))),
    ("post lost: c", lambda w: w.here(items=without(w.staydown.items, 2))),
    ("word on a copy lost: item rowb", lambda w: w.here(orders=without(w.staydown.orders, 3))),
    ("word on a held upload lost", lambda w: w.here(checks={"checkd": ("pending", "", "hold")})),
    ("word on a held upload lost", lambda w: w.here(checks={})),
    ("word on an entry lost", lambda w: w.here(entries=changed(w.staydown.entries, 0, state="holding"))),
    ("order not delivered: order.hold o1 is due", lambda w: _order(w, 0, state="due")),
    ("order not delivered: order.hold o1 is failing", lambda w: _order(w, 0, state="failing")),
    ("order confirmed, but never carried out: order.hold o1", lambda w: w.there(applied=without(w.plaza.applied, 0))),
    ("order dropped without a later one: order.remove o2", lambda w: _dropped(w, 1)),
    ("order carried out as another one: order.hold o1", lambda w: _applied(w, 0, action="order.remove")),
    ("order carried out as another one: order.hold o1", lambda w: _applied(w, 0, item="c")),
    ("order o1 became superseded on Plaza, applied here", lambda w: _applied(w, 0, outcome="superseded")),
    ("Plaza wrote an order down twice", lambda w: w.there(applied=(*w.plaza.applied, w.plaza.applied[0]))),
    ("Plaza carried out an order nobody gave: o0", lambda w: _stray(w)),
    ("two orders of one number were applied to a", lambda w: _applied(w, 1, sequence=1)),
    ("post a is held (2) after order.remove", lambda w: _post(w, 0, state="held")),
    ("post c has applied order 1, which is not written down", lambda w: _post(w, 2, sequence=1)),
    ("order lost: item a is at 2", lambda w: w.here(orders=without(w.staydown.orders, 0))),
    ("order lost: item c is at 1", lambda w: _item(w, 2, sequence=1)),
    ("Plaza has no post c", lambda w: w.there(posts=without(w.plaza.posts, 2))),
    ("post c is up on Plaza, held here", lambda w: _item(w, 2, state="held")),
    ("post b is labelled None on Plaza", lambda w: _post(w, 1, label=None)),
    ("post c is up on Plaza, unknown here", lambda w: w.here(items=without(w.staydown.items, 2))),
    ("post d is waiting on Plaza, unknown here", lambda w: _post(w, 3, state="waiting")),
    ("upload d is checking on Plaza", lambda w: _post(w, 3, state="checking")),
    ("upload d is refused on Plaza", lambda w: w.here(checks={"checkd": ("resolved", "block", "hold")})),
    ("entry e1 was never swept", lambda w: w.here(entries=changed(w.staydown.entries, 0, swept=False))),
    ("decided down, but not banked: item rowa", lambda w: w.here(entries=())),
    ("a copy is up: post b", lambda w: _item(w, 1, let_pass=False)),
    ("promise given up: deliver", lambda w: w.here(promises=changed(w.staydown.promises, 0, gave_up=True))),
    ("promise not kept: deliver", lambda w: w.here(promises=changed(w.staydown.promises, 0, ended=False))),
    ("no duty is owed any more", lambda w: w.here(promises=without(w.staydown.promises, 1))),
    ("journal entry lost: report r1", lambda w: w.here(journalled=frozenset())),
    ("journal entry lost: decision of case k1", lambda w: w.here(journalled=frozenset())),
    ("journal entry lost: order o2", lambda w: w.here(ordered=without(w.staydown.ordered, 1))),
    ("journalled, but no such order: o9", lambda w: w.here(ordered=(*w.staydown.ordered, "o9"))),
    ("the same form, sent twice", lambda w: w.book.troubles.append("the same form, sent twice, gave two receipts")),
]


def _decision(world: World, **facts: object) -> None:
    world.here(decisions=changed(world.staydown.decisions, 0, **facts))


def _order(world: World, number: int, **facts: object) -> None:
    world.here(orders=changed(world.staydown.orders, number, **facts))


def _item(world: World, number: int, **facts: object) -> None:
    world.here(items=changed(world.staydown.items, number, **facts))


def _post(world: World, number: int, **facts: object) -> None:
    world.there(posts=changed(world.plaza.posts, number, **facts))


def _applied(world: World, number: int, **facts: object) -> None:
    world.there(applied=changed(world.plaza.applied, number, **facts))


def _dropped(world: World, number: int) -> None:
    _order(world, number, state="superseded", outcome="")
    world.there(applied=without(world.plaza.applied, number))


def _stray(world: World) -> None:
    world.there(applied=(*world.plaza.applied, Applied("o0", "order.hold", "c", None, 1, "superseded")))


def _never_put_back(world: World) -> None:
    world.here(
        decisions=(*world.staydown.decisions, Decision("k2", "made", {"rowb": "keep"})),
        orders=without(world.staydown.orders, 3),
    )


def test_nothing_is_missing_where_nothing_was_lost():
    assert whole().losses() == []


@pytest.mark.parametrize(("named", "plant"), LOSSES, ids=[named for named, _ in LOSSES])
def test_a_planted_loss_is_found(named: str, plant: Callable[[World], object]):
    world = whole()
    plant(world)
    assert any(named in loss for loss in world.losses()), world.losses()


def test_an_order_that_a_later_one_made_pointless_is_not_missed():
    world = whole()
    _dropped(world, 0)
    assert world.losses() == []


def test_a_receipt_that_opens_nothing_is_no_page():
    opened = page(200, '<li data-step="received">… <p>answer 1f</p><blockquote>words a0</blockquote>')
    assert opened == Page(200, ("answer 1f",), ("words a0",))
    assert page(422, "No report opens with this code.").status == page(200, "an empty page").status == 404
