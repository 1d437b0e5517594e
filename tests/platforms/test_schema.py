"""schemathesis sends every operation what its schema allows and what it does not: no 500, no undocumented answer."""

import json
import re
from collections.abc import Iterator
from functools import reduce

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import people

# What JSON Schema cannot say (a moment between 1990 and 2200, no NUL in a text) answers 422, which is documented.
PROMISED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def key(db: None) -> Iterator[str]:
    """A key; as in Django's own test client, a request does not end the test's connection."""
    platform = people.plaza()
    people.posted(platform, "p1")
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield people.key_of(platform)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_the_schema_names(case: schemathesis.Case, key: str):
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=PROMISED)


def test_everything_the_description_refers_to_is_in_it(client: Client):
    description = client.get("/api/v1/openapi.json").json()
    places = re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(description))
    assert "components/schemas/HashIn" in places
    for place in places:
        reduce(lambda part, name: part[name], place.split("/"), description)


def test_programs_made_from_the_description_find_its_operations_wherever_their_code_lives(client: Client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert paths["/api/v1/uploads/check"]["post"]["operationId"] == "staydown_platforms_api_check_upload"
    assert paths["/api/v1/orders"]["get"]["operationId"] == "staydown_platforms_api_open_orders"
