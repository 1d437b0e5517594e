"""A reviewer says of a held upload not only that it may be published, but that this file never was what must stay down."""

from datetime import datetime

from staydown.banks.actions import allowing
from staydown.banks.actions.allowing import Meant
from staydown.banks.models import Allowance
from staydown.cases.actions import answering
from staydown.journal.acting import action
from staydown.people.models import Staff
from staydown.platforms.models import Check


@action
def publish_always(check: Check, by: Staff, now: datetime) -> None:
    """Publish a held upload, and never hold this very file again on its platform. Raises as `answering.answer_upload`.

    Where a child is concerned the second half is proposed only: another cleared person has to agree.
    """
    answering.answer_upload(check, "allow", by, now)
    if check.case:
        allowing.allow(check.case, Meant(check.fingerprint, check.platform), by, now)


@action
def widen(made: Allowance, by: Staff, now: datetime, *, alike: bool) -> Allowance:
    """Allow on every platform what is allowed on one; or, once another person agrees, what looks just like it."""
    platform = made.platform if alike else None
    return allowing.allow(made.case, Meant(made.fingerprint, platform, alike or made.alike), by, now)
