"""Decided cases of a child, with benign photographs, and a connection to a CyberTipline of this machine."""

from datetime import datetime

from staydown.authorities.cybertip.connection import Connection, Contact
from staydown.authorities.models import Referral
from staydown.authorities.rules import Environment
from staydown.cases.actions import deciding
from staydown.cases.models import Case
from staydown.cases.rules import Ruling
from staydown.platforms.models import Platform
from staydown.regimes.harms import Flag, Harm, Tri
from tests import people
from tests.authorities.cybertip_server import LOGIN, Tipline
from tests.pictures import jpeg, photograph

WORDS = "A picture posted by this account was reported and taken down."

ATLANTIC = ("US", frozenset({"FR"}))  # an American provider with people in France


def connected(tipline: Tipline, environment: Environment = Environment.PRODUCTION) -> Connection:
    return Connection(environment, tipline.url, Contact("Ada", "Lin", "safety@plaza.example"), LOGIN)


def decided(
    platform: Platform, harm: Harm = Harm.CSAM, minor: Tri = Tri.YES, now: datetime = people.NOW, **also
) -> Case:
    """A case about one picture, decided by Mina: removed, because of the law."""
    item = people.posted(platform, also.get("item", "post-1"), jpeg(photograph(also.get("picture", "coffee"))))
    case = people.reported(item, harm=harm, minor=minor, seed=also.get("item", "one"), now=now).case
    if also.get("danger"):
        case.flags = [Flag.IMMINENT_DANGER.value]
        case.save(update_fields=["flags"])
    mina = also.get("by") or people.staff("mina")
    deciding.decide(case, people.proposal(case, also.get("ruling", Ruling.REMOVE)), mina, now)
    return case


def prepared(authority: str) -> Referral:
    return Referral.objects.get(authority=authority)
