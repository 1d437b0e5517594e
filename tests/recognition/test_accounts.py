"""Three reports about one soliciting account rise, with the counts that explain it; a flood from nobody does not."""

from staydown.recognition.accounts import Reason, Told, in_words, pattern
from staydown.recognition.patterns import Tactic

ASKS = frozenset({Tactic.IMAGE_REQUEST})


def test_three_reporters_of_one_account_with_a_minor_among_them_rise_with_a_sentence() -> None:
    found = pattern(
        [Told("lou", "a", False, tactics=ASKS), Told("lou", "b", True, tactics=ASKS), Told("lou", "c", False)]
    )

    assert found and found.reasons == (Reason.MINORS, Reason.SAME_REQUEST, Reason.SEVERAL_REPORTERS)
    assert in_words(found) == "3 people reported one account, 1 of them under age, 2 met the same: image request."


def test_two_accounts_of_one_person_are_counted_together() -> None:
    found = pattern([Told("lou", "a", False, person="p1"), Told("lou2", "b", False, person="p1")])

    assert found and found.reasons == (Reason.SEVERAL_ACCOUNTS,)
    assert in_words(found) == "2 people reported 2 accounts, which the platform says belong to one person."


def test_two_accounts_of_nobody_knows_whom_are_not() -> None:
    assert pattern([Told("lou", "a", False), Told("kim", "b", False)]) is None


def test_one_person_who_reports_often_raises_nothing() -> None:
    assert pattern([Told("lou", "a", True, tactics=ASKS)] * 20) is None


def test_reports_that_nobody_can_tell_apart_are_one() -> None:
    assert pattern([Told("lou", "", False, tactics=ASKS)] * 200) is None


def test_three_receipts_are_three_people_where_they_met_the_same_and_two_are_not_enough() -> None:
    told = [Told("lou", "", False, tactics=ASKS, receipt=receipt) for receipt in "abc"]

    assert pattern(told[:2]) is None
    found = pattern(told)
    assert found and found.reasons == (Reason.SAME_REQUEST,)
    assert in_words(found) == (
        "3 people reported one account, 3 of them known by a receipt only, of whom two may be one, "
        "3 met the same: image request."
    )


def test_receipts_alone_however_many_raise_nothing() -> None:
    assert pattern([Told("lou", "", False, receipt=str(number)) for number in range(200)]) is None


def test_no_report_is_no_pattern() -> None:
    assert pattern([]) is None
