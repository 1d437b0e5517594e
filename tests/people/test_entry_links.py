from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from staydown.journal.models import Entry
from staydown.people import actions
from staydown.people.errors import LinkSpent, NameTaken
from staydown.people.models import EntryLink
from staydown.people.rules import Role

pytestmark = pytest.mark.django_db


def test_a_link_used_twice_fails(noor, now):
    token = actions.invite(noor, now)
    assert actions.enter(token, now) == noor
    with pytest.raises(LinkSpent):
        actions.enter(token, now)


def test_an_expired_link_fails(noor, now):
    token = actions.invite(noor, now, timedelta(hours=1))
    with pytest.raises(LinkSpent):
        actions.enter(token, now + timedelta(hours=1))


def test_a_link_of_somebody_who_left_fails(noor, now):
    token = actions.invite(noor, now)
    actions.leave(noor, now)
    with pytest.raises(LinkSpent):
        actions.enter(token, now)


def test_the_database_does_not_hold_the_token(noor, now):
    token = actions.invite(noor, now)
    assert token.encode() not in bytes(EntryLink.objects.get().digest)
    assert token not in str(list(Entry.objects.values_list("facts", "about", "actor")))


def test_looking_at_a_link_does_not_use_it_up(client, noor, now):
    token = actions.invite(noor, now)
    for _ in range(3):
        assert client.get(f"/enter/{token}").status_code == 200
    assert EntryLink.objects.get().used_at is None
    assert client.post(f"/enter/{token}").status_code == 302


def test_a_used_link_says_so(client, noor, now):
    token = actions.invite(noor, now)
    client.post(f"/enter/{token}")
    answer = client.post(f"/enter/{token}")
    assert answer.status_code == 410
    assert "does not open any more" in answer.content.decode()
    assert client.get("/enter/never-was-one").status_code == 410


def test_in_the_demo_a_link_signs_in_without_a_second_factor(client, noor, now, settings):
    settings.DEMO = True
    answer = client.post(f"/enter/{actions.invite(noor, now)}", follow=True)
    assert answer.content == b"the console"


def test_a_link_ends_whoever_was_signed_in_before(client, noor, now, settings):
    settings.DEMO = True
    other = actions.create("sam", Role.LEAD, cleared=True, now=now)
    client.post(f"/enter/{actions.invite(noor, now)}")
    client.post(f"/enter/{actions.invite(other, now)}")
    assert client.session["_auth_user_id"] == str(other.pk)


def test_a_name_is_given_once_and_is_a_name(noor, now):
    with pytest.raises(NameTaken):
        actions.create("noor", Role.LEAD, cleared=False, now=now)
    with pytest.raises(ValidationError):
        actions.create("not a name", Role.LEAD, cleared=False, now=now)


def test_every_act_is_in_the_journal(noor, now):
    actions.enter(actions.invite(noor, now), now)
    assert list(Entry.objects.order_by("index").values_list("act", flat=True)) == [
        "staff.created",
        "staff.invited",
        "staff.entered",
    ]
