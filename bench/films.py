"""Films to measure on: scenes one after the other, with cuts, dissolves and fades; encoded, cut out of, put together."""

import io
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import av
from PIL import Image

from bench.scenes import OF_NOTHING, OF_PICTURES, SIZE, Picture, Scene, opened

RATE = 12  # frames a second; what is looked at are four of them
OVER = 0.8  # seconds that a dissolve or a fade takes


@dataclass(frozen=True)
class Shot:
    """A scene, how many seconds it lasts, and how it ends: by a cut, a dissolve or a fade through black."""

    scene: Scene
    seconds: float
    ends: str


def shots(pictures: Iterable[bytes], seed: int, seconds: float) -> list[Shot]:
    """A film's shots: one or two for each picture, and between them textures, titles, credits, black."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    scenes = [(rng.choice(OF_PICTURES)(opened(data), rng), rng.uniform(4, 12)) for data in pictures for _ in range(2)]
    rng.shuffle(scenes)
    for place in range(len(scenes), 0, -2):
        scenes.insert(place, (rng.choice(OF_NOTHING)(rng), rng.uniform(1.5, 4)))
    scale = seconds / sum(length for _, length in scenes)
    return [Shot(scene, length * scale, rng.choice(("cut", "cut", "dissolve", "fade"))) for scene, length in scenes]


def frames(some: list[Shot], rate: int = RATE, size: tuple[int, int] = SIZE) -> Iterator[Picture]:
    """The frames of shots one after the other."""
    for place, shot in enumerate(some):
        count = round(shot.seconds * rate)
        following = some[place + 1].scene if place + 1 < len(some) else None
        for at in range(count):
            picture = shot.scene(at / count)
            over = 1 - (count - at) / rate / OVER
            if over > 0 and shot.ends == "fade":
                picture = Image.blend(picture, Image.new("RGB", SIZE), over)
            elif over > 0 and shot.ends == "dissolve" and following:
                picture = Image.blend(picture, following(0), over)
            yield picture if size == SIZE else picture.resize(size)


def encoded(pictures: Iterable[Picture], crf: int = 23, rate: int = RATE) -> bytes:
    """Pictures as an H.264 film in MP4."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": str(crf)})
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for place, picture in enumerate(pictures):
            if place == 0:
                stream.width, stream.height = picture.size
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
    return made.getvalue()


def moving(pictures: Iterable[Picture], kind: str) -> bytes:
    """Every other picture as a GIF or an animated WebP, 320 pixels wide."""
    first, *rest = [picture.resize((320, 180)) for place, picture in enumerate(pictures) if place % 2 == 0]
    made = io.BytesIO()
    options = {"quality": 50, "method": 0} if kind == "WEBP" else {}
    first.save(made, kind, save_all=True, append_images=rest, duration=round(2000 / RATE), **options)
    return made.getvalue()


def clip(film: bytes, start: float, end: float, speed: float = 1.0) -> Iterator[Picture]:
    """The frames that a copy of some seconds of a film has at another speed: the film's own, left out or shown twice."""
    with av.open(io.BytesIO(film)) as container:
        wanted = start
        for shown, frame in enumerate(container.decode(video=0)):
            picture = None
            while wanted < end and round(wanted * RATE) <= shown:
                picture = picture or frame.to_image()
                yield picture
                wanted += speed / RATE
            if wanted >= end:
                return


def joined(films: list[bytes]) -> tuple[bytes, list[float]]:
    """Films that were encoded alike, one after the other and not encoded again; and the second at which each begins."""
    made, begins = io.BytesIO(), []
    with av.open(made, "w", format="mp4") as container:
        stream, offset = None, 0
        for film in films:
            with av.open(io.BytesIO(film)) as part:
                video = part.streams.video[0]
                stream = stream or container.add_stream_from_template(video)
                assert stream.codec_context.extradata == video.codec_context.extradata, "not encoded alike"
                begins.append(float(offset * video.time_base))
                for packet in part.demux(video):
                    if packet.size and packet.pts is not None and packet.dts is not None:
                        packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                        packet.stream = stream
                        container.mux(packet)
                offset += video.duration or 0
    return made.getvalue(), begins
