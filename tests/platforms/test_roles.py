"""What a deployment's role may not have does not come in, by any door (R05, R54 of docs/law/rows.md)."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from staydown.platforms import evidence
from staydown.platforms.models import Check
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["support_ngo", "self_help"])
def association(request, settings) -> Client:
    settings.ROLE = request.param
    return Client(headers={"Authorization": f"Bearer {people.key_of(people.plaza())}"})


def test_media_is_refused_before_it_is_read_and_the_answer_says_what_to_send(association: Client):
    media = SimpleUploadedFile("a.jpg", jpeg(photograph("rocket")))
    answer = association.post("/api/v1/uploads/check", {"media": media})
    assert answer.status_code == 403
    assert "Send fingerprints" in answer.json()["detail"]
    assert not Check.objects.exists()


def test_fingerprints_are_welcome(association: Client):
    said = {"fingerprints": [{"kind": "pdq", "value": "a5" * 32, "quality": 90}]}
    answer = association.post("/api/v1/uploads/check", json.dumps(said), content_type="application/json")
    assert answer.status_code == 200, answer.content


def test_nothing_is_fetched_from_a_platform(association: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(evidence.http, "get", lambda *_args, **_also: pytest.fail("fetched"))
    with pytest.raises(evidence.Unobtainable, match="The image stays where it is"):
        evidence.fetch(people.Platform.objects.get(), "item", "post-1", people.NOW)
