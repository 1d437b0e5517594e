"""What the CyberTipline says no with, by what there is to do about it."""


class TipError(Exception):
    """The CyberTipline did not do what it was asked. `code` is its own, 0 where it answered with none."""

    def __init__(self, code: int = 0, seconds: float = 0) -> None:
        super().__init__(f"{type(self).__doc__} (code {code})")
        self.code = code
        self.seconds = seconds  # to wait, where it says so


class NotNow(TipError):
    """It is not there, busy, or in trouble: ask again later."""


class NotLetIn(TipError):
    """It does not accept this login, or not for this. An operator looks at STAYDOWN_CYBERTIP_LOGIN."""


class NotAccepted(TipError):
    """It does not take this report or file as it is. A person mends it."""


class NotThere(TipError):
    """It has no such unfinished report: what is not filed within a day is deleted there. Open it again."""


class FiledAlready(TipError):
    """This report is filed."""


def of(code: int) -> type[TipError]:
    """The error of a response code, as the documentation groups them."""
    if code == 5102:
        return FiledAlready
    if code in (5001, 5101):
        return NotThere
    if 2000 <= code < 4000:
        return NotLetIn
    return NotAccepted if 4000 <= code < 5000 or code == 5002 else NotNow
