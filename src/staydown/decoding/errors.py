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


class UndecodableFilm(Undecodable):
    """The file is not a film that can be played. Open it on your device, save it as MP4, and send that."""


class UnsupportedFilm(Unsupported):
    """This kind of film is not accepted. Save it as MP4 (H.264), MOV, WebM, MKV, AVI, GIF or animated WebP and
    send that; send a picture as a picture.
    """


class FilmTooLarge(TooLarge):
    """The film is too large to be examined safely. Save a shorter or smaller copy of it and send that."""


class FilmTookTooLong(TookTooLong):
    """Examining the film took too long and was stopped. Save a shorter copy of it as MP4 (H.264) and send that."""


FILM_WORDS: dict[type[DecodingError], type[DecodingError]] = {
    Undecodable: UndecodableFilm,
    Unsupported: UnsupportedFilm,
    TooLarge: FilmTooLarge,
    TookTooLong: FilmTookTooLong,
}
