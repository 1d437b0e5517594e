"""A hold keeps a case whatever the schedule says, and stops what was about to be destroyed."""

import pytest
from django.db import IntegrityError, transaction

from staydown.cases.actions import later
from staydown.journal.models import Entry
from staydown.journal.verify import verify
from staydown.regimes.retention import Kept
from staydown.vault import opening
from staydown.vault.evidence.models import Evidence
from staydown.vault.retention import actions, errors, holding, plans, tasks
from staydown.vault.retention.models import Destruction, Hold
from staydown.vault.retention.plans import Standing
from staydown.vault.retention.rules import DestructionState, HoldKind
from tests import people

from .conftest import File

pytestmark = pytest.mark.django_db
LATE = people.later(days=2000)


def standing(file: File, what: Kept, at=LATE) -> Standing:
    return {line.what: line for line in plans.of_case(file.case)}[what].standing(at)


def test_what_is_due_is_kept_while_a_hold_runs_and_due_again_once_it_is_lifted(file: File):
    assert standing(file, Kept.MEDIA) is Standing.DUE
    hold = holding.hold(file.case, HoldKind.LEGAL, "Claim 9/26", file.lena, people.NOW)
    assert {standing(file, what) for what in (Kept.MEDIA, Kept.CONTACT, Kept.FILE)} == {Standing.HELD}
    with pytest.raises(errors.IsHeld):
        actions.propose(file.case, Kept.MEDIA, "its time is over", file.lena, LATE)
    holding.lift(hold, "the claim is settled", file.lena, people.NOW)
    assert standing(file, Kept.MEDIA) is Standing.DUE
    assert opening.read(hold.reason_sealed) == "Claim 9/26"
    assert list(Entry.objects.filter(act__startswith="retention.").values_list("act", flat=True).order_by("index")) == [
        "retention.held", "retention.lifted",
    ]  # fmt: skip
    assert verify() == []


def test_a_preservation_ends_on_its_day_by_itself(file: File):
    until = people.later(days=90)
    holding.hold(file.case, HoldKind.PRESERVATION, "Request 7", file.cleo, people.NOW, until)
    assert holding.running([file.case], people.later(days=89)).exists()
    assert not holding.running([file.case], people.later(days=90)).exists()
    with pytest.raises(errors.Past):
        holding.hold(file.case, HoldKind.PRESERVATION, "Request 8", file.cleo, people.NOW, people.NOW)


def test_only_seniors_hold_and_only_a_lead_lifts(file: File):
    with pytest.raises(errors.NotSenior):
        holding.hold(file.case, HoldKind.LEGAL, "x", people.staff("tomas", "moderator"), people.NOW)
    hold = holding.hold(file.case, HoldKind.LEGAL, "x", file.cleo, people.NOW)
    with pytest.raises(errors.NotSenior):
        holding.lift(hold, "x", file.cleo, people.NOW)
    with pytest.raises(errors.NoReason):
        holding.lift(hold, " ", file.lena, people.NOW)
    holding.lift(hold, "x", file.lena, people.NOW)
    with pytest.raises(errors.AlreadyLifted):
        holding.lift(hold, "x", file.lena, people.NOW)


def test_a_hold_stops_what_was_agreed_and_it_is_not_destroyed_later_by_itself(file: File):
    row = actions.propose(file.case, Kept.MEDIA, "its time is over", file.lena, LATE)
    actions.agree(row, file.cleo, LATE)
    hold = holding.hold(file.case, HoldKind.LEGAL, "Claim 9/26", file.lena, LATE)
    row.refresh_from_db()
    assert row.state == DestructionState.STOPPED
    tasks.destroy(str(row.pk))
    holding.lift(hold, "settled", file.lena, LATE)
    tasks.destroy(str(row.pk))
    assert file.sealed_key
    assert Destruction.objects.get().state == DestructionState.STOPPED


def test_a_hold_that_the_worker_meets_stops_it_too(file: File):
    """As if it had come through another door: past the action that stops what is agreed."""
    row = actions.propose(file.case, Kept.MEDIA, "its time is over", file.lena, LATE)
    actions.agree(row, file.cleo, LATE)
    Hold.objects.create(case=file.case, kind=HoldKind.LEGAL, reason_sealed=b"x", by=file.lena, set_at=LATE)
    tasks.destroy(str(row.pk))
    assert (Destruction.objects.get().state, bool(file.sealed_key)) == (DestructionState.STOPPED, True)


def test_the_database_refuses_a_destruction_on_one_word(file: File):
    for also in ({"by": file.lena}, {"by": file.lena, "second_by": file.lena}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Destruction.objects.create(
                case=file.case, what="media", state=DestructionState.AGREED, proposed_at=LATE, **also
            )


def test_what_a_reporter_takes_back_stays_while_a_hold_keeps_the_case(file: File):
    holding.hold(file.case, HoldKind.LEGAL, "a court asks", file.lena, people.NOW)
    assert not later.withdraw(file.report, people.later(hours=1))
    file.report.refresh_from_db()
    assert file.report.withdrawn_at
    assert file.report.words_sealed
    assert Evidence.objects.filter(report=file.report).exists()
