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


class MalformedFilm(ValueError):
    """These are not the fingerprints of a film. Pass the bytes that `footage.pack` gave."""

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


class MalformedVpdq(ValueError):
    """These are not vPDQ lines. Write each frame as its number, its quality (0 to 100), 64 hexadecimal characters and
    its time in seconds, separated by commas.
    """

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())
