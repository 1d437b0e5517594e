"""schemathesis sends every operation what its schema allows and what it does not: no 500, no undocumented answer."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
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
def key(db: None) -> str:
    platform = people.plaza()
    people.posted(platform, "p1")
    return people.key_of(platform)


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_the_schema_names(case: schemathesis.Case, key: str):
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=PROMISED)
