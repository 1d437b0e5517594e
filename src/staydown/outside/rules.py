"""Where a request may go (decision 15): the public internet over https, and what the operator allows by name."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Literal

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network
type Scheme = Literal["http", "https"]

GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA hands out; NAT64 and IPv4-compatible lie outside it
SIX_TO_FOUR = IPv6Network("2002::/16")  # carries any IPv4 address inside, private ones too; `is_global` lets it through


@dataclass(frozen=True, slots=True)
class Allowed:
    """One network that may be reached with one scheme, beyond the public internet."""

    scheme: Scheme
    network: Network

    def covers(self, scheme: str, address: Address) -> bool:
        return scheme == self.scheme and address in self.network


def parse(text: str) -> tuple[Allowed, ...]:
    """Read `scheme://network` rules, comma-separated (`http://127.0.0.0/8, https://fd00::/8`); empty allows no more.

    Raises ValueError naming the rule that cannot be read.
    """
    return tuple(_parse_one(rule.strip()) for rule in text.split(",") if rule.strip())


def refusal(scheme: str, address: Address, allowed: tuple[Allowed, ...]) -> str | None:
    """Why this address may not be reached with this scheme, or None if it may."""
    address = unwrapped(address)
    if any(rule.covers(scheme, address) for rule in allowed):
        return None
    if scheme != "https":
        return f"only https, not {scheme}, may leave this server"
    if not is_public(address):
        return f"{address} is not a public address"
    return None


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv4-mapped one (`::ffff:127.0.0.1`), as the kernel would connect to it."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_public(address: Address) -> bool:
    """Whether an address is one that anybody on the internet can reach, and one host only."""
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv6Address):
        return address in GLOBAL_UNICAST and address not in SIX_TO_FOUR
    return True


def _parse_one(rule: str) -> Allowed:
    scheme, separator, network = rule.partition("://")
    if not separator or scheme not in ("http", "https"):
        raise ValueError(f"{rule!r} is not an allow rule: write http://network or https://network")
    try:
        return Allowed("http" if scheme == "http" else "https", ip_network(network))
    except ValueError as error:
        raise ValueError(f"{rule!r} is not an allow rule: {error}") from error
