"""How the console says what was recognised: always with where it comes from, never as a judgement."""

from django import template
from django.utils.translation import gettext_lazy

from staydown.console.terms import LABELS
from staydown.recognition import TextSignals

register = template.Library()

TACTICS = {
    "image_request": gettext_lazy("asks for pictures"),
    "threat_to_share": gettext_lazy("threatens to share"),
    "condition": gettext_lazy("sets a condition"),
    "payment": gettext_lazy("demands money"),
    "offer": gettext_lazy("offers something"),
    "leverage": gettext_lazy("says what is in hand"),
    "audience": gettext_lazy("names who would see it"),
    "secrecy": gettext_lazy("asks for secrecy"),
    "age_probe": gettext_lazy("asks for the age"),
    "isolation": gettext_lazy("asks who else is there"),
    "platform_move": gettext_lazy("moves to another service"),
    "erasure": gettext_lazy("asks to delete messages"),
    "meeting": gettext_lazy("proposes to meet"),
}
ACTS = {**LABELS, "hold": gettext_lazy("a person looks first")}


@register.filter
def tactics(said: TextSignals) -> str:
    """What the words do, in words."""
    return ", ".join(str(TACTICS[tactic.value]) for tactic in said.tactics)


@register.filter
def tactic(one: str) -> str:
    """What one tactic does, in words."""
    return str(TACTICS[one])


@register.filter
def followed(act: str) -> str:
    """What a step of a policy asks for."""
    return str(ACTS[act])
