"""Who to call, for the country a visitor chose. The choice stands in the page's address, and nowhere else."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staydown.regimes import helplines
from staydown.regimes.helplines import Line

COUNTRIES = {
    "AU": _("Australia"),
    "BE": _("Belgium"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "DE": _("Germany"),
    "ES": _("Spain"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "IT": _("Italy"),
    "LU": _("Luxembourg"),
    "US": _("United States"),
}
LAST_COUNTRY = "--"  # none of these


@dataclass(frozen=True, slots=True)
class Call:
    """Who to call in one country: `numbers` of the emergency services, each to be dialled as it is, then helplines."""

    country: str
    name: str
    numbers: tuple[str, ...]
    lines: tuple[Line, ...]
    query: str  # what links append, so that the choice goes along

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(code, name) of every country with numbers of its own, by name."""
        return sorted(((code, str(name)) for code, name in COUNTRIES.items()), key=lambda each: each[1])


def chosen(request: HttpRequest) -> Call:
    """For the country in the address; for the deployment's own where none, or one that is not a country, is there."""
    asked = request.GET.get("country", "").upper()
    country = asked if asked in COUNTRIES or asked == LAST_COUNTRY else settings.COUNTRY
    found = helplines.in_country(country)
    query = f"?country={country}" if country == asked else ""
    name = str(COUNTRIES.get(country, _("Europe, and most mobile telephones everywhere")))
    lines = tuple(line for line in found.lines if line.may_be_shown(settings.HELPLINES))
    return Call(country, name, tuple(found.emergency.split(" / ")), lines, query)
