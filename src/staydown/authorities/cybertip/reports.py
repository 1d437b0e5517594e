"""The XML of a report and of its files, in the order of elements that NCMEC's schema enforces (answer 4100 otherwise).

Source: the documentation of the CyberTipline Reporting API, as `report` and `fileDetails` list their fields.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from lxml import etree

from staydown.authorities.cybertip.connection import Contact
from staydown.regimes.harms import Flag, Harm

URGENT = "Somebody may be in danger now: said by who reported it."


class IncidentType(StrEnum):
    """NCMEC's own words; the first is the legal term of the United States for images of the sexual abuse of a child."""

    IMAGES = "Child Pornography (possession, manufacture, and distribution)"
    ENTICEMENT = "Online Enticement of Children for Sexual Acts"


class Annotation(StrEnum):
    """What kind of case it is, in the schema's order."""

    SEXTORTION = "sextortion"
    SOLICITATION = "csamSolicitation"


class Disabled(StrEnum):
    """What was done to the account; restricting it is neither."""

    FOR_A_TIME = "accountTemporarilyDisabled"
    FOR_GOOD = "accountPermanentlyDisabled"


class NotInThePast(ValueError):
    """An incident's time has its zone and lies in the past: NCMEC refuses any other."""


@dataclass(frozen=True, slots=True)
class Tip:
    """What NCMEC is told of one person's incident. Nothing in it names who reported it to us."""

    harm: Harm
    at: datetime
    addresses: tuple[str, ...]
    service: str
    account: str = ""
    words: str = ""
    flags: frozenset[Flag] = frozenset()
    disabled: Disabled | None = None


@dataclass(frozen=True, slots=True)
class TipFile:
    """One file of a report: what it was called, when and where it was uploaded, and who has seen it."""

    name: str
    uploaded_at: datetime
    address: str
    seen_by_us: bool
    public: bool
    digests: Mapping[str, str] = field(default_factory=dict)  # MD5, SHA1, SHA256: hexadecimal
    remark: str = ""


def report(tip: Tip, person: Contact, now: datetime) -> bytes:
    """The `report` of /submit, UTF-8. Raises `NotInThePast`."""
    root = etree.Element("report")
    summary = etree.SubElement(root, "incidentSummary")
    _text(summary, "incidentType", _type(tip.harm))
    if tip.service.strip():
        _text(summary, "platform", tip.service)
    if Flag.IMMINENT_DANGER in tip.flags:
        _text(summary, "escalateToHighPriority", URGENT)
    if said := _annotations(tip):
        _flags(etree.SubElement(summary, "reportAnnotations"), said)
    _text(summary, "incidentDateTime", moment(tip.at, now))
    for address in filter(str.strip, tip.addresses):
        page = etree.SubElement(etree.SubElement(root, "internetDetails"), "webPageIncident")
        _text(page, "url", address)
    _person(etree.SubElement(etree.SubElement(root, "reporter"), "reportingPerson"), person)
    if tip.account.strip():
        _reported(etree.SubElement(root, "personOrUserReported"), tip)
    if tip.words.strip():
        _text(root, "additionalInfo", tip.words)
    return _written(root)


def file_details(number: str, file_number: str, file: TipFile, now: datetime) -> bytes:
    """The `fileDetails` of /fileinfo for a file that was uploaded. Raises `NotInThePast`."""
    root = etree.Element("fileDetails")
    _text(root, "reportId", number)
    _text(root, "fileId", file_number)
    _text(root, "originalFileName", file.name)
    _text(root, "uploadedToEspTimestamp", moment(file.uploaded_at, now))
    _text(root, "locationOfFile", file.address)
    _text(root, "fileViewedByEsp", _bool(file.seen_by_us))
    _text(root, "publiclyAvailable", _bool(file.public))
    _text(root, "fileRelevance", "Reported")
    for kind in sorted(file.digests):
        _text(root, "originalFileHash", file.digests[kind]).set("hashType", kind)
    if file.remark:
        _text(root, "additionalInfo", file.remark)
    return _written(root)


def moment(at: datetime, now: datetime) -> str:
    """An xs:dateTime with offset. Raises `NotInThePast`."""
    if at.tzinfo is None or at > now:
        raise NotInThePast(NotInThePast.__doc__)
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def _type(harm: Harm) -> IncidentType:
    return IncidentType.ENTICEMENT if harm in (Harm.GROOMING, Harm.SEXTORTION) else IncidentType.IMAGES


def _annotations(tip: Tip) -> tuple[Annotation, ...]:
    found = {Harm.SEXTORTION: Annotation.SEXTORTION, Harm.GROOMING: Annotation.SOLICITATION}.get(tip.harm)
    return (found,) if found else ()


def _person(element: etree._Element, person: Contact) -> None:
    _text(element, "firstName", person.first)
    _text(element, "lastName", person.last)
    _text(element, "email", person.email)


def _reported(element: etree._Element, tip: Tip) -> None:
    _text(element, "espIdentifier", tip.account)
    if tip.service.strip():
        _text(element, "espService", tip.service)
    if tip.disabled:
        _text(element, tip.disabled.value, _bool(True))


def _flags(element: etree._Element, names: Iterable[StrEnum]) -> None:
    for name in names:
        etree.SubElement(element, name.value)


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    """A child with this text, without the characters that no XML can hold (XML 1.0, section 2.2)."""
    child = etree.SubElement(parent, name)
    child.text = "".join(
        sign
        for sign in text
        if sign in "\t\n\r" or (" " <= sign < "\ufffe" and not "\ud800" <= sign < "\ue000") or sign > "\uffff"
    )
    return child


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _written(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written
