"""An officer in a real browser: invited, a passkey registered, signed in with it, an order handed in; and no other way in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from staydown.authority_orders.models import AuthorityOrder
from staydown.organisations import actions
from staydown.organisations.models import Officer
from staydown.people.models import Staff
from tests import people
from tests.browsers import plug_in_a_key
from tests.desk.outside import SAID, admitted, team

PASSWORD = "seven grey horses on a boat"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser with a key in it, and nobody signed in."""
    page = browser.new_page()
    plug_in_a_key(page)
    yield page
    page.close()


@pytest.fixture
def invitation(settings: LazySettings, transactional_db: None) -> str:
    """The path of the link that a clerk of a court got; made before the browser starts."""
    settings.DEMO, settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False, True
    cache.clear()
    mina, tomas = team()
    now = datetime.now(UTC)
    row = actions.propose_officer(admitted(), "clerk", "A. Clerk", now + timedelta(days=300), by=mina, now=now)
    actions.called(row, mina, now)
    return f"/enter/{actions.admit_officer(row, tomas, now)}"


@pytest.fixture
def post(invitation: str) -> str:
    return people.posted(people.plaza(), "post-1").url


def title(page: Page, said: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(said)


def test_an_officer_is_invited_registers_a_passkey_signs_in_with_it_and_hands_in_an_order(
    invitation: str, post: str, live_server, page: Page
):
    here = f"http://localhost:{live_server.thread.port}"
    page.goto(here + invitation)
    page.get_by_role("button", name="Come in").click()
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Keep this password").click()
    page.get_by_role("link", name="A passkey or security key").wait_for()
    page.goto(f"{here}/desk/")
    page.get_by_role("link", name="A passkey or security key").click()  # without one there is nothing else
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name="I have kept them").click()
    page.wait_for_load_state()
    page.goto(f"{here}/desk/")
    title(page, "A passkey first")  # the invitation was enough to add it, and is not enough to order
    page.context.clear_cookies()
    page.goto(f"{here}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    title(page, "Your orders")
    page.get_by_role("link", name="New order").last.click()
    for name, said in SAID.items():
        if name != "language":
            page.locator(f"[name={name}]").fill(said)
    page.locator("[name=places]").fill(post)
    page.locator("[name=harm]").select_option("NCII")
    page.locator("[name=minor]").select_option("no")
    page.get_by_role("button", name="Send the order").click()
    expect(page.locator("main")).to_contain_text("not to be seen any more")
    title(page, "Order")


@pytest.mark.django_db
def test_a_password_with_a_code_is_no_passkey_and_adds_none(settings: LazySettings, invitation: str):
    """Whoever is talked out of a password and a code loses nothing by it."""
    clerk = Officer.objects.get().staff
    cases = [("totp", ""), ("recovery_codes", ""), ("webauthn", "Your orders")]
    for kind, shown in cases:
        client = signed_in(clerk, kind)
        page = client.get("/desk/")
        assert (page.status_code == 200, shown in page.content.decode()) == (bool(shown), True)
        assert client.post("/desk/orders/new", {"kind": "removal"}).status_code == (302 if shown else 403)
        if not shown:
            assert client.get("/account/2fa/webauthn/add/")["Location"] == "/enter"
        assert client.get("/account/2fa/totp/activate/")["Location"] == "/enter"
    assert AuthorityOrder.objects.count() == 1


def signed_in(clerk: Staff, kind: str) -> Client:
    """A session that was proven with a password and this kind of second factor, of somebody who has a passkey."""
    Authenticator.objects.get_or_create(user_id=clerk.pk, type=Authenticator.Type.WEBAUTHN, data={})
    client = Client()
    client.force_login(clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    at = datetime.now(UTC).timestamp()
    session["account_authentication_methods_user"] = str(clerk.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": at},
        {"method": "mfa", "at": at, "type": kind, "id": 1},
    ]
    session.save()
    return client
