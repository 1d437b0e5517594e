"""What a case page shows of words that other reports have, too: a script that somebody sends to many."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from staydown.cases import seeing
from staydown.cases.actions.weighing import digest_of
from staydown.cases.models import Case, Report, Script
from staydown.console.reported import Told
from staydown.people.models import Staff
from staydown.recognition.scripts import shingles


@dataclass(frozen=True, slots=True)
class Same:
    """The words of one report that stand in others, in how many, and the other cases that those belong to."""

    report: Report
    quotes: tuple[str, ...]
    reports: int
    cases: tuple[Case, ...]


def same(case: Case, told: Iterable[Told], staff: Staff) -> list[Same]:
    """Of each report of a case; three queries, however many. Of cases that this person may not know of, nothing is said."""
    own: dict[UUID, set[bytes]] = {}
    for report, digest in Script.objects.filter(report__case=case).values_list("report", "digest"):
        own.setdefault(report, set()).add(bytes(digest))
    every = set().union(*own.values())
    others: dict[bytes, set[tuple[UUID, UUID]]] = {}
    theirs = Script.objects.filter(seeing.may_know(staff, "report__case__"), digest__in=every)
    for digest, report, where in theirs.values_list("digest", "report", "report__case"):
        others.setdefault(bytes(digest), set()).add((report, where))
    rows = Case.objects.in_bulk({where for found in others.values() for _, where in found} - {case.pk})
    return [one for each in told if (one := _same(each, own.get(each.report.pk, set()), others, rows))]


def _same(
    told: Told, own: set[bytes], others: dict[bytes, set[tuple[UUID, UUID]]], rows: dict[UUID, Case]
) -> Same | None:
    """What one report shares with others; None where it is nothing."""
    found = {digest: others.get(digest, set()) - {(told.report.pk, told.report.case_id)} for digest in own}
    shared = {digest for digest, there in found.items() if there}
    if not shared:
        return None
    where = set().union(*(found[digest] for digest in shared))
    cases = {rows[pk] for _, pk in where if pk in rows}
    by_age = tuple(sorted(cases, key=lambda case: case.opened_at))
    return Same(told.report, _quotes(told.all_words, shared), len({pk for pk, _ in where}), by_age)


def _quotes(words: str, shared: set[bytes]) -> tuple[str, ...]:
    """The stretches of a text that the others have, those that touch as one."""
    stretches: list[tuple[int, int]] = []
    for each in sorted(shingles(words), key=lambda one: one.start):
        if digest_of(each) not in shared:
            continue
        if stretches and each.start <= stretches[-1][1] + 1:
            stretches[-1] = stretches[-1][0], max(each.end, stretches[-1][1])
        else:
            stretches.append((each.start, each.end))
    return tuple(words[start:end] for start, end in stretches)
