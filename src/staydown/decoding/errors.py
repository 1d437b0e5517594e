"""Why a picture could not be looked at. Each docstring is the message a person reads."""


class DecodingError(Exception):
    """The picture could not be examined. Send the original file again, or a copy saved as JPEG or PNG."""

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


class Undecodable(DecodingError):
    """The file is not a picture that can be read. Open it on your device, save it as JPEG or PNG, and send
    that.
    """


class Unsupported(DecodingError):
    """This kind of file is not accepted. Save the picture as JPEG, PNG, WebP, GIF, TIFF, BMP, AVIF or
    HEIC and send that.
    """


class TooLarge(DecodingError):
    """The picture is too large to be examined safely. Save a smaller copy of it and send that."""


class TookTooLong(TooLarge):
    """Examining the picture took too long and was stopped. Save a smaller copy of it as JPEG and send that."""


class Unavailable(DecodingError):
    """Pictures cannot be examined at the moment. Try again in a minute; the operator finds out why with
    `staydown doctor`.
    """
