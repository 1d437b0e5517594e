"""A new row written by a statement that is put together once is the row that Django would have written."""

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from staydown.banks.models import Fingerprint
from staydown.platforms.models import Check
from staydown.platforms.rules import Verdict
from staydown.site.writing import insert
from tests import people

pytestmark = pytest.mark.django_db


def fingerprint() -> Fingerprint:
    return Fingerprint(
        exact=bytes(range(32)), sha1=b"\0" * 32, kept_sealed=b"\xff\0" * 40, quality=7, made_at=timezone.now()
    )


def check(**also: object) -> Check:
    told: dict[str, Any] = {"reasons": ["known"], "signals": {"nudity": 0.5, "places": [[0, 1]]}, "surface": "a “wall”"}
    made = Fingerprint.objects.create(kept_sealed=b"", quality=0, made_at=timezone.now())
    told |= {"platform": people.plaza(), "fingerprint": made, "verdict": Verdict.HOLD, "asked_at": timezone.now()}
    return Check(**told | also)


def columns(row: models.Model) -> dict[str, Any]:
    """What the database has of a row, but for what names it."""
    (found,) = type(row)._default_manager.filter(pk=row.pk).values()
    return {name: value for name, value in found.items() if name != row._meta.pk.attname}


def alike(row: models.Model) -> models.Model:
    """Another new row that says the same."""
    said = {field.attname: getattr(row, field.attname) for field in row._meta.fields if not field.primary_key}
    return type(row)(**said)


@pytest.mark.parametrize("new", [fingerprint, check])
def test_it_is_the_row_that_django_writes(new):
    mine = insert(new())
    djangos = alike(mine)
    djangos.save()
    assert columns(mine) == columns(djangos)
    assert mine.pk != djangos.pk


def test_it_can_be_changed_like_any_other():
    row = insert(fingerprint())
    row.quality = 50
    row.save()
    assert Fingerprint.objects.get(pk=row.pk).quality == 50
    assert Fingerprint.objects.count() == 1


def test_the_database_gives_the_number_whatever_the_row_says():
    first, second = insert(fingerprint()), fingerprint()
    second.pk = first.pk
    assert insert(second).pk > first.pk
    assert Fingerprint.objects.count() == 2


def test_what_the_database_refuses_is_refused():
    row = check(state="nonsense")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(row)
    assert not Check.objects.exists()
