"""What the journal refuses."""


class JournalError(Exception):
    """The journal cannot do this."""


class NotInTransaction(JournalError, RuntimeError):
    """A journal entry belongs to the act it records: write it inside the act's transaction (`transaction.atomic`)."""


class NotAFact(JournalError, ValueError):
    """Facts are text, whole numbers, true, false, null, lists and maps: what every database gives back alike."""


class NothingToSay(JournalError, ValueError):
    """An entry names its act, who did it, and a saved row it is about."""


class AlreadyErased(JournalError, ValueError):
    """Some of these entries are erased already, or say what was erased: nothing was changed."""


class NoHead(JournalError, LookupError):
    """No tree head is signed yet. The worker signs one after each act: is it running?"""
