"""Which role may do what: the table of `people.rules`, held against every page of the console."""

import re

import pytest
from django.conf import LazySettings
from django.urls import resolve

from staydown.console import permitted
from staydown.people.rules import MAY, Act, Role
from tests import people
from tests.console import addresses, known

pytestmark = pytest.mark.django_db
TABLE = {
    Role.INTAKE: "read claim own",
    Role.MODERATOR: "read claim look decide bank read_evidence release own",
    Role.SENIOR: "read claim look decide bank read_evidence release own",
    Role.LEAD: "read claim look decide bank keep read_evidence release oversee own",
    Role.CUSTODIAN: "keep read_evidence release own",
    Role.BANKER: "read bank own",
    Role.AUDITOR: "read read_evidence oversee own",
    Role.OPERATOR: "own",
    Role.OFFICER: "",
    Role.FLAGGER: "",
}
POSTS = re.compile(r'(?:method="post"[^>]*action|hx-post)="(/[^"]*)"')
LINKS = re.compile(r'<a [^>]*href="(/[^"]*)"')
CHANGING = {Act.CLAIM, Act.DECIDE, Act.BANK, Act.KEEP, Act.RELEASE}


def test_the_table_is_the_one_that_was_agreed_on() -> None:
    assert {role: set(map(str, MAY[role])) for role in Role} == {role: set(TABLE[role].split()) for role in Role}


def test_an_auditor_changes_nothing_and_an_operator_has_no_content() -> None:
    assert not MAY[Role.AUDITOR] & CHANGING
    assert MAY[Role.OPERATOR] == {Act.OWN}
    assert all(Act.LOOK not in MAY[role] for role in Role if Act.DECIDE not in MAY[role])


@pytest.mark.parametrize("role", Role)
def test_every_page_of_the_console_opens_to_the_roles_that_have_its_act_and_to_no_other(
    role: Role, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staydown.outside.http.get", lambda *_, **__: pytest.fail("nothing is fetched here"))
    client = people.console(settings, people.staff("somebody", role.value))
    nothing = {key: ["0191e7c0-0000-7000-8000-000000000000"] for key in known.PARAMETERS}
    pages = [
        each
        for each in addresses.every(nothing | {"kind": ["item"], "pk": [1], "name": ["ages"], "form": ["pdf"]})
        if each.name in addresses.ours()
    ]
    assert len(pages) > 15
    for page in pages:
        for method in ("GET", "POST"):
            answer = client.generic(method, page.path)
            refused = permitted.needed(page.name, method) not in MAY[role]
            assert (answer.status_code == 403) is refused, f"{method} {page.path} as {role}: {answer.status_code}"


def test_no_page_offers_a_role_what_would_be_refused_to_it(settings: LazySettings) -> None:
    of = known.ordinary()
    for role in (role for role in Role if Act.READ in MAY[role]):
        client = people.console(settings, people.staff(f"a-{role.value}", role.value))
        for path in ("/", "/bank", "/yours", *(f"/cases/{each}" for each in of.ids["case_id"])):
            page = client.get(path).content.decode()
            for method, found in (("POST", POSTS), ("GET", LINKS)):
                for address in found.findall(page):
                    name = resolve(address.split("?")[0]).url_name or ""
                    offered = name not in addresses.ours() or permitted.needed(name, method) in MAY[role]
                    assert offered, f"{path} offers {role} {method} {address}"
        assert ("See what follows" in page) is (Act.DECIDE in MAY[role])
