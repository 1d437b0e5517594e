"""What is done to copies of films: nine things of the issue, and some that nobody was told of."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from bench.scenes import Picture


def plain(picture: Picture) -> Picture:
    return picture


@dataclass(frozen=True)
class Edit:
    """What is done to a clip of `shortest` to `longest` seconds, and how long the film around it is (0: none)."""

    change: Callable[[Picture], Picture] = plain
    shortest: float = 3.0
    longest: float = 60.0
    around: float = 180.0
    crf: int = 26
    speed: float = 1.0
    moving: str = ""


def larger(picture: Picture) -> Picture:
    return picture.resize((854, 480), Image.Resampling.BICUBIC)


def cropped_with_mark(picture: Picture) -> Picture:
    """Cut by a tenth of each side, and a translucent mark across."""
    width, height = picture.size
    seen = picture.crop((width // 20, height // 20, width - width // 20, height - height // 20)).resize(picture.size)
    over = Image.new("RGBA", seen.size)
    place = (width * 0.2, height * 0.4)
    ImageDraw.Draw(over).text(place, "watch more at example.org", fill=(255, 255, 255, 130), font_size=height // 12)
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


def on_its_blur(picture: Picture) -> Picture:
    """Upright, over a blurred and enlarged copy of itself."""
    page = ImageOps.fit(picture.resize((160, 90)), (90, 160)).filter(ImageFilter.GaussianBlur(3)).resize((540, 960))
    page.paste(picture.resize((540, 304)), (0, 328))
    return page


def upright_part(picture: Picture) -> Picture:
    """The middle, cut upright: a third of the film's width."""
    return ImageOps.fit(picture, (360, 640))


def graded(picture: Picture) -> Picture:
    """Pale, bright, and with an opaque sign in a corner."""
    seen = ImageEnhance.Brightness(ImageEnhance.Contrast(picture.convert("L").convert("RGB")).enhance(0.7)).enhance(1.3)
    ImageDraw.Draw(seen).rectangle((20, 20, seen.width * 0.3, seen.height * 0.25), fill="#2f6fde")
    return seen


def tilted(picture: Picture) -> Picture:
    """Filmed from a screen: turned by three degrees, a little smaller, in a dim room."""
    page = Image.new("RGB", picture.size, (70, 66, 60))
    page.paste(
        picture.resize((picture.width * 9 // 10, picture.height * 9 // 10)), (picture.width // 20, picture.height // 20)
    )
    return page.rotate(3, Image.Resampling.BILINEAR, fillcolor=(70, 66, 60)).filter(ImageFilter.GaussianBlur(1))


def quarter_turned(picture: Picture) -> Picture:
    return picture.transpose(Image.Transpose.ROTATE_90)


def reacted_to(picture: Picture) -> Picture:
    """At three quarters of its size in a corner of another picture that does not move."""
    page = Image.linear_gradient("L").resize(picture.size).convert("RGB")
    page.paste(picture.resize((picture.width * 3 // 4, picture.height * 3 // 4)), (0, 0))
    return page


EDITS = {
    "re-encoded, 480p": Edit(larger, crf=34),
    "cropped by 10 %, watermark": Edit(cropped_with_mark),
    "mirrored": Edit(ImageOps.mirror),
    "1.25 x speed": Edit(speed=1.25),
    "9:16 story, caption": Edit(story),
    "GIF, 4 s": Edit(shortest=4, longest=4, around=0, moving="GIF"),
    "animated WebP, 4 s": Edit(shortest=4, longest=4, around=0, moving="WEBP"),
    "5 s in 165 s": Edit(shortest=5, longest=5, around=165),
    "20 s in 180 s": Edit(shortest=20, longest=20, around=180),
}
UNLISTED = {
    "over its own blur, 9:16": Edit(on_its_blur),
    "cut upright, a third of the width": Edit(upright_part),
    "grey, pale, a sign in a corner": Edit(graded),
    "filmed from a screen, 3 degrees": Edit(tilted),
    "turned by a quarter": Edit(quarter_turned),
    "three quarters, in a corner": Edit(reacted_to),
    "0.75 x speed, mirrored, cropped": Edit(lambda picture: cropped_with_mark(ImageOps.mirror(picture)), speed=0.75),
}
