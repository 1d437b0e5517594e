"""Work that comes round: one promise for each duty in `settings.DUTIES` (dotted path → seconds), which never ends.

After each run, kept or failed, its row is put back for an interval later; after kill -9 its lease runs out like any
other's. No deadline depends on a duty being on time: deadlines are columns, and a duty only looks at them.
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone

from staydown.promises import actions
from staydown.promises.models import Promise

PREFIX = "duty:"


def declared() -> Mapping[str, float]:
    """The duties of this deployment: dotted path → seconds between two runs."""
    duties: Mapping[str, float] = getattr(settings, "DUTIES", {})
    return duties


def ensure() -> None:
    """Owe each declared duty that is not owed, and stop owing those that are declared no longer."""
    keys = {PREFIX + path for path in declared()}
    owed = Promise.objects.owed().filter(key__startswith=PREFIX)
    there = set(owed.values_list("key", flat=True))
    for key in sorted(keys - there):
        actions.owe(key.removeprefix(PREFIX), key=key)
    if there - keys:
        owed.filter(key__in=there - keys, leased_until=None).update(ended_at=timezone.now(), again_at=None)


def interval(promise: Promise) -> float | None:
    """The seconds until a duty runs again; None for a promise that is kept once."""
    if promise.key is None or not promise.key.startswith(PREFIX):
        return None
    return declared().get(promise.key.removeprefix(PREFIX))
