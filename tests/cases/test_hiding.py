"""Which rulings a harm's queue leaves out, and that they are refused from whoever sends them all the same."""

import pytest
from django.conf import LazySettings

from staydown.cases import hiding
from staydown.cases.actions import deciding, refusals
from staydown.cases.models import Decision
from staydown.cases.rules import Ruling
from staydown.regimes.harms import Harm, Tri
from tests import people


def test_the_setting_names_harms_and_rulings() -> None:
    read = hiding.read("CSAM=label+once, NCII=end")
    assert read == {Harm.CSAM: frozenset({"label", "once"}), Harm.NCII: frozenset({"end"})}
    assert hiding.read("") == {}


@pytest.mark.parametrize(
    "text", ["CSAM", "CSAM=", "CSAM=remove", "NCII=keep", "NCII=reinstate", "ELSE=label", "NCII=label+x"]
)
def test_a_setting_that_would_hide_yes_or_no_or_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(hiding.BadHidden, match="CSAM=label"):
        hiding.read(text)


@pytest.mark.django_db
def test_a_hidden_ruling_is_not_offered_and_refused_from_whoever_sends_it(settings: LazySettings) -> None:
    settings.HIDDEN = hiding.read("NCII=label")
    mina = people.staff("mina")
    case = people.reported(people.posted(people.plaza(), "post-1"), minor=Tri.NO).case
    client = people.console(settings, mina)
    page = client.get(f"/cases/{case.pk}").content.decode()
    assert 'value="remove"' in page
    assert 'value="label"' not in page
    with pytest.raises(refusals.NotOffered):
        deciding.decide(case, people.proposal(case, Ruling.LABEL), mina, people.NOW)
    item = case.subjects.get().item_id
    typed = {"ground": "law", "provision": "x", "reasons": "x", "answer": "We looked at it.", "statement": "x"}
    assert client.post(f"/cases/{case.pk}/decide", {f"item-{item}": "label", **typed}).status_code == 422
    assert not Decision.objects.exists()
