"""kill -9 of authorities, flaggers and staff at random moments: nothing doubled, nothing lost, one effect, one notice."""

import random
from collections import Counter

import pytest

from staydown.authority_orders.models import AuthorityOrder, UploaderNotice
from staydown.cases.models import Report
from staydown.flaggers.models import FlagLine, FlagList
from staydown.journal.models import Entry
from staydown.journal.verify import verify
from staydown.organisations.rules import Kind
from staydown.platforms.models import Item
from staydown.platforms.rules import Action
from staydown.promises.models import Promise
from tests import people
from tests.authority_orders.light import FLAGS, posts, shift
from tests.desk.outside import admitted, team
from tests.forked import worker
from tests.platforms.test_delivery import Receiver, receiver

__all__ = ["receiver"]  # a fixture
ORDERED = ["received", "added_to", "completed", "uploader_notice", "executed", "effect", "answered", "uploader_told"]
BACK = ["received", "completed", "uploader_notice", "executed", "revoked"]


def progress(number: int) -> str:
    """How far a number was when everybody was killed."""
    found = AuthorityOrder.objects.filter(number__endswith=f"-{number}").order_by("-number")
    taken_in = FlagLine.objects.filter(flag_list__number=f"L-{number}", report__isnull=False).count()
    return ", ".join([*(row.state for row in found), f"{taken_in} flags"])


def done_once(number: int) -> None:
    """Whatever was killed: each order, notice, report and act is there once."""
    ordered, back = (AuthorityOrder.objects.get(number=f"{name}-{number}") for name in ("down", "back"))
    assert acts(ordered) == ORDERED
    assert acts(back) == BACK
    assert (back.notices.count(), Item.objects.get(external_id=f"back-{number}").state) == (0, "up")
    notice = UploaderNotice.objects.get(authority_order=ordered)
    assert notice.told_at and Promise.objects.filter(key=f"notice:{notice.pk}").count() == 1
    down = Item.objects.get(external_id=f"down-{number}")
    assert list(down.orders.order_by("sequence").values_list("action", flat=True)) == [Action.HOLD, Action.REMOVE]
    for row in (ordered, back):
        assert Report.objects.filter(authority_order=row).count() == row.items.count() == 1
    assert FlagList.objects.filter(number=f"L-{number}").count() == 1
    lines = FlagLine.objects.filter(flag_list__number=f"L-{number}")
    assert lines.values("report").distinct().count() == lines.count() == FLAGS
    held = Item.objects.filter(external_id__startswith="flag-", external_id__endswith=f"-{number}", state="held")
    assert held.count() == FLAGS


def acts(row: AuthorityOrder) -> list[str]:
    named = Entry.objects.filter(about=f"authority_orders.authorityorder:{row.pk}").order_by("index")
    return [act.removeprefix("authority_order.") for act in named.values_list("act", flat=True)]


def kills(receiver: Receiver, count: int) -> Counter[str]:
    """How far a number was when somebody at work was killed, twice for each at most; the first is not disturbed, and measures."""
    platform, found = people.plaza(receiver.url), Counter[str]()
    team()
    admitted()
    admitted(Kind.FLAGGER, "", "A helpline")
    rng = random.Random(2065)
    with worker("tests.authority_orders.killed") as work:
        posts(platform, 0)
        work.begin("0")
        work.measure()
        done_once(0)
        number = 0
        while found.total() < count:
            number += 1
            posts(platform, number)
            for _ in range(2):
                work.begin(str(number))
                if work.end_at(rng.random()):
                    found[progress(number)] += 1
            shift(number)
            done_once(number)
    assert Report.objects.count() == (number + 1) * (2 + FLAGS)
    told = Counter(str(got["data"]["item_id"]) for got in receiver.got if got["type"] == "notice.uploader")
    assert set(told) == {f"down-{each}" for each in range(number + 1)}  # perhaps again, never of another
    assert verify() == []
    return found


@pytest.mark.django_db(transaction=True)
def test_kill_9_between_an_order_and_its_answer_doubles_and_loses_nothing(receiver: Receiver):
    kills(receiver, 3)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_kill_9_at_a_hundred_moments_of_orders_and_lists_doubles_and_loses_nothing(receiver: Receiver):
    found = kills(receiver, 100)
    print(found)
    assert found.total() >= 100
    assert len(found) > 3, f"the moments fell all in one place: {found}"
