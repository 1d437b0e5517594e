"""What can go wrong with an authority's order."""


class OrderError(ValueError):
    """This could not be done with an authority's order."""


class NotYours(OrderError):
    """This is not for you: who decides such cases carries out orders, and a second person agrees to disclose."""


class NotComplete(OrderError):
    """The order lacks an element. The authority was told which; it is carried out once it is there."""


class WentOn(OrderError):
    """Somebody else went on with it meanwhile. Look at it again."""


class NoReason(OrderError):
    """Say why, in words the authority reads."""


class NoNumber(OrderError):
    """Nobody can be called back: say which admitted organisation the order claims to come from. Its number is in the register."""


class NotCalledBack(OrderError):
    """Nothing is disclosed before the authority, called back at its own number, said that the order is its own."""


class AnotherPerson(OrderError):
    """A different person has to agree as well."""


class NoPause(OrderError):
    """No law lets this order's time stand still for that reason."""


class TooLate(OrderError):
    """A day for silence, or for keeping, lies in the future and within a year."""
