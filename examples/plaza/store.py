"""What Plaza remembers: one SQLite file, pictures and all. Every change is one durable transaction."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# What an order changes, where it is news: the last applied sequence decides. Labels are counted apart, so that one
# that overtakes a hold does not make the hold late.
ITEM = "UPDATE posts SET state = :to, since = :now, sequence = :sequence WHERE id = :item_id AND sequence < :sequence"
LABEL = "UPDATE posts SET label = :to, label_sequence = :sequence WHERE id = :item_id AND label_sequence < :sequence"
CHECK = "UPDATE posts SET state = :to, since = :now WHERE check_id = :check_id AND state = 'checking'"
ACCOUNT = "UPDATE accounts SET standing = :to, sequence = :sequence WHERE name = :account_id AND sequence < :sequence"
ORDERS = {
    "order.hold": (ITEM, "held"),
    "order.release": (ITEM, "up"),
    "order.remove": (ITEM, "removed"),
    "order.restore": (ITEM, "up"),
    "order.label": (LABEL, None),
    "order.unlabel": (LABEL, None),
    "account.restrict": (ACCOUNT, "restricted"),
    "account.suspend": (ACCOUNT, "suspended"),
    "account.reinstate": (ACCOUNT, "good"),
    "account.end": (ACCOUNT, "ended"),
    "check.resolved/allow": (CHECK, "cleared"),
    "check.resolved/block": (CHECK, "refused"),
}
SUBJECT = """SELECT 1 FROM posts WHERE id = :item_id OR check_id = :check_id
    UNION SELECT 1 FROM accounts WHERE name = :account_id"""
SEEN_BEFORE = "UPDATE orders SET times_received = times_received + 1 WHERE order_id = :order_id RETURNING outcome"
REMEMBER = """INSERT INTO orders (order_id, type, item_id, account_id, check_id, sequence, outcome, applied_at)
    VALUES (:order_id, :type, :item_id, :account_id, :check_id, :sequence, :outcome, :now)"""
EXPLAINED = """INSERT OR IGNORE INTO statements (statement_id, account, at)
    SELECT :statement_id, account, :now FROM posts WHERE id = :item_id
    UNION SELECT :statement_id, name, :now FROM accounts WHERE name = :account_id"""
FACTS = ("order_id", "item_id", "account_id", "check_id", "label", "statement_id")

type Post = sqlite3.Row  # the columns of the view `posted` in schema.sql


class Store:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "plaza.sqlite3"
        with self.transaction() as db:
            db.executescript((Path(__file__).parent / "schema.sql").read_text(encoding="utf-8"))
        self.run("INSERT OR IGNORE INTO secrets VALUES ('session', ?)", secrets.token_hex(32))
        self.session_key = str(self.run("SELECT value FROM secrets WHERE name = 'session'")[0]["value"])

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection that commits at the end, or rolls back if the block raises."""
        with closing(sqlite3.connect(self._file, timeout=20)) as db, db:
            db.row_factory = sqlite3.Row
            db.executescript("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON")
            yield db

    def run(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self.transaction() as db:
            return db.execute(sql, values).fetchall()

    def posts(self, where: str, *values: Any) -> list[Post]:
        return self.run(f"SELECT * FROM posted WHERE {where} ORDER BY posted_at DESC LIMIT 200", *values)  # noqa: S608

    def standing(self, account: str) -> str:
        found = self.run("SELECT standing FROM accounts WHERE name = ?", account)
        return str(found[0]["standing"]) if found else "unknown"

    def is_under_age(self, account: str) -> bool:
        return bool(self.run("SELECT 1 FROM under_age WHERE name = ?", account))

    def picture(self, post: Post) -> bytes:
        return bytes(self.run("SELECT original FROM pictures WHERE post_id = ?", post["id"])[0]["original"])

    def new_post(self, account: str, caption: str, picture: bytes, media_type: str) -> str:
        post_id, now = secrets.token_hex(8), _now()
        sql = "INSERT INTO posts (id, account, caption, media_type, posted_at, since) VALUES (?, ?, ?, ?, ?, ?)"
        with self.transaction() as db:
            db.execute(sql, (post_id, account, caption, media_type, now, now))
            db.execute("INSERT INTO pictures VALUES (?, ?)", (post_id, picture))
        return post_id

    def move(self, post: Post, to: str, **also: str | None) -> None:
        """Move a post on from the state in which it was read, unless something else has moved it since."""
        facts = also | {"state": to, "since": _now()}
        columns = ", ".join(f"{name} = ?" for name in facts)
        sql = f"UPDATE posts SET {columns} WHERE id = ? AND state = ?"  # noqa: S608  the names are our own
        self.run(sql, *facts.values(), post["id"], post["state"])

    def apply(self, kind: str, order: dict[str, Any]) -> str:
        """Carry out an order of Staydown once, however often it comes: applied, superseded or gone."""
        change, to = ORDERS[f"{kind}/{order['resolution']}" if kind == "check.resolved" else kind]
        facts = {name: order.get(name) for name in FACTS} | {"sequence": int(order["sequence"])}
        facts |= {"type": kind, "to": facts["label"] if kind == "order.label" else to, "now": _now()}
        with self.transaction() as db:
            if known := db.execute(SEEN_BEFORE, facts).fetchall():
                return str(known[0]["outcome"])
            outcome = "superseded" if db.execute(SUBJECT, facts).fetchall() else "gone"
            if db.execute(change, facts).rowcount:
                outcome = "applied"
            db.execute(REMEMBER, facts | {"outcome": outcome})
            if facts["statement_id"]:
                db.execute(EXPLAINED, facts)
            return outcome

    def remember_notice(self, told: dict[str, Any]) -> str:
        """Remember that somebody is to be told of an authority's order, however often it comes."""
        sql = "INSERT OR IGNORE INTO notices (notice_id, account, at) VALUES (?, ?, ?)"
        self.run(sql, str(told["notice_id"]), told["account_id"] or "", _now())
        return "received"


def _now() -> str:
    return datetime.now(UTC).isoformat()
