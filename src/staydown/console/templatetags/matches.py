"""How a match was found, in the reviewer's language: what `fingerprints.in_words` says, from what was written down."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staydown.banks import policy
from staydown.banks.models import Match

register = template.Library()

REGIONS = {
    "the whole picture": gettext_lazy("the whole picture"),
    "the picture without its border": gettext_lazy("the picture without its border"),
    "the part between bands of plain colour, as in a screenshot or under a caption": gettext_lazy(
        "the part between bands of plain colour, as in a screenshot or under a caption"
    ),
    "a rectangle inside the picture, as in a collage or a picture in a picture": gettext_lazy(
        "a rectangle inside the picture, as in a collage or a picture in a picture"
    ),
    "a tilted part, as in a photographed screen or a turned picture": gettext_lazy(
        "a tilted part, as in a photographed screen or a turned picture"
    ),
}
TURNS = {
    "upright": gettext_lazy("upright"),
    "turned by 90 degrees": gettext_lazy("turned by 90 degrees"),
    "upside down (turned by 180 degrees)": gettext_lazy("upside down (turned by 180 degrees)"),
    "turned by 270 degrees": gettext_lazy("turned by 270 degrees"),
    "mirrored top to bottom": gettext_lazy("mirrored top to bottom"),
    "mirrored left to right": gettext_lazy("mirrored left to right"),
    "mirrored along a diagonal": gettext_lazy("mirrored along a diagonal"),
    "mirrored along the other diagonal": gettext_lazy("mirrored along the other diagonal"),
}
VERDICTS = {
    "CERTAIN": gettext_lazy("The same picture"),
    "LIKELY": gettext_lazy("Very likely the same picture"),
    "POSSIBLE": gettext_lazy("Perhaps the same picture: look closely"),
}
NOWHERE = 256  # bits
NORMAL_SPEED = 0.03  # by which a film may be quicker or slower before it is said
BEYOND = 0.02  # of a side: what lies farther out was cropped away


@register.filter
def how(match: Match) -> str:
    """One sentence or two: whole pictures compared, then their parts."""
    if match.exact:
        return _("The same file, but perhaps for its metadata.")
    said = []
    if match.forgeable:
        said.append(
            _("The same MD5 or SHA-1, which another file can be made to have: look whether it is the same picture.")
        )
    if match.distance <= policy.RADIUS:
        said.append(_("The whole pictures differ in %(distance)d of 256 bits.") % {"distance": match.distance})
    said += _passage(match.evidence["passage"]) if match.evidence and "passage" in match.evidence else []
    if match.evidence and match.evidence.get("verdict") in VERDICTS:
        said.append(_told(match.evidence) if match.evidence["agreeing"] else _as_a_whole(match.evidence))
        if tilt := match.evidence.get("tilt"):
            said.append(_("It is tilted by about %(degrees)d degrees.") % {"degrees": abs(tilt)})
        if match.evidence["negative"]:
            said.append(_("Its colours are inverted."))
        if (similarity := match.evidence.get("similarity")) is not None:
            said.append(_("A second method finds a likeness of %(percent)d %%.") % {"percent": round(100 * similarity)})
    return " ".join(said)


def _passage(found: dict[str, Any]) -> list[str]:
    words = {name: _clock(found[name]) for name in ("known_start", "known_end", "query_start", "query_end")}
    said = [
        _(
            "%(known_start)s to %(known_end)s of the known film is at %(query_start)s to %(query_end)s of this one: "
            "%(agreeing)g seconds of frames agree, in the same order; the nearest differs in %(nearest)d of 256 bits."
        )
        % {**words, "agreeing": found["agreeing"], "nearest": found["nearest"]}
    ]
    if abs(found["speed"] - 1) > NORMAL_SPEED:
        said.append(_("It plays at %(speed).2f times the speed.") % {"speed": found["speed"]})
    if found["turn"] != "upright":
        said.append(_("It is %(turn)s.") % {"turn": TURNS.get(found["turn"], found["turn"])})
    if found["framed"]:
        said.append(_("It is inside bars, a caption or buttons that do not move."))
    if found["cropped"]:
        said.append(_("One of the two is cropped."))
    said.append(_("Films share openings and credits, too: look at the times."))
    return said


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _told(evidence: dict[str, Any]) -> str:
    words = {
        "verdict": VERDICTS[evidence["verdict"]],
        "part": _part(evidence["frame"]),
        "turn": TURNS.get(evidence["turn"], evidence["turn"]),
        "region": REGIONS.get(evidence["region"], evidence["region"]),
        "agreeing": evidence["agreeing"],
        "visible": evidence["visible"],
        "nearest": evidence["nearest"],
    }
    return (
        _(
            "%(verdict)s: %(part)s, %(turn)s, in %(region)s. %(agreeing)d of %(visible)d windows agree, "
            "the nearest differs in %(nearest)d of 256 bits."
        )
        % words
    )


def _as_a_whole(evidence: dict[str, Any]) -> str:
    words = {
        "verdict": VERDICTS[evidence["verdict"]],
        "region": REGIONS.get(evidence["region"], evidence["region"]),
        "whole": evidence.get("whole", NOWHERE),
    }
    return (
        _("%(verdict)s: its whole, in %(region)s, differs in %(whole)d of 256 bits; its windows say nothing for it.")
        % words
    )


def _part(frame: list[float]) -> str:
    left, top, right, bottom = frame
    cropped = min(left, top) < -BEYOND or max(right, bottom) > 1 + BEYOND
    return _("a part of the known picture") if cropped else _("the known picture")
