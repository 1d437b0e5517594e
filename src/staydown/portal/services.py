"""Which other services can help who holds a receipt, and a text that is ready to be pasted there, in a language they read."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from staydown.cases.models import Report
from staydown.regimes import services
from staydown.regimes.harms import Capacity, Flag, Harm, Tri
from staydown.regimes.services import Person, Service

UNTOLD = (Harm.SEXTORTION, Harm.UNSPECIFIED)
"""A threat may not have come true, and here nobody said what it is: no text claims that a picture is shown."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A service, and what to paste there; `language` is the text's. No text where none can be sent."""

    service: Service
    text: str = ""
    language: str = ""


def offers(report: Report, country: str) -> list[Offer]:
    """What is offered, by the report's answers and the country that its holder chose."""
    person = Person(Harm(report.harm), Tri(report.minor), _capacity(report), country)
    return [_offer(each, person, report) for each in services.chosen(person)]


def _capacity(report: Report) -> Capacity | None:
    shown = Capacity.SELF if Flag.PERSON_SHOWN in report.flags else None
    return Capacity(report.capacity) if report.capacity else shown


def _offer(service: Service, person: Person, report: Report) -> Offer:
    if not service.text or person.harm in UNTOLD:
        return Offer(service)
    spoken = (translation.get_language() or "en")[:2]
    language = spoken if not service.languages or spoken in service.languages else service.languages[0]
    with translation.override(language):
        return Offer(service, "\n".join(_lines(person, report)), language)


def _lines(person: Person, report: Report) -> list[str]:
    """Nothing of what was written to us, and no address: those are for the person to add."""
    on = date_format(report.received_at, pgettext("date format", "j F Y"))
    who = {None: [], Capacity.SELF: [_("I am the person shown.")]}.get(
        person.capacity, [_("I am not the person shown.")]
    )
    return [
        _("An intimate picture of somebody under 18 is online.")
        if person.harm is Harm.CSAM or person.minor is Tri.YES
        else _("An intimate picture is online that nobody agreed to."),
        *who,
        _("It was reported to the service where it is on %(day)s.") % {"day": on},
        _("Please help to have it taken down everywhere, and do not pass the picture on."),
        _("It is at these addresses:"),
    ]
