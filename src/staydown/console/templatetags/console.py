"""How the console says harms, states and deadlines."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staydown.cases.models import Case
from staydown.cases.rules import CaseState
from staydown.cases.searching import Wanted
from staydown.console import terms
from staydown.console.acts import ACTS
from staydown.regimes.periods import Period

register = template.Library()

for name, said in (
    ("harm", terms.HARMS),
    ("state", terms.STATES),
    ("piece", terms.PIECES),
    ("referral", terms.REFERRALS),
    ("tri", terms.TRIS),
    ("ruling", terms.RULINGS),
    ("found", terms.FOUND),
    ("account_ruling", terms.ACCOUNT_RULINGS),
    ("takes_two", terms.TAKES_TWO),
    ("flag", terms.FLAGS),
    ("act", ACTS),
    ("label", terms.LABELS),
    ("grade", terms.GRADES),
    ("why", terms.WHYS),
):
    register.filter(name, lambda word, said=said: said.get(word, word))


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, for a loop."""
    return text.split()


@register.filter
def value(of: Wanted, name: str) -> str:
    """What is wanted of this name."""
    return str(getattr(of, name))


@register.simple_tag
def due(case: Case, now: datetime) -> SafeString | str:
    """How long is left, as a badge."""
    if case.state != CaseState.OPEN:
        return ""
    minutes = int((case.due_at - now).total_seconds() // 60)
    tone = "late" if minutes < 0 else "soon" if minutes < 240 else "ok"
    moment = case.due_at.isoformat()
    return format_html('<time class="due {}" datetime="{}">{}</time>', tone, moment, _span(minutes))


def _span(minutes: int) -> str:
    if minutes < 0:
        return _("%(span)s late") % {"span": _length(-minutes)}
    return _("%(span)s left") % {"span": _length(minutes)}


@register.filter
def period(length: Period) -> str:
    """A period of a law, like "6 months" or "1 hour and 30 minutes"."""
    said = (
        ngettext("%(n)d year", "%(n)d years", length.years) % {"n": length.years},
        ngettext("%(n)d month", "%(n)d months", length.months) % {"n": length.months},
        ngettext("%(n)d day", "%(n)d days", length.days) % {"n": length.days},
        ngettext("%(n)d hour", "%(n)d hours", length.hours) % {"n": length.hours},
        ngettext("%(n)d minute", "%(n)d minutes", length.minutes) % {"n": length.minutes},
    )
    numbers = (length.years, length.months, length.days, length.hours, length.minutes)
    return _(" and ").join(text for text, n in zip(said, numbers, strict=True) if n)


def _length(minutes: int) -> str:
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
