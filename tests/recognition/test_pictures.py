"""Strangers' pictures: whatever file they come in, the same picture has the same number, or is a person's to look at."""

import io

import numpy as np
import pytest
from PIL import Image

from staydown import recognition
from staydown.decoding import TooLarge, Undecodable, Unsupported
from staydown.recognition import media, model, preprocess
from tests.films import moving, scene
from tests.pictures import jpeg, photograph, png
from tests.recognition.samples import canary

KINDS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "AVIF")


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def plain(name: str = "astronaut") -> float:
    return recognition.of_picture(png(photograph(name))).nudity


def test_the_workers_are_in_the_sandbox_with_the_network() -> None:
    plain()

    assert "seccomp" in media._pictures.pool().sandbox_kind() or "limits" in media._pictures.pool().sandbox_kind()


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_of_file_changes_little(kind: str) -> None:
    found = recognition.of_picture(saved(photograph("astronaut"), kind, quality=95))

    assert found.nudity == pytest.approx(plain(), abs=0.02)
    assert found.coverage == 1 and found.model == "open_nsfw@864bb37b" and found.preprocess == "yahoo-v1"


@pytest.mark.parametrize("mode", ["CMYK", "RGBA"])
def test_colour_modes_change_little(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"

    assert recognition.of_picture(saved(photograph("astronaut").convert(mode), kind)).nudity == pytest.approx(
        plain(), abs=0.02
    )


def test_sixteen_bits_are_the_same_grey_picture() -> None:
    grey = photograph("coffee").convert("L")
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)

    assert recognition.of_picture(png(deep)).nudity == pytest.approx(
        recognition.of_picture(png(grey)).nudity, abs=0.005
    )


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_picture_turned_by_its_metadata_is_looked_at_upright(orientation: int) -> None:
    back = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}[orientation]  # Image.Transpose that undoes it
    stored = photograph("astronaut")
    for way in back:
        stored = stored.transpose(Image.Transpose(way))
    exif = Image.Exif()
    exif[0x0112] = orientation

    assert recognition.of_picture(saved(stored, "PNG", exif=exif)).nudity == pytest.approx(plain(), abs=0.005)


def test_the_same_picture_twice_has_the_same_number() -> None:
    assert plain("coffee") == plain("coffee")


def test_a_plain_sleeve_close_up_is_over_every_threshold_and_its_places_are_told() -> None:
    found = recognition.of_picture(png(canary()))

    assert found.nudity > 0.8  # how wrong the network can be: nothing follows from it without a person
    assert found.places and found.places[0].share == 1


def test_the_number_comes_from_where_the_sleeve_is() -> None:
    framed = photograph("china").resize((256, 256))
    framed.paste(canary().resize((112, 112)), (128, 128))

    _, seen = model.opened().of_input(preprocess.prepared(framed))

    row, column = np.unravel_index(int(seen.argmax()), seen.shape)
    assert row >= 3 and column >= 3


def test_where_the_number_is_low_no_place_is_told() -> None:
    assert recognition.of_picture(png(photograph("coffee"))).places == ()


def test_a_picture_that_ends_early_is_looked_at_and_said_not_to_be_whole() -> None:
    whole = jpeg(photograph("coffee"))

    assert recognition.of_picture(whole[: len(whole) * 2 // 3]).coverage < 1


@pytest.mark.parametrize(
    ("data", "refusal"),
    [(b"\xff\xd8\xff\xe0" + b"no picture" * 9, Undecodable), (b"%PDF-1.7", Unsupported), (b"\0" * 99, Undecodable)],
)
def test_what_cannot_be_opened_is_refused_and_never_nothing(data: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        recognition.of_picture(data)


def test_a_bomb_is_refused() -> None:
    with pytest.raises(TooLarge):
        recognition.of_picture(png(Image.new("1", (20_000, 20_000))))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_every_frame_counts(kind: str) -> None:
    frames = [*scene("china", 1, rate=4), canary(), canary(), *scene("flower", 1, rate=4)]

    found = recognition.of_media(moving(frames, kind))

    assert found.highest > 0.8 and found.moving and len(found.moving.segments) == 1
    assert found.coverage == pytest.approx(1, abs=0.05)
    assert recognition.of_picture(moving(frames, kind)).nudity < 0.2  # its first frame alone would have hidden it


def test_a_gif_that_does_not_move_is_a_picture() -> None:
    assert recognition.of_media(saved(photograph("coffee"), "GIF")).moving is None
