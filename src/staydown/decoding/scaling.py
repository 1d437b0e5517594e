"""At which size a picture is made: a JPEG can leave out detail that a fingerprint would average away.

Only where it was seen that it then looks as it does to people (`lowest`): to make the rest whole takes a tenth longer, in
colour a half.
"""

from PIL import Image

from staydown.decoding import lowest

ENOUGH = 256  # samples on the shorter side of a scaled decode; below it, distances to the reference grow
ENOUGH_IN_COLOUR = 480  # samples on its longer side, for the colours of regions
HUGE = 48_000_000  # pixels: of a JPEG in colour with more, half is made: a worker's memory would not be enough for all
_JPEG = ("JPEG", "MPO")


def loaded(picture: Image.Image, data: bytes, colour: bool) -> tuple[Image.Image, bool]:
    """The picture that was opened from these bytes, loaded, and whether it is whole. Without `colour`, a JPEG is grey."""
    fold = _fold(picture, colour)
    luminance = None if colour or fold == 1 else lowest.luminance(data, fold)
    if luminance is not None:
        return Image.fromarray(luminance), False
    if fold == 1 or not (colour and lowest.tell(data)):
        fold = _least(picture, colour)
    picture.draft("RGB" if colour else "L", (picture.width // fold, picture.height // fold))
    picture.load()
    return picture, fold == 1


def load_to_show(picture: Image.Image, data: bytes, longest: int) -> None:
    """Load a picture for a person, with at least so many samples on its longer side."""
    fold = _least(picture, colour=True)
    size = (longest, longest) if lowest.tell(data) else (picture.width // fold, picture.height // fold)
    picture.draft("RGB", size)
    picture.load()


def _fold(picture: Image.Image, colour: bool) -> int:
    """By how much a JPEG may be scaled; in grey, half of it saves nothing."""
    if picture.format not in _JPEG or min(picture.size) < 2 * ENOUGH:
        return 1
    longest, folds = (ENOUGH_IN_COLOUR, (8, 4, 2)) if colour else (ENOUGH, (8, 4))
    enough = (fold for fold in folds if min(picture.size) // fold >= ENOUGH and max(picture.size) // fold >= longest)
    return next(enough, 1)


def _least(picture: Image.Image, colour: bool) -> int:
    """By how much a picture is scaled that should be whole. Of printing colours none can be left out."""
    much = colour or picture.mode == "CMYK"
    return 2 if much and picture.format in _JPEG and picture.width * picture.height > HUGE else 1
