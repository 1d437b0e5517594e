"""What a run of the bench of films found, as a page."""

import math
import os
import platform
import statistics
import time
from pathlib import Path
from typing import Any

from bench import film_stock as stock
from bench.film_edits import EDITS, UNLISTED
from bench.film_queries import Tally
from bench.film_speed import Speeds

RESULTS = Path(__file__).parent / "results" / "films.md"


def now() -> str:
    """The time and the load of the machine."""
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())} (load {load})"


def wilson(found: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927), in per cent."""
    z, share = 1.96, found / n
    middle, half = share + z * z / 2 / n, z * math.sqrt(share * (1 - share) / n + z * z / 4 / n / n)
    return 100 * (middle - half) / (1 + z * z / n), 100 * (middle + half) / (1 + z * z / n)


def write(found: list[Tally], traps: list[dict[str, Any]], speeds: list[Speeds], began: str) -> None:
    """The page."""
    lines = [
        "# Films, measured",
        "",
        *_head(began, max(each.pairs for each in found) + 1),
        "",
        *_recalled(found),
        *_wrong(found),
        *_traps(traps),
        *_fast(speeds),
    ]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines).rstrip() + "\n")


def write_speeds(speeds: list[Speeds], began: str) -> None:
    """The page as it is, with other speeds, and when and of which code they were measured."""
    page, title, _ = RESULTS.read_text().partition("## Speed")
    facts = f"Measured apart from the rest, begun {began}, ended {now()}; code {stock.state()}."
    lines = "\n".join(_fast(speeds)).partition(title)[2]
    RESULTS.write_text(f"{page}{title}\n\n{facts}{lines}".rstrip() + "\n")


def _head(began: str, known: int) -> list[str]:
    model = next((line.split(":")[1].strip() for line in _processor() if line.startswith("model name")), "")
    return [
        f"Written by `make bench-films`, begun {began}, ended {now()}; {os.cpu_count()} cores ({model}),",
        f"Python {platform.python_version()}; code {stock.state()}.", "",
        f"{known} known films of {stock.SECONDS:.0f} seconds, each of {stock.OF_KNOWN} benign photographs: cameras that",
        "pan, shake or stand still while things move, with textures, titles, rolling credits, black, dissolves and fades",
        "between them. A query is a passage of one, edited, in a compilation of twelve-second passages of films that",
        f"are not known (of {stock.FILLERS}; of {stock.OF_AN_EDIT} where they are edited, too). Films share no picture.",
    ]  # fmt: skip


def _processor() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def _recalled(found: list[Tally]) -> list[str]:
    lines = ["## Found, and where"]
    for names, what in ((EDITS, "What the issue names"), (UNLISTED, "What nobody was told of")):
        lines += ["", f"{what}: seconds are of the query, by how much the passage begins and ends beside the clip.", ""]
        lines += ["| edit | n | found | 95 % interval | begins off, median | 90th | ends off, median | 90th |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        lines += [_row(name, [each for each in found if each.edit == name]) for name in names]
        some = [each for each in found if each.edit in names]
        lines += [_row("**all**", some), "", *_missed(some)]
    return [*lines, ""]


def _missed(some: list[Tally]) -> list[str]:
    missed = [
        f"{each.edit}: film {each.source}, turn {each.turn}, {each.clip:.1f} s"
        f"{'' if each.telling else ' (all its frames are too flat to be compared)'}"
        for each in some
        if not each.found
    ]
    return [f"Not found: {'; '.join(missed)}."] if missed else []


def _row(name: str, some: list[Tally]) -> str:
    if not some:
        return f"| {name} | 0 | | | | | | |"
    hits = [each for each in some if each.found]
    least, most = wilson(len(hits), len(some))
    off = [sorted(abs(getattr(each, side) or 0.0) for each in hits) for side in ("starts", "ends")]
    cells = [f"{value:.2f}" for each in off if each for value in (statistics.median(each), each[int(0.9 * len(each))])]
    share = f"{100 * len(hits) / len(some):.0f} %"
    return f"| {name} | {len(some)} | {share} | {least:.0f} to {most:.0f} | {' | '.join(cells or ['-'] * 4)} |"


def _wrong(found: list[Tally]) -> list[str]:
    lines = [
        "## Wrong passages",
        "",
        "| what was compared | queries | pairs | seconds compared | wrong |",
        "|---|---|---|---|---|",
    ]
    kinds = {
        "compilations of about three minutes": [each for each in found if each.lasts > 60],
        "GIF and WebP of four seconds": [each for each in found if each.lasts <= 60],
    }
    for kind, some in kinds.items():
        pairs, wrong = sum(each.pairs for each in some), sum(len(each.wrong) for each in some)
        lasted = sum(each.lasts * each.pairs for each in some)
        lines.append(f"| {kind} | {len(some)} | {pairs:,} | {lasted:,.0f} | **{wrong}** |")
    lines += [
        "",
        "A pair is a query and a known film that is not in it. A passage of the right film in the wrong place counts, too.",
    ]
    lines += [
        f"- {each.edit}, film {each.source}: film {one['film']}: {one['words']}" for each in found for one in each.wrong
    ]
    return [*lines, ""]


def _traps(traps: list[dict[str, Any]]) -> list[str]:
    lines = [
        "## What unrelated films share",
        "",
        "Pairs of films that share nothing else. The same rolling credits, moving opening or countdown is the same pixels in",
        "the same order: no measure of likeness can tell it from a passage of one film cut into another, so it is taken for",
        "one, with its times, for a person to see that it is an opening. Whoever demanded more would lose short clips.",
        "",
    ]
    lines += ["| they share | pairs | taken for a passage | should be |", "|---|---|---|---|"]
    lines += [
        f"| {each['name']} | {each['pairs']} | {each['taken']} | {'what it is' if each['moving'] else '0'} |"
        for each in traps
    ]
    return [*lines, ""]


def _fast(speeds: list[Speeds]) -> list[str]:
    lines = [
        "## Speed",
        "",
        "720p H.264 of thirty seconds, one thread, processor time, the best of seven; times as quick as the film plays.",
        "What bounds the full one is decoding, of which ours leaves out what no fingerprint shows; beside it FFmpeg, decoding",
        "every frame whole and making nothing of it.",
        "",
    ]
    lines += [
        "| file | Mbit/s | **full, four a second** | **first look, key frames** | decoded whole, alone "
        "| `vpdq`, one a second | full ÷ `vpdq` |"
    ]
    lines += ["|---|---|---|---|---|---|---|"]
    for each in speeds:
        peer = f"{each.peer:.0f} x | {each.every / each.peer:.1f}" if each.peer else "not compiled here | "
        ours = f"{each.every:.0f} x | {each.keys:.0f} x | {each.decoded:.0f} x"
        lines.append(f"| {each.name} | {each.megabits:.1f} | {ours} | {peer} |")
    return lines
