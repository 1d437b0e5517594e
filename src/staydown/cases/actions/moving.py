"""What moves when cases are joined and taken apart: reports with what they are about, and what is known of a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet

from staydown.banks.models import Entry
from staydown.cases import owing, rules
from staydown.cases.models import Brought, Case, Report, Subject
from staydown.cases.severity import Standing
from staydown.platforms.models import Check, Order
from staydown.regimes.clocks import deadline
from staydown.regimes.harms import Harm, Tri
from staydown.vault.evidence import review

CARRIED = {"report": Report, "order": Order, "check_row": Check, "entry": Entry}


def bring(case: Case, into: Case) -> None:
    """Carry everything of `case` into another, and remember whose it was."""
    for name, kind in CARRIED.items():
        rows = kind.objects.filter(case=case)  # type: ignore[attr-defined]  # each has a manager and a case
        Brought.objects.bulk_create(Brought(case=case, **{name: row}) for row in rows.filter(brought=None))
        if kind is not Report:
            rows.update(case=into)
    reports(Report.objects.filter(case=case), into)


def take_back(branch: list[Case], to: Case) -> int:
    """Carry back what these cases brought along; how much there was."""
    moved = 0
    for kind in CARRIED.values():
        rows = kind.objects.filter(brought__case__in=branch)  # type: ignore[attr-defined]  # as above
        moved += rows.count()
        if kind is not Report:
            rows.update(case=to)
    reports(Report.objects.filter(brought__case__in=branch), to)
    Brought.objects.filter(case=to).delete()
    return moved


def reports(which: Iterable[Report], to: Case) -> None:
    """Move reports to a case, and what they are about with them; what other reports are about, too, stays as well."""
    ids = [report.pk for report in which]
    through = Report.subjects.through
    for subject in list(Subject.objects.filter(reports__in=ids).exclude(case=to).distinct()):
        there = _same_in(to, subject)
        stays = through.objects.filter(subject=subject).exclude(report__in=ids).exists()
        if there is None and not stays:
            Subject.objects.filter(pk=subject.pk).update(case=to)
            continue
        there = there or Subject.objects.create(
            case=to,
            item=subject.item,
            account=subject.account,
            link_sealed=subject.link_sealed,
            added_at=subject.added_at,
            views_before=subject.views_before,
        )
        through.objects.filter(subject=subject, report__in=ids).update(subject=there)
        if not stays:
            subject.delete()
    Report.objects.filter(pk__in=ids).update(case=to)


def _same_in(case: Case, subject: Subject) -> Subject | None:
    if subject.link_sealed:  # sealed to its reporter: never another's
        return None
    return Subject.objects.filter(case=case, item=subject.item, account=subject.account).first()


def branch(case: Case) -> list[Case]:
    """A case and all that were joined to it, directly or through others."""
    found, newest = [case], [case]
    while newest:
        newest = list(Case.objects.filter(joined_with__in=newest))
        found += newest
    return found


def standing(row: Case) -> Standing:
    """What is known of a case now."""
    return Standing(Harm(row.harm), Tri(row.minor), frozenset(row.flags), row.due_at, row.clock)


def know(case: Case, known: Standing) -> None:
    """Write down what is known of a case."""
    case.harm, case.minor, case.flags = known.harm, known.minor, sorted(known.flags)
    case.due_at, case.clock = known.due_at, known.clock
    case.save(update_fields=["harm", "minor", "flags", "due_at", "clock"])
    if case.needs_clearance:
        review.forget(case)


def remember(case: Case, now: datetime) -> None:
    """Keep what is known of a case before another is joined to it, once for all that can still be taken apart."""
    if case.before_joining and _parts(case).exists():
        return
    known = standing(case)
    case.before_joining = {
        "harm": known.harm,
        "minor": known.minor,
        "flags": sorted(known.flags),
        "due_at": known.due_at.isoformat(),
        "clock": known.clock,
        "at": now.isoformat(),
    }
    case.save(update_fields=["before_joining"])


def know_again(case: Case, now: datetime) -> None:
    """Know of a case what it would be known for without what was taken away: never a later deadline after a brake."""
    if not case.before_joining:
        return
    known = _before(case.before_joining)
    since = datetime.fromisoformat(case.before_joining["at"])
    own = Q(case=case, brought=None) | Q(brought__case=case)
    for report in Report.objects.filter(own):
        known = known.with_(_of_report(report, known, since))
    for part in _parts(case):
        known = known.with_(standing(part))
    if case.braked and case.due_at < known.due_at:
        known = Standing(known.harm, known.minor, known.flags, case.due_at, case.clock)
    know(case, known)
    Case.objects.filter(pk=case.pk, due_at__gt=now).update(escalated_at=None)


def _parts(case: Case) -> QuerySet[Case]:
    """What was joined to a case and can still be taken apart: nothing that was decided together."""
    last = case.decisions.filter(state__in=rules.RULED).aggregate(at=Max("proposed_at"))["at"]
    parts = Case.objects.filter(joined_with=case)
    return parts.filter(joined_at__gt=last) if last else parts


def _before(kept: dict[str, Any]) -> Standing:  # JSON, as `remember` wrote it
    return Standing(
        Harm(kept["harm"]),
        Tri(kept["minor"]),
        frozenset(kept["flags"]),
        datetime.fromisoformat(kept["due_at"]),
        kept["clock"],
    )


def _of_report(report: Report, known: Standing, since: datetime) -> Standing:
    """What one report says. Its deadline counts if it came since; that of an earlier one is known already."""
    due = deadline(owing.facts(report), report.received_at) if report.received_at >= since else None
    said = Harm(report.harm), Tri(report.minor), frozenset(map(str, report.flags))
    return Standing(*said, due.at, due.duty.id) if due else Standing(*said, known.due_at, known.clock)
