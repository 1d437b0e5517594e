"""What a picture and a minute of video cost, beside NudeNet and nsfwjs: each looks at the same files, one after the other.

The peers run in rooms of their own (`.bench/nudenet`, `.bench/nsfwjs`); one that is not there is said not to be.
"""

import io
import json
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from bench import films
from staydown import recognition
from staydown.decoding import DecodingError
from staydown.decoding.types import Limits
from staydown.recognition import looking

ROOMS = Path(".bench")
SECONDS = 60
PAGE = """## Cost, side by side

{count} of the photographs, and the {seconds} frames (one a second) of a film of {seconds} s, 640 x 360. Each program reads the
file, decodes it and answers, on one thread, one after the other, warmed up; CPU is user and system time of its process.

| who | picture, median ms CPU | elapsed | frame of the film, ms CPU | a minute of video, s CPU | >= 0.5 of {count} | refused |
|---|---|---|---|---|---|---|
{rows}

A minute of video is, for Staydown, `recognition.of_film` on the film itself, decoding, key frames, cuts and all ({film:.1f} s
elapsed in the sandbox). The others take pictures only: theirs is sixty frames that somebody else has cut out of it for them.
NudeNet finds body parts and nsfwjs five classes (here pornography and hentai together), so that their numbers are not ours:
the column says how often each would be wrong at 0.5, where NudeNet's own authors use less. Its own decoding has gaps (16 bits,
EXIF; docs/recognition.md), and none of the peers has a sandbox. {missing}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One program's answers: on photographs, then on a film's frames."""

    who: str
    pictures: list[dict[str, Any]]
    frames: list[dict[str, Any]]
    minute: float | None = None  # seconds of CPU; None: sixty frames

    def text(self) -> str:
        looked = [each for each in self.pictures if each["score"] is not None]
        frame = float(np.median([each["cpu"] for each in self.frames]))
        minute = self.minute if self.minute is not None else SECONDS * frame / 1000
        over = sum(each["score"] >= 0.5 for each in looked)
        medians = (float(np.median([each[what] for each in looked])) for what in ("cpu", "ms"))
        cpu, elapsed = (f"{value:.0f}" for value in medians)
        refused = len(self.pictures) - len(looked)
        return f"| {self.who} | {cpu} | {elapsed} | {frame:.0f} | {minute:.1f} | {over} | {refused} |"


def ours(paths: Sequence[str]) -> list[dict[str, Any]]:
    """What Staydown's worker does with each file, in this process so that its CPU can be read; the sandbox adds a pipe."""
    said = []
    looking.picture(Path(paths[0]).read_bytes(), Limits())
    for path in paths:
        began, cpu = time.perf_counter(), time.process_time()
        try:
            score: float | None = looking.picture(Path(path).read_bytes(), Limits()).looks[0].score
        except DecodingError:
            score = None
        spent = {"ms": (time.perf_counter() - began) * 1000, "cpu": (time.process_time() - cpu) * 1000}
        said.append({"path": path, "score": score, **spent})
    return said


def theirs(command: Sequence[str], paths: Sequence[str]) -> list[dict[str, Any]]:
    """A peer's answers."""
    told = subprocess.run([*command, *paths], capture_output=True, text=True, check=True, env={"OMP_NUM_THREADS": "1"})
    return [json.loads(line) for line in told.stdout.splitlines() if line.startswith("{")]


def peers() -> dict[str, list[str]]:
    """The commands of those that are here."""
    node, python = shutil.which("node"), ROOMS / "nudenet" / "bin" / "python"
    found = {"NudeNet 3.4.2": [str(python), "bench/nudenet_peer.py"]} if python.exists() else {}
    if node and (ROOMS / "nsfwjs" / "node_modules").exists():
        found["nsfwjs 4.4.0 (MobileNetV2Mid, wasm)"] = [
            node,
            "bench/nsfwjs_peer.mjs",
            str((ROOMS / "nsfwjs").resolve()),
        ]
    return found


def a_film(pictures: Sequence[bytes]) -> tuple[bytes, list[bytes]]:
    """A minute of benign scenes, and its frames as JPEG, one a second."""
    some = films.shots(random.Random(1).sample(list(pictures), min(5, len(pictures))), 1, SECONDS)  # noqa: S311
    made, frames = io.BytesIO(), []
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=films.RATE)
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        stream.width, stream.height = films.SIZE
        for place, picture in enumerate(films.frames(some)):
            if place % films.RATE == 0:
                kept = io.BytesIO()
                picture.save(kept, "JPEG", quality=85)
                frames.append(kept.getvalue())
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
    return made.getvalue(), frames[:SECONDS]


def beside(photographs: Sequence[bytes]) -> str:
    """The part of the page about cost."""
    film, frames = a_film(photographs)
    with tempfile.TemporaryDirectory(prefix="staydown-bench-") as folder:
        paths = [_kept(Path(folder, f"p{place}"), data) for place, data in enumerate(photographs)]
        cut = [_kept(Path(folder, f"f{place}"), data) for place, data in enumerate(frames)]
        cpu = time.process_time()
        looking.moving(film, Limits(), looking.wire.THOROUGH)
        minute = time.process_time() - cpu
        rows = [Row("Staydown (OpenNSFW)", ours(paths), ours(cut), minute)]
        found = peers()
        rows += [Row(who, theirs(command, paths), theirs(command, cut)) for who, command in found.items()]
        began = time.perf_counter()
        recognition.of_film(film)
        elapsed = time.perf_counter() - began
    missing = "" if len(found) == 2 else f"Here only: {', '.join(found) or 'no peer'}; the other was not installed."
    text = "\n".join(row.text() for row in rows)
    return PAGE.format(count=len(paths), seconds=SECONDS, rows=text, film=elapsed, missing=missing).rstrip() + "\n"


def _kept(path: Path, data: bytes) -> str:
    """A file named for what it is, as the peers tell by the name."""
    with Image.open(io.BytesIO(data)) as picture:
        named = path.with_suffix({"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}[str(picture.format)])
    named.write_bytes(data)
    return str(named)
