"""The result of a run as a page."""

import os
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.recall import Tally
from bench.table import EDITS
from staydown.fingerprints import Evidence
from staydown.fingerprints.rules import RULES, Verdict, satisfied

STRONG = (Verdict.CERTAIN, Verdict.LIKELY)


@dataclass(frozen=True)
class Facts:
    """What was measured on: pictures, how many of them textured and which, and the sources that were edited."""

    pictures: int
    textured: int
    which: list[int]
    sources: list[int]


Question = Callable[[Tally], bool]
COLUMNS: tuple[tuple[str, Question], ...] = (
    ("whole PDQ, as the peer", lambda tally: tally.peer),
    ("regions, 31 bits", lambda tally: tally.looked_up),
    ("candidates", lambda tally: tally.sought),
    ("verified, likely or better", lambda tally: tally.verdict in STRONG),
    ("**ours, hashes only**", lambda tally: tally.looked_up or tally.verdict is not Verdict.NONE),
)


def _per_cent(answers: Iterable[bool]) -> float:
    return 100 * statistics.mean(map(int, answers))


def written(
    facts: Facts, tallies: list[Tally], speeds: list[tuple[str, str, float]], deciding: dict[str, float]
) -> str:
    """The whole page, in Markdown."""
    others = [(evidence, tally) for tally in tallies for evidence in tally.others.values()]
    return "\n".join(
        [*_head(facts, tallies), *_recall(tallies), *_wrong(facts, tallies, others), *_speed(speeds, deciding), ""]
    )


def _head(facts: Facts, tallies: list[Tally]) -> list[str]:
    return [
        "# Fingerprints, measured",
        "",
        f"By `make bench` on {os.cpu_count()} shared cores that had other jobs; bounded in time, so times are upper bounds.",
        f"{facts.pictures} benign pictures ({facts.textured} textured, as photographs are; the others are drawings and",
        f"shaded shapes) from Debian wallpaper packages and scikit's samples; {len(facts.sources)} of them edited in",
        f"{len(EDITS)} ways: {len(tallies)} uploads, each sought among all. Sources that were looked at while the",
        "thresholds were chosen are left out. Still images and hashes only: no neural descriptor.",
        "",
    ]


def _recall(tallies: list[Tally]) -> list[str]:
    rows = ["## Recall, per cent", "", "| edit | " + " | ".join(name for name, _ in COLUMNS) + " |", "|---" * 6 + "|"]
    for edit in (*EDITS, None):
        some = [tally for tally in tallies if edit in (None, tally.edit)]
        cells = [f"{_per_cent(map(asked, some)):.{1 if edit is None else 0}f}" for _, asked in COLUMNS]
        rows.append(f"| {edit or '**mean**'} | " + " | ".join(cells) + " |")
    ours = COLUMNS[-1][1]
    good = sum(_per_cent(ours(tally) for tally in tallies if tally.edit == edit) >= 95 for edit in EDITS)
    return [*rows, "", f"At least 95 % with {good} of {len(EDITS)} edits.", ""]


def _wrong(facts: Facts, tallies: list[Tally], others: list[tuple[Evidence, Tally]]) -> list[str]:
    pairs = len(tallies) * (facts.pictures - 1)
    rows = [
        "## Wrong matches", "",
        f"{pairs} pairs of an upload and an unrelated picture (a picture put beside the source is not unrelated),",
        f"of which the search chose {len(others)} as most alike and verified them.",
        f"Whole PDQ: {sum(tally.wrong_peer for tally in tallies)} wrong. Regions within 31 bits: "
        f"{sum(tally.wrong_looked_up for tally in tallies)} wrong.", "",
        "| verdict | score | windows | nearest | wrong | of verified pairs | of all pairs | recall alone |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for rule in RULES:
        wrong = sum(satisfied(evidence, rule) for evidence, _ in others)
        alone = _per_cent(satisfied(tally.own, rule) for tally in tallies)
        rows.append(
            f"| {rule.verdict.value} | {rule.score} | {rule.agreeing} | {rule.nearest} | {wrong} | "
            f"{wrong / max(1, len(others)):.1e} | {wrong / pairs:.1e} | {alone:.1f} |"
        )
    return [*rows, ""]


def _speed(speeds: list[tuple[str, str, float]], deciding: dict[str, float]) -> list[str]:
    rows = [
        "## Milliseconds",
        "",
        "`of_image` in the sandbox: decode, PDQ in eight forms, regions, twenty windows.",
        "",
    ]
    rows += ["| picture | ms |", "|---|---|", *(f"| {size} {kind} | {taken:.1f} |" for size, kind, taken in speeds)]
    return [*rows, "", "| step | ms |", "|---|---|", *(f"| {name} | {taken:.1f} |" for name, taken in deciding.items())]
