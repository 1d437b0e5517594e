"""A senior keeps a case beyond its time from its page, and a lead lifts that; nobody else sees how."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from staydown.cases.models import Case
from staydown.vault.retention import holding
from staydown.vault.retention.models import Hold
from tests import people

pytestmark = pytest.mark.django_db
WHY = "Claim 9/26 before the court of Lyon"


@pytest.fixture
def case() -> Case:
    return people.reported(people.posted(people.plaza(), "one")).case


def page(client: Client, case: Case) -> str:
    return client.get(f"/cases/{case.pk}").content.decode()


def test_a_lead_sets_a_hold_and_lifts_it_with_a_reason(case: Case, settings: LazySettings):
    lead = people.console(settings, people.staff("lena", "lead"))
    lead.post(f"/cases/{case.pk}/hold", {"reason": " "})
    assert not Hold.objects.exists()
    assert "Say why" in page(lead, case)
    lead.post(f"/cases/{case.pk}/hold", {"reason": WHY})
    row = Hold.objects.get()
    assert holding.running([case], timezone.now()).get() == row
    shown = page(lead, case)
    assert WHY in shown and "Lift the hold" in shown and "to be kept: a hold was set" in shown
    lead.post(f"/cases/{case.pk}/holds/{row.pk}", {"reason": "settled"})
    assert not holding.running([case], timezone.now()).exists()
    assert WHY not in page(lead, case)


def test_a_moderator_sees_a_hold_and_cannot_set_or_lift_one(case: Case, settings: LazySettings):
    holding.hold(case, holding.HoldKind.LEGAL, WHY, people.staff("lena", "lead"), people.NOW)
    moderator = people.console(settings, people.staff("mina"))
    shown = page(moderator, case)
    assert WHY in shown and "Lift the hold" not in shown and "Set a legal hold" not in shown
    moderator.post(f"/cases/{case.pk}/holds/{Hold.objects.get().pk}", {"reason": "x"})
    moderator.post(f"/cases/{case.pk}/hold", {"reason": "x"})
    assert Hold.objects.filter(lifted_at=None).count() == 1
