"""What is known of the accounts that a case is about: their whole history, as far as this person may know of it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from staydown.cases import seeing, standing, telling
from staydown.cases.actions import rising
from staydown.cases.models import Case, Line, Report
from staydown.cases.rules import DecisionState
from staydown.cases.standing import Standing
from staydown.cases.telling import Tale
from staydown.cases.voices import RISEN_MINUTES, SEVERAL, VOICES_DAYS, Voices
from staydown.people.models import Staff
from staydown.platforms.models import Account, Item
from staydown.platforms.rules import ItemState

OTHERS = 50  # cases of one account that are listed, the newest first


@dataclass(frozen=True, slots=True)
class Known:
    """One account."""

    account: Account
    items: int
    removed: int
    reports: int
    voices: Voices
    others: list[Case]  # each with what was ruled in it, in `said`
    standing: Standing | None = None
    tale: Tale | None = None
    days: int = VOICES_DAYS
    several: int = SEVERAL
    minutes: int = RISEN_MINUTES


def known(case: Case, accounts: list[Account], staff: Staff, now: datetime) -> list[Known]:
    """Each of the accounts that the case is about; as many queries, however many there are."""
    ids = [account.pk for account in accounts]
    states = Counter(
        {(account, state): n for account, state, n in Item.objects.filter(account__in=ids).values_list(
            "account", "state").annotate(n=Count("pk")).order_by()}
    )  # fmt: skip
    barred = _barred(ids, staff)
    stands = standing.of_case(case, accounts, staff, now)
    reports = _reports(ids, staff)
    voices = rising.voices(ids, now) if staff.may_see_child_safety() else {}
    others = _others(ids, case, staff)
    tales = telling.tales(accounts, Report.objects.filter(seeing.may_know(staff, "case__")), now)
    return [
        Known(
            account,
            sum(n for (each, _state), n in states.items() if each == account.pk),
            states[account.pk, ItemState.REMOVED] - barred[account.pk],
            len(reports[account.pk]),
            voices.get(account.pk, Voices()),
            others[account.pk],
            stands.get(account.pk),
            tales.get(account.pk),
        )
        for account in accounts
    ]


def _barred(ids: list[UUID], staff: Staff) -> Counter[UUID]:
    """How many removed posts of each account belong to cases that this person must not know of."""
    theirs = seeing.posts_of_unknown(staff).filter(account__in=ids, state=ItemState.REMOVED)
    return Counter(theirs.distinct().values_list("account", flat=True))


def _reports(ids: list[UUID], staff: Staff) -> dict[UUID, set[UUID]]:
    """The reports about each account, or its posts, in cases that this person may know of."""
    found: dict[UUID, set[UUID]] = {each: set() for each in ids}
    mine = Report.objects.filter(seeing.may_know(staff, "case__"))
    for path in ("subjects__account", "subjects__item__account"):
        for account, report in mine.filter(**{f"{path}__in": ids}).values_list(path, "pk"):
            found[account].add(report)
    return found


def _others(ids: list[UUID], case: Case, staff: Staff) -> dict[UUID, list[Case]]:
    """The other cases about each account, the newest first, with what was ruled in them."""
    found: dict[UUID, set[UUID]] = {each: set() for each in ids}
    mine = seeing.visible(staff).exclude(pk=case.pk)
    for path in ("subjects__account", "subjects__item__account"):
        for account, other in mine.filter(**{f"{path}__in": ids}).values_list(path, "pk"):
            found[account].add(other)
    rows = {row.pk: row for row in Case.objects.filter(pk__in=set().union(*found.values()))}
    ruled: dict[UUID, dict[str, None]] = {}
    made = Line.objects.filter(decision__case__in=rows, decision__state=DecisionState.MADE)
    for other, ruling in made.values_list("decision__case", "ruling").distinct():
        ruled.setdefault(other, {})[ruling] = None
    for row in rows.values():
        row.said = sorted(ruled.get(row.pk, {}))  # type: ignore[attr-defined]  # for the page only
    return {
        account: sorted((rows[pk] for pk in pks), key=lambda row: row.opened_at, reverse=True)[:OTHERS]
        for account, pks in found.items()
    }
