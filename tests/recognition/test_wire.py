"""A worker that has met a stranger's bytes is not believed unseen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staydown.decoding.errors import DecodingError, Undecodable
from staydown.decoding.wire import Garbled, refused
from staydown.recognition import wire
from staydown.recognition.sampling import Look, Span
from staydown.recognition.wire import Seen

MAP = np.arange(49, dtype=np.float32).reshape(7, 7)


def seen(*looks: Look, span: Span = Span(2.0, 1.5), highest: np.ndarray = MAP) -> Seen:  # noqa: B008 - frozen
    return Seen(False, span, highest, looks)


def test_what_is_written_is_read() -> None:
    found = wire.read(wire.written(seen(Look(0, 0.25), Look(1, 0.5))))

    assert found.looks == (Look(0, 0.25), Look(1, 0.5)) and found.span == Span(2.0, 1.5)
    assert (found.highest == MAP).all()


def test_a_refusal_stays_one() -> None:
    with pytest.raises(Undecodable):
        wire.read(refused(Undecodable()))


@pytest.mark.parametrize(
    "wrong",
    [
        wire.written(seen(Look(0, 1.5))),
        wire.written(seen(Look(0, float("nan")))),
        wire.written(seen(Look(1, 0.1), Look(0, 0.1))),
        wire.written(seen(Look(-1, 0.1))),
        wire.written(seen(Look(0, 0.1), span=Span(float("inf")))),
        wire.written(seen(Look(0, 0.1), highest=np.full((7, 7), np.nan, np.float32))),
        wire.written(seen()),
        wire.written(seen(Look(0, 0.1)))[:-1],
        b"",
    ],
)
def test_nonsense_replaces_the_worker(wrong: bytes) -> None:
    with pytest.raises(Garbled):
        wire.read(wrong)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_but_an_answer_are_one(reply: bytes) -> None:
    with pytest.raises((Garbled, DecodingError)):
        wire.read(b"\x11" + reply)
