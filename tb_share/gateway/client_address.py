"""Where a request comes from: the peer, or what a listed proxy says of it (S-HEAD-5).

Nobody listed: nobody believed. Knows nothing of who the client is.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from tb_share.errors import SetUpError
from tb_share.settings import ProxySettings

ReadAddress = Callable[[str, str | None], str]
"""(peer, X-Forwarded-For or None) -> the client's address."""

_Network = IPv4Network | IPv6Network


def address_reader(settings: ProxySettings) -> ReadAddress:
    """A function that tells a client's address.

    Raises:
        SetUpError: a listed peer is no address or network, or is everybody.
    """
    networks = tuple(_network(text) for text in settings.trusted_peers)

    def read(peer: str, forwarded_for: str | None) -> str:
        if not networks or forwarded_for is None or not _is_listed(peer, networks):
            return peer
        return _named_by(forwarded_for, settings.hops) or peer

    return read


def _named_by(forwarded_for: str, hops: int) -> str | None:
    # Each proxy appends whom it heard from, so only the last `hops` entries are not the client's own invention.
    entries = [entry.strip() for entry in forwarded_for.split(",")]
    if len(entries) < hops:
        return None
    try:
        return str(ip_address(entries[-hops]))
    except ValueError:
        return None


def _is_listed(peer: str, networks: tuple[_Network, ...]) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in networks)


def _network(text: str) -> _Network:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise SetUpError(f"proxy.trusted_peers: {text!r} is no address or network. List the proxy's own address.") from None
    if network.prefixlen == 0:
        raise SetUpError(f"proxy.trusted_peers: {text} is everybody. List the proxy's own address.")
    return network
