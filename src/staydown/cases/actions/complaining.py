"""Complaints (EU law, art. 20): by who published it, too; settled by another person's decision, which undoes the former."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from staydown.banks.actions import keeping
from staydown.banks.models import Entry, Match
from staydown.banks.rules import ACTIVE, EntryState
from staydown.cases import owing, rules
from staydown.cases.actions.later import NothingToContest, again
from staydown.cases.models import Case, Complaint, Decision, Line, Subject
from staydown.cases.rules import CaseState, DecisionState, Ruling
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.actions.ordering import Why, order_item
from staydown.platforms.models import Item, Order
from staydown.platforms.rules import KNOWN_MATERIAL, Action, ItemState
from staydown.regimes.clocks import DECIDING, owed
from staydown.regimes.duties import Act, Event
from staydown.vault import words

UPLOADER = "uploader"
CONTESTABLE = (Action.REMOVE, Action.LABEL)


class NotAnswered(ValueError):
    """Somebody who published this contests the decision: write down what he is told before you decide."""


class NotYours(ValueError):
    """Somebody other than who decided answers a complaint, cleared where a child may be concerned."""


def contestable(item: Item) -> tuple[Decision, datetime] | None:
    """The decision by which a post is down or labelled, and until when who published it may contest that."""
    down = item.state in (ItemState.REMOVED, ItemState.GONE) or bool(item.labels)
    order = Order.objects.filter(item=item, action__in=CONTESTABLE, case__isnull=False).order_by("-sequence").first()
    if not down or order is None or order.case is None:
        return None
    made = order.case.decisions.filter(state=DecisionState.MADE).order_by("-made_at").first()
    window = owed(owing.facts(order.case, Event.DECISION), order.written_at).last(Act.LISTEN)
    if made is None or window is None or made.complaints.filter(item=item).exists():
        return None
    return made, window.at


@action
def contest(item: Item, text: str, language: str, now: datetime) -> Complaint:
    """Take the complaint of who published a post. Raises `NothingToContest`; the case is open again, for another person."""
    item = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    found = contestable(item)
    if found is None or now > found[1]:
        raise NothingToContest(NothingToContest.__doc__)
    decision = found[0]
    case = Case.objects.select_for_update().get(pk=decision.case_id)
    facts = owing.facts(case, Event.COMPLAINT)
    due = owed(facts, now).first(DECIDING)
    row = Complaint.objects.create(
        item=item,
        decision=decision,
        decided_by=decision.by,
        seconded_by=decision.second_by,
        words_sealed=words.seal(text, settings.WORKING_PUBLIC) if text.strip() else None,
        language=language,
        at=now,
        due_at=due.at if due else now,
    )
    Subject.objects.get_or_create(case=case, item=item, defaults={"added_at": now})  # a copy is ruled on by itself
    if case.state != CaseState.OPEN:
        again(case, facts, now, UPLOADER)
    note("decision.contested", about=decision, by=UPLOADER, now=now, item=str(item.pk))
    return row


def waiting(case: Case) -> list[Complaint]:
    """What nobody has decided on yet, the oldest first."""
    rows = Complaint.objects.filter(decision__case=case, outcome="")
    return list(rows.select_related("item__platform", "item__account", "decision", "report").order_by("at"))


def contested_by(case: Case) -> frozenset[object]:
    """The staff whose decision of a case somebody contests, as long as nobody has decided again."""
    rows = Complaint.objects.filter(decision__case=case, outcome="").values_list("decided_by_id", "seconded_by_id")
    return frozenset(each for pair in rows for each in pair if each)


def may_look_again(case: Case, by: Staff) -> bool:
    """Whether somebody reviews a complaint, and so may look once more at what was decided (decision 5)."""
    deciders = contested_by(case)
    return bool(deciders) and by.pk not in deciders


@action
def answer(complaint: Complaint, text: str, by: Staff, now: datetime) -> None:
    """Write down what who published it is told once this is decided. Raises `NotYours`, `NotAnswered`."""
    case = complaint.decision.case
    if not by.may_decide(case.needs_clearance) or by.pk in contested_by(case) or complaint.outcome:
        raise NotYours(NotYours.__doc__)
    if not text.strip():
        raise NotAnswered(NotAnswered.__doc__)
    sealed = words.seal(text, settings.WORKING_PUBLIC)
    Complaint.objects.filter(pk=complaint.pk, outcome="").update(answer_sealed=sealed)
    note("complaint.answer_written", about=complaint, by=by.journal_name, now=now)


def ready(case: Case) -> None:
    """Raise `NotAnswered` as long as nobody has written to who published it and contests that."""
    if Complaint.objects.filter(decision__case=case, outcome="", item__isnull=False, answer_sealed=None).exists():
        raise NotAnswered(NotAnswered.__doc__)


def settle(decision: Decision, now: datetime) -> None:
    """Say of each complaint what this decision makes of it, and undo what a former one left. Part of making a decision.

    The caller holds the bank lock.
    """
    after = dict(decision.lines.values_list("item_id", "ruling"))
    for complaint in waiting(decision.case):
        lines = complaint.decision.lines
        mine = lines.filter(item__subjects__reports=complaint.report) if complaint.report else lines
        before = {item: str(ruling) for item, ruling in mine.values_list("item_id", "ruling")}
        if complaint.item_id:
            before = {complaint.item_id: before.get(complaint.item_id, Ruling.REMOVE.value)}
        said = rules.outcome(before, after)
        Complaint.objects.filter(pk=complaint.pk).update(
            outcome=said, settled_by=decision, answered_by=decision.by, settled_at=now
        )
        note(
            f"complaint.{said.value}", about=complaint, by=decision.by.journal_name, now=now, case=str(decision.case_id)
        )
    _undo(decision, now)


def _undo(decision: Decision, now: datetime) -> None:
    """Take out of the bank what a former decision of the case put there of posts that are up again, and its copies back."""
    former = Line.objects.filter(decision__case=decision.case, decision__state=DecisionState.MADE, ruling=Ruling.REMOVE)
    former = former.exclude(decision=decision)
    spared = decision.lines.exclude(ruling=Ruling.REMOVE).filter(item__in=former.values("item"))
    pictures = list(spared.exclude(item__fingerprint=None).values_list("item__fingerprint", flat=True))
    for entry in Entry.objects.filter(case=decision.case, fingerprint__in=pictures).exclude(state=EntryState.WITHDRAWN):
        keeping.withdraw(entry, decision.by, now)
        _copies_back(entry, decision, now)


def _copies_back(entry: Entry, decision: Decision, now: datetime) -> None:
    """Put back what is down for this entry alone: nothing that another entry meets, or on which a person has ruled."""
    ruled = Line.objects.filter(decision__state=DecisionState.MADE, ruling__in=rules.TAKEN_DOWN).values("item")
    others = Match.objects.filter(entry__state__in=ACTIVE).exclude(entry=entry).values("item")
    down = Q(state__in=(ItemState.HELD, ItemState.REMOVED), matches__entry=entry)
    why = Why(decision.case, KNOWN_MATERIAL, decision.by.journal_name)
    copies = Item.objects.filter(down, matches__watched=False).exclude(pk__in=ruled)
    for item in copies.exclude(pk__in=others.filter(item__isnull=False)).exclude(lines__decision=decision).distinct():
        back = Action.RESTORE if item.state == ItemState.REMOVED else Action.RELEASE
        order_item(item, back, why, now)
