"""Tiny films for workers to rehearse on, so that everything imported late is imported before they confine themselves."""

import io
from collections.abc import Iterator

import av
from PIL import Image

from staydown.decoding.types import Pixels


def films(pictures: Pixels, rate: int) -> Iterator[bytes]:
    """The pictures (n x height x width x 3, RGB) as a film and as a moving picture of each kind, so many a second."""
    yield _encoded(pictures, rate)
    stills = [Image.fromarray(each) for each in pictures]
    for kind in ("GIF", "WEBP", "PNG"):
        file = io.BytesIO()
        stills[0].save(file, kind, save_all=True, append_images=stills[1:], duration=1000 // rate)
        yield file.getvalue()


def _encoded(pictures: Pixels, rate: int) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.height, stream.width = pictures.shape[1:3]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return file.getvalue()
