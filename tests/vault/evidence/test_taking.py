"""The original of what is reported is sealed to the custodians, and a removal waits for that, but not for ever."""

import hashlib
import json
import os

import pyrage
import pytest
from django.conf import LazySettings
from django.test import Client

from staydown.cases.actions import deciding
from staydown.cases.rules import Ruling
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Item, Order
from staydown.platforms.rules import Action, ItemState
from staydown.promises.errors import Later
from staydown.promises.models import Promise
from staydown.regimes.harms import Harm
from staydown.vault import opening
from staydown.vault.evidence import actions, records, tasks
from staydown.vault.evidence.models import CaseKey, Evidence, Waiting
from staydown.vault.evidence.rules import TRIES_WHEN_REFUSED, EvidenceState, Reason
from tests import people
from tests.pictures import jpeg, photograph

from .conftest import Originals, Vault
from .light import posted

pytestmark = pytest.mark.django_db
PICTURE = jpeg(photograph("coffee"))


def reported(originals: Originals, shown: bool = True, webhook: str = "") -> Evidence:
    originals.media["post-1"] = PICTURE
    people.reported(posted(originals.platform(webhook), "post-1"), shown=shown)
    return Evidence.objects.get(kind="item")


def taken(row: Evidence) -> Evidence:
    tasks.seal(str(row.pk))
    row.refresh_from_db()
    return row


def case_identity(vault: Vault, key: CaseKey, *who: str) -> pyrage.x25519.Identity:
    sealed = bytes(key.private_half)
    for name in who:
        sealed = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(vault.private[name])])
    return pyrage.x25519.Identity.from_str(sealed.decode())


def acts() -> list[str]:
    return list(
        JournalEntry.objects.filter(act__startswith="evidence.").order_by("index").values_list("act", flat=True)
    )


def removed(row: Evidence) -> Order:
    deciding.decide(row.case, people.proposal(row.case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    return Order.objects.get(action=Action.REMOVE)


def test_a_reported_original_is_sealed_and_two_custodians_open_it(vault: Vault, originals: Originals):
    row = taken(reported(originals))
    assert row.state == EvidenceState.SEALED
    identity = case_identity(vault, CaseKey.objects.get(), "ada", "dan")
    stored = b"".join((vault.folder / row.folder / f"{number:06}").read_bytes() for number in range(row.parts))
    assert pyrage.decrypt(stored, [identity]) == PICTURE
    record = records.read(pyrage.decrypt((vault.folder / row.folder / "record").read_bytes(), [identity]))
    assert (record.size, record.sha256) == (len(PICTURE), hashlib.sha256(PICTURE).hexdigest())
    assert (record.kind, record.name, record.status, record.media_type) == ("item", "post-1", 200, "image/jpeg")
    assert record.source.endswith("/evidence/item/post-1")
    assert record.tool.startswith("staydown ")
    entry = JournalEntry.objects.get(act="evidence.sealed")
    assert entry.facts["record"] == record.digest()
    assert entry.facts["sealed_sha256"] == hashlib.sha256(stored).hexdigest()


def test_the_running_server_cannot_open_what_it_sealed(vault: Vault, originals: Originals, settings: LazySettings):
    taken(reported(originals))
    key = CaseKey.objects.get()
    for stolen in (bytes(key.private_half), vault.stored()):
        with pytest.raises(opening.CannotOpen):
            opening.read(stolen)
    known = {str(value) for value in vars(settings._wrapped).values()} | set(os.environ.values())
    assert not any(private in text for private in vault.private.values() for text in known)


def test_neither_database_nor_store_holds_the_original_or_its_digest(vault: Vault, originals: Originals):
    taken(reported(originals))
    digest = hashlib.sha256(PICTURE)
    rows = [vars(row) for kind in (Evidence, CaseKey) for row in kind.objects.all()]
    rows += [entry.facts for entry in JournalEntry.objects.all()]
    text = json.dumps(rows, default=lambda value: bytes(value).hex() if isinstance(value, (bytes, memoryview)) else "")
    assert digest.hexdigest() not in text
    assert not any(each in vault.stored() for each in (PICTURE[:64], digest.digest(), digest.hexdigest().encode()))


def test_without_custodians_it_is_written_down_and_nothing_waits(originals: Originals):
    row = reported(originals)
    assert (row.state, row.reason) == (EvidenceState.UNOBTAINABLE, Reason.NO_CUSTODIANS)
    said = JournalEntry.objects.filter(act="evidence.not_sealed").values_list("facts", flat=True)
    assert {(each["kind"], each["reason"]) for each in said} == {("item", "no-custodians"), ("page", "no-custodians")}
    removed(row)
    assert not Waiting.objects.exists()
    assert originals.asked == []


def test_once_custodians_are_named_what_was_not_sealed_is_wanted_again(originals: Originals, settings: LazySettings):
    row = reported(originals)
    from .conftest import four

    settings.CUSTODIANS = four()[0]
    actions.want(row.case, row.item, people.NOW)
    row.refresh_from_db()
    assert row.state == EvidenceState.WANTED


@pytest.mark.parametrize("role", ["support_ngo", "self_help"])
def test_a_role_that_may_receive_no_media_takes_none(
    vault: Vault, originals: Originals, settings: LazySettings, role: str
):
    settings.ROLE = role
    row = reported(originals)
    assert (row.state, row.reason) == (EvidenceState.FORBIDDEN, Reason.ROLE)
    assert originals.asked == []


def test_a_removal_waits_for_its_evidence_and_goes_when_it_is_sealed(vault: Vault, originals: Originals):
    row = reported(originals, webhook="http://127.0.0.1:9/hooks")
    order = removed(row)
    assert not Promise.objects.owed().filter(key=f"deliver:{order.pk}").exists()
    taken(row)
    assert Promise.objects.owed().filter(key=f"deliver:{order.pk}").exists()
    assert not Waiting.objects.exists()
    assert "evidence.gap" not in acts()


def test_a_removal_waits_a_minute_at_most_and_the_gap_is_written_down(vault: Vault, originals: Originals):
    row = reported(originals, webhook="http://127.0.0.1:9/hooks")
    order = removed(row)
    owed = Promise.objects.owed().get(key=f"proceed:{order.pk}")
    assert owed.run_at == people.later(seconds=60)
    tasks.proceed(str(order.pk))
    assert Promise.objects.owed().filter(key=f"deliver:{order.pk}").exists()
    gap = JournalEntry.objects.get(act="evidence.gap")
    assert gap.facts["order"] == str(order.pk)
    assert taken(row).state == EvidenceState.SEALED  # the platform keeps it: it is sealed all the same, later


def test_evidence_settled_while_the_removal_was_written_keeps_nothing_back(vault: Vault, originals: Originals):
    row = reported(originals, webhook="http://127.0.0.1:9/hooks")
    hold = Order.objects.get()
    Evidence.objects.filter(pk=row.pk).update(state=EvidenceState.UNOBTAINABLE, reason=Reason.REFUSED)
    assert actions.wait(hold, row, people.NOW) is False
    assert not Waiting.objects.exists()


def test_who_polls_does_not_see_a_removal_that_waits(vault: Vault, originals: Originals, monkeypatch):
    row = reported(originals)
    key = people.key_of(row.item.platform)
    now = people.NOW
    monkeypatch.setattr("staydown.platforms.api.orders.timezone.now", lambda: now)

    def told() -> list[str]:
        answer = Client().get("/api/v1/orders", headers={"authorization": f"Bearer {key}"})
        return [order["action"] for order in answer.json()["orders"]]

    removed(row)
    assert told() == ["order.hold"]
    now = people.later(seconds=61)  # even where no worker runs
    assert told() == ["order.hold", "order.remove"]


def test_what_is_up_is_hidden_while_its_removal_waits(vault: Vault, originals: Originals):
    row = reported(originals, shown=False)
    assert Item.objects.get().state == ItemState.UP
    remove = removed(row)
    hold = Order.objects.get(action=Action.HOLD)
    assert hold.sequence < remove.sequence
    assert hold.state == "due"
    assert Item.objects.get().state == ItemState.REMOVED


def test_a_removal_taken_back_while_it_waits_is_never_told(vault: Vault, originals: Originals):
    from staydown.platforms.actions.ordering import Why, order_item

    row = reported(originals, webhook="http://127.0.0.1:9/hooks")
    order = removed(row)
    order_item(row.item, Action.RESTORE, Why(row.case, "NCII", "test"), people.NOW)
    tasks.proceed(str(order.pk))
    order.refresh_from_db()
    assert order.state == "superseded"


def test_a_platform_that_refuses_is_asked_a_few_times(vault: Vault, originals: Originals):
    originals.status = 404
    row = reported(originals)
    for _ in range(TRIES_WHEN_REFUSED - 1):
        with pytest.raises(Later):
            taken(row)
    row = taken(row)
    assert (row.state, row.reason) == (EvidenceState.UNOBTAINABLE, Reason.REFUSED)


def test_an_answer_cut_short_counts_as_nothing_and_is_tried_again(vault: Vault, originals: Originals):
    row = reported(originals)
    originals.cut = 5000
    with pytest.raises(Later):
        taken(row)
    row.refresh_from_db()
    assert row.state == EvidenceState.WANTED
    originals.cut = None
    assert taken(row).state == EvidenceState.SEALED


def test_sealing_again_changes_nothing(vault: Vault, originals: Originals):
    row = taken(reported(originals))
    before, stored = vars(row), vault.stored()
    assert {name: value for name, value in vars(taken(row)).items() if name[0] != "_"} == {
        name: value for name, value in before.items() if name[0] != "_"
    }
    assert vault.stored() == stored
    assert acts().count("evidence.sealed") == 1


def test_each_case_has_a_key_of_its_own(vault: Vault, originals: Originals):
    taken(reported(originals))
    originals.media["post-2"] = PICTURE
    item = posted(Item.objects.get().platform, "post-2", account="bob")
    other = people.reported(item, seed="two", harm=Harm.VOYEURISM).case
    taken(Evidence.objects.get(case=other, kind="item"))
    assert CaseKey.objects.values("public").distinct().count() == 2
