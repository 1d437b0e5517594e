"""Draw the figures of docs/fingerprints.md with the code they explain, from photographs of a cup and of a palace.

`python tools/figures.py` writes docs/pictures/fingerprints-*.jpg.
"""

import io
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image, ImageDraw
from sklearn.datasets import load_sample_image

from staydown import decoding, fingerprints
from staydown.fingerprints import pdq, spectrum, windows
from staydown.fingerprints.turns import TURNS

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
PALACE = Image.fromarray(load_sample_image("china.jpg"))
CUP = Image.fromarray(skimage.data.coffee())
GAP, PAPER, INK, OUTLINE = 16, "white", "#202020", "#1b7f3b"


def jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def row(pictures: list[Image.Image], words: list[str]) -> Image.Image:
    """Pictures side by side, each with its words below."""
    height = max(picture.height for picture in pictures)
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) + 1)
    sheet = Image.new("RGB", (width, height + 3 * GAP + 8), PAPER)
    draw, left = ImageDraw.Draw(sheet), GAP
    for picture, said in zip(pictures, words, strict=True):
        sheet.paste(picture, (left, GAP))
        draw.text((left, GAP + height + 8), said, INK, font_size=15)
        left += picture.width + GAP
    return sheet


def grey(values: np.ndarray, side: int = 240) -> Image.Image:
    """A small array as a square, each value a block."""
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).resize((side, side), Image.Resampling.NEAREST)


def bits(form: bytes, side: int = 240) -> Image.Image:
    """A fingerprint as 16 x 16 squares, the lowest frequencies in the upper left corner."""
    rows = spectrum.unpacked(np.frombuffer(form, np.uint8)).reshape(16, 16)
    return grey(np.where(rows, 30, 235), side)


def from_picture_to_bits() -> Image.Image:
    """A picture, what PDQ looks at, its low frequencies, its bits."""
    luma = decoding.decode(jpeg(PALACE)).luma
    strengths = np.abs(pdq.coefficients(luma))
    shown = 255 * np.log1p(strengths) / np.log1p(strengths).max()
    steps = [PALACE.resize((360, 240)), grey(luma), grey(shown), bits(pdq.of_reduced(luma).upright)]
    return row(steps, ["a photograph", "64 x 64, smoothed", "its 16 x 16 low waves", "above the median: 256 bits"])


def in_eight_orientations() -> Image.Image:
    """The picture as people turn and mirror it, with the fingerprint of each."""
    made = fingerprints.of_image(jpeg(PALACE))
    small = np.asarray(PALACE.resize((150, 100)))
    turned = [Image.fromarray(np.moveaxis(turn.of_canvas(np.moveaxis(small, 2, 0)), 0, 2).copy()) for turn in TURNS]
    cells = []
    for picture, form in zip(turned, made.turned, strict=True):
        cell = Image.new("RGB", (150, 270), PAPER)
        cell.paste(picture, ((150 - picture.width) // 2, (150 - picture.height) // 2))
        cell.paste(bits(form, 110), (20, 155))
        cells.append(cell)
    short = {"mirrored along a diagonal": "one diagonal", "mirrored along the other diagonal": "other diagonal"}
    return row(cells, [short.get(turn.words, turn.words.split(" (")[0]) for turn in TURNS])


def screenshot() -> Image.Image:
    """A made-up page with the cup in it."""
    page = Image.new("RGB", (420, 640), "#f4f4f6")
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 420, 60), "#3a4a6b")
    draw.text((20, 20), "A page, 9:41", "white", font_size=18)
    page.paste(CUP.resize((420, 280)), (0, 120))
    for line, end in enumerate((380, 350, 260)):
        draw.rectangle((20, 430 + 26 * line, end, 440 + 26 * line), "#b9bdc9")
    return page


def regions() -> Image.Image:
    """The parts of a screenshot that may be somebody's whole picture, outlined."""
    page = screenshot()
    found = decoding.decode(jpeg(page)).regions
    draw = ImageDraw.Draw(page)
    for region in found[1:]:
        corners = [(x * page.width, y * page.height) for x, y in region.corners]
        draw.polygon(corners, outline=OUTLINE, width=2)
    cut = [grey(region.canvas, 200) for region in found[:4]]
    return row([page, *cut], ["an upload", *(f"region {place}" for place in range(len(cut)))])


def twenty_windows() -> Image.Image:
    """The windows of each size, outlined on the picture."""
    sizes = ((0, 1), (1, 6), (6, 11), (11, 20))
    shown = []
    for first, last in sizes:
        picture = PALACE.resize((270, 180))
        draw = ImageDraw.Draw(picture)
        for place, (left, top, right, bottom) in enumerate(windows.WINDOWS[first:last]):
            corner, end = (left * 270 + place, top * 180 + place), (right * 270 - 1 - place, bottom * 180 - 1 - place)
            draw.rectangle((corner, end), outline=("#ffd400", "#00c2ff", "#ff5ab3")[place % 3], width=2)
        shown.append(picture)
    return row(shown, ["1 of the whole", "5 of 79 %", "5 of 62 %", "9 of 48 %"])


def verified() -> Image.Image:
    """An upload that holds part of the picture: where the whole would lie, and which windows agree."""
    stored = fingerprints.of_image(jpeg(PALACE)).windows
    cut = PALACE.crop((40, 20, 620, 400))
    upload = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    ImageDraw.Draw(upload).rectangle((0, 310, 580, 380), "white")
    ImageDraw.Draw(upload).text((30, 325), "SOME WORDS", "black", font_size=38)
    query = fingerprints.of_image(jpeg(upload))
    evidence = fingerprints.verify(query, stored)
    told = f"{evidence.agreeing} of {evidence.visible} windows agree, score {evidence.score}"
    left, top, right, bottom = evidence.frame
    seen = evidence.turn.of_canvas(np.moveaxis(np.asarray(upload), 2, 0))
    turned = Image.fromarray(np.moveaxis(seen, 0, 2).copy())
    margin = 70
    sheet = Image.new("RGB", (turned.width + 2 * margin, turned.height + 2 * margin), "#e8e8ec")
    sheet.paste(turned, (margin, margin))
    frame = [margin + x * side for x, side in zip((left, top, right, bottom), turned.size * 2, strict=True)]
    ImageDraw.Draw(sheet).rectangle(frame, outline=OUTLINE, width=4)
    words = [
        "known: 660 bytes of it are kept",
        f"an upload: {told}",
        f"{evidence.turn.words}: the whole would lie here",
    ]
    return row([PALACE.resize((420, 280)), upload.resize((420, 275)), sheet.resize((420, 300))], words)


FIGURES = {
    "pdq": from_picture_to_bits,
    "eight": in_eight_orientations,
    "regions": regions,
    "windows": twenty_windows,
    "verified": verified,
}


def main() -> None:
    """Draw every figure."""
    for name, drawn in FIGURES.items():
        drawn().save(PICTURES / f"fingerprints-{name}.jpg", quality=82, optimize=True)


if __name__ == "__main__":
    main()
