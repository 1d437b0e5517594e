"""Sending statements of reasons to the EU Transparency Database, without undue delay (EU law, art. 24(5)).

The statement's row is what is owed. Before a batch goes, a `Filing` says that it is tried: where the answer is lost, the
database is asked for each identifier first, so that none is sent twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from staydown.cases.models import Statement as Row
from staydown.cases.severity import flags_of
from staydown.journal.acting import action, note
from staydown.promises.errors import Later
from staydown.regimes.harms import Harm, Tri
from staydown.transparency import database
from staydown.transparency.database import Database, DatabaseError, NotAccepted, NotLetIn
from staydown.transparency.models import Filing, FilingState
from staydown.transparency.statements import BATCH, Incomplete, Personal, Statement, published
from staydown.transparency.vocabulary import (
    AccountMeasure,
    Automated,
    Content,
    Ground,
    ServiceMeasure,
    Source,
    Visibility,
)

log = structlog.get_logger("staydown.transparency")
WAIT, DENIED = 60.0, 3600.0  # seconds: where the far side names none; until an operator has mended the token
BATCHES = 20  # in one run of the duty: it comes round again


def send() -> int:
    """The periodic duty: send what is not there yet, the oldest first; how many were stored. Raises `Later`."""
    to: Database | None = settings.TRANSPARENCY
    if to is None:
        return 0
    stored = 0
    try:
        for _ in range(BATCHES):
            rows = list(owed(to)[:BATCH])
            if not rows:
                break
            stored += _send(to, rows)
    except DatabaseError as error:
        log.warning("transparency database", error=type(error).__name__, status=error.status)
        raise Later(DENIED if isinstance(error, NotLetIn) else error.seconds or WAIT) from error
    return stored


def owed(to: Database) -> QuerySet[Row]:
    """The statements that this environment of the database does not have, the oldest first."""
    settled = Filing.objects.filter(environment=to.environment, state__in=[FilingState.STORED, FilingState.REFUSED])
    rows = Row.objects.exclude(pk__in=settled.values("statement")).select_related("order", "decision")
    return rows.order_by("at", "pk")


def of_row(row: Row) -> Statement:
    """A written statement as the exporter takes it. Conduct of an account has no date of its own: its restriction's counts."""
    return Statement(
        id=row.puid,
        harm=Harm(row.harm),
        minor=Tri(row.minor),
        flags=flags_of(row.flags),
        visibility=tuple(Visibility(each) for each in row.decision_visibility),
        account=AccountMeasure(row.decision_account) if row.decision_account else None,
        ground=Ground(row.decision_ground),
        provision=row.legal_ground,
        content=tuple(Content(each) for each in row.content_type),
        content_on=row.content_date or row.application_date,
        applied_on=row.application_date,
        source=Source(row.source_type),
        detected_by_machine=row.automated_detection,
        decided=Automated(row.automated_decision),
        territory=frozenset(row.territorial_scope),
        ends_on=row.end_date,
        service=ServiceMeasure(row.decision_provision) if row.decision_provision else None,
    )


def _send(to: Database, rows: Sequence[Row]) -> int:
    now = timezone.now()
    there = _already_there(to, rows)
    _settle(to, [row for row in rows if row.puid in there], now)
    rest = [row for row in rows if row.puid not in there and _is_fit(to, row, now)]
    _try(to, rest, now)
    if rest:
        _store(to, rest, now)
    return (
        len(there)
        + Filing.objects.filter(environment=to.environment, statement__in=rest, state=FilingState.STORED).count()
    )


def _already_there(to: Database, rows: Sequence[Row]) -> set[UUID]:
    """Of those that were tried and of which no answer came, what the database has."""
    tried = Filing.objects.filter(environment=to.environment, statement__in=rows, state=FilingState.TRYING)
    return {puid for puid in tried.values_list("statement__puid", flat=True) if database.is_stored(to, str(puid))}


def _is_fit(to: Database, row: Row, now: datetime) -> bool:
    try:
        published(of_row(row))
    except (Personal, Incomplete) as error:
        _refuse(to, row, str(error)[:200], now)
        return False
    return True


def _store(to: Database, rows: Sequence[Row], now: datetime) -> None:
    """Store a batch; where the database takes none because of one of them, each by itself."""
    try:
        database.store(to, [published(of_row(row)) for row in rows])
    except NotAccepted as error:
        if len(rows) > 1:
            for row in rows:
                _store(to, [row], now)
        elif database.is_stored(to, str(rows[0].puid)):
            _settle(to, rows, now)
        else:
            _refuse(to, rows[0], error.trouble or "not accepted", now)
        return
    _settle(to, rows, now)


@action
def _try(to: Database, rows: Iterable[Row], now: datetime) -> None:
    for row in rows:
        Filing.objects.update_or_create(
            statement=row, environment=to.environment, defaults={"state": FilingState.TRYING, "tried_at": now}
        )


@action
def _settle(to: Database, rows: Iterable[Row], now: datetime) -> None:
    for row in rows:
        done = {"state": FilingState.STORED, "stored_at": now, "trouble": ""}
        Filing.objects.update_or_create(
            statement=row, environment=to.environment, defaults=done, create_defaults={**done, "tried_at": now}
        )
        note("statement.published", about=row, by="worker", now=now, environment=to.environment.value)


@action
def _refuse(to: Database, row: Row, trouble: str, now: datetime) -> None:
    done = {"state": FilingState.REFUSED, "trouble": trouble}
    Filing.objects.update_or_create(
        statement=row, environment=to.environment, defaults=done, create_defaults={**done, "tried_at": now}
    )
    note("statement.not_published", about=row, by="worker", now=now, environment=to.environment.value)
