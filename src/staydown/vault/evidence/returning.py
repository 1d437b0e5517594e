"""Taking back into the journal what custodians' machines wrote of an opening, and naming releases of which nothing came back."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from staydown.journal.acting import action, note
from staydown.journal.models import Entry
from staydown.vault import opening
from staydown.vault.evidence import openings
from staydown.vault.evidence.models import CaseKey, Evidence, Release
from staydown.vault.evidence.openings import OpeningRecord, Signed

ACT = "evidence.opened"
PACKED = "evidence.packed"
EXPECTED_WITHIN = timedelta(days=14)


class NotOurs(ValueError):
    """This record is of no release of this deployment, or not signed with the key of its case. Ask the custodians about it."""


class AlreadyRecorded(ValueError):
    """This record of an opening is in the journal already."""


@action
def record(data: bytes, by: str, now: datetime) -> OpeningRecord:
    """Take a record back into the journal, all of it. Raises `openings.BadOpening`, `NotOurs` and `AlreadyRecorded`."""
    signed = openings.read(data)
    release = _release(signed)
    if Entry.objects.filter(act=ACT, about=_label(release), facts__signature=signed.signature).exists():
        raise AlreadyRecorded(AlreadyRecorded.__doc__)
    told = json.loads(json.dumps(asdict(signed.record)))
    note(ACT, about=release, by=by, now=now, case=str(release.case_id), opening=told, signature=signed.signature)
    return signed.record


def missing(now: datetime) -> list[Release]:
    """The releases that were packed so long ago, of whose opening no record came back."""
    packed = Entry.objects.filter(act=PACKED, at__lt=now - EXPECTED_WITHIN, salt__isnull=False)
    returned = Entry.objects.filter(act=ACT).values("about")
    ids = [
        (about or "").rpartition(":")[2] for about in packed.exclude(about__in=returned).values_list("about", flat=True)
    ]
    return list(Release.objects.filter(pk__in=ids).select_related("case").order_by("proposed_at"))


def returned(release: Release) -> list[Entry]:
    """What came back of a release, the oldest first."""
    return list(Entry.objects.filter(act=ACT, about=_label(release), salt__isnull=False).order_by("index"))


def is_packed(release: Release) -> bool:
    """Whether it was written to a file for the custodians."""
    return Entry.objects.filter(act=PACKED, about=_label(release)).exists()


def _release(signed: Signed) -> Release:
    """The release that a record is of, once everything in it agrees with the journal. Raises `NotOurs`."""
    said = signed.record
    try:
        release = Release.objects.select_related("case").get(pk=said.release, case_id=said.case)
        key = CaseKey.objects.get(case=release.case)
    except (Release.DoesNotExist, CaseKey.DoesNotExist, ValidationError) as error:
        raise NotOurs(NotOurs.__doc__) from error
    made = Entry.objects.filter(act="evidence.key_made", about=_label(key), salt__isnull=False).order_by("index").last()
    public = str((made.facts or {}).get("opening_public", "")) if made else ""
    if not (signed.is_signed(public) and _is_reason(said, release) and _are_sealed(said)):
        raise NotOurs(NotOurs.__doc__)
    return release


def _is_reason(said: OpeningRecord, release: Release) -> bool:
    try:
        reason = opening.read(release.reason)
    except opening.CannotOpen:  # sealed to a key of before: the custodians read it all the same
        return True
    return openings.reason_sha256(said.salt, reason) == said.reason_sha256


def _are_sealed(said: OpeningRecord) -> bool:
    names = [f"{Evidence._meta.label_lower}:{each.get('id')}" for each in said.released]
    entries = Entry.objects.filter(act="evidence.sealed", about__in=names, salt__isnull=False)
    sealed = {entry.about: entry.facts or {} for entry in entries}
    return all(
        sealed.get(name, {}).get(fact) == each.get(fact)
        for name, each in zip(names, said.released, strict=True)
        for fact in ("sealed_sha256", "record")
    )


def _label(row: Release | CaseKey) -> str:
    return f"{row._meta.label_lower}:{row.pk}"
