"""Headers that claim another size than the picture has: each of the allowed formats, small to beyond all limits."""

import struct
from collections.abc import Iterator

from tests.decoding.harmless import plain

SIZES = (
    (0, 0),
    (1, 1),
    (1, 60_000),
    (60_000, 1),
    (9_000, 9_000),
    (65_535, 65_535),
    (0x7FFFFFFF, 2),
    (0xFFFFFFFF, 0xFFFFFFFF),
)


def headers() -> Iterator[tuple[str, bytes]]:
    """Every format with every size in place of its own."""
    for width, height in SIZES:
        for kind, claims in CLAIMS.items():
            whole = plain(kind)
            for place, data in claims(whole, width, height):
                yield f"{kind} that says {width} x {height}", whole[:place] + data + whole[place + len(data) :]


Claim = Iterator[tuple[int, bytes]]


def _jpeg(whole: bytes, width: int, height: int) -> Claim:
    yield whole.index(b"\xff\xc0") + 5, struct.pack(">HH", height & 0xFFFF, width & 0xFFFF)


def _png(_: bytes, width: int, height: int) -> Claim:
    yield 16, struct.pack(">II", width, height)


def _webp(whole: bytes, width: int, height: int) -> Claim:
    yield whole.index(b"\x9d\x01\x2a") + 3, struct.pack("<HH", width & 0x3FFF, height & 0x3FFF)


def _gif(whole: bytes, width: int, height: int) -> Claim:
    yield 6, struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)
    yield whole.index(b",\0\0\0\0", 13) + 5, struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)


def _tiff(whole: bytes, width: int, height: int) -> Claim:
    directory = int.from_bytes(whole[4:8], "little")
    count = int.from_bytes(whole[directory : directory + 2], "little")
    for tag, size in ((256, width), (257, height)):
        for entry in range(directory + 2, directory + 2 + 12 * count, 12):
            if int.from_bytes(whole[entry : entry + 2], "little") == tag:
                yield entry, struct.pack("<HHII", tag, 4, 1, size)


def _bmp(_: bytes, width: int, height: int) -> Claim:
    yield 18, struct.pack("<II", width, height)


def _boxed(whole: bytes, width: int, height: int) -> Claim:
    """AVIF and HEIC: the size stands in a property (ISO/IEC 23008-12, `ispe`)."""
    yield whole.index(b"ispe") + 8, struct.pack(">II", width, height)


CLAIMS = {
    "JPEG": _jpeg, "PNG": _png, "WEBP": _webp, "GIF": _gif, "TIFF": _tiff, "BMP": _bmp, "AVIF": _boxed, "HEIC": _boxed,
}  # fmt: skip
