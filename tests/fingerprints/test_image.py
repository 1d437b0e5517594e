"""What `of_image` keeps of a picture, and the other ways to write a fingerprint down."""

import hashlib
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sklearn.datasets import load_sample_image

from staydown import decoding, fingerprints


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    made = io.BytesIO()
    Image.fromarray(load_sample_image("flower.jpg")).save(made, "JPEG")
    return made.getvalue()


def test_a_picture_has_an_exact_and_a_perceptual_fingerprint(jpeg: bytes) -> None:
    found = fingerprints.of_image(jpeg)
    assert found.sha256 == hashlib.sha256(jpeg).digest()
    assert len(found.pdq) == 32
    assert found.turned[0] == found.pdq
    assert [len(form) for form in found.turned] == [32] * 8
    assert (found.width, found.height, found.quality, found.truncated) == (640, 427, 100, False)


def test_a_digest_that_is_known_already_is_not_made_again(jpeg: bytes) -> None:
    digest = hashlib.sha256(jpeg).digest()
    assert fingerprints.of_image(jpeg, sha256=digest) == fingerprints.of_image(jpeg)
    assert fingerprints.of_image(jpeg, sha256=b"x" * 32).sha256 == b"x" * 32


def test_the_whole_alone_has_the_same_fingerprint_and_nothing_of_its_parts(jpeg: bytes) -> None:
    whole, all_of_it = fingerprints.of_whole(jpeg), fingerprints.of_image(jpeg)
    assert (whole.turned, whole.quality, whole.sha256) == (all_of_it.turned, all_of_it.quality, all_of_it.sha256)
    assert (whole.width, whole.height, whole.format, whole.truncated) == (640, 427, "JPEG", False)
    assert (whole.regions, whole.windows, whole.sight.regions) == ((), b"", ())


def test_the_whole_of_a_truncated_jpeg_is_hashed_and_says_so(jpeg: bytes) -> None:
    assert fingerprints.of_whole(jpeg[:-200]).truncated
    with pytest.raises(fingerprints.Undecodable):
        fingerprints.of_whole(b"no picture")


def test_a_truncated_jpeg_is_still_hashed_and_says_so(jpeg: bytes) -> None:
    found = fingerprints.of_image(jpeg[:-200])
    assert found.truncated
    assert (int.from_bytes(found.pdq) ^ int.from_bytes(fingerprints.of_image(jpeg).pdq)).bit_count() <= 31


def test_fingerprints_can_be_compared_and_kept_in_sets(jpeg: bytes) -> None:
    assert len({fingerprints.of_image(jpeg), fingerprints.of_image(jpeg)}) == 1


def test_a_flat_picture_has_quality_zero() -> None:
    made = io.BytesIO()
    Image.fromarray(np.full((300, 300), 200, np.uint8)).save(made, "PNG")
    assert fingerprints.of_image(made.getvalue()).quality == 0


def test_refusals_are_those_of_decoding() -> None:
    assert fingerprints.Undecodable is decoding.Undecodable
    assert issubclass(fingerprints.TookTooLong, fingerprints.TooLarge)
    with pytest.raises(fingerprints.Undecodable, match="save it as JPEG or PNG"):
        fingerprints.of_image(b"these are words")
    with pytest.raises(fingerprints.Unsupported, match="is not accepted"):
        fingerprints.of_image(b"\0\0\0\x18ftypisom\0\0\2\0" + bytes(99))


@given(st.binary(min_size=32, max_size=32))
def test_a_written_fingerprint_is_read_in_either_case(plain: bytes) -> None:
    assert fingerprints.parse_pdq(plain.hex()) == plain
    assert fingerprints.parse_pdq(plain.hex().upper()) == plain
    assert fingerprints.parse_pdq(f" {plain.hex()}\n") == plain


@pytest.mark.parametrize(
    "text",
    ["", "f" * 63, "f" * 65, "g" * 64, "0x" + "f" * 62, "f " * 32, "\u0661" * 64, "f" * 32 + "\n" + "f" * 32],
)
def test_anything_else_is_malformed_and_the_message_helps(text: str) -> None:
    with pytest.raises(fingerprints.Malformed, match="64 characters") as refusal:
        fingerprints.parse_pdq(text)
    assert isinstance(refusal.value, ValueError)
