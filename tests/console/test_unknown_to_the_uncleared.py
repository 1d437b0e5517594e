"""What an uncleared person is answered is, to the byte, what she would be answered if the child's case did not exist."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import unified_diff

import pytest
import time_machine
from django.conf import LazySettings
from django.db import transaction
from django.test import Client

from staydown.banks import catalogue, following
from staydown.banks.actions import checking, meeting
from staydown.cases import strikes
from staydown.cases.models import Case
from staydown.console import not_shown
from staydown.journal.models import Tree
from staydown.outside.http import Answer
from staydown.people.models import Staff
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.console import addresses, known
from tests.console.known import Known

pytestmark = pytest.mark.django_db
WORDS = {
    "claim": ("claim", "take", "hand"),
    "second": ("agree", "decline"),
    "answer_entry": ("confirm", "raise", "thaw", "lower", "withdraw"),
    "answer_upload": ("allow", "block", "always"),
    "answer_allowance": ("agree", "revoke", "everywhere", "alike"),
    "answer_release": ("agree", "decline"),
}
TOKEN = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[A-Za-z0-9]+')
CASES = (
    (known.childs, Harm.CSAM, Tri.NO),
    pytest.param(known.childs_of_the_same_post, Harm.NCII, Tri.UNKNOWN, marks=pytest.mark.soak),
)
ROLES = ("moderator", "lead")  # of all the others `test_no_request_tells`


@dataclass(frozen=True, slots=True)
class Said:
    """What came back, and how many acts it added to the journal."""

    status: int
    location: str
    cookies: str
    body: str
    acts: int


@contextmanager
def undone() -> Iterator[None]:
    """What happens within did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def size() -> int:
    return Tree.objects.values_list("size", flat=True).first() or 0


def said(client: Client, method: str, path: str, data: dict[str, object]) -> Said:
    client.cookies.pop("messages", None)
    before = size()
    with undone():
        answer = client.get(path, data) if method == "GET" else client.post(path, data)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        acts = size() - before
    text = TOKEN.sub(r"\1", body.decode(errors="replace"))
    cookie = answer.cookies.get("messages")
    return Said(answer.status_code, answer.get("Location", ""), cookie.value if cookie else "", text, acts)


def asked(of: Known, *, acting: bool) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Every request: (method, path, what is sent)."""
    one = {f"item-{each}": "keep" for each in of.ids["media_id"]}
    sent = {
        "ground": "law",
        "provision": "x",
        "reasons": "x",
        "answer": "x",
        "reason": "x",
        "act": "remove",
        "grade": "grey",
        **one,
    }
    for address in addresses.every(of.ids):
        if address.name.startswith(("account_", "mfa_")):
            continue
        for query in known.QUERIES.get(address.name, ({},)):
            yield "GET", address.path, dict(query)
        for word in WORDS.get(address.name, ("",)) if acting else ():
            yield "POST", address.path, {"word": word, "copy": of.ids["media_id"], **sent}


def forget_indexes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The indexes of this process knew the child's case, which is undone."""
    monkeypatch.setattr(following, "bank", following.BankIndex())
    monkeypatch.setattr(meeting, "bank", following.bank)
    monkeypatch.setattr(checking, "bank", following.bank)
    monkeypatch.setattr(catalogue, "catalogue", catalogue.CatalogueIndex())


@pytest.mark.parametrize(("make", "harm", "minor"), CASES)
def test_no_request_of_somebody_uncleared_returns_a_byte_of_a_childs_case(
    make: object, harm: Harm, minor: Tri, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, settings.STRIKES = Answer(200, {}, known.COFFEE), strikes.shipped()
    monkeypatch.setattr("staydown.outside.http.get", lambda *_, **__: picture)
    with time_machine.travel(people.later(hours=3), tick=False):
        of = known.ordinary()
        clients = {role: people.console(settings, people.staff(role, role, cleared=False)) for role in ROLES}
        with undone():
            case = make(of, harm, minor)  # type: ignore[operator]
            assert Case.objects.filter(pk=case.pk).exists()
            with_it = everything(of, clients)
            assert (
                case.reference in people.console(settings, Staff.objects.get(username="mina")).get("/").content.decode()
            )
        forget_indexes(monkeypatch)
        without = everything(of, clients)
    assert with_it.keys() == without.keys()
    told = [asked for asked in without if with_it[asked] != without[asked] and not withheld(with_it[asked], *asked)]
    assert not told, "\n".join(difference(with_it[asked], without[asked], *asked) for asked in told)


def withheld(answer: Said, *asked: str) -> bool:
    """A picture that is also a child's, refused in words that say no more: the one difference that there has to be."""
    return "/media/" in asked[2] and answer.status == 409 and str(not_shown.NotForYou.__doc__) in answer.body


def difference(one: Said, other: Said, *asked: str) -> str:
    """What of two answers differs, in few lines."""
    lines = list(unified_diff(other.body.split("\n"), one.body.split("\n"), lineterm="", n=0))[:20]
    return "\n".join([str(asked), f"{replace(one, body='')} {replace(other, body='')}", *lines])


def everything(of: Known, clients: dict[str, Client]) -> dict[tuple[str, ...], Said]:
    """What each of them is answered to each request."""
    return {
        (role, method, path, str(data.get("word", data))): said(client, method, path, data)
        for role, client in clients.items()
        for method, path, data in asked(of, acting=role == "moderator")
    }
