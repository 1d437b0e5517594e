"""The dossier for an authority that has no interface: a PDF, a list of addresses as CSV, and a text for its form.

It has addresses and accounts, and never a picture, a fingerprint or anything of the reporter.
"""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from zoneinfo import ZoneInfo

from django.conf import settings

from staydown import documents
from staydown.authorities import actions
from staydown.authorities.models import Referral
from staydown.platforms.models import Account
from staydown.regimes import places
from staydown.regimes.harms import Flag
from staydown.vault import opening

DATA = resources.files("staydown.authorities").joinpath("data")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet would begin to calculate


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was: a post that was taken down, or an account that was limited. `at` is when it was posted."""

    service: str
    address: str
    account: str
    at: datetime | None
    state: str


def places_of(referral: Referral) -> list[Place]:
    """The posts of the decision, the oldest first, then the accounts that have none among them."""
    posts = list(actions.posts_of(referral.decision).select_related("platform", "account"))
    found = [Place(each.platform.name, each.url, _name(each.account), each.posted_at, each.state) for each in posts]
    named = {each.account_id for each in posts if each.account_id}
    others = actions.limited(referral.decision).exclude(pk__in=named).select_related("platform")
    return found + [Place(each.platform.name, "", each.external_id, None, each.state) for each in others]


def _name(account: Account | None) -> str:
    return account.external_id if account else ""


def pdf(referral: Referral, now: datetime) -> bytes:
    """The dossier as PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1), in the authority's language."""
    case, body = referral.case, referral.body
    said = {
        "reference": case.reference,
        "language": body.language,
        "to": body.name,
        "from": settings.CONTACT or settings.PORTAL_URL,
        "harm": case.harm,
        "minor": case.minor,
        "danger": "yes" if Flag.IMMINENT_DANGER in case.flags else "no",
        "decided_at": _utc(referral.decision.made_at or referral.prepared_at),
        "law": f"{referral.law.law}, {referral.law.article}" if referral.law else "-",
        "made_at": _utc(now),
        "text": opening.read(referral.words_sealed),
        "places": [
            {
                "service": documents.shown(each.service),
                "address": documents.shown(each.address) or "-",
                "account": documents.shown(each.account) or "-",
                "posted_at": _utc(each.at) if each.at else "-",
            }
            for each in places_of(referral)
        ],
    }
    return documents.pdf(DATA.joinpath("dossier.typ"), said, _words(body.language), now)


def table(referral: Referral) -> str:
    """The addresses and accounts as CSV, in UTC and in the authority's own time."""
    zone = places.zones(referral.body.country)[0]
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(["service", "address", "account", "posted_utc", f"posted_{zone.key}", "state"])
    for each in places_of(referral):
        at = (_utc(each.at), _local(each.at, zone)) if each.at else ("", "")
        rows.writerow([_plain(cell) for cell in (each.service, each.address, each.account, *at, each.state)])
    return out.getvalue()


def text(referral: Referral) -> str:
    """What a person copies into the authority's form: the approved words, then each address on a line of its own."""
    where = (each.address or f"{each.service}: {each.account}" for each in places_of(referral))
    return "\n".join([opening.read(referral.words_sealed), "", *map(documents.shown, where)])


def _words(language: str) -> str:
    return DATA.joinpath(f"dossier.{language}.json").read_text(encoding="utf-8")


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %z")


def _plain(cell: str) -> str:
    """A cell that a spreadsheet shows and does not calculate: what strangers named an account may begin with "="."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
