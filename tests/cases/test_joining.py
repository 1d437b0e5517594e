"""Cases that turn out to be one, and cases that never were: joined and taken apart by hand, and nothing is lost."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staydown.cases import seeing, story, tasks
from staydown.cases.actions import claiming, deciding, intake, joining, splitting
from staydown.cases.actions.claiming import Claimed
from staydown.cases.actions.joining import NotCleared, NotJoined, NotTakenApart
from staydown.cases.actions.splitting import NotSplit
from staydown.cases.models import Brought, Case, Report, Subject
from staydown.cases.rules import CaseState, Ruling
from staydown.cases.severity import graver, surer
from staydown.journal.models import Entry as JournalEntry
from staydown.people.models import Staff
from staydown.platforms.models import Item, Order, Platform
from staydown.regimes.harms import Flag, Harm, Tri
from staydown.vault import opening
from staydown.vault.evidence.models import Evidence
from staydown.vault.retention import holding
from staydown.vault.retention.rules import HoldKind
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db
PICTURES = ("coffee", "rocket", "astronaut", "chelsea")


@pytest.fixture
def platform() -> Platform:
    return people.plaza()


@pytest.fixture
def mina() -> Staff:
    return people.staff("mina")


def case_about(platform: Platform, number: int, minutes: int = 0, **said: object) -> Case:
    """A case of one report about one post of an account of its own."""
    item = people.posted(platform, f"post-{number}", jpeg(photograph(PICTURES[number])), f"account-{number}")
    told = {"minor": Tri.NO, "words": f"words {number}"} | said
    return people.reported(item, seed=f"case-{number}", now=people.later(minutes=minutes), **told).case  # type: ignore[arg-type]


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def items(case: Case) -> set[str]:
    return set(Item.objects.filter(subjects__case=case).values_list("external_id", flat=True))


@pytest.mark.parametrize("way", ["younger into older", "older into younger"])
def test_a_joined_case_brings_its_reports_posts_and_orders_and_the_earliest_deadline_wins(
    platform: Platform, mina: Staff, way: str
) -> None:
    one, two = case_about(platform, 0), case_about(platform, 1, minutes=7)
    case, into = (two, one) if way == "younger into older" else (one, two)
    joining.join_by_hand(case, into, mina, people.later(minutes=9))
    case, into = again(case), again(into)
    assert (case.state, case.joined_into, into.state) == (CaseState.JOINED, into, CaseState.OPEN)
    assert into.reports.count() == 2 and items(into) == {"post-0", "post-1"}
    assert Order.objects.filter(case=into).count() == 2
    assert into.due_at == min(one.due_at, two.due_at)
    assert {opening.read(report.words_sealed) for report in into.reports.all()} == {"words 0", "words 1"}
    assert (
        people.receipt("case-1").read(Report.objects.get(lookup=people.receipt("case-1").lookup).words_sealed)
        == "words 1"
    )
    assert list(JournalEntry.objects.filter(act="case.joined").values_list("actor", flat=True)) == [mina.journal_name]


@pytest.mark.parametrize("child_first", [True, False])
def test_what_needs_clearance_needs_it_after_any_joining(platform: Platform, mina: Staff, child_first: bool) -> None:
    child, other = case_about(platform, 0, harm=Harm.CSAM, minor=Tri.YES), case_about(platform, 1)
    case, into = (child, other) if child_first else (other, child)
    joining.join_by_hand(case, into, mina, people.NOW)
    assert again(into).is_child_safety
    nina = people.staff("nina", cleared=False)
    assert not seeing.visible(nina).exists()
    with pytest.raises(NotCleared):
        joining.take_apart(again(case), nina, people.NOW)
    third = case_about(platform, 2)
    with pytest.raises(NotCleared):
        joining.join_by_hand(third, again(into), nina, people.NOW)


def test_taking_apart_gives_back_what_was_brought_and_what_was_known(platform: Platform, mina: Staff) -> None:
    child, other = case_about(platform, 0, harm=Harm.CSAM, minor=Tri.YES), case_about(platform, 1, minutes=3)
    was = other.harm, other.minor, other.due_at
    joining.join_by_hand(child, other, mina, people.later(minutes=4))
    assert again(other).harm == Harm.CSAM
    joining.take_apart(again(child), mina, people.later(minutes=5))
    child, other = again(child), again(other)
    assert (other.harm, other.minor, other.due_at) == was
    assert (child.state, child.joined_into, items(child), items(other)) == (
        CaseState.OPEN,
        None,
        {"post-0"},
        {"post-1"},
    )
    assert set(Order.objects.filter(case=child).values_list("item__external_id", flat=True)) == {"post-0"}
    assert not Brought.objects.exists()
    assert JournalEntry.objects.filter(act="case.taken_apart").count() == 2


def test_what_both_were_about_stays_with_both_when_they_are_taken_apart(platform: Platform, mina: Staff) -> None:
    one, two = case_about(platform, 0), case_about(platform, 1)
    joining.join_by_hand(two, one, mina, people.NOW)
    late = people.reported(Item.objects.get(external_id="post-1"), seed="late", now=people.later(minutes=1))
    assert late.case_id == one.pk
    joining.take_apart(again(two), mina, people.later(minutes=2))
    assert (items(one), items(two)) == ({"post-0", "post-1"}, {"post-1"})
    assert Report.objects.get(pk=late.pk).subjects.get().case_id == one.pk
    assert again(one).due_at == min(one.due_at, late.case.due_at)


def test_no_rule_joins_again_what_a_person_took_apart_but_a_person_may(platform: Platform, mina: Staff) -> None:
    item = people.posted(platform, "post-8", account="x")
    copy = people.posted(platform, "post-9", account="y")
    one = people.reported(item, seed="a")
    two = people.reported(copy, seed="b", now=people.later(minutes=1))
    tasks.join_by_media(str(two.pk))
    joined = Case.objects.get(state=CaseState.JOINED)
    joining.take_apart(joined, mina, people.later(minutes=2))
    tasks.join_by_media(str(two.pk))
    assert Case.objects.filter(state=CaseState.OPEN).count() == 2
    joining.join_by_hand(again(joined), again(one.case), mina, people.later(minutes=3))
    assert Case.objects.filter(state=CaseState.OPEN).count() == 1
    assert not Case.apart.through.objects.exists()


def test_sealed_evidence_stays_under_its_own_cases_key_and_is_found_through_the_whole(
    platform: Platform, mina: Staff
) -> None:
    from staydown.vault.evidence import releasing

    one, two, three = (case_about(platform, number) for number in range(3))
    keys = dict(Evidence.objects.values_list("pk", "case_id"))
    joining.join_by_hand(three, two, mina, people.NOW)
    joining.join_by_hand(two, one, mina, people.NOW)
    assert dict(Evidence.objects.values_list("pk", "case_id")) == keys
    assert set(releasing.of_case(one).values_list("pk", flat=True)) == set(keys)
    assert {case.pk for case in holding.locked(one)} == {one.pk, two.pk, three.pk}


def test_a_case_that_somebody_else_works_on_is_not_joined(platform: Platform, mina: Staff) -> None:
    one, two = case_about(platform, 0), case_about(platform, 1)
    claiming.claim(two, people.staff("tomas"), people.NOW)
    for case, into in ((one, two), (two, one)):
        with pytest.raises(Claimed):
            joining.join_by_hand(again(case), again(into), mina, people.NOW)
    assert Case.objects.filter(state=CaseState.OPEN).count() == 2
    assert again(one).claimed_by is None


def test_what_was_ruled_on_is_not_joined_and_what_was_ruled_on_together_not_taken_apart(
    platform: Platform, mina: Staff
) -> None:
    one, two, three = (case_about(platform, number) for number in range(3))
    joining.join_by_hand(two, one, mina, people.NOW)
    deciding.decide(again(one), people.proposal(one, Ruling.REMOVE), mina, people.later(minutes=1))
    with pytest.raises(NotTakenApart):
        joining.take_apart(again(two), mina, people.later(minutes=2))
    for case, into in ((one, three), (three, one), (three, three)):
        with pytest.raises(NotJoined):
            joining.join_by_hand(again(case), again(into), mina, people.later(minutes=2))


def test_reports_that_do_not_belong_together_are_split_and_joined_again(platform: Platform, mina: Staff) -> None:
    one = people.posted(platform, "post-8", jpeg(photograph("coffee")), "x")
    two = people.posted(platform, "post-9", jpeg(photograph("rocket")), "x")
    first = people.reported(one, seed="a", minor=Tri.NO)
    second = people.reported(two, one, seed="b", minor=Tri.NO, now=people.later(minutes=1))
    case = first.case
    assert second.case_id == case.pk
    made = splitting.split(case, frozenset([second.pk]), mina, people.later(minutes=2))
    assert (items(case), items(made)) == ({"post-8"}, {"post-8", "post-9"})
    assert set(Order.objects.filter(case=made).values_list("item__external_id", flat=True)) == {"post-9"}
    assert (made.due_at, made.split_from_id) == (case.due_at, case.pk)
    assert story.case_of(Report.objects.get(pk=second.pk)) == made
    joining.join_by_hand(made, again(case), mina, people.later(minutes=3))
    assert items(case) == {"post-8", "post-9"} and case.reports.count() == 2
    assert Subject.objects.filter(case=case).count() == 2


def test_a_childs_case_is_one_on_both_sides_of_a_split_and_a_hold_keeps_both(platform: Platform) -> None:
    lead = people.staff("lea", "lead")
    case = case_about(platform, 0, harm=Harm.CSAM, minor=Tri.YES)
    witness = people.reported(Item.objects.get(), seed="witness", harm=Harm.UNSPECIFIED, minor=Tri.NO, shown=False)
    holding.hold(again(case), HoldKind.LEGAL, "the prosecutor asked", lead, people.NOW)
    made = splitting.split(case, frozenset([witness.pk]), lead, people.NOW)
    assert made.is_child_safety and made.needs_clearance
    assert holding.running([made], people.NOW).count() == holding.running([case], people.NOW).count() == 1


def test_a_split_takes_some_and_leaves_some_of_what_nobody_ruled_on(platform: Platform, mina: Staff) -> None:
    case = case_about(platform, 0)
    (only,) = case.reports.all()
    for ids in (frozenset(), frozenset([only.pk])):
        with pytest.raises(NotSplit):
            splitting.split(case, ids, mina, people.NOW)
    people.reported(Item.objects.get(), seed="other")
    deciding.decide(again(case), people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    with pytest.raises(NotSplit):
        splitting.split(case, frozenset([only.pk]), mina, people.NOW)


def test_an_act_that_fails_in_the_middle_leaves_nothing(
    platform: Platform, mina: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = case_about(platform, 0), case_about(platform, 1)
    monkeypatch.setattr(joining.moving, "know", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        joining.join_by_hand(two, one, mina, people.NOW)
    assert (again(two).state, again(one).claimed_by) == (CaseState.OPEN, None)
    assert not Brought.objects.exists() and not JournalEntry.objects.filter(act="case.joined").exists()


def test_the_database_refuses_a_joined_case_that_is_nowhere(platform: Platform) -> None:
    case = case_about(platform, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=CaseState.JOINED)


HARMS = st.sampled_from([(Harm.NCII, Tri.NO), (Harm.CSAM, Tri.YES), (Harm.EXPOSURE_HARASSMENT, Tri.UNKNOWN)])
ACTS = st.lists(
    st.tuples(st.sampled_from(["join", "apart", "report"]), st.integers(0, 4), st.integers(0, 4)), max_size=10
)


def _worlds(said: list[tuple[Harm, Tri]]) -> list[Case]:
    """Five cases of accounts that nobody posted anything with, so that each is cheap to make."""
    platform = people.plaza()
    cases = []
    for number, (harm, minor) in enumerate(said):
        account = platform.accounts.create(external_id=f"account-{number}", seen_at=people.NOW)
        notice = intake.Notice(harm, minor, frozenset({Flag.PERSON_SHOWN}), f"words {number}", accounts=(account,))
        cases.append(intake.receive(notice, people.receipt(f"w{number}"), people.later(minutes=number)).case)
    return [Case.objects.get(pk=case.pk) for case in cases]


def _known(case: Case) -> tuple[object, ...]:
    return case.harm, case.minor, case.due_at, case.clock, sorted(case.flags), case.state


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(HARMS, min_size=5, max_size=5), acts=ACTS)
def test_any_sequence_of_joining_and_taking_apart_leaves_every_report_in_one_case_and_nothing_lost(said, acts) -> None:
    with transaction.atomic():
        mina = people.staff("mina")
        cases = _worlds(said)
        before = {case.pk: _known(case) for case in cases}
        homes = dict(Report.objects.values_list("pk", "case_id"))
        for number, (act, one, other) in enumerate(acts):
            _do(act, again(cases[one]), again(cases[other]), mina, number)
            _nothing_is_lost(cases)
        for case in sorted(cases, key=lambda each: str(each.pk), reverse=bool(len(acts) % 2)):
            if again(case).state == CaseState.JOINED:
                joining.take_apart(again(case), mina, people.later(hours=1))
                _nothing_is_lost(cases)
        assert {pk: Report.objects.get(pk=pk).case_id for pk in homes} == homes
        assert {case.pk: _known(again(case)) for case in cases} == before
        assert not Brought.objects.exists()
        transaction.set_rollback(True)


def _do(act: str, case: Case, into: Case, by: Staff, number: int) -> None:
    now = people.later(minutes=10 + number)
    try:
        if act == "join":
            joining.join_by_hand(case, into, by, now)
        elif act == "apart":
            joining.take_apart(case, by, now)
        elif number % 2:
            joining.join(case, into, now)
    except (NotJoined, NotTakenApart):
        pass


def _nothing_is_lost(cases: list[Case]) -> None:
    rows = {case.pk: case for case in Case.objects.all()}
    assert set(rows) == {case.pk for case in cases}
    reports = list(Report.objects.prefetch_related("subjects"))
    assert len(reports) == 5
    for report in reports:
        case = rows[report.case_id]
        assert case.state == CaseState.OPEN
        assert [subject.case_id for subject in report.subjects.all()] == [case.pk]
        assert graver(Harm(case.harm), Harm(report.harm)) == case.harm
        assert surer(Tri(case.minor), Tri(report.minor)) == case.minor
        assert opening.read(report.words_sealed).startswith("words")
    for case in rows.values():
        if case.state == CaseState.JOINED:
            assert rows[case.joined_into_id].state == CaseState.OPEN
