"""Facts for the tests of the law, said shortly."""

from dataclasses import replace
from datetime import UTC, datetime

from staydown.regimes.clocks import Facts
from staydown.regimes.duties import Event
from staydown.regimes.harms import Capacity, Flag, Harm, Role, Tri
from staydown.regimes.places import Deployment

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def deployed(country: str = "FR", role: Role = Role.PLATFORM, *serves: str, small: bool = False) -> Deployment:
    return Deployment(role, country, frozenset(serves), small)


def facts(harm: Harm = Harm.NCII, country: str = "FR", event: Event = Event.NOTICE, **also) -> Facts:
    known = Facts(harm, Tri.NO, frozenset(), deployed(country), event)
    return replace(known, **also)


def order(issuer: str, country: str = "FR", event: Event = Event.REMOVAL_ORDER, **also) -> Facts:
    return facts(country=country, event=event, issuer=issuer, **also)


def child(event: Event, country: str) -> Facts:
    return facts(Harm.CSAM, country, event, minor=Tri.YES)


DANGER = frozenset({Flag.IMMINENT_DANGER})
WITNESS, FLAGGER = Capacity.WITNESS, Capacity.TRUSTED_FLAGGER
