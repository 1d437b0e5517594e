"""What was found, as it is written beside a match: numbers and the names of things, nothing of a picture."""

from dataclasses import asdict
from typing import Any

from staydown.decoding.types import Kind
from staydown.fingerprints import Evidence, Passage, verdict
from staydown.fingerprints.turns import TURNS, Turn

Found = tuple[Evidence | None, Passage | None]


def as_json(evidence: Evidence | None, passage: Passage | None = None) -> dict[str, Any] | None:
    """What was verified as JSON, None where nothing was."""
    said = _evidence_as_json(evidence) or {}
    if passage:
        said["passage"] = asdict(passage) | {"turn": passage.turn.words}
    return said or None


def _evidence_as_json(evidence: Evidence | None) -> dict[str, Any] | None:
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
        "same": list(evidence.same),
    }


def of_json(said: dict[str, Any] | None) -> Found:
    """What was written."""
    passage = said.get("passage") if said else None
    return _evidence(said), Passage(**passage | {"turn": _turn(passage["turn"])}) if passage else None


def _turn(words: str) -> Turn:
    return next(turn for turn in TURNS if turn.words == words)


def _evidence(said: dict[str, Any] | None) -> Evidence | None:
    if said is None or "region" not in said:
        return None
    left, top, right, bottom = said["frame"]
    return Evidence(
        score=said["score"],
        agreeing=said["agreeing"],
        visible=said["visible"],
        nearest=said["nearest"],
        region=Kind(said["region"]),
        turn=_turn(said["turn"]),
        frame=(left, top, right, bottom),
        negative=said["negative"],
        tilt=said.get("tilt", 0),
        whole=said.get("whole", 256),
        similarity=said["similarity"],
        likeness=said.get("likeness"),
        same=tuple(said.get("same", ())),
    )
