"""A statement of reasons as the EU Transparency Database takes it (EU law, art. 24(5)): checked before it leaves. Pure.

No personal data: facts are fixed sentences of ours, and what a person wrote is refused where it looks like a name, an
address, a number or a link.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any
from uuid import UUID

from staydown.regimes.harms import Flag, Harm, Tri
from staydown.transparency.vocabulary import (
    EEA,
    OTHER_WORDS,
    AccountMeasure,
    Automated,
    Content,
    Ground,
    Keyword,
    ServiceMeasure,
    Source,
    Visibility,
    category_of,
)

BATCH = 100  # statements in one request, taken all or none
LAW, RULE = 500, 2000  # characters of a ground, and of its explanation

EXPLAINED = {
    Harm.CSAM: "Sexual content that shows a child, or was found to.",
    Harm.GROOMING: "Soliciting of a child for sexual purposes.",
    Harm.SEXUAL_VIOLENCE_RECORDING: "Recording of sexual violence.",
    Harm.SEXTORTION: "Threat to share an intimate image.",
    Harm.NCII: "Intimate image shared without the consent of the person shown.",
    Harm.SYNTHETIC_NCII: "Intimate image made or altered by machine, shared without the consent of the person shown.",
    Harm.VOYEURISM: "Intimate image taken without the knowledge of the person shown.",
    Harm.EXPOSURE_HARASSMENT: "Exposure of private matters in order to harass.",
    Harm.UNSPECIFIED: "Content that the rules or the law do not allow.",
}
FOUND = {
    Source.NOTICE: "It was found through a notice.",
    Source.TRUSTED_FLAGGER: "It was found through a notice of a trusted flagger.",
    Source.OTHER_NOTIFICATION: "It was found through a notification of another kind.",
    Source.VOLUNTARY: "It was found because it resembles content that was removed before.",
}
JUDGED = {
    Automated.FULLY: "It was decided by machine, because it is identical to content that was removed before.",
    Automated.PARTIALLY: "It was hidden by machine, and a person decided.",
    Automated.NOT: "A person decided.",
}
_LOOKS_PERSONAL = (
    ("an address of mail", re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")),
    ("a link", re.compile(r"(?i)\b(?:https?:|www\.)|\b[\w-]+\.(?:com|net|org|eu|fr|be|de|nl|io|me|tv|app|example)\b")),
    ("an account", re.compile(r"(?<!\w)@\w")),
    ("a telephone number", re.compile(r"(?:\+|\b)\d(?:[\s./-]?\d){7,}")),
    ("a name", re.compile(r"\b(?:M|Mme|Mlle|Mr|Mrs|Ms|Miss|Dr|Herr|Frau|Mevrouw|Meneer|Dhr|Mevr)\.?\s+[A-ZÀ-Þ]")),
    ("a name", re.compile(r"(?<=[a-zà-ÿ,;] )[A-ZÀ-Þ][a-zà-ÿ]+ [A-ZÀ-Þ][a-zà-ÿ]+")),
)


class Personal(ValueError):
    """This would be published: leave out names, accounts, addresses, numbers and links."""


class Incomplete(ValueError):
    """A statement lacks what the database asks for."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One restriction and why: `id` is ours and says nothing. `provision` is an article or a rule, not a story."""

    id: UUID
    harm: Harm
    minor: Tri
    flags: frozenset[Flag]
    visibility: tuple[Visibility, ...]
    account: AccountMeasure | None
    ground: Ground
    provision: str
    content: tuple[Content, ...]
    content_on: date
    applied_on: date
    source: Source
    detected_by_machine: bool
    decided: Automated
    territory: frozenset[str]
    ends_on: date | None = None
    service: ServiceMeasure | None = None


def published(one: Statement) -> dict[str, Any]:
    """The statement as JSON takes it. Raises `Personal` and `Incomplete`."""
    if not one.visibility and one.account is None and one.service is None:
        raise Incomplete("A statement says what was restricted: content, an account, or the service to somebody.")
    if not one.content or not one.provision.strip():
        raise Incomplete("A statement says what kind of content it is about, and which article or rule it rests on.")
    if one.territory - EEA:
        raise Incomplete(f"Not in the European Economic Area: {', '.join(sorted(one.territory - EEA))}.")
    said = {
        "puid": str(one.id),
        **_restriction(one),
        **_ground(one),
        **_category(one),
        "content_type": [each.value for each in one.content],
        "content_date": one.content_on.isoformat(),
        "application_date": one.applied_on.isoformat(),
        "territorial_scope": sorted(one.territory),
        "decision_facts": " ".join((EXPLAINED[one.harm], FOUND[one.source], JUDGED[one.decided])),
        "source_type": one.source.value,
        "automated_detection": "Yes" if one.detected_by_machine else "No",
        "automated_decision": one.decided.value,
    }
    if Content.OTHER in one.content:
        said["content_type_other"] = "conduct of an account"
    return said


def personal(text: str) -> str | None:
    """What in a text looks as if it told of a person; None where nothing does. It errs on the side of asking."""
    return next((what for what, pattern in _LOOKS_PERSONAL if pattern.search(text)), None)


def in_batches(statements: Iterable[Statement]) -> Iterator[list[dict[str, Any]]]:
    """What is sent in one request each. Raises `Personal` and `Incomplete` before the batch with the wrong one."""
    for some in batched(statements, BATCH):
        yield [published(one) for one in some]


def _restriction(one: Statement) -> dict[str, Any]:
    said: dict[str, Any] = {}
    ends = one.ends_on.isoformat() if one.ends_on else None
    if one.visibility:
        said["decision_visibility"] = [each.value for each in one.visibility]
        if Visibility.OTHER in one.visibility:
            said["decision_visibility_other"] = "kept from being published until a person has decided"
        if ends:
            said["end_date_visibility_restriction"] = ends
    if one.account:
        said["decision_account"] = one.account.value
        if ends:
            said["end_date_account_restriction"] = ends
    if one.service:
        said["decision_provision"] = one.service.value
        if ends:
            said["end_date_service_restriction"] = ends
    return said


def _ground(one: Statement) -> dict[str, Any]:
    provision = one.provision.strip()
    if what := personal(provision):
        raise Personal(f"{Personal.__doc__} The provision has what looks like {what}.")
    if len(provision) > LAW:
        raise Incomplete(f"A provision has at most {LAW} characters.")
    said: dict[str, Any] = {"decision_ground": one.ground.value}
    if one.ground is Ground.ILLEGAL:
        return said | {"illegal_content_legal_ground": provision, "illegal_content_explanation": EXPLAINED[one.harm]}
    explained = {"incompatible_content_ground": provision, "incompatible_content_explanation": EXPLAINED[one.harm]}
    return said | explained | {"incompatible_content_illegal": "No"}


def _category(one: Statement) -> dict[str, Any]:
    category, keyword = category_of(one.harm, one.minor, synthetic=Flag.SYNTHETIC in one.flags)
    said: dict[str, Any] = {"category": category.value}
    if keyword:
        said["category_specification"] = [keyword.value]
    if keyword is Keyword.OTHER:
        said["category_specification_other"] = OTHER_WORDS[one.harm]
    return said
