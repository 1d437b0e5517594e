"""Sealing anew, row by row, what was sealed to a former working key. Killed anywhere, it goes on when it is run again.

A row says by itself whether it is done: today's key opens it. Programs may write meanwhile: a row that changed while it
was being sealed anew is left as it is, and met again by the next run.
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from staydown.authorities.models import Referral
from staydown.authority_orders.models import AuthorityOrder, UploaderNotice
from staydown.cases.models import (
    Addition,
    Answer,
    Caution,
    Complaint,
    Decision,
    Message,
    Print,
    Report,
    Statement,
    Subject,
)
from staydown.flaggers.models import FlagLine
from staydown.journal.acting import action, note
from staydown.journal.models import Tree
from staydown.journal.rules import EMPTY_ROOT
from staydown.organisations.models import Officer
from staydown.people.adapters import SEALED
from staydown.platforms.models import Platform, Recalled
from staydown.vault import opening, words
from staydown.vault.evidence.models import Release, ReviewCopy
from staydown.vault.retention.models import Destruction, Hold

BATCH = 200


def _nobody(_row: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of words, and to which public keys they are sealed beside the working one."""

    model: type[models.Model]
    name: str
    readers: Callable[[Any], Iterable[str]] = _nobody


COLUMNS = (
    Column(Report, "words_sealed", lambda row: [row.public_key]),
    Column(Report, "details_sealed", lambda row: [row.public_key]),
    Column(Complaint, "words_sealed", lambda row: [row.report.public_key] if row.report else []),
    Column(Complaint, "answer_sealed"),
    Column(Print, "print_sealed", lambda row: [row.report.public_key]),
    Column(Addition, "words_sealed", lambda row: [row.report.public_key]),
    Column(Message, "words_sealed", lambda row: [row.report.public_key]),
    Column(Answer, "words_sealed", lambda row: [row.report.public_key]),
    Column(Subject, "link_sealed", lambda row: row.reports.values_list("public_key", flat=True)),
    Column(Caution, "reasons_sealed"),
    Column(Decision, "reasons_sealed"),
    Column(Decision, "answer_sealed"),
    Column(Decision, "statement_sealed"),
    Column(Decision, "refusal_sealed"),
    Column(Statement, "words_sealed"),
    Column(Platform, "webhook_secret_sealed"),
    Column(Recalled, "answer_sealed"),
    Column(ReviewCopy, "picture_sealed"),
    Column(Release, "reason", lambda row: [row.case.evidence_key.public]),
    Column(Hold, "reason_sealed"),
    Column(Hold, "lift_reason_sealed"),
    Column(Destruction, "reason_sealed"),
    Column(Referral, "words_sealed"),
    Column(Referral, "reason_sealed"),
    Column(Officer, "name_sealed"),
    Column(AuthorityOrder, "said_sealed"),
    Column(AuthorityOrder, "reason_sealed"),
    Column(UploaderNotice, "words_sealed"),
    Column(FlagLine, "said_sealed"),
)
SECRETS = frozenset({"secret", "seed", "migrated_codes"})  # what allauth hands to `people.adapters` to be sealed
ELSEWHERE = {"banks.Fingerprint.kept_sealed"}  # sealed under the fingerprint key: `rekeying`


def reseal() -> Iterator[int]:
    """Seal everything to today's key and journal it; answers how many rows were changed, every now and then."""
    changed = 0
    for column in COLUMNS:
        for rows in _batches(column.model.objects.exclude(**{column.name: None})):  # type: ignore[attr-defined]  # every model has it
            changed += sum(_resealed(column, row) for row in rows)
            yield changed
    for rows in _batches(Authenticator.objects.all()):
        changed += sum(_authenticator(row) for row in rows)
        yield changed
    if changed:
        _tell(changed)


@action
def _tell(changed: int) -> None:
    tree, _ = Tree.objects.get_or_create(pk=1, defaults={"root": EMPTY_ROOT})
    note("keys.words_resealed", about=tree, by="operator", now=timezone.now(), rows=changed)


def is_done() -> bool:
    """Whether nothing needs a former key any more. Opens every row."""
    for column in COLUMNS:
        for rows in _batches(column.model.objects.exclude(**{column.name: None})):  # type: ignore[attr-defined]  # the same
            if any(_is_old(getattr(row, column.name)) for row in rows):
                return False
    return all(row.data == _factors(row.data) for rows in _batches(Authenticator.objects.all()) for row in rows)


def _batches(rows: models.QuerySet[Any]) -> Iterator[list[Any]]:
    """All rows in the order of their ids, in the memory of one batch."""
    batch = list(rows.order_by("pk")[:BATCH])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk).order_by("pk")[:BATCH])


def _is_old(sealed: bytes | memoryview) -> bool:
    return bool(sealed) and not opening.is_current(sealed)


def _resealed(column: Column, row: Any) -> bool:
    before = getattr(row, column.name)
    if not _is_old(before):
        return False
    after = words.seal(opening.read(before), *column.readers(row), settings.WORKING_PUBLIC)
    mine = column.model.objects.filter(pk=row.pk, **{column.name: before})  # type: ignore[attr-defined]  # the same
    return bool(mine.update(**{column.name: after}))


def _authenticator(row: Any) -> bool:
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(pk=row.pk).first()
        after = _factors(row.data) if row else None
        return bool(row) and after != row.data and bool(Authenticator.objects.filter(pk=row.pk).update(data=after))


def _factors(data: Any) -> Any:
    """The same secrets of an authenticator, each sealed to today's key; also those stored before there was sealing."""
    match data:
        case dict():
            return {name: _secret(value) if name in SECRETS else _factors(value) for name, value in data.items()}
        case list():
            return [_factors(value) for value in data]
        case str() if data.startswith(SEALED):
            sealed = base64.b64decode(data.removeprefix(SEALED))
            return _sealed(opening.read(sealed)) if _is_old(sealed) else data
    return data


def _secret(value: Any) -> Any:
    if isinstance(value, str) and not value.startswith(SEALED):
        return _sealed(value)
    return [_secret(each) for each in value] if isinstance(value, list) else _factors(value)


def _sealed(text: str) -> str:
    return SEALED + base64.b64encode(words.seal(text, settings.WORKING_PUBLIC)).decode()
