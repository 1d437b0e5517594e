"""The platform API is called thousands of times a second: it does without what only pages need."""

import json

import pytest
from django.test import Client
from django.utils import translation

from tests import people

pytestmark = pytest.mark.django_db
HASHES = json.dumps({"hashes": [{"pdq": "ab" * 32, "quality": 90}] * 50})


def calling() -> Client:
    return Client(headers={"Authorization": f"Bearer {people.key_of(people.plaza())}"})


def test_fifty_hashes_take_two_queries_the_key_and_the_end_of_the_bank(django_assert_num_queries):
    client = calling()
    client.post("/api/v1/hashes/check", HASHES, content_type="application/json")
    with django_assert_num_queries(2):
        answer = client.post("/api/v1/hashes/check", HASHES, content_type="application/json")
    assert len(answer.json()["answers"]) == 50


def test_the_api_sets_no_cookie_says_how_long_its_answer_is_and_that_it_is_no_page():
    answer = calling().post("/api/v1/hashes/check", HASHES, content_type="application/json")
    assert not answer.cookies
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_api_speaks_no_language_that_another_request_has_chosen():
    client = calling()
    with translation.override("fr"):
        client.post("/api/v1/hashes/check", HASHES, content_type="application/json")
        assert translation.get_language() == "en"


def test_an_address_of_the_api_that_does_not_exist_is_404_and_needs_no_key():
    assert Client().get("/api/v1/nothing").status_code == 404
    assert Client().get("/api/v2/hashes/check").status_code == 404


def test_who_is_signed_in_has_no_key_to_the_api_by_that(settings):
    client = people.console(settings, people.staff("mina"))
    assert client.get("/api/v1/orders").status_code == 401
