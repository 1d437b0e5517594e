"""What can go wrong with a list that a trusted flagger sends."""


class FlagError(ValueError):
    """This list could not be taken."""


class NotAFlagger(FlagError):
    """This organisation is not admitted as a trusted flagger, or its time is over."""


class NotALine(FlagError):
    """Each line names one address or account and a harm."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"{number}: {why}")
        self.number = number
        self.why = why


class TooMany(FlagError):
    """A list has between one and a thousand lines. Send it in parts."""


class TooOften(FlagError):
    """Your organisation sent ten thousand lines within the hour. Send the others later; tell the team where it is urgent."""
