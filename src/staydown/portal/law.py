"""What the law makes this deployment do with a report, told to people before they type."""

from datetime import datetime

from staydown.regimes import lawful
from staydown.regimes.clocks import Facts, duties_of
from staydown.regimes.duties import Act, Duty, Event
from staydown.regimes.harms import Flag, Harm, Tri
from staydown.regimes.lawful import Feature, Refusal
from staydown.site import deployment


def passed_on(now: datetime) -> tuple[Duty, ...]:
    """The duties to tell an authority, where a child is abused or a life is in danger."""
    danger = frozenset({Flag.IMMINENT_DANGER})
    found: dict[str, Duty] = {}
    for event in (Event.KNOWLEDGE, Event.SUSPICION):
        for duty in duties_of(Facts(Harm.CSAM, Tri.YES, danger, deployment.here(), event), now):
            if duty.owes is Act.REFER and not duty.is_own:
                found.setdefault(duty.law, duty)
    return tuple(found.values())


def no_picture() -> tuple[Refusal, ...]:
    """The law by which this deployment may receive no picture of a child; none where it is only our own rule."""
    return lawful.permission(Feature.RECEIVE_CHILD_MEDIA, deployment.here()).refusals
