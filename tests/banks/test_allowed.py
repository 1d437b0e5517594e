"""A file that people said is something else is not held again, and nobody widens that alone."""

import numpy as np
import pytest
from django.conf import LazySettings
from django.test import Client

from staydown import fingerprints
from staydown.banks import tasks
from staydown.banks.actions import allowing
from staydown.banks.actions.allowing import Meant, NobodyElse, NotSeen, NotYours
from staydown.banks.allowed import ALIKE, Allowed, AllowState, sets_aside
from staydown.banks.kept import Kept
from staydown.banks.models import Allowance, Entry
from staydown.banks.rules import EntryState, Hit
from staydown.cases.actions import allowing as widening
from staydown.cases.actions import banking, deciding
from staydown.cases.rules import Ruling
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.api import api
from staydown.platforms.rules import ItemState, Verdict
from staydown.regimes.harms import Tri
from tests import people
from tests.banks.test_digests import listed_elsewhere
from tests.banks.test_freshness import COPY
from tests.banks.test_verified import of_strength
from tests.pictures import jpeg, photograph

SAME_SHAPE = jpeg(photograph("coffee").convert("L").convert("RGB"), 60)  # other bytes, as good as the same picture
NEAR = Hit(EntryState.BLOCKING, False, 20, 90)
EXACT = Hit(EntryState.HOLDING, True, 0, 90)


def banked(platform, minor: Tri = Tri.NO) -> Entry:
    item = people.posted(platform, "first")
    case = people.reported(item, minor=minor).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    return Entry.objects.get()


@pytest.mark.parametrize(
    ("allowed", "hit", "child", "aside"),
    [
        (Allowed(True, False), NEAR, False, True),
        (Allowed(True, False), EXACT, False, True),
        (Allowed(True, False), EXACT, True, False),  # one person's word never opens what a child's case banked
        (Allowed(True, False), NEAR, True, False),
        (Allowed(True, True), EXACT, True, True),
        (Allowed(False, True, ALIKE), NEAR, False, True),
        (Allowed(False, True, ALIKE + 1), NEAR, False, False),
        (Allowed(False, True, 5), Hit(EntryState.HOLDING, False, 5, 90), False, False),  # as near to the entry
        (Allowed(False, True, 0), EXACT, False, False),
        (Allowed(False, True, 0), Hit(EntryState.HOLDING, False, 20, 90, forgeable=True), False, False),
        (Allowed(False, False, 0), NEAR, True, False),
    ],
)
def test_what_an_allow_entry_sets_aside(allowed: Allowed, hit: Hit, child: bool, aside: bool):
    assert sets_aside(allowed, hit, child_safety=child) is aside


def test_a_part_of_an_entry_is_held_inside_a_picture_that_looks_like_an_allowed_one():
    from staydown.fingerprints import Verdict as Likeness

    verified = Hit(EntryState.HOLDING, False, 256, 90, of_strength(Likeness.CERTAIN))
    assert not sets_aside(Allowed(False, True, 0), verified, child_safety=False)


@pytest.mark.django_db
def test_a_file_said_to_be_something_else_is_published_everywhere_on_its_platform_until_that_is_taken_back():
    platform = people.plaza()
    entry = banked(platform)
    mina = entry.banked_by
    held = people.checked(platform, COPY, "zoe")
    widening.publish_always(held, mina, people.NOW)
    made = Allowance.objects.get()
    assert (made.state, made.platform, made.alike) == (AllowState.ALLOWING, platform, False)
    assert people.checked(platform, COPY, "bob").verdict == Verdict.ALLOW
    item = people.posted(platform, "again", COPY, account="ada")
    tasks.sweep(str(entry.pk))
    item.refresh_from_db()
    assert item.state == ItemState.UP
    assert people.checked(platform, SAME_SHAPE, "bob").verdict == Verdict.HOLD  # this file, and no other
    allowing.revoke(made, mina, people.NOW)
    tasks.meet_again(str(made.pk))
    item.refresh_from_db()
    assert item.state == ItemState.HELD
    assert people.checked(platform, COPY, "bob").verdict == Verdict.HOLD
    acts = JournalEntry.objects.filter(about=f"banks.allowance:{made.pk}").order_by("index")
    assert list(acts.values_list("act", flat=True)) == [
        "allowance.proposed", "allowance.allowing", "allowance.revoked",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_looks_just_like_it_takes_two_people():
    platform = people.plaza()
    entry = banked(platform)
    mina, tomas = entry.banked_by, people.staff("tomas", "lead")
    pdq = np.frombuffer(fingerprints.of_image(COPY).pdq, np.uint8) ^ np.packbits(np.arange(256) < 20)
    listed_elsewhere(entry, Kept((pdq.tobytes(),)))  # another picture, by chance as near as 20 bits
    banking.withdraw_entry(entry, mina, people.NOW)
    widening.publish_always(people.checked(platform, COPY, "zoe"), mina, people.NOW)
    wider = widening.widen(Allowance.objects.get(), mina, people.NOW, alike=True)
    assert people.checked(platform, SAME_SHAPE, "bob").verdict == Verdict.HOLD
    with pytest.raises(NobodyElse):
        allowing.agree(wider, mina, people.NOW)
    allowing.agree(wider, tomas, people.NOW)
    seen = people.checked(platform, SAME_SHAPE, "bob")
    assert seen.verdict == Verdict.ALLOW
    assert wider.state == AllowState.ALLOWING
    with pytest.raises(NotYours):
        allowing.revoke(wider, people.staff("olga", "operator"), people.NOW)


@pytest.mark.django_db
def test_a_childs_picture_is_let_pass_by_two_cleared_people_only():
    platform = people.plaza()
    entry = banked(platform, Tri.YES)
    mina, tomas = entry.banked_by, people.staff("tomas", "lead")
    coffee = people.checked(platform, jpeg(photograph("coffee")), "zoe")
    assert coffee.verdict == Verdict.BLOCK
    made = allowing.allow(entry.case, Meant(coffee.fingerprint, platform), mina, people.NOW)
    assert made.state == AllowState.PROPOSED
    assert people.checked(platform, jpeg(photograph("coffee")), "bob").verdict == Verdict.BLOCK
    with pytest.raises(NobodyElse):
        allowing.agree(made, people.staff("new", "lead", cleared=False), people.NOW)
    allowing.agree(made, tomas, people.NOW)
    assert people.checked(platform, jpeg(photograph("coffee")), "bob").verdict == Verdict.ALLOW


@pytest.mark.django_db
def test_whoever_banks_a_picture_later_has_the_newer_word():
    platform = people.plaza()
    entry = banked(platform)
    widening.publish_always(people.checked(platform, COPY, "zoe"), entry.banked_by, people.NOW)
    item = people.posted(platform, "again", COPY, account="zoe")
    case = people.reported(item, seed="two", minor=Tri.NO).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("lou"), people.NOW)
    assert Allowance.objects.get().state == AllowState.REVOKED
    assert people.checked(platform, COPY, "bob").verdict == Verdict.BLOCK


@pytest.mark.django_db
def test_only_what_was_seen_here_can_be_allowed():
    platform = people.plaza()
    entry = banked(platform)
    row = people.checked(platform, COPY, "zoe").fingerprint
    row.exact = None  # as of a platform that sent fingerprints only
    with pytest.raises(NotSeen):
        allowing.allow(entry.case, Meant(row, platform), entry.banked_by, people.NOW)


@pytest.mark.django_db
def test_the_console_shows_allow_entries_and_takes_them_back(settings: LazySettings):
    platform = people.plaza()
    entry = banked(platform)
    held = people.checked(platform, COPY, "zoe")
    client = people.console(settings, entry.banked_by)
    assert "never hold this very file again" in client.get(f"/cases/{entry.case.pk}").content.decode()
    client.post(f"/cases/{entry.case.pk}/uploads/{held.pk}", {"word": "always"})
    made = Allowance.objects.get()
    page = client.get("/bank").content.decode()
    assert "the very file" in page
    assert "Plaza" in page
    for word, states in (("everywhere", 2), ("alike", 3)):
        client.post(f"/bank/allowed/{made.pk}", {"word": word})
        assert Allowance.objects.count() == states
    proposed = Allowance.objects.get(alike=True)
    answer = client.post(f"/bank/allowed/{proposed.pk}", {"word": "agree"}, follow=True)
    assert "somebody other than who proposed it" in answer.content.decode()
    client.post(f"/bank/allowed/{made.pk}", {"word": "revoke"})
    made.refresh_from_db()
    assert made.state == AllowState.REVOKED
    assert client.post(f"/bank/allowed/{made.pk}", {"word": "other"}).status_code == 404


@pytest.mark.django_db
def test_neither_a_platforms_key_nor_a_stranger_makes_or_widens_an_allow_entry():
    platform = people.plaza()
    entry = banked(platform)
    held = people.checked(platform, COPY, "zoe")
    widening.publish_always(held, entry.banked_by, people.NOW)
    made, again = Allowance.objects.get(), people.checked(platform, SAME_SHAPE, "zoe")
    bearer = {"Authorization": f"Bearer {people.key_of(platform)}"}
    for headers in (bearer, {}):
        for address in (f"/bank/allowed/{made.pk}", f"/cases/{entry.case.pk}/uploads/{again.pk}"):
            for word in ("always", "everywhere", "alike", "agree", "revoke"):
                assert Client().post(address, {"word": word}, headers=headers).status_code == 302  # to sign in
    assert not [path for path in api.get_openapi_schema()["paths"] if "allow" in path or "bank" in path]
    assert Allowance.objects.count() == 1
    made.refresh_from_db()
    assert made.state == AllowState.ALLOWING


@pytest.mark.django_db
def test_people_who_may_not_know_of_a_case_neither_see_nor_change_its_allow_entries(settings: LazySettings):
    platform = people.plaza()
    entry = banked(platform, Tri.YES)
    check = people.checked(platform, COPY, "zoe")
    made = allowing.allow(entry.case, Meant(check.fingerprint, platform), entry.banked_by, people.NOW)
    client = people.console(settings, people.staff("new", "lead", cleared=False))
    assert "the very file" not in client.get("/bank").content.decode()
    assert client.post(f"/bank/allowed/{made.pk}", {"word": "agree"}).status_code == 404
