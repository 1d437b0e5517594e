"""What we send is signed so that any Standard Webhooks library can check it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from staydown.outside import signing

BODY = '{"type": "order.hold", "note": "é"}'.encode()


def test_a_platform_verifies_our_signature_with_the_shared_secret() -> None:
    secret = signing.new_secret()
    headers = signing.headers_for("msg_1", BODY, secret, datetime.now(UTC))
    assert Webhook(secret).verify(BODY, headers)["type"] == "order.hold"


def test_a_changed_body_or_another_secret_is_refused() -> None:
    secret = signing.new_secret()
    headers = signing.headers_for("msg_1", BODY, secret, datetime.now(UTC))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.new_secret()).verify(BODY, headers)


def test_the_time_zone_of_the_clock_does_not_change_the_signature() -> None:
    secret, now = signing.new_secret(), datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    elsewhere = now.astimezone(timezone(timedelta(hours=9)))
    assert signing.headers_for("m", BODY, secret, now) == signing.headers_for("m", BODY, secret, elsewhere)


def test_secrets_are_never_the_same() -> None:
    assert signing.new_secret().startswith("whsec_")
    assert signing.new_secret() != signing.new_secret()
