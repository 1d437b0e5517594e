import re
from collections.abc import Iterator

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core.cache import cache
from tests import people

from staydown.people import actions, factors

PASSWORD = "seven grey horses on a boat"
SET_UP = "/account/2fa/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted_before():
    cache.clear()


@pytest.fixture(autouse=True)
def the_clock_stands() -> Iterator[None]:
    """The code of an app is another one every half minute, and one that is read just before is sent too late."""
    with time_machine.travel(people.NOW, tick=False):
        yield


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, list(counters())[-1]))


def sign_in(client):
    return client.post("/account/login/", {"login": "noor", "password": PASSWORD})


def test_without_a_second_factor_one_is_sent_to_its_set_up(client, noor):
    client.force_login(noor, backend="allauth.account.auth_backends.AuthenticationBackend")
    for page in ("/", "/cases/1", "/nowhere"):
        answer = client.get(page)
        assert (answer.status_code, answer["Location"]) == (302, SET_UP)
    assert client.get(SET_UP).status_code == 200
    assert client.get("/api/v1/anything").status_code == 404  # the platform API knows keys, and no session


def test_a_password_alone_never_reaches_the_console(client, noor, with_password):
    with_password(noor)
    answer = sign_in(client)
    assert answer.status_code == 302
    assert client.get("/")["Location"] == SET_UP
    assert client.get("/account/2fa/totp/activate/")["Location"] == "/enter"
    assert client.get("/account/2fa/webauthn/add/")["Location"] == "/enter"
    assert client.get("/enter").status_code == 403
    TOTP.activate(noor, generate_totp_secret())  # the owner sets theirs up while the thief waits
    assert client.get("/")["Location"] == "/enter"


def test_the_link_the_password_the_app_then_the_console(client, noor, now):
    answer = client.post(f"/enter/{actions.invite(noor, now)}")
    assert answer["Location"] == "/account/password/set/"
    answer = client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert answer["Location"] == SET_UP
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    answer = client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    assert answer["Location"] == "/account/2fa/recovery-codes/"
    assert len(re.findall(r"<li>\d{8}</li>", client.get(answer["Location"]).content.decode())) == 10
    assert client.get("/").content == b"the console"


def test_signing_in_with_the_app(client, noor, with_password):
    secret = generate_totp_secret()
    TOTP.activate(with_password(noor), secret)
    assert sign_in(client)["Location"] == "/account/2fa/authenticate/"
    assert client.get("/").status_code == 302  # the password alone has signed nobody in
    assert client.get("/account/2fa/authenticate/").status_code == 200
    wrong = client.post("/account/2fa/authenticate/", {"code": f"{(int(code(secret)) + 1) % 10**6:06}"})
    assert "Incorrect code" in wrong.content.decode()
    answer = client.post("/account/2fa/authenticate/", {"code": code(secret)})
    assert answer["Location"] == "/"
    assert client.get("/").content == b"the console"


def test_a_link_does_not_get_around_an_existing_second_factor(client, noor, now, with_password):
    secret = generate_totp_secret()
    TOTP.activate(with_password(noor), secret)
    answer = client.post(f"/enter/{actions.invite(noor, now)}")
    assert answer["Location"] == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    answer = client.post("/account/2fa/authenticate/", {"code": code(secret)})
    assert answer["Location"] == "/account/password/set/"


def test_recovery_codes_alone_are_no_second_factor(client, noor):
    Authenticator.objects.create(user=noor, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not factors.has_second_factor(noor)


def test_whoever_lost_everything_starts_again_with_a_link(client, noor, now, with_password):
    TOTP.activate(with_password(noor), generate_totp_secret())
    factors.forget(noor, now)
    assert sign_in(client).status_code == 200  # the password is set aside: the form comes back
    answer = client.post(f"/enter/{actions.invite(noor, now)}")
    assert answer["Location"] == "/account/password/set/"


def test_sign_up_and_password_resets_do_not_exist(client, rf):
    from staydown.people.adapters import StaffAccounts

    assert not StaffAccounts().is_open_for_signup(rf.get("/"))
    for page in ("signup", "password/reset", "email", "login/code"):
        assert client.get(f"/account/{page}/").status_code == 404


@pytest.mark.parametrize(
    "page",
    ["totp/activate", "totp/deactivate", "webauthn", "webauthn/add", "recovery-codes/generate", "recovery-codes"],
)
def test_every_page_of_the_set_up_opens_and_holds_no_inline_script_or_style(client, noor, now, page):
    client.post(f"/enter/{actions.invite(noor, now)}")
    if page != "totp/activate":
        client.get("/account/2fa/totp/activate/")
        secret = client.session["mfa.totp.secret"]
        client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
        client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    answer = client.get(f"/account/2fa/{page}/")
    assert answer.status_code == 200
    inert(answer.content.decode())


def test_the_other_pages_open_and_hold_no_inline_script_or_style(client, noor, now):
    for page in ("/account/login/", "/account/inactive/", f"/enter/{actions.invite(noor, now)}"):
        inert(client.get(page).content.decode())
    client.post(f"/enter/{actions.invite(noor, now)}")
    for page in ("/account/password/set/", "/account/logout/", SET_UP):
        inert(client.get(page).content.decode())


def inert(page: str) -> None:
    assert page.count("<h1>") == 1
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"\son\w+=", page)
    for script in re.findall(r"<script[^>]*>", page):
        assert " src=" in script or 'type="application/json"' in script
