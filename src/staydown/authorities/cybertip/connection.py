"""The connection to the CyberTipline as the settings say: environment, address, login, and who answers questions."""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from staydown.authorities.rules import Environment
from staydown.outside.rules import Allowed

OWN = (("http", "127.0.0.1"), ("http", "localhost"), ("http", "::1"))
_PERSON = re.compile(r"(?P<first>[^<>@]+?) +(?P<last>[^<>@ ]+) *<(?P<email>[^<>@\s]+@[^<>@\s]+)>")


class BadConnection(ValueError):
    """STAYDOWN_CYBERTIP is `test https://address` or `production https://address`, as NCMEC gave it: the login and the files
    go there, so nothing but https is taken beyond this machine. STAYDOWN_CYBERTIP_PERSON is `First Last <mail@example.org>`.
    """


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom NCMEC may ask."""

    first: str
    last: str
    email: str


@dataclass(frozen=True, slots=True)
class Connection:
    """Where reports go, and as whom."""

    environment: Environment
    url: str
    person: Contact
    login: str = field(default="", repr=False)
    allowed: tuple[Allowed, ...] | None = None  # None: as the deployment's settings say

    @property
    def authorization(self) -> str:
        """The header of HTTP Basic authentication (RFC 7617)."""
        return "Basic " + b64encode(self.login.encode()).decode()


def read(text: str, person: str, login: str = "") -> Connection | None:
    """The connection of the settings; None where no environment is named. Raises `BadConnection`."""
    if not text.strip():
        return None
    known = _PERSON.fullmatch(person.strip())
    if known is None:
        raise BadConnection(BadConnection.__doc__)
    return Connection(*_place(text), Contact(**known.groupdict()), login)


def for_files(text: str, login: str, allowed: tuple[Allowed, ...]) -> Connection:
    """The connection by which custodians add files: they name it themselves, with no settings. Raises `BadConnection`."""
    return Connection(*_place(text), Contact("", "", ""), login, allowed)


def _is_kept_from_others(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme, parts.hostname) in OWN)


def _place(text: str) -> tuple[Environment, str]:
    environment, _, url = text.strip().partition(" ")
    if environment not in set(Environment) or not _is_kept_from_others(url.strip()):
        raise BadConnection(BadConnection.__doc__)
    return Environment(environment), url.strip().rstrip("/")
