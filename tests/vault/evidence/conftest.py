"""Custodians with real age keys, and a platform whose evidence address misbehaves when told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

import pyrage
import pytest
from django.conf import LazySettings
from standardwebhooks import Webhook

from staydown.platforms.models import Platform
from staydown.vault.evidence import custodians
from staydown.vault.evidence.custodians import Custodians
from tests import people


@dataclass(frozen=True)
class Vault:
    """Four custodians, two in each group, and where what is sealed lies."""

    named: Custodians
    private: dict[str, str]
    folder: Path

    def stored(self) -> bytes:
        """Everything that was stored."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())


def four() -> tuple[Custodians, dict[str, str]]:
    pairs = [pyrage.x25519.Identity.generate() for _ in range(4)]
    ada, bea, cyd, dan = pairs
    private = {name: str(pair) for name, pair in zip(("ada", "bea", "cyd", "dan"), pairs, strict=True)}
    first, second = (f"{one.to_public()}, {other.to_public()}" for one, other in ((ada, bea), (cyd, dan)))
    return custodians.read(first, second), private


@pytest.fixture
def vault(settings: LazySettings, tmp_path: Path) -> Vault:
    named, private = four()
    settings.CUSTODIANS, settings.DATA = named, tmp_path / "data"
    return Vault(named, private, tmp_path / "data" / "evidence")


@dataclass
class Originals:
    """A platform's evidence address: originals by id, and how it answers."""

    media: dict[str, bytes] = field(default_factory=dict)
    status: int = 200
    media_type: str = "image/jpeg"
    cut: int | None = None  # breaks off after so many bytes
    asked: list[str] = field(default_factory=list)
    pause_at: int | None = None  # waits before this byte
    go_on: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def answer(self, file: IO[bytes], media: bytes) -> None:
        """Write an original, with the pause it is told to make."""
        if self.pause_at is not None:
            file.write(media[: self.pause_at])
            self.go_on.wait(600)
        file.write(media[self.pause_at or 0 :])

    def platform(self, webhook_url: str = "") -> Platform:
        plaza = people.plaza(webhook_url)
        plaza.evidence_url = f"http://127.0.0.1:{self.port}/evidence/{{kind}}/{{id}}"
        plaza.save()
        return plaza


@pytest.fixture
def originals() -> Iterator[Originals]:
    told = Originals()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(json.JSONDecodeError):  # what is signed here is the path, which is no JSON
                Webhook(people.SECRET).verify(self.path.encode(), dict(self.headers))
            told.asked.append(self.path)
            media = told.media.get(self.path.rsplit("/", 1)[1], b"")
            self.send_response(told.status)
            self.send_header("Content-Type", told.media_type)
            self.send_header("Content-Length", str(len(media)))
            self.end_headers()
            with suppress(OSError):  # whoever asked was killed
                told.answer(self.wfile, media if told.cut is None else media[: told.cut])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told
    server.shutdown()
