"""The long work that is recorded in rows: what a person reads of it in the console and on the command line."""

from dataclasses import dataclass

from django.db.models import QuerySet

from staydown.banks.models import CatalogueImport, SweepRun
from staydown.banks.progress import Progress
from staydown.cases.models import Case
from staydown.promises.models import Promise

SHOWN = 50  # of each kind, the newest


@dataclass(frozen=True, slots=True)
class Work:
    """One import (`platform`) or one sweep (`case`), how far it is, and how many posts it hid or removed."""

    progress: Progress
    stopped: int
    platform: str = ""
    case: Case | None = None


def imports() -> list[Work]:
    """The imports of platforms' catalogues."""
    rows = CatalogueImport.objects.select_related("platform").order_by("-begun_at")[:SHOWN]
    return [
        Work(
            Progress(row.done, row.posts, row.resumed_at or row.begun_at, row.moved_at, row.ended_at, row.resumed_from),
            row.stopped,
            platform=row.platform.name,
        )
        for row in rows
    ]


def sweeps(cases: QuerySet[Case]) -> list[Work]:
    """The searches of the catalogue for entries of some cases."""
    rows = SweepRun.objects.filter(entry__case__in=cases).select_related("entry__case").order_by("-begun_at")[:SHOWN]
    return [
        Work(Progress(row.done, row.total, row.begun_at, row.moved_at, row.ended_at), row.ordered, case=row.entry.case)
        for row in rows
    ]


def to_look_at() -> int:
    """How many posts wait for a look at their own bytes, which their platform is asked for."""
    return Promise.objects.filter(task="staydown.banks.tasks.look_again", ended_at=None).count()
