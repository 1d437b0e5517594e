"""staydown fingerprint: what Staydown would keep of pictures. Nothing leaves the machine; no deployment is needed.

One line of JSON for each file; with --pdq, lines of hex,quality,path; with --tmk, films' TMK+PDQF, for exchange with others.
Exit code 1 when a file could not be read.
"""

import base64
import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staydown.commands import progress
from staydown.site.trouble import Trouble

if TYPE_CHECKING:  # other commands need no numpy, and set how many threads it may use first
    from staydown.fingerprints import ImageFingerprints, files

HELP = "fingerprint pictures and folders, as JSON lines"


def add(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a picture (with --tmk a film), or a folder"
    )
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--pdq", action="store_true", help="only PDQ: hex,quality,path")
    one.add_argument(
        "--tmk", action="store_true", help="of films, or .tmk files: TMK+PDQF as ThreatExchange carries it"
    )
    further = parser.add_mutually_exclusive_group()
    further.add_argument("--out", type=Path, metavar="FOLDER", help="with --tmk: write FILM.tmk files into this folder")
    further.add_argument(
        "--compare", action="store_true", help="with --tmk: how alike the first is to each of the others"
    )


def run(args: Namespace) -> int:
    """Answer for every file; those that cannot be read stop nothing."""
    if (args.out or args.compare) and not args.tmk:
        raise Trouble("--out and --compare are for films' TMK. Say --tmk, too.")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the processors have one file each already
    unread = 0
    try:
        for line, complaint, refused in _tmk(args) if args.tmk else _pictures(args):
            unread += refused
            _say(line, complaint=complaint)
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 1 if unread else 0


def _pictures(args: Namespace) -> Iterator[tuple[str, bool, bool]]:
    """The line for each picture, whether it is a complaint, and whether the picture was refused."""
    from staydown.fingerprints import files

    found = files.listed(args.paths)
    for answer in progress.shown(files.of_files(found), len(found)):
        line = plain(answer) if args.pdq else json.dumps(record(answer))
        yield line, args.pdq and not answer.made, answer.refused is not None


def _tmk(args: Namespace) -> Iterator[tuple[str, bool, bool]]:
    """The same for each film."""
    from staydown.commands import fingerprint_tmk
    from staydown.fingerprints import files

    found = files.listed(args.paths)
    if args.compare and len(found) < 2:
        raise Trouble("There is one file or none to compare. Name a film or .tmk file, and what to compare it with.")
    answers = progress.shown(map(fingerprint_tmk.of_file, found), len(found))
    said = fingerprint_tmk.comparisons(answers) if args.compare else fingerprint_tmk.records(answers, args.out)
    for about in said:
        yield json.dumps(about), False, "error" in about


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
