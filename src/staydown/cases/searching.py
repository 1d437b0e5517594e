"""Narrowing a queue: by harm, language and platform, and by what somebody has in hand: a case's number, an account, a post."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast, Right

from staydown.cases.models import Case, Report, Subject
from staydown.people.models import Staff
from staydown.platforms.models import Account, Item
from staydown.regimes.harms import Harm

REFERENCE = 6  # signs of what people call a case
MINE = "mine"  # the languages that she reads


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; an empty text narrows nothing."""

    harm: str = ""
    language: str = ""
    platform: str = ""
    text: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Wanted":
        """What an address says; what makes no sense in it is left out."""
        harm = said.get("harm", "")
        return cls(
            harm if harm in Harm else "",
            said.get("language", "")[:8],
            said.get("platform", "")[:50],
            said.get("text", "").strip()[:2000],
        )

    @property
    def any(self) -> bool:
        return bool(self.harm or self.language or self.platform or self.text)


def query_of(wanted: Wanted) -> str:
    """What is wanted, as the address of the queue has it."""
    return urlencode({name: value for name in Wanted.__slots__ if (value := getattr(wanted, name))})


def narrowed(cases: QuerySet[Case], wanted: Wanted, staff: Staff) -> QuerySet[Case]:
    """Those of the cases that are wanted: never more than were given."""
    if wanted.harm:
        cases = cases.filter(harm=wanted.harm)
    if wanted.language:
        spoken = staff.languages if wanted.language == MINE else [wanted.language]
        cases = cases.filter(pk__in=Report.objects.filter(language__in=spoken).values("case"))
    if wanted.platform:
        cases = cases.filter(pk__in=Subject.objects.filter(_on(wanted.platform)).values("case"))
    if wanted.text:
        cases = _about(cases, wanted.text)
    return cases


def _on(slug: str) -> Q:
    return Q(item__platform__slug=slug) | Q(account__platform__slug=slug)


def _about(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """By the whole of a number, a name of an account, a post's id or its address: parts of them match nothing."""
    items = Item.objects.filter(Q(external_id=text) | Q(url=text) | Q(account__external_id=text))
    accounts = Account.objects.filter(external_id=text)
    about = Subject.objects.filter(Q(item__in=items) | Q(account__in=accounts)).values("case")
    numbered = cases.annotate(number=Right(Cast("pk", CharField(max_length=36)), REFERENCE))
    return numbered.filter(Q(number=text.lower()) | Q(pk__in=about))
