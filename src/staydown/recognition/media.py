"""A picture's or film's bytes -> its signals."""

import os

from staydown.decoding import DecodingError, Limits, Pool
from staydown.decoding.containers import PICTURES, container
from staydown.decoding.errors import FILM_WORDS
from staydown.decoding.pool import Shared
from staydown.recognition import model, sampling, wire
from staydown.recognition.places import places
from staydown.recognition.preprocess import VERSION
from staydown.recognition.sampling import Mode
from staydown.recognition.signals import DAMAGED, OVER, Moving, Signals
from staydown.recognition.wire import Seen

PICTURE_LIMITS = Limits(cpu_seconds=20, memory=2 << 30)  # the network's own memory is counted, too
FILM_LIMITS = Limits(
    bytes=256 << 20, pixels=36_000_000, side=16_384, cpu_seconds=300, wall_seconds=900.0, memory=4 << 30,
    pictures_per_worker=50,
)  # fmt: skip
PROGRAM = "staydown.recognition.looking"
SURE = 0.8  # of a key frame, from which nobody needs to look at the rest before a person does
_ASKED = {Mode.KEYS: wire.KEYS, Mode.THOROUGH: wire.THOROUGH}


def of_picture(data: bytes) -> Signals:
    """Of a picture's bytes; of a moving one, its first frame.

    Raises `NoModel`, and `Undecodable`, `Unsupported`, `TooLarge` or `Unavailable` as `decoding.decode` does: what could
    not be looked at is a person's to look at, and never "nothing found".
    """
    _there()
    return summed(_pictures.pool().ask(data, wire.question(wire.PICTURE)))


def of_film(data: bytes, mode: Mode | None = None) -> Signals:
    """Of a film's bytes (or GIF, animated WebP, APNG). Raises as `of_picture` does, in words about films.

    Without a mode, key frames first; where they say nothing sure, thoroughly.
    """
    _there()
    try:
        if mode:
            return _watched(data, mode)
        first = _watched(data, Mode.KEYS)
        return first if first.highest >= SURE else _watched(data, Mode.THOROUGH)
    except DecodingError as refused:
        raise FILM_WORDS.get(type(refused), type(refused)) from refused


def of_media(data: bytes) -> Signals:
    """Of either, told by the first bytes. A picture that does not move is a picture, whatever it could have been."""
    kind = container(data)
    if kind is None:
        return of_picture(data)
    found = of_film(data)
    return of_picture(data) if kind in PICTURES and found.moving and found.moving.frames == 1 else found


def _there() -> None:
    if trouble := model.trouble():
        raise trouble


def _watched(data: bytes, mode: Mode) -> Signals:
    return summed(_films.pool().ask(data, wire.question(_ASKED[mode])), mode)


def summed(seen: Seen, mode: Mode | None = None) -> Signals:
    """What the numbers say together; `mode` of a film."""
    highest = max(look.score for look in seen.looks)
    covered = sampling.coverage(seen.looks, seen.span)
    return Signals(
        nudity=sampling.together(seen.looks),
        highest=highest,
        coverage=min(covered, DAMAGED) if seen.truncated else covered,
        model=model.NAME,
        preprocess=VERSION,
        places=places(seen.highest) if highest >= OVER else (),
        moving=_moving(seen, mode) if mode else None,
    )


def _moving(seen: Seen, mode: Mode) -> Moving:
    return Moving(
        frames=len(seen.looks),
        seconds=seen.span.seconds,
        seconds_over=sampling.seconds_over(seen.looks, seen.span),
        segments=sampling.segments(seen.looks, seen.span),
        sampling=mode.value,
    )


_pictures = Shared(lambda: Pool(os.cpu_count() or 1, PICTURE_LIMITS, PROGRAM))
_films = Shared(lambda: Pool(max(1, (os.cpu_count() or 1) // 2), FILM_LIMITS, PROGRAM))
