"""An index that follows the bank comes to the same, however many changes it takes in at once."""

import numpy as np
import pytest

from staydown.banks import changes
from staydown.banks.actions import checking, keeping, meeting
from staydown.banks.actions.asking import Asked
from staydown.banks.following import BankIndex
from staydown.banks.kept import Kept
from staydown.banks.models import Entry
from staydown.banks.seeing import MANY, Forms, Found, Seen
from staydown.platforms.actions.registering import Registration
from tests import people
from tests.banks.test_freshness import COPY, banked
from tests.banks.test_verified import seen

HASHES = [row.tobytes() for row in np.random.default_rng(3).integers(0, 256, (4, 32), dtype=np.uint8)]


def hash_banked(platform, like: Entry, number: int) -> Entry:
    """An entry of the same case and person that is known by its hash alone."""
    asked = Asked(Kept((HASHES[number],)), 100, bytes([number]) * 32, "ana")
    check = checking.answer_check(platform, asked, people.NOW)
    said = Registration(f"h{number}", f"http://plaza.example/h{number}", "ana", people.NOW, "everyone", check.pk)
    item, _ = meeting.admit(platform, said, people.NOW)
    entry = keeping.keep_down(like.case, item, like.banked_by, people.NOW)
    assert entry
    return entry


def answers(index: BankIndex) -> list[list[Found]]:
    asked = [seen(COPY), *(Seen(Kept((form,)), 100, None) for form in HASHES)]
    return [index.find(each) for each in asked]


@pytest.mark.django_db
@pytest.mark.parametrize("step", [1, 2, 5000])
def test_an_index_finds_the_same_whether_it_followed_each_change_or_took_them_in_together(
    monkeypatch: pytest.MonkeyPatch, step: int
):
    monkeypatch.setattr(changes, "STEP", step)
    platform, warm = people.plaza(), BankIndex()
    picture = banked(platform)
    assert warm.find(seen(COPY))[0].entry_id == picture.pk
    entries = [hash_banked(platform, picture, number) for number in range(3)]
    answers(warm)
    ann = people.staff("ann", "lead")
    keeping.freeze(picture, "stay-down", people.NOW)
    keeping.withdraw(entries[0], ann, people.NOW)
    keeping.freeze(entries[1], "stay-down", people.NOW)
    answers(warm)
    keeping.thaw(entries[1], ann, people.NOW)
    keeping.thaw(picture, ann, people.NOW)
    assert answers(BankIndex()) == answers(warm)
    copy, withdrawn, thawed, kept, unknown = answers(warm)
    assert [found[0].entry_id for found in (copy, thawed, kept)] == [picture.pk, entries[1].pk, entries[2].pk]
    assert withdrawn == unknown == []
    assert copy[0].hit.evidence is not None
    forms = np.frombuffer(b"".join(HASHES), np.uint8).reshape(-1, 32)
    assert warm.resembled(forms) == BankIndex().resembled(forms) == [1, 2]


def test_few_forms_are_looked_up_and_many_are_joined_with_the_same_answer():
    forms = Forms()
    forms.change({5: tuple(HASHES[:2]), 7: (HASHES[2],)}, ())
    many = np.random.default_rng(4).integers(0, 256, (MANY, 32), dtype=np.uint8)
    for place, form in ((3, HASHES[0]), (900, HASHES[2])):
        many[place] = np.frombuffer(form, np.uint8)
    assert forms.joined(many) == forms.joined(many[:1000]) == {3, 900}
    forms.change({}, [7, 8])
    assert forms.joined(many) == {3}
    assert forms.near(HASHES) == {5: 0}
