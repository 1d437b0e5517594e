import io
import json
import logging

import pytest
import structlog

from staydown.site import logs


@pytest.fixture
def said():
    """Log through the product's own processors, whatever the tests' level is; answer the lines."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    logs.configure("debug", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before[0]
    root.setLevel(before[1])


def test_a_field_that_is_not_on_the_list_is_dropped_by_name(said):
    structlog.get_logger("test").warning("order refused", order="o1", words="what she wrote")
    (line,) = said()
    assert line["order"] == "o1"
    assert line["redacted"] == ["words"]
    assert "she wrote" not in json.dumps(line)


@pytest.mark.parametrize(
    "secret",
    [
        "sd_live_abcDEF123-_x",
        "AGE-SECRET-KEY-1QQPQYQSZQGPQYQ",
        "whsec_c3RheWRvd24=",
        "K7QM-3XTP-9WHD-R4VA",
        "acorn bucket canyon dolphin elbow fabric garden",
        "/en/follow/Acorn%20bucket%20canyon%20dolphin%20elbow%20fabric%20garden",
        "acorn-bucket-canyon-dolphin-elbow-fabric-garden",
        "192.0.2.77",
        "someone@example.org",
    ],
)
def test_secrets_receipts_and_people_never_reach_a_log_line(said, secret: str):
    structlog.get_logger("test").error(f"it was {secret} here", error=f"about {secret}")
    logging.getLogger("django.request").warning("Not Found: %s", secret)
    text = json.dumps(said())
    assert secret not in text
    assert text.count("[redacted]") == 3


def test_one_time_links_are_not_logged(said):
    logging.getLogger("django.request").warning("Gone: %s", "/enter/abcdef")
    logging.getLogger("django.request").warning("Not Found: %s", "/en/report/tokentoken")
    assert [line["event"] for line in said()] == ["Gone: /enter/[redacted]", "Not Found: /en/report/[redacted]"]
