"""Hash and image checks through the whole of two services, side by side in one run: ours as it is deployed, and Meta's
Hasher-Matcher-Actioner tuned; then whether four of our processes are ever behind, and what bulk work takes.

    python -m bench.http --hma CHECKOUT [--bank 1000000] [--seconds 6] [--trials 200]

Each service in turn is asked for some seconds, three times over, so that whatever else the machine does slows both; a
figure is the median of its rounds. What counts is what a server's processes took of the processors for one answer: it
does not depend on how quick this client is. Writes bench/results/http.md.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import postgres

from bench import http_fresh, http_hma, http_pictures, http_report
from bench.http_fresh import asking
from bench.http_hashes import strangers
from bench.http_house import ROOT, House, environment
from bench.http_load import get, upload
from bench.http_processes import resident
from bench.http_rounds import Asked, in_turns

CALLS = 200  # different requests, asked again and again
PICTURES = 4
RESULT = Path(__file__).parent / "results" / "http.md"


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--hma", type=Path, help="a checkout of facebook/ThreatExchange; without it there is no peer")
    told.add_argument("--bank", type=int, default=1_000_000, help="hashes banked in both")
    told.add_argument("--seconds", type=float, default=6, help="of one round of one kind of request")
    told.add_argument("--trials", type=int, default=200, help="pictures banked and withdrawn under four processes")
    told.add_argument("--posts", type=int, default=20_000, help="of the back catalogue that is imported")
    told.add_argument("--result", type=Path, default=RESULT)
    options = told.parse_args()
    if options.hma and postgres.programs() is None:
        sys.exit("The peer keeps its hashes in PostgreSQL: install it (Debian: postgresql), or leave --hma out.")
    begun = http_report.Begun.now()
    with tempfile.TemporaryDirectory(prefix="staydown-bench-") as folder:
        page = measured(options, Path(folder), begun)
    options.result.write_text(page, encoding="utf-8")
    print(page)


def measured(options: argparse.Namespace, folder: Path, begun: http_report.Begun) -> str:
    """The whole run."""
    said("filling our bank")
    house = House.made(folder / "house", options.bank)
    if options.hma:
        said("filling the peer's bank, and building its index")
        with http_hma.running(options.hma, folder, options.bank) as hma:
            hashes, images, starts = _raced(house, options, hma)
    else:
        hashes, images, starts = _raced(house, options, None)
    said("banking and withdrawing under four processes")
    fresh = http_fresh.measured(house, options.trials)
    said("importing and sweeping")
    return http_report.page(
        begun, options.bank, http_report.Found(hashes, images, starts, fresh, _bulk(house, options))
    )


def _raced(
    house: House, options: argparse.Namespace, hma: http_hma.Hma | None
) -> tuple[list[Asked], dict[str, list[Asked]], list[http_report.Start]]:
    with house.apps() as (app,):
        said("hash checks")
        kinds = [
            Asked("**staydown**, `/hashes/check`, one a call", app.port, lambda: app.processes, _ours(house, 1)),
            Asked("**staydown**, 100 a call", app.port, lambda: app.processes, _ours(house, 100), 100),
            Asked("**staydown**, 1,000 a call", app.port, lambda: app.processes, _ours(house, 1000), 1000),
        ]
        if hma:
            for path in ("/m/lookup", "/m/raw_lookup"):
                kinds.append(Asked(f"HMA `{path}`", hma.port, lambda: hma.processes, _theirs(path)))
        hashes = in_turns(kinds, options.seconds)
        said("image checks")
        images: dict[str, list[Asked]] = {}
        for size, media in http_pictures.saved(PICTURES).items():
            mine = [upload("/api/v1/uploads/check", "media", each, house.key) for each in media]
            kinds = [Asked("**staydown**, `/uploads/check`", app.port, lambda: app.processes, mine)]
            if hma:
                sent = [upload("/m/lookup", "photo", each) for each in media]
                kinds.append(Asked("HMA `/m/lookup`", hma.port, lambda: hma.processes, sent))
            images[f"{size} ({sum(map(len, media)) // len(media) // 1000} kB)"] = in_turns(kinds, options.seconds)
        starts = [http_report.Start("**staydown**", 1, 0, app.ready, resident(app.processes))]
        if hma:
            workers = len(hma.processes) - 1
            starts.append(http_report.Start("HMA", workers, hma.build, hma.ready, resident(hma.processes)))
    return hashes, images, starts


def _ours(house: House, many: int) -> list[bytes]:
    texts = strangers(CALLS * many)
    return [asking(texts[call * many : (call + 1) * many], house.key) for call in range(CALLS)]


def _theirs(path: str) -> list[bytes]:
    return [get(path, signal_type="pdq", signal=text) for text in strangers(CALLS)]


def _bulk(house: House, options: argparse.Namespace) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.http_bulk", str(options.posts), "20"],
        cwd=ROOT, env=environment(house.home, 0), stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def said(line: str) -> None:
    """Where the run is."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
