"""What it costs to guess a code: how dear one guess is, how few are answered, and how many codes there are."""

import time
from typing import Any

import argon2.low_level
import pytest
from django.conf import LazySettings
from django.test import Client

from staydown.site.options import BY_NAME
from staydown.vault.receipts import Receipt
from staydown.vault.spoken import DRAWN, WORDS
from tests.portal.test_asking import sent

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]
SECONDS_A_YEAR = 365 * 86_400


def test_a_guesser_is_stopped_after_some_codes_and_nobody_else_is(her: Client, settings: LazySettings):
    settings.REPORTS_PER_HOUR = 4
    code = sent(her, "me", links="https://elsewhere.example/a")  # one of the four
    for guess in range(3):
        assert her.post("/en/follow", {"receipt": f"0000-0000-0000-000{guess}"}).status_code == 422
    refused = her.post("/en/follow", {"receipt": code})
    assert refused.status_code == 429
    assert "in danger, call now" in refused.content.decode()
    assert her.post("/en/follow", {"receipt": code}, REMOTE_ADDR="192.0.2.8").status_code == 200


def test_a_code_is_guessed_in_no_lifetime(monkeypatch: pytest.MonkeyPatch):
    real, asked = argon2.low_level.hash_secret_raw, dict[str, Any]()

    def noted(*words: Any, **options: Any) -> bytes:
        asked.update(options)
        return real(*words, **options)

    monkeypatch.setattr(argon2.low_level, "hash_secret_raw", noted)
    begun = time.process_time()
    assert Receipt.new(b"s" * 32, "en").lookup
    each = time.process_time() - begun
    codes, reports = WORDS**DRAWN, 1_000_000  # the seventh word says nothing new
    an_hour = int(BY_NAME["REPORTS_PER_HOUR"].default or 0)
    online = codes / reports / (an_hour * 10_000 * 24 * 365)
    offline = codes / reports * each / 10_000 / SECONDS_A_YEAR
    print(
        f"one guess: {each * 1000:.0f} ms of a processor and {asked['memory_cost'] // 1024} MiB; until one of a million"
    )
    print(
        f"reports opens: {online:.0e} years from 10,000 addresses, {offline:.1f} years on 10,000 processors with the salt"
    )
    print(f"until one that is meant opens: {offline * reports:.0e} years on 10,000 processors with the salt")
    assert asked["memory_cost"] >= 64 * 1024  # KiB: few guesses fit a graphics card
    assert codes > 2**60
    assert online > 100
    assert offline > 0.1
    assert offline * reports > 10_000
