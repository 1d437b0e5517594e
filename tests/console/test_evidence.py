"""Evidence is released in the console: by two people who are signed in, and by nobody else."""

import pytest
from django.conf import LazySettings
from django.test import Client

from staydown.journal.models import Entry as JournalEntry
from staydown.regimes.harms import Tri
from staydown.vault.evidence.models import Release
from tests import people
from tests.vault.evidence.conftest import Originals, Vault, originals, vault
from tests.vault.evidence.light import posted
from tests.vault.evidence.released import REASON, sealed

pytestmark = pytest.mark.django_db
__all__ = ["originals", "vault"]


def entered(settings: LazySettings, name: str, role: str, cleared: bool = True) -> Client:
    return people.console(settings, people.staff(name, role, cleared))


def propose(client: Client, row: object, reason: str = REASON):
    return client.post(f"/evidence/{row.case_id}/propose", {"reason": reason}, follow=True)


def answer(client: Client, word: str):
    return client.post(f"/evidence/releases/{Release.objects.get().pk}", {"word": word}, follow=True)


def test_two_people_who_are_signed_in_release_and_each_step_is_in_the_journal(
    vault: Vault, originals: Originals, settings: LazySettings
):
    row = sealed(originals)
    tomas, cleo = entered(settings, "tomas", "lead"), entered(settings, "cleo", "custodian")
    page = propose(tomas, row).content.decode()
    assert "somebody else has to agree" in page
    assert "I agree" not in page
    refused = answer(tomas, "agree")
    assert "A different person has to agree" in refused.content.decode()
    assert Release.objects.get().state == "proposed"
    page = cleo.get("/evidence").content.decode()
    assert REASON in page
    assert "I agree" in page
    page = answer(cleo, "agree").content.decode()
    assert f"staydown evidence pack {Release.objects.get().pk}" in page
    said = JournalEntry.objects.filter(act__startswith="evidence.release_").order_by("index")
    release = Release.objects.get()
    assert [(one.act, one.actor) for one in said] == [
        ("evidence.release_proposed", release.by.journal_name),
        ("evidence.release_agreed", release.second_by.journal_name),
    ]


def test_who_declines_ends_it_and_it_may_be_proposed_again(vault: Vault, originals: Originals, settings: LazySettings):
    row = sealed(originals)
    propose(entered(settings, "tomas", "lead"), row)
    mina = entered(settings, "mina", "moderator")
    assert "Propose to release it" in answer(mina, "decline").content.decode()
    assert Release.objects.get().state == "declined"
    assert "answered this proposal already" in answer(mina, "agree").content.decode()


@pytest.mark.parametrize(("role", "cleared"), [("operator", True), ("moderator", False), ("custodian", False)])
def test_who_may_not_know_of_a_childs_case_finds_none(
    vault: Vault, originals: Originals, settings: LazySettings, role: str, cleared: bool
):
    row = sealed(originals)  # nobody knows whether a child is shown
    client = entered(settings, "ola", role, cleared)
    assert row.case.reference not in client.get("/evidence").content.decode()
    refused = (
        403 if role == "operator" else 404
    )  # an operator may do this with no case at all, and learns of none by it
    assert propose(client, row).status_code == refused
    propose(entered(settings, "tomas", "lead"), row)
    assert answer(client, "agree").status_code == refused
    assert Release.objects.get().state == "proposed"


def test_who_is_not_cleared_sees_what_concerns_no_child(vault: Vault, originals: Originals, settings: LazySettings):
    item = posted(originals.platform(), "post-1")
    case = people.reported(item, minor=Tri.NO).case
    client = entered(settings, "ola", "moderator", cleared=False)
    assert case.reference in client.get("/evidence").content.decode()


def test_without_a_reason_or_before_anything_is_sealed_nothing_is_proposed(
    vault: Vault, originals: Originals, settings: LazySettings
):
    row = sealed(originals)
    tomas = entered(settings, "tomas", "lead")
    assert "Say why" in propose(tomas, row, "  ").content.decode()
    assert not Release.objects.exists()


def test_nobody_who_is_not_signed_in_sees_it(vault: Vault, originals: Originals):
    row = sealed(originals)
    for answered in (Client().get("/evidence"), Client().post(f"/evidence/{row.case_id}/propose", {"reason": REASON})):
        assert answered.status_code == 302
        assert "/evidence" not in answered.headers["Location"].split("?")[0]
    assert not Release.objects.exists()
