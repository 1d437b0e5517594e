"""What `staydown doctor` asks the database. Called with the app's settings set up; each check is one question."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from staydown.site.doctor_rows import kept, pictures, running, waiting
from staydown.site.findings import Findings, Level


def findings() -> Findings:
    """Everything that can be said of a database; when it cannot be reached or is out of date, only that."""
    answer = running.database()
    yield answer
    if answer.level is Level.WRONG:
        return
    now = timezone.now()
    checks: tuple[Callable[[datetime], Findings], ...] = (
        running.worker, running.promises,
        waiting.orders, waiting.uploaders, waiting.deadlines, waiting.second_person, waiting.platforms,
        kept.journal, kept.vouching,
        pictures.sandbox, pictures.indexes, pictures.cluster, pictures.descriptors, pictures.network,
        waiting.frozen, kept.evidence,
    )  # fmt: skip
    for check in checks:
        yield from check(now)
