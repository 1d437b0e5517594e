"""A button that a platform needs no program for: a form with the post's address, sent to the portal."""

import re

import pytest
from django.conf import LazySettings
from django.test import Client

from staydown.cases.models import Report
from staydown.platforms.rules import Action
from tests import people
from tests.portal.test_asking import post_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]


def test_two_presses_lead_from_a_post_to_a_report_without_a_script_or_a_signed_link(her: Client):
    item = post_of(people.plaza(), "post-1")
    page = her.post("/en/button", {"links": item.url}).content.decode()  # the first
    assert "You are reporting one post on Plaza" in page
    assert item.url in page
    assert not Report.objects.exists()
    action = re.search(r'<form method="post" action="([^"]+)"', page)[1]
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    answer = her.post(action, {"door": "me", "once": once, "links": item.url})  # the second
    assert 'id="receipt"' in answer.content.decode()
    assert item.orders.get().action == Action.HOLD


def test_the_button_of_a_site_that_nobody_knows_opens_the_form_with_its_address(her: Client):
    page = her.post("/fr/button", {"links": "https://unknown.example/7"}).content.decode()
    assert "https://unknown.example/7</textarea>" in page


def test_opening_the_form_is_not_counted(her: Client, settings: LazySettings):
    settings.REPORTS_PER_HOUR = 0
    assert her.post("/en/button", {"links": "https://unknown.example/7"}).status_code == 200


def test_the_page_behind_the_button_can_be_loaded_again_and_in_another_language(her: Client):
    assert her.get("/fr/button").status_code == 200
