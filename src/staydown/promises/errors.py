"""What a task may raise to say how its promise goes on, and what this package refuses."""


class PromiseError(Exception):
    """Something is wrong with a promise. Its text names code and ids only, so it may be stored and logged."""


class NotJson(PromiseError, TypeError):
    """The arguments of a promise must be JSON: text, whole numbers, lists. Give ids as text."""


class OtherWork(PromiseError, ValueError):
    """This key already stands for other work that is still owed. Use one key for one task with the same arguments."""


class UnknownTask(PromiseError, LookupError):
    """No task is found at this path. Install the version of the code that has it; the promise is tried again."""


class GiveUp(PromiseError):
    """Raised by a task: trying again cannot help. `reason` is a phrase of the code, never a person's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(Exception):
    """Raised by a task: nothing is wrong, run me again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds
