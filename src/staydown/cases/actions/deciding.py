"""Ruling on a case: a person's decision, and in the same transaction everything that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings

from staydown.banks import locks
from staydown.cases import hiding, templates, two_people
from staydown.cases.actions import claiming, complaining, making, stating
from staydown.cases.actions.foreseeing import Ruled, foreseen
from staydown.cases.actions.guards import may_rule, may_work
from staydown.cases.actions.refusals import (
    AlreadyDecided,
    NobodyElse,
    NotComplete,
    NotExplained,
    NotOffered,
    SomebodyElse,
)
from staydown.cases.consequences import Consequences
from staydown.cases.models import AccountLine, Case, Decision, Line
from staydown.cases.rules import AccountRuling, CaseState, DecisionState, Ground, Ruling
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.models import Account, Item
from staydown.regimes.harms import Harm
from staydown.vault import words

UNDER_WAY = (DecisionState.PROPOSED, DecisionState.SETTLING)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a moderator has written: a ruling for each item and account, and the words that go with it.

    An account that is not named is left as it is.
    """

    rulings: Mapping[UUID, Ruling]
    ground: Ground
    provision: str
    reasons: str
    answer: str
    statement: str = ""  # what the uploaders are told, where something is restricted
    accounts: Mapping[UUID, AccountRuling] = field(default_factory=dict)


@action
def foresee(case: Case, proposal: Proposal, by: Staff, now: datetime) -> Consequences:
    """What deciding so would do, by the rule that carries it out. Writes nothing; raises what `decide` raises."""
    return _foreseen(_open_case(case, by), proposal, by, now)[1]


def _foreseen(case: Case, proposal: Proposal, by: Staff, now: datetime) -> tuple[Ruled, Consequences]:
    items = _complete(case, proposal)
    if hiding.is_one_hidden(
        Harm(case.harm), [*proposal.rulings.values(), *proposal.accounts.values()], settings.HIDDEN
    ):
        raise NotOffered(NotOffered.__doc__)
    ruled = Ruled(
        proposal.ground,
        tuple((item, proposal.rulings[item.pk]) for item in items),
        tuple((one, proposal.accounts.get(one.pk, AccountRuling.LEAVE)) for one in accounts_of(case)),
    )
    follows = foreseen(case, ruled, now)
    if follows.takes_two:
        _somebody_else(case, by)
    else:
        for item, ruling in ruled.items:
            may_rule(item, ruling, by)
    if follows.statements and not proposal.statement.strip():
        raise NotExplained(NotExplained.__doc__)
    stating.check(case, proposal.statement if follows.statements else "", proposal.provision)
    return ruled, follows


def accounts_of(case: Case) -> list[Account]:
    """The accounts a case is about: those that were reported, and the authors of its posts."""
    about = {each for pair in case.subjects.values_list("account", "item__account") for each in pair if each}
    return list(Account.objects.filter(pk__in=about).select_related("platform").order_by("seen_at", "pk"))


@action
def decide(case: Case, proposal: Proposal, by: Staff, now: datetime) -> Decision:
    """Decide a case, or propose to, where two people must agree. Raises `AlreadyDecided`, `NotComplete`, `NotCleared`,
    `Claimed`, `templates.Unedited`, `complaining.NotAnswered`, and what may not be banked.
    """
    locks.alone()
    case = _open_case(case, by)
    claiming.claim(case, by, now)
    templates.check(proposal.answer)
    ruled, follows = _foreseen(case, proposal, by, now)
    decision = Decision.objects.create(
        case=case,
        ground=proposal.ground,
        provision=proposal.provision,
        reasons_sealed=words.seal(proposal.reasons, settings.WORKING_PUBLIC),
        answer_sealed=words.seal(proposal.answer, settings.WORKING_PUBLIC),
        statement_sealed=words.seal(proposal.statement, settings.WORKING_PUBLIC) if follows.statements else None,
        needs_second=bool(follows.takes_two),
        takes_two=[act.value for act in follows.takes_two],
        lapses_at=two_people.lapse(follows.takes_two, now) if follows.takes_two else None,
        by=by,
        proposed_at=now,
    )
    for item, ruling in ruled.items:
        Line.objects.create(decision=decision, item=item, ruling=ruling)
    for account, said in ruled.accounts:
        if said is not AccountRuling.LEAVE:
            AccountLine.objects.create(decision=decision, account=account, ruling=said)
    note("decision.proposed", about=decision, by=by.journal_name, now=now, case=str(case.pk))
    claiming.end(case)
    if not decision.needs_second:
        making.begin(decision, proposal.answer, now)
    return decision


def _somebody_else(case: Case, by: Staff) -> None:
    """Two people are needed: that there are two is checked before one of them proposes (decision 19)."""
    others = Staff.objects.filter(is_active=True).exclude(pk=by.pk)
    if not any(other.may_second(case.is_child_safety) for other in others):
        raise NobodyElse(NobodyElse.__doc__)


def _open_case(case: Case, by: Staff) -> Case:
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.state != CaseState.OPEN or case.decisions.filter(state__in=UNDER_WAY).exists():
        raise AlreadyDecided(AlreadyDecided.__doc__)
    may_work(case, by)
    if by.pk in complaining.contested_by(case):
        raise SomebodyElse(SomebodyElse.__doc__)
    complaining.ready(case)
    return case


def _complete(case: Case, proposal: Proposal) -> list[Item]:
    items = list(
        Item.objects.filter(subjects__case=case).distinct()
    )  # gone ones, too: deleting is no way past the bank
    texts = (proposal.provision, proposal.reasons, proposal.answer)
    if {item.pk for item in items} - set(proposal.rulings) or not all(text.strip() for text in texts):
        raise NotComplete(NotComplete.__doc__)
    return items
