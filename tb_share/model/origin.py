"""Where a request came from, for the audit log and the list of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final

_IPV6_SITE_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Origin:
    """All that is kept of a request beside what it did. Empty words: somebody at the server's own command line."""

    address: str
    request_id: str
    client: str
    """What the browser or program calls itself."""


LOCAL: Final = Origin("", "", "")


def site(address: str) -> str:
    """One key for one client, however its address is written: whoever has one IPv6 address has 2^64 of them (RFC 6177)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or int(parsed) >> (128 - _IPV6_SITE_BITS))
    return str(parsed)
