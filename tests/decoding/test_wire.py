"""A worker has met strangers' bytes: its answers are checked like a stranger's."""

import contextlib
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staydown.decoding import Decoded, DecodingError, TooLarge, Undecodable, Unsupported, wire

LUMA = np.linspace(0, 255, 4096, dtype=np.float32).reshape(64, 64)
PLAIN = Decoded(LUMA, 640, 427, "WEBP", truncated=True)


def test_a_picture_arrives_as_it_was_sent() -> None:
    found = wire.answer(wire.decoded(PLAIN))
    assert np.array_equal(found.luma, LUMA)
    assert (found.width, found.height, found.format, found.truncated) == (640, 427, "WEBP", True)


@pytest.mark.parametrize("refusal", [Undecodable, Unsupported, TooLarge])
def test_a_refusal_arrives_as_it_was_sent(refusal: type[DecodingError]) -> None:
    with pytest.raises(refusal):
        wire.answer(wire.refused(refusal()))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e9, 1e9])
def test_luminance_that_no_picture_has_is_garbled(value: float) -> None:
    reply = wire.decoded(PLAIN)
    with pytest.raises(wire.Garbled):
        wire.answer(reply[:-4] + struct.pack("<f", value))


@pytest.mark.parametrize(("place", "value"), [(0, 9), (9, 200), (10, 2)])
def test_a_head_that_no_worker_writes_is_garbled(place: int, value: int) -> None:
    reply = bytearray(wire.decoded(PLAIN))
    reply[place] = value
    with pytest.raises(wire.Garbled):
        wire.answer(bytes(reply))


@given(st.binary(max_size=64) | st.binary(min_size=wire.LONGEST_REPLY, max_size=wire.LONGEST_REPLY))
def test_any_bytes_are_an_answer_a_refusal_or_garbled(reply: bytes) -> None:
    with contextlib.suppress(DecodingError, wire.Garbled):
        assert wire.answer(reply).luma.shape == (64, 64)
