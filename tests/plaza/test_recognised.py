"""Plaza before a real Staydown with the real network: what an operator's policy makes of a risky upload, and for whom.

Risky stands for a sleeve of an orange flight suit, which the network takes for what it is not (tests/recognition/samples.py).
"""

import io
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings
from flask.testing import FlaskClient
from PIL import Image

from staydown.banks import recognising
from staydown.cases.actions import answering
from staydown.platforms import keys
from staydown.platforms.models import Check, Item
from staydown.recognition import looking
from staydown.recognition.media import PICTURE_LIMITS, summed
from staydown.recognition.policy import read
from tests import people
from tests.pictures import jpeg, photograph
from tests.recognition.samples import SLEEVE, canary

from .conftest import Plaza

pytestmark = pytest.mark.django_db(transaction=True)

POLICY = """
- {platform: adults-only, steps: []}
- steps: [{from: 0.2, act: blur}, {from: 0.8, act: hold}]
"""
AROUND = (
    13  # pixels: with so much of the picture around it, the sleeve is taken for half of what it is taken for close up
)


def with_more_around_it() -> bytes:
    left, top, right, bottom = SLEEVE
    box = (left - AROUND, top - AROUND, right + AROUND, bottom + AROUND)
    return jpeg(photograph("astronaut").crop(box).resize((400, 400)))


@pytest.fixture(autouse=True)
def asked_for(settings: LazySettings, monkeypatch: pytest.MonkeyPatch, over: None) -> None:
    """The real network, without the sandbox, which has tests of its own (tests/recognition)."""
    settings.RECOGNITION = read(POLICY)
    monkeypatch.setattr(recognising.recognition, "of_media", lambda data: summed(looking.picture(data, PICTURE_LIMITS)))


def square(address: str, slug: str, folder: Path) -> Plaza:
    """A Plaza that protects itself with the Staydown at this address."""
    from app import create_app

    platform = keys.add_platform(
        slug, slug, by="test", now=people.NOW, working_public=people.settings.WORKING_PUBLIC, webhook_url="",
        webhook_secret=people.SECRET, evidence_url="",
    )  # fmt: skip
    told = {"PLAZA_URL": f"http://{slug}.example", "STAYDOWN_PORTAL": "http://127.0.0.1:1"}
    told |= {"STAYDOWN_API": f"{address}/api/v1", "STAYDOWN_KEY": people.key_of(platform)}
    told |= {"PLAZA_DATA": str(folder / slug), "STAYDOWN_WEBHOOK_SECRET": people.SECRET}
    return Plaza(create_app(told), folder / slug / "plaza.sqlite3")


def settled(plaza: Plaza, state: str) -> sqlite3.Row:
    plaza.eventually(f"SELECT 1 FROM posts WHERE state = '{state}'")
    return plaza.newest()


def young(plaza: Plaza, name: str) -> FlaskClient:
    client = plaza.app.test_client()
    assert client.post("/sign-in", data={"name": name, "under_age": "yes"}).status_code == 303
    return client


def test_a_risky_upload_is_blurred_for_who_is_under_age_held_where_the_policy_says_and_let_pass_among_adults(
    live_server, tmp_path: Path
) -> None:
    plaza = square(live_server.url, "plaza", tmp_path)
    sent = with_more_around_it()
    plaza.post(plaza.visitor("ada"), sent, "my suit")
    post = settled(plaza, "up")
    assert post["label"] == "blur" and 0.2 < Check.objects.get(pk=post["check_id"]).signals["nudity"] < 0.8
    assert Item.objects.get().labels == ["blur"]

    child, grown_up = young(plaza, "tim"), plaza.visitor("bea")
    assert "not shown to people under 18" in child.get("/").text and "reveal-" not in child.get("/").text
    assert f"reveal-{post['id']}" in grown_up.get("/").text
    assert grown_up.get(f"/pictures/{post['id']}").data == sent
    veiled = np.asarray(Image.open(io.BytesIO(child.get(f"/pictures/{post['id']}").data)).convert("L"), float)
    whole = np.asarray(Image.open(io.BytesIO(sent)).convert("L").resize((480, 480)), float)
    assert np.abs(np.diff(veiled)).mean() < np.abs(np.diff(whole)).mean() / 2, "pixels, not a style sheet"

    plaza.post(plaza.visitor("cleo"), jpeg(canary()), "closer")
    waiting = settled(plaza, "checking")
    assert plaza.visitor("bea").get(f"/posts/{waiting['id']}").status_code == 404
    check = Check.objects.get(pk=waiting["check_id"])
    assert check.reasons == ["recognised"] and check.case is not None
    answering.answer_upload(
        check, "allow", people.staff("mona"), people.later(minutes=1)
    )  # a person, never the network

    among_adults = square(live_server.url, "adults-only", tmp_path)
    among_adults.post(among_adults.visitor("dan"), jpeg(canary()), "a suit")
    passed = settled(among_adults, "up")
    assert passed["label"] is None and Check.objects.get(pk=passed["check_id"]).signals == {}
