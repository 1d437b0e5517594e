"""The result of a run as a page."""

import collections
import math
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench import recall
from bench.gallery import Picture
from bench.pipes import PEERS
from bench.recall import Tally
from bench.speed import IN_PROCESS, IN_SANDBOX, MINE, Contest
from bench.table import EDITS
from bench.unlisted import UNLISTED
from staydown.fingerprints import descriptor
from staydown.fingerprints.rules import RULES

Question = Callable[[Tally], bool]
COLUMNS: tuple[tuple[str, Question], ...] = (
    ("whole PDQ, as the peer", lambda tally: tally.peer),
    ("regions, 31 bits", lambda tally: tally.looked_up),
    ("a candidate", lambda tally: tally.by_hash or tally.by_descriptor),
    ("**hashes only**", lambda tally: found(tally, similar=False)),
    ("**full**", lambda tally: found(tally, similar=True)),
)
# Sources that no one could have looked at while the thresholds were chosen: they came with this gallery.
UNTOUCHED = ("endless-sky-data", "kalzium-data", "kphotoalbum", "hugin-data", "digikam-data")


@dataclass(frozen=True)
class Facts:
    """When and under what load a section was measured, and for how long."""

    started: str
    load_at_start: str
    load_at_end: str
    seconds: float

    def __str__(self) -> str:
        return (
            f"Measured from {self.started} on, {self.seconds / 60:.0f} minutes; load average {self.load_at_start} at the start, "
            f"{self.load_at_end} at the end."
        )


def found(tally: Tally, similar: bool) -> bool:
    """Whether the source was found: by hashes alone, or with descriptors as well."""
    return tally.looked_up or (
        (tally.by_hash or (similar and tally.by_descriptor))
        and recall.accepted(tally.own if similar else tally.by_hashes, similar)
    )


def head(machine: str, pictures: list[Picture]) -> list[str]:
    """What was measured, on what and where."""
    kinds = {
        kind: sum(picture.kind == kind for picture in pictures) for kind in ("photograph", "quarter", "tile", "drawing")
    }
    return [
        "# Fingerprints, measured", "",
        f"Written by `make bench-fingerprints`; {machine}. Descriptors: "
        f"{'yes' if descriptor.trouble() is None else 'not installed'}.", "",
        f"The bank: {len(pictures)} benign pictures from Debian packages and scikit's samples, at most 1024 pixels a side:",
        f"{kinds['photograph']} whole photographs, {kinds['quarter']} quarters of photographs of at least 2 million pixels,",
        f"{kinds['tile']} smaller tiles, {kinds['drawing']} drawings, textures and photographs of the sky. Photographs are told",
        "from drawings by eye. An eighth of the photographs, told by a hash of their names, is for choosing thresholds and the",
        "background of the descriptors, and is neither a source nor in the bank here.", "",
        "What is one picture was laid down before the run, in `bench/gallery.py`, and nothing is counted apart after it:",
        "versions of one picture are kept once (whole PDQ within 90 bits in any orientation, and luminance correlating at",
        "0.8); files whose names differ by a size or a tint, and what was cut from one file, are one family, and no pair of a",
        "family is counted; second views of what one photograph shows already are left out by name. Pictures whose PDQ quality",
        "is below 50 are left out, as a bank refuses them.", "",
    ]  # fmt: skip


def _sources(pictures: list[Picture], tallies: list[Tally]) -> str:
    edits = collections.Counter(tally.source for tally in tallies)
    whole = {picture.name for picture in pictures if picture.kind == "photograph"}
    return (
        f"{len(edits)} sources, {len(whole & edits.keys())} of them whole photographs, edited in {len(EDITS)} ways of the "
        f"table and {len(UNLISTED)} that nobody tuned to, each source in {min(edits.values())} to {max(edits.values())} of these "
        f"{len(EDITS) + len(UNLISTED)}: {len(tallies):,} uploads."
    )


def recalled(pictures: list[Picture], tallies: list[Tally]) -> list[str]:
    """Recall of each edit, the mean, and what the means are worth."""
    listed = [tally for tally in tallies if tally.edit in EDITS]
    top = "| edit | n | " + " | ".join(name for name, _ in COLUMNS) + " |"
    lines = ["## Recall, per cent", "", _sources(pictures, tallies), "", top, "|---" * (2 + len(COLUMNS)) + "|"]
    lines += [_row(edit, [tally for tally in listed if tally.edit == edit]) for edit in EDITS]
    lines += [_mean("**mean of the edits**", listed, tuple(EDITS)), ""]
    for name, asked in COLUMNS[3:]:
        good = [edit for edit in EDITS if _share(asked, listed, edit) >= 95]
        lines += [f"At least 95 % with {len(good)} of {len(EDITS)} edits: {name}.", ""]
    fresh = [tally for tally in listed if tally.source.startswith(UNTOUCHED)]
    lines += [
        "By sources (mean of the edits):", "", "| sources | uploads | " + " | ".join(name for name, _ in COLUMNS) + " |",
        "|---" * (2 + len(COLUMNS)) + "|",
        _mean("new with this gallery", fresh, tuple(EDITS)),
        _mean("of earlier galleries", [tally for tally in listed if not tally.source.startswith(UNTOUCHED)], tuple(EDITS)), "",
        "### Edits not in the table", "", top, "|---" * (2 + len(COLUMNS)) + "|",
        *(_row(edit, [tally for tally in tallies if tally.edit == edit]) for edit in UNLISTED),
        _mean("**mean**", tallies, tuple(UNLISTED)), "",
    ]  # fmt: skip
    return lines


def _share(asked: Question, tallies: list[Tally], edit: str) -> float:
    some = [tally for tally in tallies if tally.edit == edit]
    return _per_cent(map(asked, some)) if some else math.nan


def _row(name: str, some: list[Tally]) -> str:
    if not some:
        return f"| {name} | 0 |" + " |" * len(COLUMNS)
    return (
        f"| {name} | {len(some)} | " + " | ".join(f"{_per_cent(map(asked, some)):.0f}" for _, asked in COLUMNS) + " |"
    )


def _mean(name: str, some: list[Tally], edits: tuple[str, ...]) -> str:
    there = [edit for edit in edits if any(tally.edit == edit for tally in some)]
    if not there:
        return f"| {name} | 0 |" + " |" * len(COLUMNS)
    means = [statistics.mean(_share(asked, some, edit) for edit in there) for _, asked in COLUMNS]
    return (
        f"| {name} | {sum(tally.edit in edits for tally in some)} | "
        + " | ".join(f"{mean:.1f}" for mean in means)
        + " |"
    )


def _per_cent(answers: Iterable[bool]) -> float:
    return 100 * statistics.mean(map(int, answers))


def wrong(tallies: list[Tally]) -> list[str]:
    """Wrong matches by rule, and which they were."""
    pairs = sum(tally.pairs for tally in tallies)
    verified = [(tally, *other) for tally in tallies for other in tally.others]
    by_hash = sum(hashed for _, hashed, _, _ in verified)
    hashes_only = sum(hashed and recall.accepted(weight, False) for _, hashed, _, weight in verified)
    full = sum(recall.accepted(weight, True) for _, _, _, weight in verified)
    lines = [
        "## Wrong matches", "",
        f"{pairs:,} pairs of an upload and an unrelated picture were decided (what was cut from the source's photograph, or from",
        f"the one put beside it, is not unrelated). {len(verified):,} of them were candidates and verified, {by_hash:,} of these",
        "by their hashes.", "",
        f"- Whole PDQ within 31 bits: {sum(tally.wrong_peer for tally in tallies)} wrong.",
        f"- Regions within 31 bits: {sum(tally.wrong_looked_up for tally in tallies)} wrong.",
        f"- Hashes only, by a rule that holds: {hashes_only} wrong.",
        f"- Full, by a rule that holds: {full} wrong.",
        "",
        "| verdict | score | windows | nearest | whole | likeness | wrong | of verified pairs | of all pairs | recall alone |",
        "|---" * 10 + "|",
    ]  # fmt: skip
    for rule in RULES:
        count = sum(recall.holds(weight, rule, True) for _, _, _, weight in verified)
        alone = _per_cent(recall.holds(tally.own, rule, True) for tally in tallies)
        lines.append(
            f"| {rule.verdict.value} | {rule.score or ''} | {rule.agreeing or ''} | {_most(rule.nearest)} | "
            f"{_most(rule.whole)} | {rule.likeness or ''} | {count} | "
            f"{_rate(count, len(verified))} | {_rate(count, pairs)} | {alone:.1f} |"
        )
    return [*lines, "", *_which(verified)]


def verified(tallies: list[Tally], first: int, draw: int) -> list[str]:
    """How many pairs that nothing proposed were verified as well, and accepted."""
    others = [(tally, *other) for tally in tallies for other in tally.others]
    drawn = sum(tally.drawn for tally in tallies)
    holding = sum(recall.accepted(weight, True) for _, _, _, weight in others)
    any_rule = sum(any(recall.holds(weight, rule, True) for rule in RULES) for _, _, _, weight in others)
    listed, full, hashes_only = _means(tallies)
    return [
        "## Verified pairs", "",
        f"Of unrelated pictures the uploads of recall meet few: those that something proposes. Here {len(tallies):,} of these",
        f"uploads (passes from {first} on) were verified with {draw:,} more each, drawn at random, that nothing proposes, and",
        "with what their descriptors say. Most pairs end at their first look, as in the service: no window of the one is",
        "like any of the other ([decision 0023](../../docs/decisions/0023-where-verifying-ends-early.md)).", "",
        f"- {len(others) + drawn:,} pairs were verified: **{holding}** wrong by a rule that holds, {any_rule} by any rule.",
        f"- Recall on these uploads, mean of {listed} edits of the table: full {full:.1f} %, hashes only {hashes_only:.1f} %.",
        "",
        *_which(others),
    ]  # fmt: skip


def _means(tallies: list[Tally]) -> tuple[int, float, float]:
    """How many edits of the table there were, and the means of the shares found in each, per cent: full, hashes only."""
    by_edit = [[tally for tally in tallies if tally.edit == edit] for edit in EDITS]
    some = [each for each in by_edit if each]
    full, alone = (
        sum(_per_cent(found(tally, similar) for tally in each) for each in some) for similar in (True, False)
    )
    return len(some), full / len(some), alone / len(some)


def _rate(count: int, among: int) -> str:
    return f"{count / max(1, among):.1e}"


def _most(bits: int) -> str:
    """A rule's largest distance; nothing where it asks none."""
    return str(bits) if bits < 256 else ""


def _which(verified: list[tuple[Tally, bool, str, recall.Weight]]) -> list[str]:
    """The wrong matches that a person would look at first: at most twenty, the strongest."""
    some = [(weight, tally, name) for tally, _, name, weight in verified if recall.accepted(weight, True)]
    if not some:
        return []
    some.sort(key=lambda one: one[0][:1], reverse=True)
    lines = ["The strongest, by name (score, windows, nearest, whole, negative, likeness):", ""]
    for weight, tally, name in some[:20]:
        lines.append(f"- `{_short(tally.source)}` in {tally.edit}, taken for `{_short(name)}`: {weight}")
    return [*lines, ""]


def _short(name: str) -> str:
    return "/".join(name.split("/")[:1] + name.split("/")[-2:])


def raced(contests: list[Contest], steps: dict[str, float]) -> list[str]:
    """Milliseconds of each contender, and how many times as fast as `threatexchange` ours is."""
    names = [name for name in contests[0].medians if name not in PEERS]
    lines = [
        "## Speed", "",
        "Milliseconds of one core, medians; every contender in turn on the same file, so that the machine's other jobs slow",
        "all alike. Ours run in the sandbox, to which every file's bytes travel; the peers do not, and compute one PDQ (or",
        "their own hash), of bytes in memory. In brackets, why there is no number. `×` is how many pictures ours does (PDQ,",
        "eight forms) while `threatexchange` does one. `over` is how much ours takes over the scaled decode alone where that",
        "runs in the same sandbox, too: the price of the fingerprint. `over, unconfined` compares with the decode in this",
        "process: the price of the sandbox as well.", "",
        "| picture | kB | runs | " + " | ".join((*names, *PEERS)) + " | × | over | over, unconfined |",
        "|---" * (6 + len(names) + len(PEERS)) + "|",
    ]  # fmt: skip
    for one in contests:
        cells = [_cell(one.medians.get(name, "")) for name in (*names, *PEERS)]
        mine, peer = one.medians.get(MINE), one.medians.get("threatexchange")
        times = f"{peer / mine:.1f}" if isinstance(peer, float) and isinstance(mine, float) else ""
        overs = " | ".join(_over(mine, one.medians.get(least)) for least in (IN_SANDBOX, IN_PROCESS))
        lines.append(
            f"| {one.size} {one.kind} | {one.bytes // 1000} | {one.runs - 1} | {' | '.join(cells)} | {times} | {overs} |"
        )
    return [
        *lines,
        "",
        "| step | ms |",
        "|---|---|",
        *(f"| {name} | {taken:.1f} |" for name, taken in steps.items()),
        "",
    ]


def _over(mine: float | str | None, least: float | str | None) -> str:
    return f"{100 * (mine / least - 1):.0f} %" if isinstance(mine, float) and isinstance(least, float) else ""


def _cell(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.1f}"
