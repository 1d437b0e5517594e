"""Why there is no fingerprint. Each docstring is the message a person reads."""

from staydown.decoding.errors import UnsupportedFilm


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


class MalformedTmk(ValueError):
    """This is not the TMK+PDQF hash of a film. Pass a .tmk file as `tmk-hash-video` writes it, or the text that
    ThreatExchange has of one.
    """

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


class DamagedTmk(MalformedTmk):
    """This TMK+PDQF hash is damaged: something is missing or was altered. Fetch it again from whoever made it."""


class OtherTmk(MalformedTmk):
    """This TMK hash was not made as it was published (fifteen frames a second, four periods, 32 frequencies), so it is
    not to be compared. Ask whoever made it for one by `tmk-hash-video`.
    """


class MalformedDescriptor(ValueError):
    """This is not a picture's descriptor. Pass the 576 bytes that `ImageFingerprints.descriptors` gave."""

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


class NoModels(Exception):
    """Copy-detection descriptors are not to be had here, and everything else works. Install Staydown with the
    extra `copydetect`.
    """

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


class WrongModel(Exception):
    """This is not the network that Staydown was measured with, or it was altered. Install the packages that
    requirements.lock names.
    """

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return f"{' '.join((self.__doc__ or '').split())} ({self.file})"


class NoTmk(UnsupportedFilm):
    """A GIF, WebP or PNG has no TMK+PDQF hash, also when it moves. Save it as MP4 (H.264) if others have it as a film."""
