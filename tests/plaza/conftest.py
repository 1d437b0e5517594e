"""Plaza as it runs, beside a small Staydown that keeps to the contract of the API and nothing more."""

import io
import json
import sqlite3
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data
from flask import Flask, abort, request
from flask.testing import FlaskClient
from PIL import Image
from standardwebhooks import Webhook
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

PLAZA = Path(__file__).parents[2] / "examples" / "plaza"
sys.path.insert(0, str(PLAZA))
SECRET = "whsec_" + "c2VjcmV0IHNoYXJlZCBieSB0aGUgdHdvIHNpZGVz"
KEY = "sd_live_test"
PATIENCE = 300.0  # seconds: other tests may have the machine
UNREADABLE = {"verdict": "hold", "reasons": ["unreadable"]}


@dataclass
class FakeStaydown:
    """What Staydown would answer, set by the test; what it was asked, kept for the test."""

    verdict: str = "allow"
    state: str = "up"
    down: bool = False
    checks: list[str] = field(default_factory=list)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    views: list[tuple[str, int]] = field(default_factory=list)
    before_registering: Callable[[str], object] = lambda _: None
    given: list[str] = field(default_factory=list)
    contested: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""

    def app(self) -> Flask:
        app = Flask("fake_staydown")
        app.before_request(self._door)
        app.register_error_handler(HTTPException, _problem)
        app.post("/api/v1/uploads/check")(self._check)
        app.put("/api/v1/items/<item>")(self._put)
        app.patch("/api/v1/items/<item>")(self._patch)
        app.post("/api/v1/report-links")(self._link)
        app.get("/api/v1/statements/<statement>")(self._statement)
        app.get("/api/v1/notices/<notice>")(self._notice)
        app.post("/api/v1/notices/<notice>/confirm")(self._notice_given)
        app.post("/api/v1/complaints")(self._contest)
        app.get("/api/v1/complaints/<complaint>")(self._complaint)
        return app

    def _door(self) -> None:
        if self.down:
            abort(503)
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            abort(401)

    def _check(self) -> dict[str, Any]:
        assert set(request.form) <= {"account_id", "surface", "audience"}
        assert request.form["account_id"]
        media = request.files["media"].read()
        if not media:
            abort(422, "media: the file is missing or empty")
        self.checks.append(str(uuid.uuid4()))
        labels = ["sensitive"] if self.verdict == "label" else []
        said = {"verdict": self.verdict, "reasons": ["test"]} if _opens(media) else UNREADABLE
        return {"check_id": self.checks[-1], "labels": labels} | said

    def _put(self, item: str) -> tuple[dict[str, Any], int]:
        facts = request.get_json()
        assert set(facts) == {"url", "account_id", "posted_at", "audience", "check_id"}
        assert facts["audience"] == "everyone"
        if facts["check_id"] not in self.checks:
            abort(404)
        assert datetime.fromisoformat(facts["posted_at"]).tzinfo
        self.before_registering(item)
        status = 200 if item in self.items else 201
        self.items[item] = facts
        return {"item_id": item, "state": self.state, "sequence": 1 if self.state == "held" else 0}, status

    def _patch(self, item: str) -> dict[str, str]:
        self.views.append((item, request.get_json()["views"]))
        return {"item_id": item}

    def _statement(self, statement: str) -> dict[str, str]:
        return {"statement_id": statement, "words": f"A person looked at it ({statement})."}

    def _notice(self, notice: str) -> dict[str, str]:
        if notice == "revoked":
            abort(404)
        return {"notice_id": notice, "words": f"A court ordered it ({notice})."}

    def _notice_given(self, notice: str) -> tuple[str, int]:
        self.given.append(notice)
        return "", 204

    def _link(self) -> tuple[dict[str, str], int]:
        asked = request.get_json()
        assert asked["item_id"] in self.items
        return {"url": f"http://127.0.0.1:1/r/{asked['item_id']}?{asked['language']}", "expires_at": "2099-01-01"}, 201

    def _contest(self) -> tuple[dict[str, Any], int]:
        asked = request.get_json()
        assert set(asked) == {"item_id", "account_id", "words", "language"}
        if self.items[asked["item_id"]]["account_id"] != asked["account_id"]:
            abort(404)
        if any(one["item_id"] == asked["item_id"] for one in self.contested.values()):
            abort(409, "it was contested")
        said = {"complaint_id": str(uuid.uuid4()), "item_id": asked["item_id"], "state": "open", "answer": None}
        self.contested[said["complaint_id"]] = said | {"words": asked["words"]}
        return said | {"due_at": "2099-01-01"}, 201

    def _complaint(self, complaint: str) -> dict[str, Any]:
        return {name: said for name, said in self.contested[complaint].items() if name != "words"}


def _opens(media: bytes) -> bool:
    try:
        Image.open(io.BytesIO(media)).load()
    except OSError:
        return False
    return True


def _problem(error: HTTPException) -> tuple[str, int, dict[str, str]]:
    body = {"type": "about:blank", "title": error.name, "status": error.code, "detail": error.description}
    return json.dumps(body), error.code or 500, {"Content-Type": "application/problem+json"}


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every Plaza that a test made is over after it, and asks nobody any more."""
    from safety import Safety

    running: list[Safety] = []
    keep_up = Safety.keep_up

    def noted(safety: Safety) -> None:
        running.append(safety)
        keep_up(safety)

    monkeypatch.setattr(Safety, "keep_up", noted)
    yield
    for each in running:
        each.over.set()


@pytest.fixture
def staydown(over: None) -> Iterator[FakeStaydown]:
    fake = FakeStaydown()
    server = make_server("127.0.0.1", 0, fake.app(), threaded=True)
    fake.url = f"http://127.0.0.1:{server.port}/api/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield fake
    server.shutdown()
    server.server_close()


@pytest.fixture
def config(staydown: FakeStaydown, tmp_path: Path) -> dict[str, str]:
    return {
        "PLAZA_DATA": str(tmp_path),
        "PLAZA_URL": "http://127.0.0.1:8702",
        "STAYDOWN_API": staydown.url,
        "STAYDOWN_KEY": KEY,
        "STAYDOWN_PORTAL": "http://127.0.0.1:1",
        "STAYDOWN_WEBHOOK_SECRET": SECRET,
    }


@dataclass
class Plaza:
    """Plaza, seen by its visitors, by Staydown, and by who opens its SQLite file."""

    app: Flask
    file: Path
    sequence: int = 0

    def visitor(self, name: str = "") -> FlaskClient:
        client = self.app.test_client()
        if name:
            assert client.post("/sign-in", data={"name": name}).status_code == 303
        return client

    def post(self, client: FlaskClient, media: bytes | None = None, caption: str = "a coffee") -> TestResponse:
        picture = (io.BytesIO(photograph() if media is None else media), "photo.jpg")
        return client.post("/posts", data={"caption": caption, "picture": picture})

    def newest(self) -> sqlite3.Row:
        return self.rows("SELECT * FROM posts ORDER BY posted_at DESC")[0]

    def rows(self, sql: str) -> list[sqlite3.Row]:
        db = sqlite3.connect(self.file, timeout=PATIENCE)
        db.row_factory = sqlite3.Row
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def order(self, kind: str, **data: Any) -> TestResponse:
        """Send a signed webhook with the next sequence number, unless the test gives one."""
        self.sequence += 1
        fields: dict[str, Any] = {"order_id": str(uuid.uuid4()), "item_id": None, "account_id": None, "check_id": None}
        fields |= {"sequence": self.sequence, "deadline": None, "policy": "NCII", "label": None, "resolution": None}
        fields |= {"statement_id": None}
        message = {"type": kind, "timestamp": datetime.now(UTC).isoformat(), "data": fields | data}
        return self.webhook(json.dumps(message).encode())

    def webhook(self, body: bytes, secret: str = SECRET, at: datetime | None = None) -> TestResponse:
        return self.visitor().post("/staydown/webhooks", data=body, headers=signature(body, secret, at))

    def evidence(self, path: str, secret: str = SECRET) -> TestResponse:
        return self.visitor().get(path, headers=signature(path.encode(), secret))

    def eventually(self, sql: str) -> None:
        """Wait until the query finds a row: what is owed to Staydown is done by a thread."""
        end = time.monotonic() + PATIENCE
        while not self.rows(sql):
            assert time.monotonic() < end, f"never: {sql}"
            time.sleep(0.02)


def signature(body: bytes, secret: str = SECRET, at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    signed = Webhook(secret).sign("msg_1", at, body.decode())
    return {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signed}


@pytest.fixture
def plaza(config: dict[str, str], tmp_path: Path) -> Plaza:
    from app import create_app

    return Plaza(create_app(config), tmp_path / "plaza.sqlite3")


def photograph(name: str = "coffee") -> bytes:
    """A benign photograph of scikit-image's samples, as JPEG."""
    file = io.BytesIO()
    Image.fromarray(np.asarray(getattr(skimage.data, name)())).save(file, "JPEG", quality=85)
    return file.getvalue()
