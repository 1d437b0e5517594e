"""HEIC, as telephones write it: on one thread, upright once, the primary picture and no other."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from staydown.decoding import DecodingError, Limits, Pool, TooLarge, Undecodable
from staydown.decoding.jarosz import reduce

Save = Callable[..., bytes]


def luma(picture: Image.Image) -> np.ndarray:
    return reduce(np.asarray(picture.convert("RGB").convert("F")))


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


def test_a_picture_of_tiles_is_decoded_without_a_second_thread(
    photograph: Image.Image, saved: Save, workers: Callable[[], set[int]]
) -> None:
    large, before = photograph.resize((1600, 1068)), workers()
    tiles = saved(large, "HEIC", tile_size=512)
    assert b"grid" in tiles
    with Pool(1) as pool:
        found = pool.decode(tiles)
        (worker,) = workers() - before
        assert [line for line in Path(f"/proc/{worker}/status").read_text().splitlines() if "Seccomp:\t2" in line]
    assert (found.width, found.height, found.truncated) == (1600, 1068, False)
    assert apart(found.luma, luma(large)) < 0.5


def test_what_is_transparent_is_seen_on_white(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    half = photograph.convert("RGBA")
    half.paste((0, 0, 0, 0), (0, 0, 320, 427))
    on_white = photograph.copy()
    on_white.paste((255, 255, 255), (0, 0, 320, 427))
    assert apart(pool.decode(saved(half, "HEIC")).luma, luma(on_white)) < 1


def exif_saying(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


@pytest.mark.parametrize("orientation", range(2, 9))
def test_exif_never_turns_what_the_file_itself_has_turned(
    pool: Pool, photograph: Image.Image, saved: Save, orientation: int
) -> None:
    turned = saved(photograph, "HEIC", exif=exif_saying(orientation))
    assert exif_saying(orientation) in turned  # and a box that turns: pillow-heif writes both
    assert b"irot" in turned or b"imir" in turned
    with Image.open(io.BytesIO(saved(photograph, "JPEG", exif=exif_saying(orientation)))) as like_it:
        upright = ImageOps.exif_transpose(like_it)
    assert apart(pool.decode(turned).luma, luma(upright)) < 1
    shown = pool.show(turned)
    assert (shown.width, shown.height) == upright.size
    with_exif_alone = saved(photograph, "HEIC", exif=exif_saying(1)).replace(exif_saying(1), exif_saying(orientation))
    assert apart(pool.decode(with_exif_alone).luma, luma(photograph)) < 1


def test_of_many_pictures_the_primary_one_is_seen(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    small = photograph.resize((160, 107))
    all_three = [small, small.rotate(90), small.rotate(180)]
    for place, primary in enumerate(all_three):
        burst = saved(small, "HEIC", save_all=True, append_images=all_three[1:], primary_index=place)
        assert apart(pool.decode(burst).luma, luma(primary)) < 3  # turned, it would be 50


@pytest.mark.parametrize("part", range(1, 10))
def test_a_heic_that_ends_early_is_decoded_in_part_or_refused_by_name(
    pool: Pool, photograph: Image.Image, saved: Save, part: int
) -> None:
    small = photograph.resize((256, 171))
    for options in ({}, {"tile_size": 128}):
        whole = saved(small, "HEIC", **options)
        try:
            found = pool.decode(whole[: len(whole) * part // 10])
        except Undecodable:
            continue
        assert found.truncated


def test_a_header_that_claims_another_size_does_no_harm(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    whole = saved(photograph, "HEIC")
    said = whole.index(b"ispe") + 8
    for width, height in ((0x7FFFFFFF, 0x7FFFFFFF), (90_000, 2), (64, 64), (9_000, 9_000)):
        lie = whole[:said] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + whole[said + 8 :]
        with contextlib.suppress(DecodingError):
            found = pool.decode(lie)
            assert found.width * found.height <= pool.limits.pixels
    with pytest.raises(TooLarge):
        pool.decode(whole[:said] + (90_000).to_bytes(4, "big") * 2 + whole[said + 8 :])


def test_a_heic_that_needs_too_much_memory_is_refused_and_the_next_one_served(
    photograph: Image.Image, saved: Save
) -> None:
    heavy = saved(Image.new("RGB", (3000, 3000), (9, 9, 9)), "HEIC")  # 36 MB for Pillow alone
    with Pool(1, Limits(memory=220 << 20)) as small:
        with pytest.raises(DecodingError):
            small.decode(heavy)
        assert small.decode(saved(photograph, "HEIC")).width == 640
