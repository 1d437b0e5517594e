"""What an authority's order has to contain, how far it is, and what each kind of it does by itself. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from staydown.people.rules import Person, may_confirm, may_decide
from staydown.regimes.duties import Event
from staydown.regimes.harms import Harm, Tri, may_be_a_child
from staydown.states import Machine


class Kind(StrEnum):
    """What is ordered."""

    REMOVAL = "removal"  # EU law, art. 9
    PRESERVATION = "preservation"
    INFORMATION = "information"  # EU law, art. 10: received and preserved, never answered by machine


EVENT = {
    Kind.REMOVAL: Event.REMOVAL_ORDER,
    Kind.PRESERVATION: Event.PRESERVATION_ORDER,
    Kind.INFORMATION: Event.INFORMATION_ORDER,
}


class Channel(StrEnum):
    """How an order came."""

    DESK = "desk"  # an officer of the register, with a passkey
    KEY = "key"  # a program of a registered organisation
    HAND = "hand"  # a letter, a mail, a telephone call: written down by one of the staff


class Element(StrEnum):
    """What an order contains (Regulation (EU) 2022/2065, art. 9(2) and 10(2))."""

    LEGAL_BASIS = "legal_basis"  # 9(2)(a)(i), 10(2)(a)(i)
    REASONS = "reasons"  # 9(2)(a)(ii), with the provision infringed; 10(2)(a)(iv): what for, unless it is secret
    AUTHORITY = "authority"  # 9(2)(a)(iii), 10(2)(a)(ii)
    PLACE = "place"  # 9(2)(a)(iv): exact addresses; 10(2)(a)(iii): which account
    REDRESS = "redress"  # 9(2)(a)(v), 10(2)(a)(v)
    RECIPIENT = "recipient"  # 9(2)(a)(vi), 10(2)(a)(vi): whom to tell of the effect
    TERRITORY = "territory"  # 9(2)(b)
    LANGUAGE = "language"  # 9(2)(c), 10(2)(c): one that was declared under art. 11(3)


NEEDED: dict[Kind, tuple[Element, ...]] = {
    Kind.REMOVAL: tuple(Element),
    Kind.INFORMATION: tuple(each for each in Element if each is not Element.TERRITORY),
    Kind.PRESERVATION: (Element.LEGAL_BASIS, Element.AUTHORITY, Element.PLACE, Element.RECIPIENT),
}


@dataclass(frozen=True, slots=True)
class Said:
    """The words of an order, each element as it stands in it; `secret`: criminal procedure keeps its reasons (art. 10)."""

    legal_basis: str = ""
    reasons: str = ""
    authority: str = ""
    places: tuple[str, ...] = ()  # addresses, and names of accounts with their @
    redress: str = ""
    recipient: str = ""
    territory: str = ""
    language: str = ""
    secret: bool = False
    prints: tuple[str, ...] = ()  # fingerprints that came with it, as `cases.prints` keeps them

    @property
    def named(self) -> int:
        """How many specific items of information it names (Regulation (EU) 2024/2835, Annex I, 1.2.1)."""
        return len([each for each in self.places if not is_account(each)]) + len(self.prints)


def is_account(place: str) -> bool:
    """Whether a place is an account's name: `@name`, or `platform/@name`."""
    return not place.lower().startswith(("http://", "https://"))


def missing(kind: Kind, said: Said, languages: frozenset[str]) -> tuple[Element, ...]:
    """The elements that an order lacks, in the law's order. A language that was not declared is a missing one."""
    return tuple(each for each in NEEDED[kind] if not _there(each, kind, said, languages))


def _there(element: Element, kind: Kind, said: Said, languages: frozenset[str]) -> bool:
    if element is Element.PLACE:
        return bool(said.named if kind is Kind.REMOVAL else said.places)
    if element is Element.LANGUAGE:
        return said.language in languages
    if element is Element.REASONS and kind is Kind.INFORMATION and said.secret:
        return True
    return bool(str(getattr(said, element.value)).strip())


class OrderState(StrEnum):
    INCOMPLETE = "incomplete"  # the authority was told what is missing
    RECEIVED = "received"
    EXECUTED = "executed"  # removed, or preserved
    ANSWERED = "answered"  # the authority was told the effect, and when
    REFUSED = "refused"
    REVOKED = "revoked"  # by the authority
    IMPOSTOR = "impostor"  # called back, the authority knows nothing of it


_ENDS = frozenset({OrderState.REVOKED, OrderState.IMPOSTOR})
AUTHORITY_ORDER = Machine(
    OrderState,
    OrderState.INCOMPLETE,
    {
        OrderState.INCOMPLETE: frozenset({OrderState.RECEIVED, OrderState.REFUSED}) | _ENDS,
        OrderState.RECEIVED: frozenset({OrderState.EXECUTED, OrderState.REFUSED}) | _ENDS,
        OrderState.EXECUTED: frozenset({OrderState.ANSWERED}) | _ENDS,
        OrderState.ANSWERED: _ENDS,
        OrderState.REFUSED: frozenset(),
        OrderState.REVOKED: frozenset(),
        OrderState.IMPOSTOR: frozenset(),
    },
)
WAITING = (OrderState.INCOMPLETE, OrderState.RECEIVED, OrderState.EXECUTED)  # somebody owes something
BINDING = (OrderState.RECEIVED, OrderState.EXECUTED, OrderState.ANSWERED)
DONE = (OrderState.EXECUTED, OrderState.ANSWERED)


class Answered(StrEnum):
    """What came of calling an organisation back."""

    CONFIRMED = "confirmed"
    DENIED = "denied"
    UNREACHED = "unreached"


class Verified(StrEnum):
    """How it is known that an order is the authority's."""

    PASSKEY = "passkey"
    KEY = "key"
    CALL_BACK = "call_back"


BY_CHANNEL = {Channel.DESK: Verified.PASSKEY, Channel.KEY: Verified.KEY}
BRAKE = 1000  # posts of a platform that orders hide in an hour before anybody looked
BACK = 100  # posts that come back in an hour because an authority revoked orders; the others wait for a person
OURS = timedelta(hours=24)  # within which an authority is answered where no law of the data sets a time
KEPT = timedelta(days=90)  # preserved so long where the order sets no day and no law of the data does
LONGEST_SILENCE = timedelta(days=365)
UNTOLD = timedelta(hours=24)  # an uploader's notice that its platform does not confirm for so long is called out


def may_see(person: Person, harm: Harm, minor: Tri) -> bool:
    """Whether an order exists for this person."""
    return person.active and (person.cleared or not may_be_a_child(harm, minor))


def may_execute(person: Person, *, child: bool) -> bool:
    """Whether somebody may carry out, refuse, call back."""
    return may_decide(person, child)


def may_agree(person: Person, *, child: bool) -> bool:
    """Whether somebody's agreement counts as the second one before anything is disclosed."""
    return may_confirm(person, child)
