"""What a decision would do, told before anybody makes it."""

from dataclasses import dataclass
from datetime import datetime

from staydown.authorities import actions as referrals
from staydown.authority_orders.standing import ordered_down
from staydown.banks.actions import keeping
from staydown.banks.models import Fingerprint
from staydown.cases import consequences, two_people
from staydown.cases.actions.refusals import OrderedDown
from staydown.cases.consequences import AccountStep, Consequences, Post, Step
from staydown.cases.models import Case
from staydown.cases.rules import AccountRuling, Ground, Ruling
from staydown.platforms.models import Account, Item
from staydown.platforms.rules import AccountState, ItemState, Label
from staydown.regimes.harms import Harm, Tri
from staydown.regimes.lawful import may_bank_child_safety
from staydown.site import deployment


def post_of(item: Item) -> Post:
    """An item as the rule of consequences sees it."""
    media = item.fingerprint.seq if item.fingerprint else None
    return Post(item.external_id, ItemState(item.state), media, tuple(item.labels))


@dataclass(frozen=True, slots=True)
class Ruled:
    """What is decided of each item, and of each account."""

    ground: Ground
    items: tuple[tuple[Item, Ruling], ...]
    accounts: tuple[tuple[Account, AccountRuling], ...] = ()

    def takes_two(self, case: Case) -> frozenset[two_people.Act]:
        """Which acts of it nobody does alone."""
        posts = tuple((ruling, ItemState(item.state)) for item, ruling in self.items)
        accounts = tuple(ruling for _, ruling in self.accounts)
        return two_people.acts(Harm(case.harm), Tri(case.minor), two_people.Ruled(posts, accounts))


def foreseen(case: Case, what: Ruled, now: datetime) -> Consequences:
    """Everything that a decision would do. Raises `NotLawfulHere`, `TooCommon` for what may not be banked, `OrderedDown`."""
    if any(
        Step.PUT_BACK in consequences.of_item(ruling, post_of(item), Label.SENSITIVE) and ordered_down(item)
        for item, ruling in what.items
    ):
        raise OrderedDown(OrderedDown.__doc__)
    ruled = [(item, consequences.of_item(ruling, post_of(item), Label.SENSITIVE)) for item, ruling in what.items]
    banked = {item.fingerprint_id: item.fingerprint for item, steps in ruled if Step.BANK in steps}
    for fingerprint in banked.values():
        _may_bank(case, fingerprint)
    accounts = [(one, consequences.of_account(ruling, AccountState(one.state))) for one, ruling in what.accounts]
    taken_down = any(ruling in referrals.TAKEN_DOWN for _, ruling in what.items)
    taken_down |= any(ruling in referrals.LIMITING for _, ruling in what.accounts)
    told = referrals.due(case, now) if taken_down and what.ground is Ground.LAW else []
    return Consequences(
        items=tuple((item.external_id, steps) for item, steps in ruled),
        entries=len(banked),
        answers=case.reports.count(),
        statements=_statements(ruled, accounts),
        accounts=tuple((one.external_id, step) for one, step in accounts if step),
        referrals=tuple(route.authority.name for route in told),
        takes_two=tuple(sorted(what.takes_two(case))),
    )


def _statements(items: list[tuple[Item, tuple[Step, ...]]], accounts: list[tuple[Account, AccountStep | None]]) -> int:
    """How many uploaders' restrictions are to be explained."""
    restricted = sum(bool({Step.REMOVE, Step.LABEL} & set(steps)) for _, steps in items)
    return restricted + sum(step not in (None, AccountStep.REINSTATE) for _, step in accounts)


def _may_bank(case: Case, fingerprint: Fingerprint | None) -> None:
    if case.needs_clearance and not may_bank_child_safety(deployment.here()):
        raise keeping.NotLawfulHere(keeping.NotLawfulHere.__doc__)
    if fingerprint and fingerprint.exact is not None:
        keeping.not_common(fingerprint)
