"""What Staydown and Plaza remember, read from their own tables, and what the people's pages say."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.house import House


@dataclass(frozen=True, slots=True)
class Item:
    """A row of Staydown's items; `let_pass`: a person put it back, or allowed its upload."""

    row: str
    post: str
    state: str
    sequence: int
    labels: tuple[str, ...]
    let_pass: bool


@dataclass(frozen=True, slots=True)
class Order:
    id: str
    action: str
    item: str | None  # Staydown's row id
    check: str | None
    sequence: int
    state: str
    outcome: str
    label: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """`lines`: {item row id: ruling}; `answered`: how many reports of its case have its answer."""

    case: str
    state: str
    lines: Mapping[str, str]
    reports: int = 0
    answered: int = 0
    made: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    row: str
    state: str
    motif: str
    swept: bool


@dataclass(frozen=True, slots=True)
class Promise:
    task: str
    key: str | None
    ended: bool
    gave_up: bool

    @property
    def is_duty(self) -> bool:
        return (self.key or "").startswith("duty:")


@dataclass(frozen=True, slots=True)
class Staydown:
    """Staydown's rows, as far as the comparison needs them. `checks`: row id → (state, resolution, verdict)."""

    items: tuple[Item, ...] = ()
    orders: tuple[Order, ...] = ()
    decisions: tuple[Decision, ...] = ()
    entries: tuple[Entry, ...] = ()
    promises: tuple[Promise, ...] = ()
    checks: Mapping[str, tuple[str, str, str]] = None  # type: ignore[assignment]  # always given
    reports: tuple[str, ...] = ()
    journalled: frozenset[tuple[str, str]] = frozenset()  # act, what it is about
    ordered: tuple[str, ...] = ()  # the orders that journal entries name


@dataclass(frozen=True, slots=True)
class Post:
    id: str
    motif: str
    state: str
    sequence: int
    label: str | None
    check: str | None


@dataclass(frozen=True, slots=True)
class Applied:
    """A row of Plaza's own table of orders."""

    order: str
    action: str
    item: str | None  # Plaza's post id
    check: str | None
    sequence: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Plaza:
    posts: tuple[Post, ...] = ()
    applied: tuple[Applied, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a receipt opens: the answers and words on the follow-up page; None of both when it opens nothing."""

    status: int
    answers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def page(status: int, text: str) -> Page:
    """A follow-up page, read."""
    if status != 200 or 'data-step="received"' not in text:
        return Page(404)
    answers, words = (tuple(re.findall(rf"\b{kind} [0-9a-f]+", text)) for kind in ("answer", "words"))
    return Page(200, answers, words)


def _id(value: Any) -> str | None:
    """A UUID as both databases' drivers give it, without hyphens."""
    return str(value).replace("-", "") if value else None


def _labels(value: Any) -> tuple[str, ...]:
    return tuple(json.loads(value) if isinstance(value, str) else value)


def of_plaza(house: House) -> Plaza:
    """Plaza's posts and the orders it carried out."""
    posts = house.plaza_query("SELECT id, caption, state, sequence, label, check_id FROM posts")
    orders = house.plaza_query("SELECT order_id, type, item_id, check_id, sequence, outcome FROM orders")
    return Plaza(
        tuple(
            Post(post, caption.removeprefix("motif "), state, sequence, label, _id(check))
            for post, caption, state, sequence, label, check in posts
        ),
        tuple(Applied(str(_id(order)), kind, item, _id(check), *rest) for order, kind, item, check, *rest in orders),
    )


def of_staydown(house: House) -> Staydown:
    """Staydown's rows."""
    journal = house.query('SELECT act, about, facts FROM journal_entry WHERE about IS NOT NULL ORDER BY "index"')
    facts = [json.loads(said) if isinstance(said, str) else said for _, _, said in journal]
    checks = house.query("SELECT id, state, resolution, verdict FROM platforms_check")
    return Staydown(
        items=_items(house),
        orders=_orders(house),
        decisions=_decisions(house),
        entries=_entries(house),
        promises=_promises(house),
        checks={str(_id(row)): (state, resolution, verdict) for row, state, resolution, verdict in checks},
        reports=tuple(str(_id(row)) for (row,) in house.query("SELECT id FROM cases_report")),
        journalled=frozenset((act, str(_id(about))) for act, about, _ in journal),
        ordered=tuple(
            str(_id(said["order"]))
            for (act, _, _), said in zip(journal, facts, strict=True)
            if "order" in said and act.split(".")[0] in ("order", "account", "check")
        ),
    )


def _items(house: House) -> tuple[Item, ...]:
    rows = house.query(
        "SELECT item.id, item.external_id, item.state, item.sequence, item.labels, item.released_at, asked.resolution"
        " FROM platforms_item item LEFT JOIN platforms_check asked ON asked.id = item.check_row_id"
    )
    return tuple(
        Item(str(_id(row)), post, state, sequence, _labels(labels), bool(released) or resolution == "allow")
        for row, post, state, sequence, labels, released, resolution in rows
    )


def _orders(house: House) -> tuple[Order, ...]:
    rows = house.query(
        "SELECT id, action, item_id, check_row_id, sequence, state, outcome, label, written_at FROM platforms_order"
    )
    return tuple(
        Order(str(_id(order)), action, _id(item), _id(check), *rest, str(written))
        for order, action, item, check, *rest, written in rows
    )


def _decisions(house: House) -> tuple[Decision, ...]:
    lines: dict[str, dict[str, str]] = {}
    for decision, item, ruling in house.query("SELECT decision_id, item_id, ruling FROM cases_line"):
        lines.setdefault(str(_id(decision)), {})[str(_id(item))] = ruling
    answered = dict(house.query("SELECT decision_id, count(*) FROM cases_answer GROUP BY decision_id"))
    reports = dict(house.query("SELECT case_id, count(*) FROM cases_report GROUP BY case_id"))
    return tuple(
        Decision(
            str(_id(case)),
            state,
            lines.get(str(_id(decision)), {}),
            reports.get(case, 0),
            answered.get(decision, 0),
            str(made),
        )
        for decision, case, state, made in house.query("SELECT id, case_id, state, made_at FROM cases_decision")
    )


def _entries(house: House) -> tuple[Entry, ...]:
    """The bank, with the motif of the item whose media each entry is."""
    motifs = {post.id: post.motif for post in of_plaza(house).posts}
    rows = house.query(
        "SELECT entry.id, entry.state, item.external_id, entry.swept_at FROM banks_entry entry"
        " JOIN platforms_item item ON item.fingerprint_id = entry.fingerprint_id"
    )
    return tuple(Entry(str(_id(row)), state, motifs[post], bool(swept)) for row, state, post, swept in rows)


def _promises(house: House) -> tuple[Promise, ...]:
    rows = house.query("SELECT task, key, ended_at, gave_up FROM promises_promise")
    return tuple(Promise(task, key, bool(ended), bool(gave_up)) for task, key, ended, gave_up in rows)
