"""What a network takes an upload for, where the platform's policy asks, and what follows from it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from staydown import decoding, recognition
from staydown.platforms.models import Check
from staydown.platforms.rules import CheckState, Verdict
from staydown.recognition import Signals, policy
from staydown.recognition.calibrating import Decided
from staydown.recognition.policy import Followed, Rule, Where


@dataclass(frozen=True, slots=True)
class Recognised:
    """The signals of an upload, or None where it could not be looked at, the rule that fits, and what follows."""

    rule: Rule
    signals: Signals | None

    @property
    def followed(self) -> Followed:
        return policy.followed(self.rule, self.signals)

    @property
    def verdict(self) -> Verdict:
        """Never more than held."""
        if self.followed.holds:
            return Verdict.HOLD
        return Verdict.LABEL if self.followed.labels else Verdict.ALLOW

    @property
    def kept(self) -> dict[str, Any]:
        """What is kept of it with the check, where anything follows: numbers, for people to understand and to calibrate by."""
        if self.verdict is Verdict.ALLOW:
            return {}
        steps = [[step.least, step.act.value] for step in self.rule.steps]
        return {"steps": steps} | (_numbers(self.signals) if self.signals else {"unseen": True})


def _numbers(signals: Signals) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "nudity": round(signals.nudity, 4),
        "highest": round(signals.highest, 4),
        "coverage": round(signals.coverage, 4),
        "model": signals.model,
        "preprocess": signals.preprocess,
        "places": [list(place.box) for place in signals.places],
    }
    if film := signals.moving:
        kept |= {
            "seconds": round(film.seconds, 1),
            "seconds_over": round(film.seconds_over, 1),
            "sampling": film.sampling,
        }
        kept["segments"] = [[round(each.start, 1), round(each.end, 1)] for each in film.segments[:50]]
    return kept


def look(data: bytes, place: Where) -> Recognised | None:
    """Look at an upload where a rule for its place asks for it. Raises `NoModel` or `Unavailable`."""
    rule = policy.rule_for(settings.RECOGNITION, place)
    if rule is None:
        return None
    try:
        return Recognised(rule, recognition.of_media(data))
    except decoding.Unavailable:
        raise
    except decoding.DecodingError:
        return Recognised(rule, None)


def decided() -> list[Decided]:
    """The numbers of uploads that a policy had held and a person answered, in the order of time."""
    answered = Check.objects.filter(state=CheckState.RESOLVED, signals__nudity__isnull=False).order_by("asked_at")
    rows = answered.values_list("signals__nudity", "resolution")
    return [Decided(float(score), resolution == Verdict.BLOCK) for score, resolution in rows]
