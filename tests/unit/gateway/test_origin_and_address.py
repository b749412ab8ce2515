"""C25-C29 and F04 as pure cases: whose page asked, and from where."""

from __future__ import annotations

import pytest

from tb_share.errors import SetUpError
from tb_share.gateway.client_address import address_reader
from tb_share.gateway.same_origin import allowed_hosts, is_ours
from tb_share.settings import ProxySettings

OWN = "https://tb.example.org"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("site", "origin", "ours"),
    [
        ("same-origin", None, True),
        ("same-origin", "https://evil.test", True),
        ("same-site", OWN, False),
        ("cross-site", OWN, False),
        ("none", OWN, False),
        ("", OWN, False),
        ("Same-Origin", OWN, False),
        (None, OWN, True),
        (None, "https://tb.example.org:443", True),
        (None, "https://TB.example.org", True),
        (None, "http://tb.example.org", False),
        (None, "https://tb.example.org:444", False),
        (None, "https://tb.example.org.evil.test", False),
        (None, "https://tb.example.org/", False),
        (None, "https://a@tb.example.org", False),
        (None, "https://tb.example.org:x", False),
        (None, "null", False),
        (None, "", False),
        (None, None, False),
    ],
)
def test_C25_C28_whose_page_asked(method: str, site: str | None, origin: str | None, ours: bool) -> None:
    assert is_ours(method, site, origin, OWN) is ours


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_needs_no_origin(method: str) -> None:
    assert is_ours(method, "cross-site", "https://evil.test", OWN)


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://tb.example.org", {"tb.example.org", "tb.example.org:443"}),
        ("http://10.0.0.1:6080", {"10.0.0.1:6080"}),
        ("http://127.0.0.1:6080", {"127.0.0.1:6080", "localhost:6080", "[::1]:6080"}),
        ("http://localhost", {"127.0.0.1", "localhost", "[::1]", "127.0.0.1:80", "localhost:80", "[::1]:80"}),
        ("http://[fe80::1]:1", {"[fe80::1]:1"}),
    ],
)
def test_S_HEAD_6_the_names_that_mean_us(url: str, hosts: set[str]) -> None:
    assert allowed_hosts(url) == hosts


@pytest.mark.parametrize(
    ("peers", "hops", "peer", "forwarded", "address"),
    [
        ((), 1, "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (("10.0.0.1",), 1, "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        (("10.0.0.0/8",), 1, "10.9.9.9", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (("10.0.0.1",), 1, "10.0.0.2", "1.2.3.4", "10.0.0.2"),
        (("10.0.0.1",), 2, "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (("10.0.0.1",), 2, "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (("10.0.0.1",), 1, "10.0.0.1", "<script>", "10.0.0.1"),
        (("10.0.0.1",), 1, "10.0.0.1", "", "10.0.0.1"),
        (("10.0.0.1",), 1, "10.0.0.1", None, "10.0.0.1"),
        (("10.0.0.1",), 1, "", "1.2.3.4", ""),
        (("::1",), 1, "::1", "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_F04_whom_we_believe(peers: tuple[str, ...], hops: int, peer: str, forwarded: str | None, address: str) -> None:
    assert address_reader(ProxySettings(trusted_peers=peers, hops=hops))(peer, forwarded) == address


@pytest.mark.parametrize("peer", ["*", "0.0.0.0/0", "::/0", "proxy.example.org", ""])
def test_S_LIM_4_everybody_is_no_proxy(peer: str) -> None:
    with pytest.raises(SetUpError):
        address_reader(ProxySettings(trusted_peers=(peer,)))
