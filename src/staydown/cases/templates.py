"""Templates of answers to reporters, by harm and outcome, in each language: beginnings, that nobody sends as they are."""

import re
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_noop as _

from staydown.cases.rules import Ruling
from staydown.regimes.harms import CHILD_HARMS, Harm

CHILD = _("Thank you for telling us. What was done here to a child is not the child's fault.")
INTIMATE = _("Thank you for telling us. Nobody may show such a picture of somebody who does not want that.")
OTHER = _("Thank you for telling us. We have looked at what you reported.")
OUTCOMES = {
    Ruling.REMOVE: _(
        "We removed it, and copies of it are stopped from now on. [What you saw, and which rule it breaks]"
    ),
    Ruling.ONCE: _(
        "We removed it. Copies are not searched for, because very many people have this picture. [What you saw, and why]"
    ),
    Ruling.KEEP: _(
        "We did not remove it. [What you saw, and why it may stay] If you think that this is wrong, another person here"
        " decides again: ask for it on your page, for six months."
    ),
    Ruling.LABEL: _("It stays, behind a warning. [What you saw, and why a warning is enough]"),
}
GAP = re.compile(r"\[[^\]]*\]")


class Unedited(ValueError):
    """This is a template as it was. Say in your own words what you saw and why, and fill in what stands in brackets."""


def beginning(harm: Harm, ruling: Ruling, language: str) -> str:
    """The template for a harm and an outcome, in a language that we speak; English for any other."""
    spoken = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(spoken):
        return f"{translation.gettext(_greeting(harm))}\n\n{translation.gettext(OUTCOMES[ruling])}"


def _greeting(harm: Harm) -> str:
    if harm in CHILD_HARMS:
        return CHILD
    return OTHER if harm in (Harm.EXPOSURE_HARASSMENT, Harm.UNSPECIFIED) else INTIMATE


def check(answer: str) -> None:
    """Raise `Unedited` for a template that nobody made an answer of: a gap is left, or nothing was added."""
    if any(gap in answer for gap in _gaps()) or _bare(answer) in _all():
        raise Unedited(Unedited.__doc__)


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", GAP.sub("", text)).lower()


@cache
def _all() -> frozenset[str]:
    codes = [code for code, _name in settings.LANGUAGES]
    return frozenset(_bare(beginning(harm, ruling, code)) for harm in Harm for ruling in OUTCOMES for code in codes)


@cache
def _gaps() -> frozenset[str]:
    codes = [code for code, _name in settings.LANGUAGES]
    texts = [beginning(Harm.NCII, ruling, code) for ruling in OUTCOMES for code in codes]
    return frozenset(gap for text in texts for gap in GAP.findall(text))
