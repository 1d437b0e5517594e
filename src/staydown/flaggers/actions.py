"""A list is written down whole, then each line becomes a report of its own, with priority where its sender has it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings

from staydown.cases import misuse
from staydown.cases.actions import intake
from staydown.cases.details import Detail
from staydown.cases.models import Report
from staydown.flaggers.errors import NotAFlagger, TooOften
from staydown.flaggers.models import FlagLine, FlagList
from staydown.flaggers.reading import MOST_AN_HOUR, Flag
from staydown.journal.acting import action, note
from staydown.organisations.models import Officer, Organisation
from staydown.organisations.rules import Kind
from staydown.platforms import places
from staydown.promises.actions import owe
from staydown.regimes.harms import Capacity, Harm, Tri
from staydown.regimes.harms import Flag as Known
from staydown.vault import fingerprints, opening, words
from staydown.vault.receipts import NoCode

HOUR = timedelta(hours=1)
TAKE_IN = "staydown.flaggers.tasks.take_in"


def reference(organisation: Organisation) -> bytes:
    """Under which an organisation's record is kept, like that of a platform's pseudonym (decision 20)."""
    return fingerprints.keyed_digest(f"flagger:{organisation.pk}".encode(), "pseudonym")


def is_trusted(organisation: Organisation, harm: Harm, now: datetime) -> bool:
    """Whether what it flags has priority and hides at once: admitted, in its field, and not suspended by a person."""
    return organisation.stands(now) and organisation.covers(harm) and reference(organisation) not in misuse.slowed(now)


@action
def send(
    flags: Sequence[Flag], organisation: Organisation, now: datetime, *, officer: Officer | None = None, **also: str
) -> FlagList:
    """Write a list down; sent again, it is the one that is there. `also`: number, language. Raises `NotAFlagger`, `TooOften`.

    A suspended organisation is heard like anybody: its lists are taken, without priority.
    """
    if organisation.kind != Kind.FLAGGER or not organisation.stands(now):
        raise NotAFlagger(NotAFlagger.__doc__)
    said = json.dumps([asdict(flag) for flag in flags] + [also.get("number", "")], sort_keys=True)
    digest = fingerprints.keyed_digest(hashlib.sha256(said.encode()).digest(), "flag list")
    row, new = FlagList.objects.get_or_create(
        organisation=organisation,
        digest=digest,
        defaults={
            "officer": officer,
            "number": also.get("number", "")[:120],
            "language": also.get("language", "en"),
            "sent_at": now,
        },
    )
    if not new:
        return row
    lately = FlagLine.objects.filter(flag_list__organisation=organisation, flag_list__sent_at__gt=now - HOUR)
    if lately.count() + len(flags) > MOST_AN_HOUR:
        raise TooOften(TooOften.__doc__)
    FlagLine.objects.bulk_create(_line(row, place, flag) for place, flag in enumerate(flags, 1))
    by = officer.staff.journal_name if officer else f"organisation:{organisation.pk}"
    note("flags.sent", about=row, by=by, now=now, organisation=str(organisation.pk), lines=len(flags))
    owe(TAKE_IN, str(row.pk), key=f"flags:{row.pk}", priority=5)
    return row


def _line(row: FlagList, place: int, flag: Flag) -> FlagLine:
    said = json.dumps({"place": flag.place, "words": flag.words, "mandate": flag.mandate}, ensure_ascii=False)
    sealed = words.seal(said, settings.WORKING_PUBLIC)
    return FlagLine(flag_list=row, place=place, said_sealed=sealed, harm=flag.harm, minor=flag.minor)


def said(line: FlagLine) -> dict[str, str]:
    """What a line says: place, words, mandate; nothing where its file was destroyed."""
    text = opening.read(line.said_sealed)
    told: dict[str, str] = json.loads(text) if text else {"place": "", "words": "", "mandate": ""}
    return told


@action
def take_in(line: FlagLine, now: datetime) -> Report:
    """Make the report of one line. With a mandate it is for the person shown; without, by a trusted flagger."""
    told, organisation = said(line), line.flag_list.organisation
    trusted, found = is_trusted(organisation, Harm(line.harm), now), places.find([told["place"]])
    notice = intake.Notice(
        harm=Harm(line.harm),
        minor=Tri(line.minor),
        flags=frozenset({Known.PERSON_SHOWN}) if told["mandate"] and not trusted else frozenset(),
        words=told["words"],
        language=line.flag_list.language,
        items=found.items,
        accounts=found.accounts,
        links=found.others,
        reporter_ref=reference(organisation),
        door="desk",
        capacity=Capacity.TRUSTED_FLAGGER if trusted else Capacity.WITNESS,
        details={Detail.MANDATE: told["mandate"]},
    )
    report = intake.receive_once(notice, NoCode.of(line.pk.bytes), now)
    FlagLine.objects.filter(pk=line.pk, report=None).update(report=report)
    return report
