"""The policy of the timer: by which rules of the schedule something is destroyed without a person. None unless named."""

from staydown.regimes.duties import Bound
from staydown.regimes.retention import rules
from staydown.vault.retention.rules import BY_TIMER


class UnknownRule(ValueError):
    """STAYDOWN_RETENTION_TIMER names rules of docs/law/retention.md that end with a destruction, with commas between."""


def read(text: str) -> frozenset[str]:
    """The rules of the setting. Raises `UnknownRule`."""
    known = {rule.id for rule in rules() if rule.bound is Bound.AT_LATEST and rule.what in BY_TIMER}
    named = frozenset(word.strip() for word in text.split(",") if word.strip())
    if wrong := sorted(named - known):
        raise UnknownRule(
            f"{', '.join(wrong)} is none of them. {UnknownRule.__doc__} There are: {', '.join(sorted(known))}."
        )
    return named
