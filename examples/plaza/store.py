"""What Plaza remembers: one SQLite file, and one file for each picture. Every change is one durable transaction."""

import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

VISIBLE = "state = 'up' AND account NOT IN (SELECT name FROM accounts WHERE standing = 'ended')"
KEPT = timedelta(days=30)  # how long a picture stays, as evidence, after its post was refused, removed or deleted
CLAIM_SECONDS = 30  # longer than one post takes; what a killed process had claimed is free again by then

# What an order is about: its table, its row, and whether the order is news to it. The last applied sequence decides.
ITEM = ("posts", "id = :item_id AND state NOT IN ('deleting', 'gone')", "sequence < :sequence")
LABEL = ("posts", ITEM[1], "label_sequence < :sequence")  # apart: a label that overtakes a hold must not undo it
CHECK = ("posts", "check_id = :check_id AND state NOT IN ('deleting', 'gone')", "state = 'checking'")
ACCOUNT = ("accounts", "name = :account_id", "sequence < :sequence")
ORDERS = {
    "order.hold": (ITEM, "sequence = :sequence, state = 'held', state_since = :now"),
    "order.release": (ITEM, "sequence = :sequence, state = 'up', state_since = :now"),
    "order.remove": (ITEM, "sequence = :sequence, state = 'removed', state_since = :now"),
    "order.restore": (ITEM, "sequence = :sequence, state = 'up', state_since = :now"),
    "order.label": (LABEL, "label_sequence = :sequence, label = :label"),
    "order.unlabel": (LABEL, "label_sequence = :sequence, label = NULL"),
    "account.restrict": (ACCOUNT, "sequence = :sequence, standing = 'restricted'"),
    "account.suspend": (ACCOUNT, "sequence = :sequence, standing = 'suspended'"),
    "account.reinstate": (ACCOUNT, "sequence = :sequence, standing = 'good'"),
    "account.end": (ACCOUNT, "sequence = :sequence, standing = 'ended'"),
    "check.resolved/allow": (CHECK, "state = 'cleared', state_since = :now, label = COALESCE(:label, label)"),
    "check.resolved/block": (CHECK, "state = 'refused', state_since = :now"),
}
FACTS = ("order_id", "item_id", "account_id", "check_id", "label")


type Post = sqlite3.Row  # the columns of schema.sql


class Store:
    def __init__(self, folder: Path) -> None:
        self.pictures, self._file = folder / "pictures", folder / "plaza.sqlite3"
        self.pictures.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=20)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript((Path(__file__).parent / "schema.sql").read_text(encoding="utf-8"))
        self.change("INSERT OR IGNORE INTO secrets VALUES ('session', ?)", secrets.token_hex(32))
        self.session_key = str(self.rows("SELECT value FROM secrets WHERE name = 'session'")[0]["value"])

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=20, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            db.executescript("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; BEGIN IMMEDIATE")
            with db:  # commits, or rolls back if the block raises
                yield db

    def change(self, sql: str, *values: Any) -> bool:
        """Run one statement; whether it changed a row says whether it was ours to change."""
        with self.transaction() as db:
            return db.execute(sql, values).rowcount > 0

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(self._file, timeout=20)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(sql, values).fetchall()

    def posts(self, where: str, *values: Any) -> list[Post]:
        return self.rows(f"SELECT * FROM posts WHERE {where} ORDER BY posted_at DESC LIMIT 200", *values)  # noqa: S608

    def standing(self, account: str) -> str:
        found = self.rows("SELECT standing FROM accounts WHERE name = ?", account)
        return str(found[0]["standing"]) if found else "unknown"

    def new_post(self, account: str, caption: str, picture: bytes, media_type: str) -> str:
        """Keep the picture, then the row: whenever the machine stops, a row has its picture."""
        post_id, now = secrets.token_hex(8), _now()
        with (self.pictures / post_id).open("xb") as file:
            file.write(picture)
            file.flush()
            os.fsync(file.fileno())
        sql = "INSERT INTO posts (id, account, caption, media_type, posted_at, state_since) VALUES (?, ?, ?, ?, ?, ?)"
        self.change(sql, post_id, account, caption, media_type, now, now)
        return post_id

    def claim(self, post_id: str) -> bool:
        """Whether this thread, and no other, may talk to Staydown about the post now."""
        free, now = "UPDATE posts SET claimed_at = ? WHERE id = ? AND claimed_at < ?", time.time()
        return self.change(free, now, post_id, now - CLAIM_SECONDS)

    def unclaim(self, post_id: str) -> None:
        self.change("UPDATE posts SET claimed_at = 0 WHERE id = ?", post_id)

    def move(self, post: Post, to: str, **also: str | None) -> bool:
        """Move a post on from the state in which it was read; False if something else has moved it since."""
        facts = also | {"state": to, "state_since": _now()}
        columns = ", ".join(f"{name} = ?" for name in facts)
        sql = f"UPDATE posts SET {columns} WHERE id = ? AND state = ?"  # noqa: S608  the names are our own
        return self.change(sql, *facts.values(), post["id"], post["state"])

    def forget_old(self) -> None:
        """Erase the pictures of posts that ended 30 days ago."""
        ended = "SELECT id FROM posts WHERE state IN ('removed', 'refused', 'deleting', 'gone') AND state_since < ?"
        for row in self.rows(ended, _now(-KEPT)):
            (self.pictures / row["id"]).unlink(missing_ok=True)

    def apply(self, kind: str, order: dict[str, Any]) -> str:
        """Carry out an order of Staydown once, however often it comes: applied, superseded or gone."""
        facts = {name: order.get(name) for name in FACTS} | {
            "sequence": int(order["sequence"]),
            "now": _now(),
            "type": kind,
        }
        about, change = ORDERS[f"{kind}/{order.get('resolution')}" if kind == "check.resolved" else kind]
        with self.transaction() as db:
            again = "UPDATE orders SET times_received = times_received + 1 WHERE order_id = ? RETURNING outcome"
            if known := db.execute(again, (order["order_id"],)).fetchall():
                return str(known[0]["outcome"])
            facts["outcome"] = _carry_out(db, about, change, facts)
            db.execute(
                "INSERT INTO orders (order_id, type, item_id, account_id, check_id, sequence, outcome, applied_at)"
                " VALUES (:order_id, :type, :item_id, :account_id, :check_id, :sequence, :outcome, :now)",
                facts,
            )
            return str(facts["outcome"])


def _carry_out(db: sqlite3.Connection, about: tuple[str, str, str], change: str, facts: dict[str, Any]) -> str:
    table, there, news = about
    if db.execute(f"UPDATE {table} SET {change} WHERE {there} AND {news}", facts).rowcount:  # noqa: S608
        return "applied"
    known = db.execute(f"SELECT 1 FROM {table} WHERE {there}", facts).fetchall()  # noqa: S608
    return "superseded" if known else "gone"


def _now(shift: timedelta = timedelta(0)) -> str:
    return (datetime.now(UTC) + shift).isoformat()
