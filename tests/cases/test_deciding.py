import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from staydown.banks import tasks as bank_tasks
from staydown.banks.models import Entry
from staydown.banks.rules import EntryState
from staydown.cases import story
from staydown.cases.actions import answering, banking, deciding, refusals, seconding
from staydown.cases.models import Decision
from staydown.cases.rules import CaseState, DecisionState, Ruling
from staydown.platforms.models import Order
from staydown.platforms.rules import Action, CheckState, ItemState
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph, png, resized

pytestmark = pytest.mark.django_db
COPY = jpeg(resized(photograph("coffee")), 70)


def actions_on(item) -> list[str]:
    return list(Order.objects.filter(item=item).order_by("sequence").values_list("action", flat=True))


def removed_case():
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    copy = people.posted(platform, "post-2", COPY, account="bob")
    other = people.posted(platform, "post-3", jpeg(photograph("rocket")), account="eve")
    case = people.reported(item).case
    mina = people.staff("mina")
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    entry = Entry.objects.get()
    bank_tasks.sweep(str(entry.pk))
    for row in (item, copy, other, case, entry):
        row.refresh_from_db()
    return platform, item, copy, other, case, entry, mina


def test_removal_takes_the_item_hides_its_copy_and_leaves_the_rest():
    _, item, copy, other, case, entry, _ = removed_case()
    assert (item.state, copy.state, other.state) == (ItemState.REMOVED, ItemState.HELD, ItemState.UP)
    assert case.state == CaseState.DECIDED
    assert entry.state == EntryState.HOLDING
    assert actions_on(item) == [Action.HOLD, Action.REMOVE]


def test_copies_go_with_one_click():
    _, _, copy, _, case, _, mina = removed_case()
    assert [match.item_id for match in answering.copies(case)] == [copy.pk]
    assert answering.answer_copies(case, frozenset({copy.pk}), Action.REMOVE, mina, people.NOW) == 1
    copy.refresh_from_db()
    assert copy.state == ItemState.REMOVED
    assert story.copies(case.reports.get()).removed == 1


def test_a_wrong_copy_put_back_stays_up_when_the_sweep_runs_again():
    _, _, copy, _, case, entry, mina = removed_case()
    answering.answer_copies(case, frozenset({copy.pk}), Action.RELEASE, mina, people.NOW)
    bank_tasks.sweep(str(entry.pk))
    copy.refresh_from_db()
    assert copy.state == ItemState.UP


def test_a_new_upload_of_a_copy_is_held_then_blocked_once_a_second_person_confirmed():
    from staydown.banks.actions import keeping

    platform, _, _, _, case, entry, mina = removed_case()
    media = jpeg(resized(photograph("coffee"), 0.8), 60)
    held = people.checked(platform, media, "zoe")
    assert (held.verdict, held.state, held.case_id) == ("hold", CheckState.PENDING, case.pk)
    with pytest.raises(keeping.SamePerson):
        keeping.raise_to_block(entry, mina, people.NOW)
    keeping.raise_to_block(entry, people.staff("tomas", "lead"), people.NOW)
    assert people.checked(platform, media, "zoe").verdict == "block"
    assert people.checked(platform, jpeg(photograph("china"))).verdict == "allow"


def test_the_very_same_file_is_blocked_after_one_persons_decision():
    platform, *_ = removed_case()
    assert people.checked(platform, jpeg(photograph("coffee"))).verdict == "block"


def test_a_mirrored_copy_is_recognised():
    platform, *_ = removed_case()
    mirrored = png(photograph("coffee").transpose(0))
    assert people.checked(platform, mirrored).verdict == "hold"


def test_a_withdrawn_entry_stops_matching_at_the_next_check():
    from staydown.banks.actions import keeping

    platform, _, _, _, _, entry, mina = removed_case()
    keeping.withdraw(entry, mina, people.NOW)
    assert people.checked(platform, jpeg(photograph("coffee"))).verdict == "allow"


def test_the_database_itself_refuses_a_block_on_one_persons_word():
    *_, entry, mina = removed_case()
    for columns in ({"raised_by": None}, {"raised_by": mina}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.filter(pk=entry.pk).update(state=EntryState.BLOCKING, **columns)


def test_the_wrongly_accused_get_their_post_back():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    deciding.decide(case, people.proposal(case, Ruling.KEEP), people.staff("mina"), people.NOW)
    item.refresh_from_db()
    assert item.state == ItemState.UP
    assert actions_on(item) == [Action.HOLD, Action.RELEASE]
    assert not Entry.objects.exists()


def test_a_label_puts_the_post_back_with_a_warning():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    deciding.decide(case, people.proposal(case, Ruling.LABEL), people.staff("mina"), people.NOW)
    item.refresh_from_db()
    assert (item.state, item.labels) == (ItemState.UP, ["sensitive"])


def test_nothing_of_a_childs_case_goes_back_up_on_one_persons_word():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES, shown=False).case
    mina, tomas = people.staff("mina"), people.staff("tomas", "lead")
    decision = deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)
    item.refresh_from_db()
    assert (item.state, decision.state) == (ItemState.HELD, DecisionState.PROPOSED)
    with pytest.raises(refusals.SecondPersonNeeded):
        seconding.second(decision, "answer", mina, people.NOW)
    seconding.second(decision, "answer", tomas, people.NOW)
    item.refresh_from_db()
    assert item.state == ItemState.UP


def test_a_declined_proposal_leaves_what_is_held_held():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES, shown=False).case
    tomas = people.staff("tomas", "lead")
    decision = deciding.decide(case, people.proposal(case, Ruling.KEEP), people.staff("mina"), people.NOW)
    with pytest.raises(refusals.NoReason):
        seconding.decline(decision, " ", tomas, people.NOW)
    seconding.decline(decision, "She is thirteen.", tomas, people.NOW)
    item.refresh_from_db()
    case.refresh_from_db()
    assert (item.state, case.state) == (ItemState.HELD, CaseState.OPEN)


def test_an_uncleared_moderator_decides_no_childs_case():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES).case
    with pytest.raises(refusals.NotCleared):
        deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("ola", cleared=False), people.NOW)


def test_a_case_is_decided_once():
    _, _, _, _, case, _, mina = removed_case()
    with pytest.raises(refusals.AlreadyDecided):
        deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)
    assert Decision.objects.count() == 1


def test_a_decision_without_words_is_refused():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    empty = people.proposal(case, Ruling.REMOVE)
    empty = deciding.Proposal(empty.rulings, empty.ground, empty.provision, empty.reasons, " ")
    with pytest.raises(refusals.NotComplete):
        deciding.decide(case, empty, people.staff("mina"), people.NOW)


def test_the_answer_reaches_every_reporter_sealed():
    item = people.posted(people.plaza(), "post-1")
    first = people.reported(item)
    people.reported(item, seed="two")
    deciding.decide(first.case, people.proposal(first.case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    for seed in ("one", "two"):
        from staydown.cases.actions import intake

        report = intake.find(people.receipt(seed))
        assert people.receipt(seed).read(report.answers.get().words_sealed).startswith("We removed it")


def test_a_held_upload_is_answered_by_a_person():
    platform, *_, mina = removed_case()
    held = people.checked(platform, COPY, "zoe")
    answering.answer_upload(held, "allow", mina, people.NOW)
    held.refresh_from_db()
    assert (held.state, held.resolution) == (CheckState.RESOLVED, "allow")
    order = Order.objects.get(check_row=held)
    assert (order.action, order.resolution) == (Action.CHECK_RESOLVED, "allow")


def test_a_belgian_association_keeps_no_fingerprints_of_children(settings):
    from staydown.banks.actions.keeping import NotLawfulHere

    settings.ROLE, settings.COUNTRY = "support_ngo", "BE"
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES).case
    with pytest.raises(NotLawfulHere):
        deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    assert not Entry.objects.exists()


def test_whoever_removed_a_childs_picture_lets_no_copy_of_it_back_alone():
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    copy = people.posted(platform, "post-2", COPY, account="bob")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES).case
    mina = people.staff("mina")
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    entry = Entry.objects.get()
    bank_tasks.sweep(str(entry.pk))
    case.refresh_from_db()
    held = people.checked(platform, COPY, "zoe")
    with pytest.raises(refusals.SecondPersonNeeded):
        answering.answer_copies(case, frozenset({copy.pk}), Action.RELEASE, mina, people.NOW)
    with pytest.raises(refusals.SecondPersonNeeded):
        answering.answer_upload(held, "allow", mina, people.NOW)
    with pytest.raises(refusals.SecondPersonNeeded):
        banking.withdraw_entry(entry, mina, people.NOW)
    tomas = people.staff("tomas", "lead")
    assert answering.answer_copies(case, frozenset({copy.pk}), Action.RELEASE, tomas, people.NOW) == 1


@pytest.mark.parametrize("edit", ["bordered", "screenshot"])
def test_a_copy_inside_a_border_or_a_screenshot_is_recognised(edit: str):
    platform, *_ = removed_case()
    picture = photograph("coffee")
    wide, high = picture.size
    around = {"bordered": (60, 60, 60, 60), "screenshot": (0, 150, 0, 220)}[edit]
    framed = Image.new("RGB", (wide + around[0] + around[2], high + around[1] + around[3]), "white")
    framed.paste(picture, around[:2])
    assert people.checked(platform, jpeg(framed, 80)).verdict == "hold"
