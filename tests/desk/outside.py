"""Admitted organisations, their officers and keys, for the tests of the desk."""

from datetime import timedelta

from django.conf import LazySettings
from django.test import Client

from staydown.organisations import actions
from staydown.organisations.models import Officer, Organisation
from staydown.organisations.rules import Kind, Proposed
from staydown.people.models import Staff
from tests import people

NUMBER = "+32 2 000 00 00"
MAIN = "https://directory.example.org/courts"
SAID = {
    "legal_basis": "Judicial Code, art. 584",
    "reasons": "An intimate image without consent: Criminal Code, art. 136.",
    "authority": "President of the court of first instance",
    "redress": "Opposition within one month",
    "recipient": "registry@court.example",
    "territory": "Belgium",
    "language": "fr",
}


def team() -> tuple[Staff, Staff]:
    """Mina, who proposes, and Tomas, who admits."""
    return _one("mina", "moderator"), _one("tomas", "lead")


def _one(name: str, role: str) -> Staff:
    return Staff.objects.filter(username=name).first() or people.staff(name, role)


def admitted(kind: Kind = Kind.AUTHORITY, issuer: str = "be_court", name: str = "The court", **also) -> Organisation:
    """An organisation that two people let in."""
    mina, tomas = team()
    country = also.pop("country", "BE")
    found = actions.propose(Proposed(kind, name, country, NUMBER, MAIN, issuer, **also), mina, people.NOW)
    actions.admit(found, tomas, people.NOW)
    return found


def officer(of: Organisation, username: str = "clerk") -> Officer:
    """One of its people, called for and admitted."""
    mina, tomas = team()
    until = people.NOW + timedelta(days=300)
    row = actions.propose_officer(of, username, "A. Clerk", until, by=mina, now=people.NOW)
    actions.called(row, mina, people.NOW)
    actions.admit_officer(row, tomas, people.NOW)
    return row


def desk(settings: LazySettings, row: Officer) -> Client:
    """The desk as this officer has it: signed in."""
    return people.console(settings, row.staff)
