"""What a reporter wrote, as evidence: her words and what she named, without what tells who she is."""

import json
from datetime import datetime

from staydown.cases import details
from staydown.cases.details import Detail
from staydown.cases.models import Addition, Report
from staydown.vault import opening

FORMAT = "staydown report v1"
MEDIA_TYPE = "application/json"
WHO = frozenset({Detail.CONTACT, Detail.SIGNATURE, Detail.HELPLINE})  # kept for the answer, and for nobody else


def of_report(report: Report) -> bytes:
    """A report, as JSON in UTF-8. Raises `opening.CannotOpen`."""
    told = details.unpack(opening.read(report.details_sealed)) if report.details_sealed else {}
    subjects = list(report.subjects.select_related("item", "account"))
    return _json(
        {
            "report": str(report.pk),
            "received_at": _moment(report.received_at),
            "door": report.door,
            "language": report.language,
            "harm": report.harm,
            "minor": report.minor,
            "flags": report.flags,
            "capacity": report.capacity,
            "words": opening.read(report.words_sealed) if report.words_sealed else "",
            "details": {detail.value: text for detail, text in told.items() if detail not in WHO},
            "items": sorted(each.item.external_id for each in subjects if each.item),
            "accounts": sorted(each.account.external_id for each in subjects if each.account),
            "links": [opening.read(each.link_sealed) for each in subjects if each.link_sealed],
        }
    )


def of_addition(addition: Addition) -> bytes:
    """What was added to a report later, as JSON in UTF-8. Raises `opening.CannotOpen`."""
    said = {"report": str(addition.report_id), "added_at": _moment(addition.at)}
    return _json({**said, "words": opening.read(addition.words_sealed)})


def _moment(at: datetime) -> str:
    return at.isoformat()


def _json(said: dict[str, object]) -> bytes:
    return json.dumps({"format": FORMAT, **said}, ensure_ascii=False, indent=1, sort_keys=True).encode()
