"""What a worker does beside its work: keeps the leases of what runs, says that it lives, sees that duties are owed."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from staydown.promises import duties, leases
from staydown.promises.models import Heartbeat, Promise

log = structlog.get_logger(__name__)
BEAT_SECONDS = 2.0
DUTIES_SECONDS = 30.0
FORGOTTEN = timedelta(days=1)


def beat(program: str) -> None:
    """Say that this process lives, and forget processes that have been silent for a day."""
    now = timezone.now()
    who: dict[str, Any] = {"program": program, "host": socket.gethostname()[:100], "pid": os.getpid()}
    if not Heartbeat.objects.filter(**who).update(seen_at=now):
        Heartbeat.objects.filter(seen_at__lt=now - FORGOTTEN).delete()
        Heartbeat.objects.update_or_create(**who, defaults={"seen_at": now})


def stop_beating(program: str) -> None:
    """This process ends as it should: it is not missing."""
    Heartbeat.objects.filter(program=program, host=socket.gethostname()[:100], pid=os.getpid()).delete()


class Keeper(threading.Thread):
    """One thread for a whole worker: every third of a lease, and at least every two seconds, it makes its round."""

    def __init__(self, program: str = "worker") -> None:
        super().__init__(name="keeper", daemon=True)
        self.program = program
        self._running: dict[str, Promise] = {}
        self._over = threading.Event()
        self._duties_at = 0.0

    @contextmanager
    def holding(self, promise: Promise) -> Iterator[None]:
        """Keep the promise's lease while the block runs."""
        name = f"{promise.pk}:{promise.attempts}"
        self._running[name] = promise
        try:
            yield
        finally:
            del self._running[name]

    def run(self) -> None:
        """Make rounds until `finish`; a database that is away is tried again at the next round."""
        while True:
            try:
                close_old_connections()
                self._round()
            except Error as error:
                log.warning("keeper cannot reach the database", error=type(error).__name__)
                connection.close()
            if self._over.wait(min(BEAT_SECONDS, leases.lease().total_seconds() / 3)):
                break
        connection.close()

    def finish(self) -> None:
        """End the rounds."""
        self._over.set()
        self.join()

    def _round(self) -> None:
        for promise in list(self._running.values()):
            leases.extend(promise)  # False when it just ended, too: only its end can tell a lost lease
        beat(self.program)
        if time.monotonic() >= self._duties_at:
            duties.ensure()
            self._duties_at = time.monotonic() + DUTIES_SECONDS
