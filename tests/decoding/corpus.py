"""Files made to do harm, by code and a seed: bombs, lies, loops, two things at once, the cut short and the damaged.

Nothing in it is a picture of anything: colours, noise and zeros. `standing` is the same list every time; `mutations`
goes on for as long as one asks.
"""

import random
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from staydown.decoding.formats import ALLOWED
from tests.decoding import lies
from tests.decoding.harmless import plain, saved

Named = Iterator[tuple[str, bytes]]


def standing() -> Named:
    """Every file that is always tried, with its name."""
    for part in (jpegs, pngs, films, tiffs, bitmaps, polyglots, lies.headers, cut_short):
        yield from part()
    for number, data in enumerate(mutations(seed=1, count=64)):
        yield f"damage {number}", data


def jpegs() -> Named:
    """Much work for few bytes, and segments that lead nowhere."""
    small, flat = plain("JPEG"), Image.new("L", (1600, 1600), 128)
    progressive = saved(flat, "JPEG", progressive=True)
    last = progressive.rindex(b"\xff\xda")
    yield "jpeg of 3000 scans", progressive[:last] + progressive[last:-2] * 3000 + progressive[-2:]
    yield "large progressive jpeg", saved(Image.new("L", (2500, 2500), 9), "JPEG", progressive=True)
    for marker, name in ((0xE1, "exif"), (0xE2, "colour profile"), (0xEE, "adobe"), (0xFE, "comment"), (0xE0, "jfif")):
        segment = bytes((0xFF, marker)) + struct.pack(">H", 65_535) + bytes(65_533)
        yield f"jpeg of forty empty {name} segments", small[:2] + segment * 40 + small[2:]
    yield "jpeg of twenty thousand comments", small[:2] + b"\xff\xfe\0\2" * 20_000 + small[2:]
    yield "jpeg without tables", small[:2] + small[small.index(b"\xff\xc0") :]
    yield "jpeg that says its height is to come", small.replace(struct.pack(">HH", 64, 96), struct.pack(">HH", 0, 96))
    for name, tags in (("loops", b"\0\0\0\x08"), ("points far away", b"\xff\xff\xff\xf0")):
        exif = b"Exif\0\0MM\0*" + tags + b"\0\1\x87\x69\0\4\0\0\0\1\0\0\0\x08" + tags
        yield f"jpeg whose exif {name}", small[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + small[2:]
    yield "jpeg of restarts", small[:-2] + b"\xff\xd0" * 50_000 + small[-2:]
    yield "jpeg of jpegs", small * 300


def chunk(kind: bytes, content: bytes, crc: int | None = None) -> bytes:
    check = zlib.crc32(kind + content) if crc is None else crc
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(size: tuple[int, int], rows: bytes, *, depth: int = 8, colour: int = 0, before: bytes = b"") -> bytes:
    """A PNG of parts that need not fit each other."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + before + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def pngs() -> Named:
    """Zeros packed a thousandfold, and chunks without end."""
    zeros = zlib.compress(bytes(100 << 20), 9)
    tiny = bytes(65 * 64)
    yield "png of one bit, nine hundred million of them", png((30_000, 30_000), bytes(3751 * 3000), depth=1)
    yield "png of one bit, just small enough", png((4000, 4000), bytes(501 * 4000), depth=1)
    yield "png of sixteen bits that ends early", png((1500, 1500), bytes(80_010), depth=16, colour=6)
    yield "png that unpacks to more than it says", png((64, 64), bytes(64 << 20))
    for kind, head in ((b"iCCP", b"x\0\0"), (b"zTXt", b"x\0\0"), (b"iTXt", b"x\0\1\0\0\0"), (b"eXIf", b"")):
        yield f"png with {kind.decode()} of 100 MB", png((64, 64), tiny, before=chunk(kind, head + zeros))
    yield "png of many empty parts", png((64, 64), tiny, before=chunk(b"IDAT", b"") * 20_000)
    yield "png of many texts", png((64, 64), tiny, before=chunk(b"tEXt", b"a\0b") * 20_000)
    yield "png without its palette", png((64, 64), tiny, colour=3)
    yield "png with a palette for nobody", png((64, 64), tiny, before=chunk(b"PLTE", bytes(767)))
    yield "png of no width", png((0, 64), tiny)
    yield "png with wrong sums", png((64, 64), tiny, before=chunk(b"tEXt", b"a\0b", crc=1))
    control = chunk(b"acTL", struct.pack(">II", 0x7FFFFFFF, 0))
    frame = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 64, 64, 0xFFFFFFF0, 0, 1, 0, 9, 9))
    yield "animated png of two thousand million frames", png((64, 64), tiny, before=control + frame)


def films() -> Named:
    """Pictures that move: many frames, wrong places, canvases for giants."""
    frames = [Image.new("P", (64, 64), shade % 256) for shade in range(400)]
    for kind in ("GIF", "WEBP", "PNG", "AVIF"):
        some = [frame.convert("RGB") for frame in frames[: 400 if kind == "GIF" else 30]]
        yield f"{kind} of many frames", saved(some[0], kind, save_all=True, append_images=some[1:])
    gif = b"GIF89a" + struct.pack("<HHBBB", 60_000, 60_000, 0, 0, 0)
    yield "gif with a canvas for giants", gif + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
    outside = b"GIF89a" + struct.pack("<HHBBB", 64, 64, 0, 0, 0) + b"," + struct.pack("<HHHHB", 65_000, 65_000, 9, 9, 0)
    yield "gif whose frame lies outside", outside + b"\2\2D\1\0;"
    yield "gif of comments", gif[:10] + b"\0\0\0" + b"!\xfe\1x\0" * 100_000 + b";"
    yield "gif with wrong codes", b"GIF89a" + struct.pack("<HHBBB", 64, 64, 0, 0, 0) + b",\0\0\0\0@\0@\0\0\x0b" + (
        b"\xff" * 256
    ) * 400 + b"\0;"  # fmt: skip


def _tiff(tags: list[tuple[int, int, int, int]], after: bytes = b"", following: int = 0) -> bytes:
    entries = b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", following) + after


def tiffs() -> Named:
    """Directories that loop, strips that are everywhere and nowhere, every kind of packing."""
    base = [(256, 4, 1, 512), (257, 4, 1, 512), (258, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1)]
    behind = 8 + 2 + 12 * 9 + 4
    for packing in (1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34676, 34712, 34887, 34925, 50000, 50001, 65535):
        strips = [(259, 3, 1, packing), (273, 4, 1, behind), (278, 4, 1, 512), (279, 4, 1, 4096)]
        yield f"tiff packed {packing}", _tiff(base + strips, zlib.compress(bytes(1 << 20), 9).ljust(4096, b"\0"))
    far = [(259, 3, 1, 1), (273, 4, 1, 0xFFFFFFF0), (278, 4, 1, 512), (279, 4, 1, 0xFFFFFFFF)]
    yield "tiff whose strip is far away", _tiff(base + far)
    yield (
        "tiff of four thousand million strips",
        _tiff([*base, (259, 3, 1, 1), (273, 4, 0xFFFFFFFF, 8), (278, 4, 1, 1)]),
    )
    yield "tiff that follows itself", _tiff([*base, (259, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 262_144)], b"", 8)
    yield "tiff whose inner directory is itself", _tiff([*base, (259, 3, 1, 1), (273, 4, 1, 8), (330, 4, 1, 8)])
    chain = b"".join(struct.pack("<HHHIII", 1, 256, 4, 1, 1, 8 + 18 * (place + 1)) for place in range(20_000))
    yield "tiff of twenty thousand directories", b"II*\0" + struct.pack("<I", 8) + chain
    tiles = [(259, 3, 1, 1), (322, 4, 1, 0x10000000), (323, 4, 1, 0x10000000), (324, 4, 1, 8), (325, 4, 1, 64)]
    yield "tiff of one huge tile", _tiff(base + tiles, bytes(64))
    deep = [(256, 4, 1, 4000), (257, 4, 1, 4000), (258, 3, 1, 64), (339, 3, 1, 3), (277, 3, 1, 60_000)]
    yield "tiff of sixty thousand channels", _tiff([*deep, (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 8)], bytes(64))
    yield "big tiff of nothing", b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 0xFFFFFFFFFFFFFFFF)


def bitmaps() -> Named:
    """BMP: upside down, run-length jumps, headers of every wrong length."""

    def bmp(width: int, height: int, depth: int, packing: int, body: bytes, header: int = 40) -> bytes:
        start = struct.pack("<2sIHHI", b"BM", 54 + len(body), 0, 0, 54 + 1024)
        return start + struct.pack("<IiiHHIIiiII", header, width, height, 1, depth, packing, 0, 0, 0, 0, 0) + body

    table = bytes(1024)
    yield "bmp of runs that jump", bmp(4000, 4000, 8, 1, table + b"\0\2\xff\xff" * 50_000)
    yield "bmp of runs without an end", bmp(4000, 4000, 8, 1, table + b"\xff\x07" * 30_000)
    yield "bmp of four-bit runs", bmp(999, 999, 4, 2, table + b"\xff\x70\0\3abc\0" * 9000)
    yield "bmp upside down", bmp(300, -300, 24, 0, table + bytes(300 * 300 * 3))
    yield "bmp of the least height there is", bmp(300, -(2**31), 24, 0, table)
    yield "bmp of negative width", bmp(-300, 300, 24, 0, table + bytes(9000))
    for header in (0, 12, 39, 41, 64, 108, 124, 0xFFFFFFFF):
        yield f"bmp with a header of {header}", bmp(64, 64, 8, 3, table + bytes(64 * 64), header)
    for depth in (0, 1, 2, 3, 16, 32, 65_535):
        yield f"bmp of {depth} bits", bmp(64, 64, depth, 0, table + bytes(64 * 64 * 4))


def polyglots() -> Named:
    """Two kinds of file at once, and other kinds under no name at all."""
    inner = {kind: plain(kind) for kind in ("JPEG", "PNG", "GIF")}
    archive = b"PK\x03\x04" + bytes(26) + b"a" * 500 + b"PK\x05\x06" + bytes(18)
    yield "jpeg and archive", inner["JPEG"] + archive
    yield "gif and script", b"GIF89a/*" + b"\1\0\1\0\0\0" + b"*/=1;alert(1)//" + inner["GIF"][13:]
    yield (
        "page in a comment of a png",
        png((64, 64), bytes(65 * 64), before=chunk(b"tEXt", b"a\0<script>alert(1)</script>")),
    )
    for name, head in (
        ("document", b"%PDF-1.7\n"), ("drawing", b"<svg xmlns='http://www.w3.org/2000/svg'>"), ("page", b"<!doctype html>"),
        ("photoshop", b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 4, 300_000, 300_000, 16, 3)),
        ("postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99999 99999\n{}loop\n"), ("program", b"\x7fELF\2\1\1"),
        ("archive", archive), ("film", b"\0\0\0\x18ftypisom\0\0\2\0"), ("icon", b"\0\0\1\0\xff\xff" + bytes(64)),
        ("words as a picture", b"P3 99999 99999 255 " + b"1 " * 999), ("jpeg 2000", b"\0\0\0\x0cjP  \r\n\x87\n"),
        ("packed words", b"\x1f\x8b\x08" + bytes(99)), ("a shell", b"#!/bin/sh\nrm -rf /\n"), ("targa", b"\0\0\2" + bytes(15)),
    ):  # fmt: skip
        for kind, data in inner.items():
            yield f"{name} before {kind}", head + data


def cut_short() -> Named:
    """Every format, ended at each tenth."""
    for kind in ALLOWED:
        whole = plain(kind, (192, 128))
        for tenth in range(1, 10):
            yield f"{kind} cut at {tenth}/10", whole[: len(whole) * tenth // 10]


EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def mutations(seed: int, count: int, whole: list[bytes] | None = None) -> Iterator[bytes]:
    """Harmless files (of every kind of picture, or these) spoilt in one to eight ways each; the same seed spoils the same."""
    rng = random.Random(seed)
    whole = whole or [plain(kind) for kind in ALLOWED]
    for number in range(count):
        data = bytearray(whole[number % len(whole)])
        for _ in range(rng.randint(1, 8)):
            _spoil(data, rng, whole)
        yield bytes(data)


def _spoil(data: bytearray, rng: random.Random, others: list[bytes]) -> None:
    reach = min(len(data), 300) if rng.random() < 0.6 else len(data)  # headers are where decisions are made
    place, length = rng.randrange(max(1, reach)), rng.randint(1, 64)
    how = rng.randrange(6)
    if how == 0:
        data[place : place + 1] = bytes([rng.randrange(256)])
    elif how == 1:
        data[place : place + 4] = rng.choice(EXTREMES).to_bytes(4, rng.choice(("big", "little")))
    elif how == 2:
        del data[place : place + length]
    elif how == 3:
        data[place:place] = data[place : place + length] * rng.randint(1, 40)
    elif how == 4:
        other = rng.choice(others)
        start = rng.randrange(len(other))
        data[place : place + length] = other[start : start + length]
    else:
        data[place:place] = rng.randbytes(length)
