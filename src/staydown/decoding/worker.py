"""The sandboxed process that decodes: `python -m staydown.decoding.worker PIXELS SIDE MEMORY CPU_SECONDS`.

It reads length-prefixed pictures from standard input and answers on standard output until its parent closes
the pipe or dies. (The parent's death is told by the closed pipe, not by PR_SET_PDEATHSIG: that signal comes
when the parent's *thread* ends, and a web server's threads come and go.)
"""

import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from staydown.decoding import pixels, sandbox, wire
from staydown.decoding.errors import DecodingError
from staydown.decoding.formats import ALLOWED
from staydown.decoding.types import Limits

IN, OUT, ERRORS = 0, 1, 2

Answer = Callable[[bytes, bytes], bytes]
"""From what is asked, and the bytes of a file."""


def read(length: int) -> bytes:
    """Exactly that many bytes from the parent, or fewer when it is gone."""
    chunks = []
    while length:
        chunk = os.read(IN, min(length, 1 << 20))
        if not chunk:
            break
        chunks.append(chunk)
        length -= len(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def write(message: bytes) -> None:
    """One message to the parent."""
    rest = wire.LENGTH.pack(len(message)) + message
    while rest:
        rest = rest[os.write(OUT, rest) :]


def reply(asked: bytes, data: bytes, limits: Limits) -> bytes:
    """The answer to what is asked about one picture."""
    try:
        if asked == wire.SHOW:
            return wire.pictured(pixels.show(data, limits))
        if asked == wire.HASH:
            return wire.hashed(pixels.hashed(data, limits))
        if asked == wire.WHOLE:
            return wire.decoded(pixels.reduce(data, limits))
        return wire.decoded(pixels.decode(data, limits, colour=asked == wire.COLOUR))
    except DecodingError as refusal:
        return wire.refused(refusal)


def samples() -> Iterator[bytes]:
    """One tiny picture of each kind. Pillow cannot write HEIC, so that one is kept."""
    picture = np.random.default_rng(1).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    picture[:24] = 0  # plain above, a rectangle within: every proposal has something to do
    picture[40:70, 40:70] //= 8
    for kind in ALLOWED:
        if kind == "HEIC":
            continue
        made = io.BytesIO()
        Image.fromarray(picture).save(made, kind)
        yield made.getvalue()
    yield (Path(__file__).parent / "data" / "rehearsal.heic").read_bytes()


def rehearse(limits: Limits) -> None:
    """Answer one picture of each kind, whole and broken, so that everything imported late is imported now."""
    for data in samples():
        for asked in (wire.REDUCE, wire.WHOLE, wire.HASH, wire.COLOUR, wire.SHOW):
            reply(asked, data, limits)
            reply(asked, data[:-20], limits)


def serve(answer: Answer) -> None:
    """Answer one file after another until the parent is gone."""
    while len(head := read(wire.ASKED.size)) == wire.ASKED.size:
        length, asked = wire.ASKED.unpack(head)
        data = read(length)
        if len(data) < length:
            return
        write(answer(asked, data))


def asked_limits() -> Limits:
    """The limits in the command line."""
    most, side, memory, cpu_seconds = map(int, sys.argv[1:])
    return Limits(pixels=most, side=side, memory=memory, cpu_seconds=cpu_seconds)


def confine_and_serve(limits: Limits, answer: Answer) -> None:
    """What every worker does once everything it needs is loaded: confine itself, say how, serve."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), ERRORS)  # decoders complain there, in strangers' words
    write(sandbox.confine(limits.memory).encode())
    serve(answer)


def main() -> None:
    """Prepare, then serve pictures."""
    limits = asked_limits()
    pixels.prepare(limits)
    rehearse(limits)
    confine_and_serve(limits, lambda asked, data: reply(asked, data, limits))


if __name__ == "__main__":
    main()
