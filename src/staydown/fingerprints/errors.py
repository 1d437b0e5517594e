"""Why there is no fingerprint. Each docstring is the message a person reads."""


class Malformed(ValueError):
    """This is not a PDQ fingerprint. Write it as 64 characters from 0 to 9 and a to f, without spaces or a
    prefix.
    """

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


class MalformedWindows(ValueError):
    """These are not the windows of a picture. Pass the 660 bytes that `ImageFingerprints.windows` gave."""

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())
