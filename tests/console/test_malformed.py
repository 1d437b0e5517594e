"""What somebody makes up in place of what a page would send: refused, never a fault of ours."""

import pytest
from django.conf import LazySettings

from staydown.authority_orders.actions import receiving
from staydown.authority_orders.rules import Kind, Said
from staydown.cases.models import Report
from staydown.organisations.models import Organisation
from staydown.organisations.rules import Kind as Organised
from tests import people
from tests.desk.outside import admitted, team

pytestmark = pytest.mark.django_db
MADE_UP = ("", "-" * 36, "0191e7c0-0000-7000-8000-00000000000g", "x", "é" * 36, "0191e7c0-0000-7000-8000-000000000000")


@pytest.mark.parametrize("wrong", MADE_UP)
def test_a_made_up_id_names_nothing_and_breaks_nothing(wrong: str, settings: LazySettings) -> None:
    mina, tomas = team()
    lead = people.console(settings, tomas)
    report = people.reported(people.posted(people.plaza(), "post-1"))
    Report.objects.update(reporter_ref=b"r" * 32)
    told = receiving.Order(Kind.REMOVAL, Said(reasons="x"))
    order = receiving.receive(told, receiving.Sender(staff=mina), people.NOW)
    flagger = admitted(Organised.FLAGGER, "", "A helpline")
    acts = [
        (f"/cases/{report.case_id}/reports/{report.pk}/reporter", {"word": "lift", "caution": wrong}),
        (f"/authority-orders/{order.pk}", {"act": "attribute", "said": wrong}),
        *((f"/organisations/{flagger.pk}", {"act": act, "of": wrong}) for act in ("lift", "revoke", "called", "renew")),
    ]
    assert [lead.post(path, said).status_code for path, said in acts] == [404] * len(acts)


def test_what_no_text_has_is_refused_before_anything_is_done(settings: LazySettings) -> None:
    lead = people.console(settings, people.staff("tomas", "lead"))
    assert lead.get("/", {"text": "post\x00"}).status_code == 400
    said = {"kind": "authority", "name": "The court\x00", "country": "BE", "number": "+32 2 000 00 00", "found": "x"}
    assert lead.post("/organisations", said | {"listed": "https://directory.example.org"}).status_code == 400
    assert not Organisation.objects.exists()
    assert lead.get("/", {"text": "post"}).status_code == 200
