"""Whether NCMEC's own schema takes what this version sends: asked of NCMEC by an operator, before anything is reported."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

from lxml import etree

from staydown.authorities.cybertip import client, reports
from staydown.authorities.cybertip.connection import Connection, Contact
from staydown.authorities.cybertip.reports import Disabled, Tip, TipFile
from staydown.regimes.harms import Flag, Harm

PERSON = Contact("First", "Last", "mail@example.org")
ADDRESS = "https://example.org/1"
FILE_NUMBER = f"{1:032x}"
ELSEWHERE = ("import", "include", "redefine", "override")  # by which a schema would have something else loaded


class NoSchema(ValueError):
    """What was answered is no schema that stands alone. Compare it by hand with the table in docs/referrals.md."""


def compare(to: Connection, now: datetime) -> list[str]:
    """What NCMEC's schema refuses of what is sent, each once. Raises `TipError` and `NoSchema`; nothing is reported."""
    client.status(to)
    schema = _schema(client.schema(to))
    found: list[str] = []
    for specimen in specimens(now):
        try:
            schema.assertValid(etree.fromstring(specimen))
        except etree.DocumentInvalid as error:
            found.append(str(error))
    return list(dict.fromkeys(found))


def specimens(now: datetime) -> Iterator[bytes]:
    """A report of every shape that there is, and what is said of a file. Nothing in them is of a case."""
    at, flags = now - timedelta(hours=1), (frozenset[Flag](), frozenset({Flag.IMMINENT_DANGER}))
    shapes = product(Harm, ((), (ADDRESS, ADDRESS)), ("", "account"), ("", "words"), flags, (None, *Disabled))
    for harm, addresses, account, words, flag, disabled in shapes:
        tip = Tip(harm, at, addresses, "service", account, words, flag, disabled)
        yield reports.report(tip, PERSON, now)
    digests = {"MD5": "0" * 32, "SHA1": "0" * 40, "SHA256": "0" * 64}
    yield reports.file_details("1", FILE_NUMBER, TipFile("name", at, ADDRESS, True, False, digests, "remark"), now)


def _schema(said: bytes) -> etree.XMLSchema:
    try:
        root = etree.fromstring(said, client.PARSER)
        if any(etree.QName(each).localname in ELSEWHERE for each in root.iter(etree.Element)):
            raise NoSchema(NoSchema.__doc__)
        return etree.XMLSchema(root)
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise NoSchema(NoSchema.__doc__) from error
