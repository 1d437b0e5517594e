"""What an index refuses. Each docstring is the message a person reads."""


class MatchingError(Exception):
    """The index could not do this. Nothing was changed."""

    def __init__(self, *about: object) -> None:
        super().__init__(*about)
        self.about = about

    def __str__(self) -> str:
        said = " ".join((self.__doc__ or "").split())
        return f"{said} ({', '.join(map(str, self.about))})" if self.about else said


class AlreadyKnown(MatchingError, ValueError):
    """An id can stand for one fingerprint only: this one is in the index, or twice in the call. Remove it
    first.
    """


class UnknownId(MatchingError, KeyError):
    """There is no such id in the index. Nothing was removed; bring the index up to date and look again."""


class Misshapen(MatchingError, ValueError):
    """Ids must be n whole numbers from 0 on, fingerprints n rows of 32 bytes, a radius a number from 0 to
    64.
    """


class MisshapenDescriptors(MatchingError, ValueError):
    """Descriptors must be n rows of 512 signed bytes, none of them all zeros, with an id each; a similarity a
    number from 0 to 1.
    """


class MisshapenWords(MatchingError, ValueError):
    """Short fingerprints must be words of 64 bits, those that are known with an owner's number each, from 0 on; a
    radius a number from 0 to 11.
    """


class OutOfOrder(MatchingError, ValueError):
    """These changes are of a generation the index already has. Read the generation of the index and apply
    later ones.
    """


class Incomplete(MatchingError):
    """Not everything was looked at, so what is not in this answer is unknown. Allow nothing by it; ask again."""


class Damaged(MatchingError):
    """The index file is torn or altered and must not be believed. Delete it: the index is rebuilt from the
    bank.
    """
