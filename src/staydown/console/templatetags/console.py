"""How the console says harms, states and deadlines."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from staydown.cases.models import Case
from staydown.cases.rules import CaseState

register = template.Library()

HARMS = {
    "CSAM": gettext_lazy("Child sexual abuse material"),
    "GROOMING": gettext_lazy("Soliciting a child"),
    "SEXUAL_VIOLENCE_RECORDING": gettext_lazy("Filmed sexual violence"),
    "SEXTORTION": gettext_lazy("Sexual extortion"),
    "NCII": gettext_lazy("Intimate image without consent"),
    "SYNTHETIC_NCII": gettext_lazy("Synthetic intimate image"),
    "VOYEURISM": gettext_lazy("Voyeurism"),
    "EXPOSURE_HARASSMENT": gettext_lazy("Exposure or harassment"),
    "UNSPECIFIED": gettext_lazy("Not yet classified"),
}
STATES = {
    "up": gettext_lazy("up"),
    "held": gettext_lazy("held"),
    "removed": gettext_lazy("removed"),
    "gone": gettext_lazy("gone"),
    "proposed": gettext_lazy("proposed"),
    "holding": gettext_lazy("holds what resembles it"),
    "blocking": gettext_lazy("blocks what resembles it"),
    "frozen": gettext_lazy("frozen"),
    "withdrawn": gettext_lazy("withdrawn"),
    "allowing": gettext_lazy("never held"),
    "revoked": gettext_lazy("taken back"),
    "due": gettext_lazy("to be delivered"),
    "delivered": gettext_lazy("delivered, not confirmed"),
    "failing": gettext_lazy("failing"),
}
TRIS = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no"), "unknown": gettext_lazy("not known")}
RULINGS = {
    "remove": gettext_lazy("remove, with every copy"),
    "once": gettext_lazy("remove this one post, bank nothing"),
    "keep": gettext_lazy("no action"),
    "label": gettext_lazy("put back with a warning"),
}
FOUND = {
    "check": gettext_lazy("found at upload"),
    "registration": gettext_lazy("found when registered"),
    "sweep": gettext_lazy("found in the catalogue"),
}
ACTS = {
    "case.opened": gettext_lazy("case opened"),
    "case.joined": gettext_lazy("another case joined"),
    "case.escalated": gettext_lazy("deadline missed, lead called"),
    "case.decided": gettext_lazy("decided"),
    "report.received": gettext_lazy("report received"),
    "report.added_to": gettext_lazy("words added"),
    "report.told_more": gettext_lazy("questions answered"),
    "print.too_common": gettext_lazy("a fingerprint from a device is of a picture that very many people have"),
    "entry.proposed": gettext_lazy("watched for, by a fingerprint from a device"),
    "report.withdrawn": gettext_lazy("report taken back"),
    "decision.contested": gettext_lazy("contested by a reporter"),
    "case.reopened": gettext_lazy("case opened again"),
    "hold.braked": gettext_lazy("not hidden: brake on"),
    "order.hold": gettext_lazy("ordered hidden"),
    "order.release": gettext_lazy("ordered released"),
    "order.remove": gettext_lazy("ordered removed"),
    "order.restore": gettext_lazy("ordered restored"),
    "order.label": gettext_lazy("ordered labelled"),
    "order.unlabel": gettext_lazy("label ordered off"),
    "item.gone": gettext_lazy("gone from the platform"),
    "media.veiled": gettext_lazy("grey preview shown"),
    "media.revealed": gettext_lazy("picture shown"),
    "entry.holding": gettext_lazy("banked: copies are held"),
    "entry.blocking": gettext_lazy("confirmed: copies are blocked"),
    "entry.frozen": gettext_lazy("entry frozen"),
    "entry.withdrawn": gettext_lazy("entry withdrawn"),
    "entry.swept": gettext_lazy("catalogue searched"),
    "allowance.proposed": gettext_lazy("said to be something else"),
    "allowance.allowing": gettext_lazy("never held again"),
    "allowance.revoked": gettext_lazy("taken back: held again"),
    "upload.hold": gettext_lazy("upload held"),
    "upload.block": gettext_lazy("upload blocked"),
    "check.resolved": gettext_lazy("upload answered"),
}
FLAGS = {
    "imminent_danger": gettext_lazy("imminent danger"),
    "live": gettext_lazy("live"),
    "viral": gettext_lazy("viral"),
    "synthetic": gettext_lazy("synthetic"),
    "self_generated": gettext_lazy("made by the person shown"),
    "threat_only": gettext_lazy("threat only"),
    "commercial": gettext_lazy("commercial"),
    "person_shown": gettext_lazy("reported by the person shown"),
}

for name, said in (
    ("harm", HARMS),
    ("state", STATES),
    ("tri", TRIS),
    ("ruling", RULINGS),
    ("found", FOUND),
    ("flag", FLAGS),
    ("act", ACTS),
):
    register.filter(name, lambda word, said=said: said.get(word, word))


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


def _length(minutes: int) -> str:
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
