"""The rules of what platforms are told: the states of items, accounts, checks and orders, and which order replaces which."""

from enum import StrEnum

from staydown.states import Machine


class ItemState(StrEnum):
    UP = "up"
    HELD = "held"
    REMOVED = "removed"
    GONE = "gone"


ITEM = Machine(
    ItemState,
    ItemState.UP,
    {
        ItemState.UP: frozenset({ItemState.HELD, ItemState.REMOVED, ItemState.GONE}),
        ItemState.HELD: frozenset({ItemState.UP, ItemState.REMOVED, ItemState.GONE}),
        ItemState.REMOVED: frozenset({ItemState.UP, ItemState.GONE}),
        ItemState.GONE: frozenset(),
    },
)


class AccountState(StrEnum):
    ACTIVE = "active"
    RESTRICTED = "restricted"
    SUSPENDED = "suspended"
    ENDED = "ended"


ACCOUNT = Machine(
    AccountState,
    AccountState.ACTIVE,
    {
        AccountState.ACTIVE: frozenset({AccountState.RESTRICTED, AccountState.SUSPENDED, AccountState.ENDED}),
        AccountState.RESTRICTED: frozenset({AccountState.ACTIVE, AccountState.SUSPENDED, AccountState.ENDED}),
        AccountState.SUSPENDED: frozenset({AccountState.ACTIVE, AccountState.ENDED}),
        AccountState.ENDED: frozenset({AccountState.ACTIVE}),
    },
)


class Verdict(StrEnum):
    """The answer to an upload check, from the mildest to the strictest."""

    ALLOW = "allow"
    LABEL = "label"
    HOLD = "hold"
    BLOCK = "block"


class CheckState(StrEnum):
    ANSWERED = "answered"  # nothing more is owed: allowed, or blocked
    PENDING = "pending"  # held: a person owes an answer
    RESOLVED = "resolved"


CHECK = Machine(
    CheckState,
    CheckState.ANSWERED,
    {
        CheckState.ANSWERED: frozenset({CheckState.PENDING}),
        CheckState.PENDING: frozenset({CheckState.RESOLVED}),
        CheckState.RESOLVED: frozenset(),
    },
)


class OrderState(StrEnum):
    DUE = "due"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"
    FAILING = "failing"


OPEN_ORDER = (OrderState.DUE, OrderState.DELIVERED, OrderState.FAILING)
ORDER = Machine(
    OrderState,
    OrderState.DUE,
    {
        OrderState.DUE: frozenset(set(OrderState) - {OrderState.DUE}),
        OrderState.DELIVERED: frozenset({OrderState.CONFIRMED, OrderState.SUPERSEDED, OrderState.FAILING}),
        OrderState.FAILING: frozenset({OrderState.DELIVERED, OrderState.CONFIRMED, OrderState.SUPERSEDED}),
        OrderState.CONFIRMED: frozenset(),
        OrderState.SUPERSEDED: frozenset(),
    },
)


class Action(StrEnum):
    """What an order tells a platform to do. The value is the webhook's `type`."""

    HOLD = "order.hold"
    RELEASE = "order.release"
    REMOVE = "order.remove"
    RESTORE = "order.restore"
    LABEL = "order.label"
    UNLABEL = "order.unlabel"
    RESTRICT = "account.restrict"
    SUSPEND = "account.suspend"
    REINSTATE = "account.reinstate"
    END = "account.end"
    CHECK_RESOLVED = "check.resolved"


# Which state of the item an order makes true. Labels stand beside the state and are not here.
MAKES: dict[Action, ItemState] = {
    Action.HOLD: ItemState.HELD,
    Action.RELEASE: ItemState.UP,
    Action.REMOVE: ItemState.REMOVED,
    Action.RESTORE: ItemState.UP,
}
MAKES_ACCOUNT: dict[Action, AccountState] = {
    Action.RESTRICT: AccountState.RESTRICTED,
    Action.SUSPEND: AccountState.SUSPENDED,
    Action.REINSTATE: AccountState.ACTIVE,
    Action.END: AccountState.ENDED,
}
LABELLING = frozenset({Action.LABEL, Action.UNLABEL})


class Label(StrEnum):
    SENSITIVE = "sensitive"
    AGE_RESTRICTED = "age-restricted"
    BLUR = "blur"


class Outcome(StrEnum):
    """What a platform says became of an order."""

    APPLIED = "applied"
    SUPERSEDED = "superseded"  # the platform had already applied a later one
    GONE = "gone"  # the item no longer exists there


def replaced_by(action: Action) -> frozenset[Action]:
    """The kinds of unconfirmed order that a new `action` on the same item or account makes pointless."""
    if action in LABELLING:
        return LABELLING
    if action in MAKES:
        return frozenset(MAKES)
    if action in MAKES_ACCOUNT:
        return frozenset(MAKES_ACCOUNT)
    return frozenset()


class Scope(StrEnum):
    """What a platform's key may do."""

    CHECK = "check"
    ITEMS = "items"
    REPORTS = "reports"
    ORDERS = "orders"


UNREADABLE = "unreadable"  # why an upload that could not be opened is held, and the policy code of what became of it
RECOGNISED = "recognised"  # a label or hold by the platform's own policy, and the policy code of what became of it
KNOWN_MATERIAL = "known-material"  # the policy code of every order that follows from a match
FLAGGED = "trusted-flagger"  # of what is hidden at once because a trusted flagger sent it
ORDERED = "authority-order"  # of what is hidden, removed or put back because of an authority's order
ATTEMPTS_BEFORE_FAILING = 6  # about two minutes of trying: from then on people see the order as failing
