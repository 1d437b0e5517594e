"""Hostile bytes for ten minutes, chosen by coverage (atheris): nothing but an answer or a named refusal may come of any.

    make bench-fuzz            10 minutes of one core; SECONDS=60 for less

Each input goes to the readers of strangers' bytes in this process, which are instrumented, and then through the real
sandbox, as an upload does: there a decoder that crashes is a worker's death, which the service outlives and names. What
says that it is a film, or may move, goes through the films' sandbox, too. The seeds are the corpus of hostile files
(`tests/decoding/corpus.py`) and small films of every kind, whole and spoilt (`tests/decoding/small_films.py`). Inputs that
lead further stay in .bench/fuzz/corpus. What ends in another exception is a finding: it is kept as .bench/fuzz/crash-*, and
the exit code is not 0.
"""

import hashlib
import io
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACE = ROOT / ".bench" / "fuzz"
SEEDS, TALLY = PLACE / "corpus", PLACE / "tally.json"
RESULT = ROOT / "bench" / "results" / "fuzz.md"
LONGEST_SEED = 1 << 16  # bytes
SPOILT = 8  # of each film
NO_ROOM, PATIENCE = "Unavailable", 10  # what a busy machine says, and how often it is asked again
EVERY = 50  # inputs between two tallies


def seed() -> int:
    """Write the corpus's smaller files where the fuzzer begins."""
    from tests.decoding import corpus, small_films

    SEEDS.mkdir(parents=True, exist_ok=True)
    films = [data for _, data in small_films.every()]
    films += corpus.mutations(seed=2, count=SPOILT * len(films), whole=films)
    small = [data for data in (*films, *(data for _, data in corpus.standing())) if len(data) <= LONGEST_SEED]
    for data in small:
        (SEEDS / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    return len(small)


class Tally:
    """What became of the inputs, by reader."""

    def __init__(self) -> None:
        self.found, self.begun = Counter[str](), time.monotonic()

    def tried(
        self, name: str, read: Callable[[], object], refusal: type[Exception], never: tuple[str, ...] = ()
    ) -> None:
        """Count an answer or a named refusal; raise anything else, and the refusals that should never come."""
        try:
            read()
        except refusal as named:
            if type(named).__name__ in never:
                raise
            self.found[f"{name}: {type(named).__name__}"] += 1
        else:
            self.found[f"{name}: answered"] += 1

    def done(self) -> None:
        """One more input; from time to time it is written down."""
        self.found["inputs"] += 1
        if self.found["inputs"] % EVERY == 0:
            TALLY.write_text(json.dumps({**self.found, "seconds": round(time.monotonic() - self.begun)}))


def fuzz(seconds: int) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["staydown", "tarfile", "html.parser"]):
        from staydown.decoding import DecodingError, Pool, containers
        from staydown.fingerprints import film
        from staydown.site.archives import NotABackup, Reading
        from staydown.vault.evidence import capture, packages, records
    pool, tally = Pool(1), Tally()
    films = Pool(1, replace(film.FILM_LIMITS, cpu_seconds=20, wall_seconds=60.0), film.PROGRAM)
    at = datetime(2026, 11, 21, tzinfo=UTC)
    package = PLACE / "package.tar"

    def read_as_backup(data: bytes) -> None:
        for _part in Reading(io.BytesIO(data)).database(lambda _name, _data: None):
            pass

    def read_as_package(data: bytes) -> None:
        package.write_bytes(data)
        with packages.reading(package):
            pass

    def one(data: bytes) -> None:
        page = capture.Page("https://a/1", "text/html", data, at)
        tally.tried("page", lambda: capture.warc(page, "fuzz"), capture.NoText)
        tally.tried("record", lambda: records.read(data), records.BadRecord)
        tally.tried("backup", lambda: read_as_backup(data), NotABackup)
        tally.tried("package", lambda: read_as_package(data), packages.BadPackage)
        tally.tried("sandbox", lambda: pool.decode(data), DecodingError)
        if containers.container(data):
            tally.tried("films' sandbox", lambda: film.ask(films, data, film.EVERY), DecodingError)
        tally.done()

    words = [sys.argv[0], str(SEEDS), f"-max_total_time={seconds}", "-max_len=65536", f"-artifact_prefix={PLACE}/"]
    atheris.Setup([*words, "-timeout=120", "-rss_limit_mb=4096"], one)
    atheris.Fuzz()


def main(seconds: int) -> int:
    """Fuzz in a process of its own, and write down what came of it."""
    seeds = seed()
    TALLY.unlink(missing_ok=True)
    command = [sys.executable, "-m", "bench.fuzz", "--inside", str(seconds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(TALLY.read_text()) if TALLY.exists() else {}
    rows = "".join(f"| {name} | {count} |\n" for name, count in sorted(found.items()))
    verdict = "nothing but answers and named refusals" if done.returncode == 0 else f"FINDING (exit {done.returncode})"
    RESULT.write_text(
        f"# Hostile bytes, chosen by coverage\n\n`make bench-fuzz`, {seconds} s, from {seeds} seeds, atheris on one core: "
        f"**{verdict}**.\n\n| what became of an input | how often |\n|---|---|\n{rows}"
    )
    print(RESULT.read_text() if done.returncode == 0 else done.stdout[-3000:] + done.stderr[-6000:])
    return done.returncode


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        fuzz(int(sys.argv[2]))
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 600))
