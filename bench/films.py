"""Benign films to measure on: a camera that pans and zooms over pictures of the gallery; and what is done to copies."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import av
import numpy as np
from PIL import Image, ImageDraw

SIZE = (854, 480)
RATE = 12  # frames a second; what is looked at are four of them
SHOTS = 4  # pictures a film
Picture = Image.Image


@dataclass(frozen=True)
class Film:
    """A film of some shots, each a camera's way over one picture; `seconds` is its length."""

    pictures: tuple[bytes, ...]
    seed: int
    seconds: float

    def frames(self, start: float, end: float, speed: float = 1.0) -> Iterator[Picture]:
        """The frames shown from one second to another, at a speed."""
        opened = [Image.open(io.BytesIO(data)).convert("RGB") for data in self.pictures]
        ways = np.random.default_rng(self.seed).uniform((0, 0, 0.45), (0.4, 0.4, 0.6), (len(opened), 2, 3))
        each = self.seconds / len(opened)
        for moment in np.arange(start, end - 1e-9, speed / RATE):
            shot = min(int(moment / each), len(opened) - 1)
            done = moment / each - shot
            left, top, part = ways[shot, 0] * (1 - done) + ways[shot, 1] * done
            yield _seen(opened[shot], left, top, part)


def _seen(picture: Picture, left: float, top: float, part: float) -> Picture:
    width, height = picture.size
    across = min(part * width, part * height * SIZE[0] / SIZE[1])
    down = across * SIZE[1] / SIZE[0]
    x, y = left * width, min(top * height, height - down)
    return picture.resize(SIZE, Image.Resampling.BILINEAR, box=(x, y, x + across, y + down))


def encoded(frames: Iterator[Picture], size: tuple[int, int] = SIZE, crf: int = 23, rate: int = RATE) -> bytes:
    """Frames as an H.264 film in MP4."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.thread_count = 1
        for picture in frames:
            shown = picture if picture.size == size else picture.resize(size)
            container.mux(stream.encode(av.VideoFrame.from_image(shown)))
        container.mux(stream.encode(None))
    return made.getvalue()


def moving(frames: Iterator[Picture], kind: str) -> bytes:
    """Frames as a GIF or an animated WebP of six frames a second, 320 pixels wide."""
    first, *rest = [picture.resize((320, 180)) for place, picture in enumerate(frames) if place % 2 == 0]
    made = io.BytesIO()
    options = {"quality": 50, "method": 0} if kind == "WEBP" else {}
    first.save(made, kind, save_all=True, append_images=rest, duration=round(2000 / RATE), **options)
    return made.getvalue()


def cropped_with_mark(picture: Picture) -> Picture:
    """Cut by a tenth of each side, and a translucent mark across."""
    width, height = picture.size
    seen = picture.crop((width // 20, height // 20, width - width // 20, height - height // 20)).resize(picture.size)
    over = Image.new("RGBA", seen.size)
    draw = ImageDraw.Draw(over)
    draw.text(
        (width * 0.2, height * 0.4), "watch more at example.org", fill=(255, 255, 255, 130), font_size=height // 12
    )
    return Image.alpha_composite(seen.convert("RGBA"), over).convert("RGB")


def story(picture: Picture) -> Picture:
    """Upright 9:16 with plain bars, a caption and a button that stay."""
    seen = Image.new("RGB", (540, 960), (20, 20, 26))
    seen.paste(picture.resize((540, 304)), (0, 328))
    draw = ImageDraw.Draw(seen)
    draw.text((60, 180), "you have to see this", fill="white", font_size=42)
    draw.rounded_rectangle((180, 760, 360, 830), 20, fill=(220, 40, 80))
    draw.text((215, 775), "Follow", fill="white", font_size=36)
    return seen


def mirrored(picture: Picture) -> Picture:
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def plain(picture: Picture) -> Picture:
    return picture


@dataclass(frozen=True)
class Edit:
    """What is done to a clip of `shortest` to `longest` seconds, and how long the film around it is (0: none)."""

    change: Callable[[Picture], Picture] = plain
    shortest: float = 3.0
    longest: float = 60.0
    around: float = 180.0
    size: tuple[int, int] = (640, 360)
    crf: int = 26
    speed: float = 1.0
    moving: str = ""


EDITS = {
    "re-encoded, 480p": Edit(size=(854, 480), crf=34),
    "cropped by 10 %, watermark": Edit(cropped_with_mark),
    "mirrored": Edit(mirrored),
    "1.25 x speed": Edit(speed=1.25),
    "9:16 story, caption": Edit(story, size=(540, 960)),
    "GIF, 4 s": Edit(shortest=4, longest=4, around=0, moving="GIF"),
    "animated WebP, 4 s": Edit(shortest=4, longest=4, around=0, moving="WEBP"),
    "5 s in 165 s": Edit(shortest=5, longest=5, around=165),
    "20 s in 180 s": Edit(shortest=20, longest=20, around=180),
}
