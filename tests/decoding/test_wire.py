"""A worker has met strangers' bytes: its answers are checked like a stranger's."""

import contextlib
import dataclasses
import random
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staydown.decoding import Decoded, DecodingError, Hashed, TooLarge, Undecodable, Unsupported, wire
from staydown.decoding.types import Corners, Kind, Pdq, Region

LUMA = np.linspace(0, 255, 4096, dtype=np.float32).reshape(64, 64)
FLIPS = np.stack([LUMA, LUMA[::-1], LUMA[:, ::-1], LUMA[::-1, ::-1]])
CANVAS = np.arange(128 * 128).reshape(128, 128).astype(np.float32) % 256
RGB = (np.arange(288 * 288 * 3) % 251).astype(np.uint8).reshape(288, 288, 3)
PART = Region(Kind.RECTANGLE, ((0.25, 0.5), (0.75, 0.375), (0.875, 1.0), (0.125, 0.75)), 1.5, CANVAS)
PLAIN = Decoded(FLIPS, 640, 427, "WEBP", truncated=True)
WITH_PARTS = dataclasses.replace(PLAIN, regions=(PART,) * 9)
PDQ = Pdq(tuple(bytes([form]) * 32 for form in range(8)), 73)
HASHED = Hashed(PDQ, 640, 427, "WEBP", truncated=True)


def test_a_picture_arrives_as_it_was_sent() -> None:
    found = wire.answer(wire.decoded(PLAIN))
    assert np.array_equal(found.flips, FLIPS)
    assert np.array_equal(found.luma, LUMA)
    assert (found.width, found.height, found.format, found.truncated) == (640, 427, "WEBP", True)


def test_its_parts_arrive_as_they_were_sent() -> None:
    found = wire.answer(wire.decoded(WITH_PARTS)).regions
    assert [(part.kind, part.corners, part.aspect) for part in found] == [(PART.kind, PART.corners, PART.aspect)] * 9
    assert all(np.array_equal(part.canvas, CANVAS) and part.rgb is None for part in found)


def test_their_colours_arrive_as_they_were_sent_and_only_when_asked_for() -> None:
    coloured = dataclasses.replace(PLAIN, regions=(PART, dataclasses.replace(PART, rgb=RGB)))
    with pytest.raises(wire.Garbled):
        wire.answer_in_colour(wire.decoded(WITH_PARTS))
    with pytest.raises(wire.Garbled):
        wire.answer_in_colour(wire.decoded(coloured))
    both = (dataclasses.replace(PART, rgb=RGB[::-1]), dataclasses.replace(PART, rgb=RGB))
    reply = wire.decoded(dataclasses.replace(PLAIN, regions=both))
    first, second = (part.rgb for part in wire.answer_in_colour(reply).regions)
    assert first is not None and np.array_equal(first, RGB[::-1])
    assert second is not None and np.array_equal(second, RGB)
    with pytest.raises(wire.Garbled):
        wire.answer(reply)


def test_what_a_peer_misreads_arrives_as_it_was_sent() -> None:
    for sent in (PLAIN, WITH_PARTS):
        found = wire.answer(wire.decoded(dataclasses.replace(sent, misread=255 - LUMA)))
        assert found.misread is not None
        assert np.array_equal(found.misread, 255 - LUMA)
        assert len(found.regions) == len(sent.regions)
        assert wire.answer(wire.decoded(sent)).misread is None
    reply = wire.decoded(dataclasses.replace(WITH_PARTS, misread=LUMA))
    for spoilt in (reply[:-4] + struct.pack("<f", 1e9), reply[:-4]):
        with pytest.raises(wire.Garbled):
            wire.answer(spoilt)


def test_more_parts_than_a_worker_proposes_are_garbled() -> None:
    reply = wire.decoded(dataclasses.replace(PLAIN, regions=(PART,) * 10))
    with pytest.raises(wire.Garbled):
        wire.answer(reply)


@pytest.mark.parametrize(
    ("corners", "aspect"),
    [
        (((0.5, 0), (0.5, 0), (0.5, 1), (0.5, 1)), 1),
        (((0, 0), (1.1, 0), (1.1, 1), (0, 1)), 1),
        (((float("nan"), 0), (1, 0), (1, 1), (0, 1)), 1),
        (((0, 0), (0, 1), (1, 1), (1, 0)), 1),
        (((0, 0), (1, 1), (1, 0), (0, 1)), 1),
        (((0, 0), (1, 0), (0.2, 0.2), (0, 1)), 1),
        (((0, 0), (1, 0), (1, 1), (0, 1)), float("nan")),
        (((0, 0), (1, 0), (1, 1), (0, 1)), 0),
    ],
)
def test_a_part_outside_the_picture_or_without_a_shape_is_garbled(corners: Corners, aspect: float) -> None:
    reply = wire.decoded(
        dataclasses.replace(PLAIN, regions=(dataclasses.replace(PART, corners=corners, aspect=aspect),))
    )
    with pytest.raises(wire.Garbled):
        wire.answer(reply)


@pytest.mark.parametrize("refusal", [Undecodable, Unsupported, TooLarge])
def test_a_refusal_arrives_as_it_was_sent(refusal: type[DecodingError]) -> None:
    with pytest.raises(refusal):
        wire.answer(wire.refused(refusal()))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e9, 1e9])
def test_luminance_that_no_picture_has_is_garbled(value: float) -> None:
    reply = wire.decoded(PLAIN)  # without parts, so that luminance stands last
    with pytest.raises(wire.Garbled):
        wire.answer(reply[:-4] + struct.pack("<f", value))


@pytest.mark.parametrize(("place", "value"), [(0, 9), (9, 200), (10, 2), (12, 2)])
def test_a_head_that_no_worker_writes_is_garbled(place: int, value: int) -> None:
    reply = bytearray(wire.decoded(PLAIN))
    reply[place] = value
    with pytest.raises(wire.Garbled):
        wire.answer(bytes(reply))


@pytest.mark.parametrize("misread", [None, Pdq(PDQ.turned[::-1], 100)])
def test_a_fingerprint_arrives_as_it_was_sent(misread: Pdq | None) -> None:
    sent = dataclasses.replace(HASHED, misread=misread)
    assert wire.fingerprint(wire.hashed(sent)) == sent


@pytest.mark.parametrize(("place", "value"), [(0, 0), (9, 200), (10, 2), (11, 101)])
def test_a_fingerprint_that_no_worker_finds_is_garbled(place: int, value: int) -> None:
    reply = bytearray(wire.hashed(HASHED))
    reply[place] = value
    with pytest.raises(wire.Garbled):
        wire.fingerprint(bytes(reply))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=600) | st.binary(min_size=268, max_size=268))
def test_any_bytes_are_a_fingerprint_a_refusal_or_garbled(reply: bytes) -> None:
    with contextlib.suppress(DecodingError, wire.Garbled):
        assert len(wire.fingerprint(reply).pdq.turned) == 8


LENGTHS = [len(wire.decoded(dataclasses.replace(PLAIN, regions=(PART,) * count))) for count in range(10)]


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=64) | st.builds(random.Random.randbytes, st.randoms(), st.sampled_from(LENGTHS)))
def test_any_bytes_are_an_answer_a_refusal_or_garbled(reply: bytes) -> None:
    with contextlib.suppress(DecodingError, wire.Garbled):
        assert wire.answer(reply).luma.shape == (64, 64)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 12), st.integers(0, 255))
def test_any_other_byte_in_the_head_is_an_answer_or_garbled(place: int, value: int) -> None:
    reply = bytearray(wire.decoded(WITH_PARTS))
    reply[place] = value
    with contextlib.suppress(DecodingError, wire.Garbled):
        assert len(wire.answer(bytes(reply)).regions) == 9
