"""Whatever somebody uncleared asks for, the answer is to the byte what it would be if the child's case did not exist.

The requests are generated: every page of the console, its parameters, searches, filters, exports and what is sent, drawn from
what is true of the child's case and of others, and from nonsense.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from staydown import console
from staydown.cases import strikes
from staydown.cases.models import Case
from staydown.outside.http import Answer
from staydown.regimes.harms import CHILD_HARMS, Harm, Tri
from tests import people
from tests.console import addresses, known
from tests.console import test_unknown_to_the_uncleared as worlds
from tests.console.known import Known

pytestmark = pytest.mark.django_db
ROLES = ("intake", "moderator", "senior", "lead", "custodian", "banker", "auditor", "operator")
PAGES = sorted({each for each in addresses.patterns() if not each[0].startswith(("account_", "mfa_"))})
CHILDS = "{reference}"  # in a drawn text: what people call the child's case
TEXTS = st.one_of(
    st.sampled_from([CHILDS, "{id}", known.WORDS, "post-8", "post-9", "post-2", "bob", "ana", "carl", "mina", "plaza", "fr"]),
    st.sampled_from([word for words in worlds.WORDS.values() for word in words]),
    st.sampled_from(["law", "keep", "remove", "release", "grey", "blurred", "reported", "change", "0", "1", "2", "-1"]),
    st.sampled_from([harm.value for harm in Harm]),
    st.text(max_size=8),
)  # fmt: skip
FIELDS = ("text", "harm", "language", "platform", "page", "name", "word", "reason", "reasons", "said", "act", "grade", "seen",
          "reference", "report", "words", "caution", "done", "gravity", "intent", "answer", "provision", "ground",
          "statement", "ruling", "of", "until", "kind", "issuer", "harms", "username")  # fmt: skip
CONSOLE = Path(console.__file__).parent
READ = re.compile(r'(?:GET|POST|said)(?:\.get(?:list)?\(|\[)"(\w+)"')  # as the console's pages read what is sent


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `places` choose among the ids that there are, the child's among them."""

    role: str
    method: str
    page: tuple[str, str]
    places: tuple[int, ...]
    fields: dict[str, str]
    ruled: bool  # send a ruling for every post, and choose every copy


ASKED = st.builds(
    Asked,
    st.sampled_from(ROLES),
    st.sampled_from(("GET", "GET", "POST")),
    st.sampled_from(PAGES),
    st.tuples(st.integers(0, 7), st.integers(0, 7)),
    st.dictionaries(st.sampled_from(FIELDS), TEXTS, max_size=5),
    st.booleans(),
)
MADE = st.one_of(
    st.tuples(st.just(known.childs), st.sampled_from(sorted(CHILD_HARMS)), st.sampled_from(Tri)),
    st.tuples(st.just(known.childs), st.sampled_from(Harm), st.sampled_from((Tri.YES, Tri.UNKNOWN))),
    st.tuples(st.just(known.childs_of_the_same_post), st.sampled_from(Harm), st.sampled_from((Tri.YES, Tri.UNKNOWN))),
)  # fmt: skip


def test_every_name_that_the_console_reads_is_among_what_is_sent() -> None:
    read = {name for file in CONSOLE.glob("*.py") for name in READ.findall(file.read_text(encoding="utf-8"))}
    assert len(read) > 20
    assert read <= set(FIELDS), "a request of another kind: say it in FIELDS"


def path(asked: Asked, of: Known) -> str:
    """The address of a request, with ids of what there is."""
    parts = asked.page[1].split("<")
    said = parts[0]
    for place, part in zip(asked.places, parts[1:], strict=False):
        name, rest = part.split(">", 1)
        values = [*of.ids[name.split(":")[-1]], *([known.NOTHING] if name.startswith("uuid:") else [])]
        said += f"{values[place % len(values)]}{rest}"
    return f"/{said}"


def sent(asked: Asked, of: Known, case: Case) -> dict[str, object]:
    """What a request carries, with the child's case named where it was drawn so."""
    named = {CHILDS: case.reference, "{id}": str(case.pk)}
    said: dict[str, object] = {name: named.get(text, text) for name, text in asked.fields.items()}
    if asked.ruled:
        said |= {"copy": of.ids["media_id"], **{f"item-{each}": "keep" for each in of.ids["media_id"]}}
    return said


@pytest.mark.parametrize("examples", [5, pytest.param(500, marks=pytest.mark.soak)])
def test_no_request_that_an_uncleared_role_can_make_tells_of_a_childs_case(
    examples: int, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, settings.STRIKES = Answer(200, {}, known.COFFEE), strikes.shipped()
    monkeypatch.setattr("staydown.outside.http.get", lambda *_, **__: picture)
    with time_machine.travel(people.later(hours=3), tick=False):
        before = known.ordinary()
        clients = {role: people.console(settings, people.staff(role, role, cleared=False)) for role in ROLES}

        @hypothesis.settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=examples < 100,  # in CI always the same ones: what they find is not left to luck
            suppress_health_check=list(HealthCheck),
        )
        @given(MADE, st.lists(ASKED, min_size=25, max_size=40))
        def tells_nothing(made: tuple[Callable[..., Case], Harm, Tri], requests: list[Asked]) -> None:
            of = Known(before.platform, before.mina, before.tomas, {name: [*ids] for name, ids in before.ids.items()})
            with worlds.undone():
                case = made[0](of, made[1], made[2])
                carried = [(each.role, each.method, path(each, of), sent(each, of, case)) for each in requests]
                with_it = [answered(clients, *each) for each in carried]
            worlds.forget_indexes(monkeypatch)
            without = [answered(clients, *each) for each in carried]
            worlds.forget_indexes(monkeypatch)
            told = [
                worlds.difference(one, other, *map(str, each))
                for each, one, other in zip(carried, with_it, without, strict=True)
                if one != other and not worlds.withheld(one, *each[:3])
            ]
            assert not told, "\n".join(told)

        tells_nothing()


def answered(clients: dict[str, Client], role: str, method: str, at: str, data: dict[str, object]) -> worlds.Said:
    return worlds.said(clients[role], method, at, data)
