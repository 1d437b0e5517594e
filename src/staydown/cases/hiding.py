"""Which rulings a queue does not offer: what makes no sense for a harm cannot be chosen by mistake. Pure.

A queue here is what is reported as one harm. Removing, taking no action, and leaving or reinstating an account are always
offered: a person must be able to say yes and no.
"""

from collections.abc import Iterable, Mapping

from staydown.cases.rules import AccountRuling, Ruling
from staydown.regimes.harms import Harm

type Hidden = Mapping[Harm, frozenset[str]]
ALWAYS = frozenset({Ruling.REMOVE.value, Ruling.KEEP.value, AccountRuling.LEAVE.value, AccountRuling.REINSTATE.value})
ANY = frozenset({*Ruling, *AccountRuling}) - ALWAYS


class BadHidden(ValueError):
    """Hidden rulings are like CSAM=label+once,NCII=end: a harm, and those of once, label, restrict, suspend and end to hide."""


def read(text: str) -> Hidden:
    """Of the setting's text. Raises `BadHidden`."""
    hidden: dict[Harm, frozenset[str]] = {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        harm, _, names = each.partition("=")
        found = frozenset(names.split("+"))
        if harm not in Harm or not found <= ANY:
            raise BadHidden(f"{each}: {BadHidden.__doc__}")
        hidden[Harm(harm)] = found
    return hidden


def is_one_hidden(harm: Harm, rulings: Iterable[str], hidden: Hidden) -> bool:
    """Whether one of the rulings is not offered for the harm."""
    return bool(hidden.get(harm, frozenset()) & set(rulings))
