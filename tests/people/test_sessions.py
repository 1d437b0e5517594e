"""What a copy of the tables tells of the staff's sessions, authenticator apps and sign-in limits."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from staydown.people.sessions import SessionStore

pytestmark = pytest.mark.django_db


def test_a_session_is_found_by_its_cookie_and_not_by_what_the_table_holds():
    made = SessionStore()
    made["secret"] = "of an authenticator app"
    made.save()
    assert SessionStore(made.session_key)["secret"] == "of an authenticator app"
    row = Session.objects.get()
    assert row.session_key != made.session_key
    assert SessionStore(row.session_key).load() == {}
    assert "secret" not in row.session_data


def test_a_session_that_ended_is_gone():
    made = SessionStore()
    made["secret"] = "x"
    made.save()
    assert made.exists(made.session_key)
    before = made.session_key
    made.cycle_key()
    assert not made.exists(before)
    made.flush()
    assert not Session.objects.exists()


def test_another_secret_key_means_signing_in_again(settings):
    made = SessionStore()
    made["secret"] = "x"
    content = made.encode({"secret": "x"})
    settings.SECRET_KEY = "another"
    assert made.decode(content) == {}


def test_the_secret_of_an_authenticator_app_is_sealed(noor):
    secret = generate_totp_secret()
    TOTP.activate(noor, secret)
    stored = json.dumps(Authenticator.objects.get().data)
    assert secret not in stored
    assert "age:" in stored


def test_sign_in_limits_name_no_address():
    cache.set("allauth:rl:login:ip:192.0.2.7", [1.0], 60)
    assert cache.get("allauth:rl:login:ip:192.0.2.7") == [1.0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM shared_cache")
        assert all("192.0.2.7" not in key for (key,) in cursor.fetchall())


def test_a_session_that_nobody_uses_ends_and_a_page_that_refreshes_itself_is_no_use(noor, settings):
    settings.DEMO = True
    client = Client()
    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=UTC), tick=False) as clock:
        client.force_login(noor, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get("/").status_code == 200
        for _ in range(3):
            clock.shift(20 * 60)
            assert client.get("/").status_code == 200
        clock.shift(20 * 60)
        assert client.get("/", headers={"HX-Request": "true"}).status_code == 200
        clock.shift(11 * 60)
        assert client.get("/").status_code == 302
