"""HEIC as one more of Pillow's formats, so that one way leads to every picture."""

from typing import Any

from PIL import Image, ImageFile

from staydown.decoding.formats import HEIC_BRANDS
from staydown.decoding.libheif import Primary


class HeicFile(ImageFile.ImageFile):
    """The primary picture of a HEIC file, upright already: its own turns win over EXIF (ISO/IEC 23008-12, 6.5)."""

    format = "HEIC"
    format_description = "High efficiency image file"

    def _open(self) -> None:
        try:
            self._primary = Primary(self.fp.read() if self.fp else b"")
        except OSError as error:
            raise SyntaxError(str(error)) from error  # Pillow's word for "not mine"
        self._size = self._primary.size
        self._mode = self._primary.mode
        self._loaded = False

    def load(self) -> Any:  # as Pillow declares it, a type of its C core
        """Decode. Pillow's setting for truncated files says whether parts may be missing."""
        if not self._loaded:
            decoded = self._primary.decoded(strict=not ImageFile.LOAD_TRUNCATED_IMAGES)
            self._size = decoded.size
            self.im = decoded.im
            self._loaded = True
        return Image.Image.load(self)


def register() -> None:
    """Make `Image.open` know HEIC."""
    Image.register_open(HeicFile.format, HeicFile, _is_heic)


def _is_heic(prefix: bytes) -> bool:
    return prefix[4:8] == b"ftyp" and prefix[8:12] in HEIC_BRANDS
