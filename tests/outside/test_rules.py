"""Where a request may go: the public internet over https, and what the operator allows by name."""

from ipaddress import ip_address

import pytest

from staydown.outside import rules

NOT_PUBLIC = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused_over_https_too(address: str) -> None:
    assert rules.refusal("https", ip_address(address), ())


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_a_public_address_is_reached_over_https_only(address: str) -> None:
    assert rules.refusal("https", ip_address(address), ()) is None
    assert rules.refusal("http", ip_address(address), ())


def test_an_allow_rule_covers_one_scheme_and_one_network() -> None:
    allowed = rules.parse("http://127.0.0.0/8, https://fd00::/8")
    assert rules.refusal("http", ip_address("127.0.0.1"), allowed) is None
    assert rules.refusal("http", ip_address("::ffff:127.0.0.1"), allowed) is None
    assert rules.refusal("https", ip_address("127.0.0.1"), allowed)
    assert rules.refusal("http", ip_address("10.0.0.1"), allowed)
    assert rules.refusal("https", ip_address("fd00::1"), allowed) is None
    assert rules.refusal("http", ip_address("fd00::1"), allowed)


def test_an_empty_setting_allows_nothing_more() -> None:
    assert rules.parse("") == rules.parse(" , ") == ()


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "ftp://10.0.0.0/8", "http://", "http://example.org", "http://10.0.0.1/8"]
)
def test_a_rule_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is not an allow rule"):
        rules.parse(text)
