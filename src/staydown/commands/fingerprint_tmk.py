"""staydown fingerprint --tmk: films' TMK+PDQF hashes, to exchange with lists that carry it. Nothing here matches by them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from staydown.decoding import DecodingError, TooLarge
from staydown.fingerprints import exact, tmk
from staydown.fingerprints.errors import MalformedTmk
from staydown.fingerprints.film import FILM_LIMITS


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one file, a film or a .tmk file: `made`, or `refused`; `sha256` of a film only."""

    path: Path
    made: tmk.Tmk | None = None
    sha256: bytes = b""
    refused: DecodingError | MalformedTmk | OSError | None = None


def of_file(path: Path) -> Answer:
    """The answer for one file. Nothing is raised: a file that cannot be read is an answer, too."""
    try:
        if path.stat().st_size > FILM_LIMITS.bytes:
            raise TooLarge
        data = path.read_bytes()
        if data.startswith(b"TMK1"):
            return Answer(path, tmk.read(data))
        return Answer(path, tmk.of_film(data), exact(data))
    except (DecodingError, MalformedTmk, OSError) as refused:
        return Answer(path, refused=refused)


def records(answers: Iterable[Answer], out: Path | None) -> Iterator[dict[str, Any]]:
    """Each file as JSON: the hash as ThreatExchange carries it, or, with `out`, where it was written."""
    for answer in answers:
        yield _refused(answer) if answer.made is None else _made(answer, answer.made, out)


def comparisons(answers: Iterator[Answer]) -> Iterator[dict[str, Any]]:
    """How alike the first is to each of the others, as JSON; where it cannot be read, that alone."""
    first = next(answers)
    if first.made is None:
        yield _refused(first)
        return
    for other in answers:
        if other.made is None:
            yield _refused(other)
            continue
        found = tmk.similarity(first.made, other.made)
        yield {"path": str(other.path), "with": str(first.path), **asdict(found), "alike": found.alike}


def _made(answer: Answer, made: tmk.Tmk, out: Path | None) -> dict[str, Any]:
    about: dict[str, Any] = {"path": str(answer.path)}
    if answer.sha256:
        about |= {"sha256": answer.sha256.hex(), "truncated": made.truncated}
    about |= {"frames": made.frames}
    if out is None:
        return about | {"tmk": tmk.text(made)}
    try:
        return about | {"written": str(_written(out / f"{answer.path.stem}.tmk", made))}
    except OSError as refused:
        return _refused(Answer(answer.path, refused=refused))


def _written(path: Path, made: tmk.Tmk) -> Path:
    """The file written; never over another: films in two folders may have the same name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(tmk.write(made))
    return path


def _refused(answer: Answer) -> dict[str, Any]:
    return {"path": str(answer.path), "error": type(answer.refused).__name__, "do": _to_do(answer.refused)}


def _to_do(refused: Exception | None) -> str:
    if isinstance(refused, FileExistsError):
        return f"There is a file {refused.filename} already. Write to another folder, or move it away."
    if isinstance(refused, OSError):
        return f"{refused.filename} cannot be read or written ({refused.strerror}). Check its name and who may."
    return str(refused)
