"""staydown fingerprint: what Staydown would keep of pictures. Nothing leaves the machine; no deployment is needed.

One line of JSON for each file; with --pdq, lines of hex,quality,path. Exit code 1 when a file could not be read.
"""

import base64
import json
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staydown.commands import progress

if TYPE_CHECKING:  # other commands need no numpy, and set how many threads it may use first
    from staydown.fingerprints import ImageFingerprints, files

HELP = "fingerprint pictures and folders, as JSON lines"


def add(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a picture, or a folder of pictures")
    parser.add_argument("--pdq", action="store_true", help="only PDQ: hex,quality,path")


def run(args: Namespace) -> int:
    """Answer for every file; those that cannot be read stop nothing."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the processors have one file each already
    from staydown.fingerprints import files

    found, unread = files.listed(args.paths), 0
    try:
        for answer in progress.shown(files.of_files(found), len(found)):
            unread += answer.refused is not None
            _say(plain(answer) if args.pdq else json.dumps(record(answer)), complaint=args.pdq and not answer.made)
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 1 if unread else 0


def _say(line: str, *, complaint: bool) -> None:
    """A line where it belongs. A file's name may be any bytes: they come out as they went in."""
    stream = sys.stderr if complaint else sys.stdout
    stream.buffer.write(os.fsencode(line) + b"\n")
    stream.flush()


def plain(answer: "files.Answer") -> str:
    """hex,quality,path, as the PDQ tools write it; or the complaint."""
    if answer.made:
        return f"{answer.made.pdq.hex()},{answer.made.quality},{answer.path}"
    return f"{answer.path}: {_to_do(answer)}"


def record(answer: "files.Answer") -> dict[str, Any]:
    """One file as JSON: binary fields in base64, PDQ in its usual hexadecimal."""
    about: dict[str, Any] = {"path": str(answer.path)}
    if answer.digests:
        about |= {name: getattr(answer.digests, name).hex() for name in ("sha256", "sha1", "md5")}
    if answer.made:
        return about | _made(answer.made)
    return about | {"error": type(answer.refused).__name__, "do": _to_do(answer)}


def _made(made: "ImageFingerprints") -> dict[str, Any]:
    return {
        "format": made.format,
        "width": made.width,
        "height": made.height,
        "truncated": made.truncated,
        "pdq": made.pdq.hex(),
        "quality": made.quality,
        "turned": [form.hex() for form in made.turned],
        "regions": [form.hex() for form in made.regions],
        "windows": base64.b64encode(made.windows).decode(),
    }


def _to_do(answer: "files.Answer") -> str:
    if isinstance(answer.refused, OSError):
        return f"The file cannot be read ({answer.refused.strerror}). Check its name and who may read it."
    return str(answer.refused)
