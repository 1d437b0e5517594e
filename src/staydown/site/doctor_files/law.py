"""What is not known, or not verified, of the law of this country."""

from datetime import UTC, datetime

from staydown.regimes import duties, helplines
from staydown.site.doctor_files.settings import Environments
from staydown.site.findings import Finding, Findings, Level
from staydown.site.options.declaration import Program


def the_law(environments: Environments) -> Findings:
    """What the data does not know of this country's law, and what nobody has compared with its text."""
    country = environments[Program.APP].get("STAYDOWN_COUNTRY", "").upper()
    read = "Read docs/law with somebody who knows that law."
    if not duties.regimes_of(country):
        yield Finding(Level.SOON, f"no law of {country} is in the data: only Staydown's own targets hold", read)
    open_ones = [duty.id for duty in duties.by_id().values() if country in duty.countries and not duty.verified]
    if open_ones:
        yield Finding(Level.SOON, f"to verify in the law of {country}: {', '.join(open_ones)}", read)
    yield from _helplines(country)


def _helplines(country: str) -> Findings:
    """A number that is shown to frightened people and not answered does harm."""
    lines = helplines.in_country(country).lines
    if not any(line.verified_on for line in lines):
        yield Finding(
            Level.SOON,
            f"nobody has called the helplines shown in {country}",
            "Call them: docs/law/helplines.md. Until then people see their numbers only with STAYDOWN_HELPLINES=read.",
        )
    if old := [line.name for line in lines if line.is_old(datetime.now(UTC).date())]:
        yield Finding(
            Level.SOON,
            f"called more than {helplines.GOOD_FOR.days} days ago: {', '.join(old)}",
            "Call them again, and write the day into the data: docs/law/helplines.md",
        )
