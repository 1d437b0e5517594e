"""The onion service beside the portal."""

import pytest
from django.conf import LazySettings
from django.test import Client

from staydown.portal import onion
from tests.portal import conftest

ADDRESS = "http://" + "a2" * 28 + ".onion"


@pytest.fixture
def she(settings: LazySettings) -> Client:
    settings.ONION, settings.ROOT_URLCONF = ADDRESS, "staydown.portal.urls"
    made = conftest.portal(settings)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "staydown.portal.onion.told"]
    return made


@pytest.mark.django_db
def test_a_page_says_where_it_is_as_an_onion_service(she: Client):
    assert she.get("/fr/follow?country=BE")["Onion-Location"] == f"{ADDRESS}/fr/follow?country=BE"
    for answer in (
        she.get("/en/", headers={"host": ADDRESS.removeprefix("http://")}),  # she is there
        she.post("/en/follow", {"receipt": "hello"}),
        she.get("/en/report/nonsense"),
    ):
        assert "Onion-Location" not in answer


@pytest.mark.django_db
def test_without_an_onion_service_no_page_names_one(she: Client, settings: LazySettings):
    settings.ONION = ""
    assert "Onion-Location" not in she.get("/en/")


@pytest.mark.parametrize("text", [ADDRESS.replace("a2", "a1"), ADDRESS[:-7], f"{ADDRESS}/path", "report.example.org"])
def test_what_is_no_onion_address_is_refused(text: str):
    with pytest.raises(onion.BadOnion):
        onion.read(text)


def test_an_onion_address_is_read():
    assert onion.read(f" {ADDRESS}/ ") == ADDRESS
    assert onion.read("") == ""
