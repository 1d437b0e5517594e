"""The page that shows the receipt: it is left by whoever kept it, and says where a slip is."""

import re

import pytest
import segno
from django.test import Client

from staydown.portal import keeping
from staydown.vault import spoken
from staydown.vault.receipts import Receipt
from tests import people
from tests.portal.test_asking import ONCE, sent

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]


def kept(her: Client, code: str, **said: str) -> tuple[int, str]:
    answer = her.post("/en/kept", {"receipt": code, **said})
    return answer.status_code, answer.content.decode()


def test_the_page_is_left_when_the_words_were_typed_again_or_somebody_says_that_they_are_saved(her: Client):
    code = sent(her, "me", links="https://elsewhere.example/a")
    status, page = kept(her, code)
    assert (status, 'id="receipt"' in page) == (422, True)
    assert "Please keep the words first" in page
    words = code.split()
    slip = " ".join([*words[:2], "qqqq", *words[3:]])
    for typed, told in ((slip, "Word 3 is none of ours"), (people.receipt().code, "These are other words")):
        status, page = kept(her, code, again=typed)
        assert (status, told in page, typed in page) == (422, True, True)
        assert all(f"<li>{word}</li>" in page for word in words), "and they are there to be looked at"
    for said in ({"saved": "on"}, {"again": ", ".join(words).title()}):
        status, page = kept(her, code, **said)
        assert (status, "What else you can do" in page, 'id="receipt"' in page) == (200, True, False)
    assert "Everything here is your choice" in kept(her, code, saved="on", next="more")[1]


def test_the_words_are_of_the_language_of_the_page_and_open_the_report_in_every_other(her: Client):
    page = her.post(
        "/fr/form/me", {"door": "me", "once": ONCE, "links": "https://elsewhere.example/a"}
    ).content.decode()
    words = re.findall(r"<li>([a-z]+)</li>", page.partition('id="receipt"')[2])
    assert set(words) <= set(spoken.words("fr"))
    typed = "\n".join(word[:4].upper() for word in words)
    for language in ("en", "de"):
        assert her.post(f"/{language}/follow", {"receipt": typed}).status_code == 200
    answer = her.post("/fr/follow", {"receipt": " ".join(words[:5])}).content.decode()
    assert "il y en a ici 5" in answer


def test_a_receipt_given_before_there_were_words_still_opens_its_report(her: Client, settings, monkeypatch):
    old = "K7QM-3XTP-9WHD-R4VA"
    before = Receipt.typed(old, settings.RECEIPT_SALT)
    monkeypatch.setattr(Receipt, "drawn", classmethod(lambda *_: before))
    sent(her, "me", links="https://elsewhere.example/a")
    monkeypatch.undo()
    answer = her.post("/en/follow", {"receipt": "k7qm 3xtp 9whd r4va"})
    assert (answer.status_code, "What else you can do" in answer.content.decode()) == (200, True)


def test_the_square_holds_the_words_and_no_address(monkeypatch: pytest.MonkeyPatch):
    real, held = segno.make, list[str]()

    def noted(content: str, **options: object) -> segno.QRCode:
        held.append(content)
        return real(content, **options)

    monkeypatch.setattr(segno, "make", noted)
    receipt = people.receipt()
    made = keeping.square(receipt)
    assert spoken.read(held[0]) == receipt.code
    assert set(held[0].lower().split()) == set(receipt.words)
    assert made.startswith("<svg")
    assert "href" not in made
    assert len(made) < 8000
