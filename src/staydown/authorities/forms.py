"""A text for each step of an authority's web form, to be copied there by a person. Never a picture, nothing of the reporter."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from django.conf import settings

from staydown import documents
from staydown.authorities.dossiers import DATA, Place, places_of
from staydown.authorities.models import Referral
from staydown.regimes import places
from staydown.vault import opening


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what the form calls it, in the authority's language, and what goes into it."""

    title: str
    text: str


def steps(referral: Referral) -> tuple[Step, ...]:
    """The steps of the authority's form, without those for which there is nothing; none where nobody has read its form."""
    form = _forms().get(referral.authority)
    if form is None:
        return ()
    where = places_of(referral)
    says: dict[str, Callable[[], str]] = {
        "category": lambda: _category(referral, form["categories"]),
        "when": lambda: _when(referral, where),
        "addresses": lambda: "\n".join(documents.shown(each.address) for each in where if each.address),
        "accounts": lambda: "\n".join(
            dict.fromkeys(documents.shown(f"{each.service} : {each.account}") for each in where if each.account)
        ),
        "words": lambda: opening.read(referral.words_sealed),
        "contact": lambda: settings.CONTACT,
    }
    made = (Step(title, says[what]()) for title, what in form["steps"])
    return tuple(step for step in made if step.text)


def _category(referral: Referral, known: dict[str, str]) -> str:
    case = referral.case
    child = known.get("child", "") if case.is_child_safety else ""
    return child or known.get(case.harm) or known["other"]


def _when(referral: Referral, where: list[Place]) -> str:
    """When the first of it was posted, by the authority's own clock."""
    zone = places.zones(referral.body.country)[0]
    first = min((each.at for each in where if each.at), default=referral.prepared_at)
    return first.astimezone(zone).strftime("%d/%m/%Y %H:%M (%Z)")


@cache
def _forms() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(DATA.joinpath("forms.yaml").read_text(encoding="utf-8"))
    return found
