"""Evidence as it is written beside a match: numbers and the names of things, nothing of a picture."""

from typing import Any

from staydown.decoding.types import Kind
from staydown.fingerprints import Evidence, verdict
from staydown.fingerprints.turns import TURNS


def as_json(evidence: Evidence | None) -> dict[str, Any] | None:
    """The evidence as JSON, None where nothing was verified."""
    if evidence is None or evidence.region is None:
        return None
    return {
        "verdict": verdict(evidence).name,
        "score": evidence.score,
        "agreeing": evidence.agreeing,
        "visible": evidence.visible,
        "nearest": evidence.nearest,
        "region": evidence.region.value,
        "turn": evidence.turn.words,
        "frame": [round(side, 3) for side in evidence.frame],
        "negative": evidence.negative,
        "tilt": evidence.tilt,
        "whole": evidence.whole,
        "similarity": evidence.similarity,
        "likeness": evidence.likeness,
    }


def of_json(said: dict[str, Any] | None) -> Evidence | None:
    """The evidence that was written."""
    if said is None:
        return None
    left, top, right, bottom = said["frame"]
    return Evidence(
        score=said["score"],
        agreeing=said["agreeing"],
        visible=said["visible"],
        nearest=said["nearest"],
        region=Kind(said["region"]),
        turn=next(turn for turn in TURNS if turn.words == said["turn"]),
        frame=(left, top, right, bottom),
        negative=said["negative"],
        tilt=said.get("tilt", 0),
        whole=said.get("whole", 256),
        similarity=said["similarity"],
        likeness=said.get("likeness"),
    )
