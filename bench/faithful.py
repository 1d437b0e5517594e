"""How far our PDQ is from the reference's: `pdqhash` of the whole RGB picture at its full resolution."""

import io
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from bench import photographs
from bench.gallery import Picture
from bench.pipes import Peers
from staydown import fingerprints
from staydown.decoding.formats import known_elsewhere

PER_MODE = 16  # photographs saved in each kind and mode
Compared = tuple[int, int]  # distance in bits, difference of quality


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """Distances and differences of quality by kind of file: of whole photographs as they are, and of modes."""

    as_they_are: dict[str, list[Compared]]
    modes: dict[str, list[Compared]]


def measured(pictures: list[Picture], seconds: float) -> Faithfulness:
    """Photographs in their original files, until half the time is over, then every kind and mode of some."""
    pillow_heif.register_heif_opener()
    with tempfile.TemporaryDirectory() as folder, Peers() as peers:
        asks = _Asks(peers, Path(folder))
        return Faithfulness(_as_they_are(asks, time.monotonic() + seconds / 2), _modes(asks, pictures))


class _Asks:
    def __init__(self, peers: Peers, folder: Path) -> None:
        self._peers, self._folder = peers, folder

    def compared(self, data: bytes, reference: bytes) -> Compared | None:
        """Ours of one file against the reference's of another (the same, unless it reads it wrongly)."""
        path = self._folder / "asked"
        path.write_bytes(reference)
        answer = self._peers.asked("reference", path)
        if "found" not in answer:
            return None
        pdq, quality = answer["found"]
        ours = fingerprints.of_whole(data)
        if quality < fingerprints.ENOUGH:
            return None
        return fingerprints.distance(ours.pdq, bytes.fromhex(pdq)), abs(ours.quality - quality)


def _as_they_are(asks: _Asks, ends: float) -> dict[str, list[Compared]]:
    found: dict[str, list[Compared]] = {}
    for name, data in sorted(photographs.found(), key=lambda named: hash_of(named[0])):
        if time.monotonic() > ends:
            break
        if (photographs.is_drawn(name) and photographs.SKY not in name) or not _is_plain(data):
            continue
        if (one := asks.compared(data, data)) is not None:
            with Image.open(io.BytesIO(data)) as picture:
                found.setdefault(picture.format or "", []).append(one)
    return found


def hash_of(name: str) -> int:
    """A fixed shuffled order of names."""
    return int.from_bytes(fingerprints.exact(name.encode())[:8])


def _is_plain(data: bytes) -> bool:
    """Whether the reference reads the file as people see it: no transparency, no turn, eight bits."""
    if known_elsewhere(data):
        return False
    with Image.open(io.BytesIO(data)) as picture:
        turned = picture.getexif().get(0x0112, 1) not in (0, 1)
        return picture.mode in ("RGB", "L") and not picture.has_transparency_data and not turned


def _modes(asks: _Asks, pictures: list[Picture]) -> dict[str, list[Compared]]:
    found: dict[str, list[Compared]] = {}
    some = [picture for picture in pictures if picture.kind == "photograph"][:: max(1, len(pictures) // 60)][:PER_MODE]
    for picture in some:
        seen = Image.open(io.BytesIO(picture.data)).convert("RGB")
        for name, data, reference in _saved(seen):
            if (one := asks.compared(data, reference or data)) is not None:
                found.setdefault(name, []).append(one)
    return found


def _saved(seen: Image.Image) -> Iterator[tuple[str, bytes, bytes | None]]:
    """Kind and mode, the file, and where the reference would not see what people see, another file to ask it of."""
    grey, clear = seen.convert("L"), seen.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(seen.size))
    white = Image.new("RGBA", seen.size, "white")
    on_white = _file(Image.alpha_composite(white, clear).convert("RGB"), "PNG")
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    turned = seen.transpose(Image.Transpose.ROTATE_90)  # stored so; its EXIF tag says to turn it back
    exif = Image.Exif()
    exif[0x0112] = 6
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "AVIF", "HEIF"):
        yield f"{kind} RGB", _file(seen, kind), None
    for kind in ("JPEG", "PNG", "TIFF"):
        yield f"{kind} grey", _file(grey, kind), None
    yield "JPEG progressive", _file(seen, "JPEG", progressive=True), None
    yield "JPEG 4:4:4", _file(seen, "JPEG", subsampling=0), None
    yield "JPEG CMYK", _file(seen.convert("CMYK"), "JPEG"), None
    yield "PNG palette", _file(seen.quantize(256), "PNG"), None
    yield "GIF palette", _file(seen.quantize(256), "GIF"), None
    yield "PNG 16-bit grey", _file(deep, "PNG"), _file(grey, "PNG")
    for kind in ("PNG", "WEBP"):
        yield f"{kind} alpha", _file(clear, kind, lossless=True), on_white
    yield "JPEG turned by EXIF", _file(turned, "JPEG", exif=exif, quality=95), _file(seen, "PNG")


def _file(picture: Image.Image, kind: str, **options: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind, **options)
    return made.getvalue()


def section(found: Faithfulness) -> list[str]:
    """Tables of both."""
    everything = [one for some in found.as_they_are.values() for one in some]
    return [
        "## Faithfulness",
        "",
        "Distance in bits between our PDQ (decoded at a scale where the format allows, in the sandbox) and `pdqhash` of the",
        "whole RGB picture at full resolution; difference of quality. Pictures of quality 50 and more.",
        "",
        "| photographs as they are | n | median | p99 | largest | quality differs by, p99 | largest |",
        "|---|---|---|---|---|---|---|",
        *(_row(kind, some) for kind, some in sorted(found.as_they_are.items())),
        _row("**all**", everything),
        "",
        "| kind and mode | n | median | p99 | largest | quality differs by, p99 | largest |",
        "|---|---|---|---|---|---|---|",
        *(_row(kind, some) for kind, some in sorted(found.modes.items())),
        "",
    ]


def _row(name: str, some: list[Compared]) -> str:
    if not some:
        return f"| {name} | 0 | | | | | |"
    bits, quality = np.array(some).T
    return (
        f"| {name} | {len(some)} | {np.median(bits):.0f} | {np.percentile(bits, 99):.0f} | {bits.max()} | "
        f"{np.percentile(quality, 99):.0f} | {quality.max()} |"
    )
