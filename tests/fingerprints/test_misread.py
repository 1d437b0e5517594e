"""What a bank that `threatexchange` filled holds of palette, printing and transparent files is looked up besides."""

import io

import numpy as np
import pytest
from PIL import Image

from staydown import fingerprints
from staydown.fingerprints import pdq
from tests.pictures import jpeg, photograph

WEIGHTS = np.array([0.299, 0.587, 0.114])

# Of the files that `files` makes, by threatexchange 1.2.17 with pdqhash 0.2.8 on Python 3.11.
PEERS = {
    "palette.png": "7bfd6798cce8c67e233906e6b3ee93c4c3304338cc9bc9b99032865c0a5920ff",
    "palette.gif": "7bfd6798cce8c67e233906e6b3ee93c4c3304338cc9bc9b99032865c0a5920ff",
    "palette with a hole.png": "7bfd6798cce8c67e233906e6b3ee93c4c3304338cc9bc9b99032865c0a5920ff",
    "ink.jpg": "739d61886599c967465cc7993fd98d93de598609e1491e073864581dc37d661f",
    "ink with black.tif": "5b1e61996998c997c674679971d88d93de588649e6d93f273864d821c27ce217",
    "transparent.png": "8c629e779a663698b9a33866c026726c21a679f61eb6e1f8c79ba7e23c8299e0",
    "transparent grey.png": "8c629e779a663698b9a33866c026726c21a679f61eb6e1f8c79ba7e23c8299e0",
}


def files() -> dict[str, bytes]:
    """The same photograph in every way that the peer misreads. No step depends on a version of Pillow's quantizer."""
    picture = photograph("coffee")
    grey = np.asarray(picture.convert("L"))
    order = np.random.default_rng(7).permutation(256).astype(np.uint8)  # of the palette: a tool may choose any
    palette = Image.fromarray(order[grey], "P")
    palette.putpalette(np.repeat(np.argsort(order).astype(np.uint8), 3).tobytes())
    ink = 255 - np.asarray(picture).astype(np.int16)
    black = ink.min(axis=2, keepdims=True)
    with_black = np.concatenate([ink - black // 2, black // 2], axis=2).astype(np.uint8)
    fading = Image.linear_gradient("L").resize(picture.size)
    seen_through = {mode: picture.convert(mode) for mode in ("RGBA", "LA")}
    for each in seen_through.values():
        each.putalpha(fading)
    return {
        "palette.png": _saved(palette, "PNG"),
        "palette.gif": _saved(palette, "GIF", optimize=False),
        "palette with a hole.png": _saved(palette, "PNG", transparency=3),
        "ink.jpg": _saved(picture.convert("CMYK"), "JPEG", quality=95),
        "ink with black.tif": _saved(Image.fromarray(with_black, "CMYK"), "TIFF"),
        "transparent.png": _saved(seen_through["RGBA"], "PNG"),
        "transparent grey.png": _saved(seen_through["LA"], "PNG"),
    }


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind, **options)
    return made.getvalue()


def _distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def _oracle(data: bytes) -> bytes:
    """Our PDQ of the very plane that the peer hands to its own."""
    with Image.open(io.BytesIO(data)) as opened:
        plane = np.asarray(opened).astype(np.float64)
    if plane.ndim == 3:
        plane = plane[..., 0] if plane.shape[2] == 2 else plane[..., :3] @ WEIGHTS
    return pdq.of_luminance(plane).upright


@pytest.mark.parametrize("name", PEERS)
def test_the_peers_wrong_fingerprint_is_among_those_looked_up(name: str) -> None:
    data = files()[name]
    (found,) = fingerprints.of_image(data).misread
    assert _distance(found, bytes.fromhex(PEERS[name])) <= 4
    assert _distance(found, _oracle(data)) <= 2


def test_it_is_wrong_indeed_so_that_a_right_one_would_not_be_found() -> None:
    for name in ("palette.png", "palette.gif", "ink.jpg"):
        made = fingerprints.of_image(files()[name])
        assert min(_distance(made.misread[0], form) for form in made.turned) > 31


def test_a_large_file_in_printing_colours_that_is_decoded_small_is_misread_alike() -> None:
    large = _saved(photograph("coffee").resize((2400, 1600)).convert("CMYK"), "JPEG", quality=90)
    (found,) = fingerprints.of_image(large).misread
    assert _distance(found, _oracle(large)) <= 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_the_peer_sees_unturned_is_one_of_the_eight_forms(orientation: int) -> None:
    """It does not apply EXIF's orientation; ours does, and looks up all eight."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = _saved(photograph("coffee"), "JPEG", quality=95, exif=exif.tobytes())
    with Image.open(io.BytesIO(data)) as opened:
        as_stored = pdq.of_luminance(np.asarray(opened).astype(np.float64) @ WEIGHTS).upright
    assert min(_distance(form, as_stored) for form in fingerprints.of_image(data).turned) <= 4


def test_what_the_peer_reads_rightly_has_no_second_fingerprint() -> None:
    opaque = photograph("coffee").convert("RGBA")
    for data in (jpeg(photograph("coffee")), _saved(opaque, "PNG"), _saved(photograph("coffee").convert("L"), "PNG")):
        assert fingerprints.of_image(data).misread == ()


def test_a_flat_plane_gives_none_as_the_peer_gives_none() -> None:
    flat = Image.fromarray(np.full((200, 200), 9, np.uint8), "P")
    flat.putpalette(bytes(768))
    assert fingerprints.of_image(_saved(flat, "PNG")).misread == ()


@pytest.mark.parametrize("name", PEERS)
def test_a_first_look_at_such_a_file_sees_the_same(name: str) -> None:
    data = files()[name]
    assert fingerprints.of_whole(data).misread == fingerprints.of_image(data).misread != ()
