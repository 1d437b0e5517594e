"""A platform's evidence endpoint: the original bytes of an item or of a held upload, on a signed GET (decision 9)."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from staydown.outside import http, signing
from staydown.outside.errors import OutsideError
from staydown.outside.flows import Flow
from staydown.platforms.models import Platform
from staydown.regimes.lawful import Feature, permission
from staydown.site import deployment
from staydown.vault import opening

LARGEST = 32 * 2**20


class Unobtainable(ValueError):
    """The platform did not hand over the media. Decide by the words and facts, or try again later."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A signed request for one original."""

    url: str
    headers: dict[str, str]


def asked(platform: Platform, kind: str, name: str, now: datetime) -> Asked:
    """The request for the platform's "item" or "check" called `name`."""
    url = platform.evidence_url.replace("{kind}", kind).replace("{id}", quote(name, safe=""))
    secret = opening.read(platform.webhook_secret_sealed)
    return Asked(url, signing.headers_for(f"{kind}-{name}"[:200], urlsplit(url).path.encode(), secret, now))


def flowing(request: Asked, limit: int, seconds: float) -> AbstractContextManager[Flow]:
    """The answer, read while it arrives; whoever reads has asked whether this deployment may (`regimes.lawful`)."""
    return http.flowing(request.url, headers=request.headers, limit=limit, seconds=seconds)


def fetch(platform: Platform, kind: str, name: str, now: datetime) -> bytes:
    """The bytes of the platform's "item" or "check" called `name`. Raises `Unobtainable`, also for a role that may
    receive no media.
    """
    receiving = permission(Feature.RECEIVE_MEDIA, deployment.here())
    if not receiving.allowed:
        raise Unobtainable(receiving.refusals[0].why)
    if not (platform.evidence_url and platform.webhook_secret_sealed):
        raise Unobtainable(Unobtainable.__doc__)
    request = asked(platform, kind, name, now)
    try:
        answer = http.get(request.url, headers=request.headers, limit=LARGEST)
    except OutsideError as error:
        raise Unobtainable(Unobtainable.__doc__) from error
    if answer.status != 200:
        raise Unobtainable(Unobtainable.__doc__)
    return answer.body
