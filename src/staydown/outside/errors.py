"""Why the outside could not be asked. Each docstring is the sentence an operator reads."""


class OutsideError(Exception):
    """The other server could not be asked. Nothing is lost: try again later."""

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        sentence = type(self).__doc__ or ""
        super().__init__(f"{sentence} ({detail})" if detail else sentence)


class Forbidden(OutsideError):
    """This address may not be reached. If it is one of your own servers, add its network to STAYDOWN_OUTSIDE_ALLOW."""


class Unreachable(OutsideError):
    """The other server could not be reached, or broke off. Check its name, its certificate and that it is running."""


class TooSlow(OutsideError):
    """The other server did not finish its answer in time. Check its load, then try again."""


class AnswerTooLarge(OutsideError):
    """The other server sent more than was asked for; the rest was not read. Check that the address is the right one."""
