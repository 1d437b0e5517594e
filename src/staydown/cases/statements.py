"""What a statement of reasons says besides its words, in the vocabulary of the EU's Transparency Database. Pure.

Regulation (EU) 2022/2065, art. 17(3). Nothing here holds anything personal.
"""

from dataclasses import dataclass

from staydown.cases.rules import Ground
from staydown.platforms.rules import Action, Label
from staydown.regimes.harms import Capacity
from staydown.transparency import vocabulary
from staydown.transparency.vocabulary import AccountMeasure, ServiceMeasure, Source, Visibility

VISIBILITY = {Action.REMOVE: Visibility.REMOVED, Action.LABEL: Visibility.LABELLED}
ACCOUNT = {Action.SUSPEND: AccountMeasure.SUSPENDED, Action.END: AccountMeasure.TERMINATED}
PROVISION = {Action.RESTRICT: ServiceMeasure.PARTLY_SUSPENDED}
RESTRICTS = frozenset(VISIBILITY) | frozenset(ACCOUNT) | frozenset(PROVISION)
GROUND = {Ground.LAW: vocabulary.Ground.ILLEGAL, Ground.RULES: vocabulary.Ground.INCOMPATIBLE}


@dataclass(frozen=True, slots=True)
class Found:
    """How the restricted item was found: as whom its reporters reported it (none: nobody did), and by a match or not."""

    capacities: frozenset[str]
    by_match: bool = False
    ordered: bool = False  # by an authority

    @property
    def source(self) -> Source:
        """Where the decision comes from: what only a match found, nobody reported (law: own initiative)."""
        if self.by_match or not (self.capacities or self.ordered):
            return Source.VOLUNTARY
        if not self.capacities:
            return Source.OTHER_NOTIFICATION
        flagger = Capacity.TRUSTED_FLAGGER.value in self.capacities
        return Source.TRUSTED_FLAGGER if flagger else Source.NOTICE


def visibility(act: Action, label: str) -> list[str]:
    """What was done to an item."""
    if act is Action.LABEL and label == Label.AGE_RESTRICTED:
        return [Visibility.AGE_RESTRICTED.value]
    return [VISIBILITY[act].value] if act in VISIBILITY else []
