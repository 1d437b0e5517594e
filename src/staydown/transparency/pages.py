"""Drafts of impact assessment, records and policy, filled with the facts of this deployment (GDPR, art. 30, 35)."""

from importlib.metadata import version
from importlib.resources import files
from string import Template

from django.conf import settings

from staydown.platforms.models import Platform
from staydown.regimes import lawful, places, retention
from staydown.regimes.duties import by_id
from staydown.regimes.lawful import Feature
from staydown.regimes.places import Deployment
from staydown.site import deployment

PAGES = files("staydown.transparency") / "data" / "pages"
NAMES = ("impact-assessment.md", "records-of-processing.md", "policy-of-reports.md")
NONE = "**none named**"


def drafts() -> dict[str, str]:
    """Each draft by its file's name, in Markdown."""
    known = facts(deployment.here())
    return {name: Template((PAGES / name).read_text(encoding="utf-8")).substitute(known) for name in NAMES}


def facts(here: Deployment) -> dict[str, str]:
    """What the drafts say of this deployment. A setting that is not given is named as missing."""
    platforms = ", ".join(Platform.objects.order_by("name").values_list("name", flat=True))
    transparency, cybertip = getattr(settings, "TRANSPARENCY", None), getattr(settings, "CYBERTIP", None)
    return {
        "version": version("staydown"),
        "service": platforms or "TO DO the name of your service",
        "platforms": platforms or NONE,
        "role": here.role.value.replace("_", " "),
        "countries": ", ".join(places.name(each) for each in here.countries),
        "contact": settings.CONTACT or "TO DO: STAYDOWN_CONTACT is empty",
        "portal": settings.PORTAL_URL,
        "custodians": _custodians(),
        "cybertip": f"connected ({cybertip.environment})" if cybertip else "not connected",
        "transparency": f"connected ({transparency.environment})" if transparency else "not connected",
        "tsa": ", ".join(getattr(settings, "TSA", ())) or NONE,
        "witness": ", ".join(each.key.name for each in getattr(settings, "WITNESSES", ())) or NONE,
        "timer": ", ".join(sorted(str(each) for each in getattr(settings, "RETENTION_TIMER", ()))) or "nothing",
        "strikes": "strikes that lapse, on which a person proposes a restriction" if getattr(settings, "STRIKES", None)
        else "restricted, suspended or ended by a person",
        "refusals": _refusals(here),
        "duties": _duties(here),
        "retention": _retention(here),
    }  # fmt: skip


def _custodians() -> str:
    named = settings.CUSTODIANS
    return f"{len(named.first)} and {len(named.second)} people" if named else f"{NONE}: nothing is sealed"


def _refusals(here: Deployment) -> str:
    found = [each for feature in Feature for each in lawful.permission(feature, here).refusals]
    lines = (f"  - {lawful.features().about[each.feature]} ({each.law}, {each.article})" for each in found)
    return "\n".join(lines) or "  - nothing"


def _duties(here: Deployment) -> str:
    mine = [
        each
        for each in by_id().values()
        if here.role in each.roles
        and not each.issuers
        and not (each.spares_small and here.small)
        and (not each.countries or any(places.inside(one, area) for one in here.countries for area in each.countries))
    ]
    return "\n".join(f"  - {each.law}, {each.article}: {each.does}" for each in sorted(mine, key=lambda one: one.id))


def _retention(here: Deployment) -> str:
    rows = ["| what | kept | since | by | verified |", "|---|---|---|---|---|"]
    for rule in retention.rules():
        everywhere = not rule.countries or any(
            places.inside(one, area) for one in here.countries for area in rule.countries
        )
        if everywhere and (not rule.roles or here.role in rule.roles):
            bound = "at least" if rule.bound == "at_least" else "at most"
            what, since = (each.value.replace("_", " ") for each in (rule.what, rule.since))
            rows.append(f"| {what} | {bound} {rule.keep} | {since} | {rule.law} | {'yes' if rule.verified else 'no'} |")
    return "\n".join(rows)
