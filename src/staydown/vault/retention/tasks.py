"""Promises of retention: destroy what was agreed, and look what is due by the policy of the timer."""

from contextlib import suppress

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone

from staydown.vault.evidence import destroying
from staydown.vault.evidence.store import store
from staydown.vault.retention import actions, orders, plans
from staydown.vault.retention.models import Destruction
from staydown.vault.retention.rules import DestructionState


def destroy(destruction_id: str) -> None:
    """Destroy what two people, or the policy, agreed to. Killed at any moment it goes on: the keys went first, and whole."""
    row = Destruction.objects.select_related("case").get(pk=destruction_id)
    actions.erase(row, timezone.now())
    row.refresh_from_db()
    if row.state != DestructionState.ERASED:
        return
    overwrite()
    gone = destroying.delete_objects(plans.whole(row.case), store()) if row.what != "contact" else (0, 0)
    actions.done(row, *gone, timezone.now())


def keep_schedule() -> int:
    """The duty that destroys what is due by a rule named in STAYDOWN_RETENTION_TIMER, or starts to; how much."""
    if not settings.RETENTION_TIMER:
        return 0
    now = timezone.now()
    begun = sum(actions.by_timer(line, now) is not None for line in plans.plan())
    return begun + sum(orders.by_timer(line, now) for line in orders.plan())


def overwrite() -> None:
    """Have the database forget the bytes, too, as far as it can: what was a key half must not lie in its files."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor, suppress(OperationalError, ProgrammingError):  # busy, or not ours to vacuum
        if (
            connection.vendor == "sqlite"
        ):  # the freed cells are zeroed already (secure_delete); now the log that had them
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM (FULL) evidence_casekey")
