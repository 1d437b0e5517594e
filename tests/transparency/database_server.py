"""The EU Transparency Database on this machine: its published rules (`validator`), its refusals, and all its troubles."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from staydown.transparency.database import Database, Environment
from tests import far_side
from tests.far_side import FarSide, Said
from tests.transparency.validator import complaints

TOKEN = "of-the-platform"
MOST = 100


@dataclass
class Memory(far_side.Memory):
    """What it has. Faults: "drop", "drop after", "502", "429", "401"."""

    stored: dict[str, dict[str, Any]] = field(default_factory=dict)

    def connected(self, environment: Environment = Environment.PRODUCTION, token: str = TOKEN) -> Database:
        return Database(environment, self.url, token)

    def store(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """All or none: 201, or 422 with what is wrong by its place."""
        statements = said.get("statements")
        if not isinstance(statements, list) or not 0 < len(statements) <= MOST:
            return 422, {"errors": {"statements": ["between 1 and 100"]}}
        errors = {
            f"statements.{place}.{name.split()[0]}": ["invalid"]
            for place, each in enumerate(statements)
            for name in complaints(each)
        }
        if errors:
            return 422, {"errors": errors}
        puids = [each["puid"] for each in statements]
        if twice := [puid for puid in puids if puid in self.stored or puids.count(puid) > 1]:
            return 422, {"errors": {"puid": ["The platform identifier(s) are not all unique."]}, "existing": twice}
        self.stored |= {each["puid"]: each for each in statements}
        return 201, {"statements": statements}


class Handler(FarSide):
    """One call."""

    memory: Memory

    def name(self) -> str:
        return f"{self.command} {self.path.rpartition('/')[0]}"

    def answer(self, body: bytes, fault: str) -> Said:
        if fault == "401" or self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Said(401, b'{"message": "Unauthenticated."}')
        if fault in ("429", "502"):
            return Said(int(fault), b"{}", {"Retry-After": "7"} if fault == "429" else {})
        status, said = self._done(body)
        return Said(status, json.dumps(said).encode())

    def _done(self, body: bytes) -> tuple[int, dict[str, Any]]:
        if self.headers.get("Accept") != "application/json":
            return 500, {}
        if self.command == "GET" and self.path.startswith("/api/v1/statement/existing-puid/"):
            return (302 if self.path.rpartition("/")[2] in self.memory.stored else 404), {}
        if self.command == "POST" and self.path == "/api/v1/statements":
            if self.headers.get("Content-Type") != "application/json":
                return 422, {"errors": {"statements": ["not JSON"]}}
            return self.memory.store(json.loads(body))
        return 404, {}


@contextmanager
def database() -> Iterator[Memory]:
    """The server, running until the end of the block."""
    with far_side.running(Memory(), Handler) as memory:
        yield memory
