"""Did a page of ours make the browser ask, and is it us whom it asks (S-CSRF-1, S-HEAD-6)?

Decides by ``Sec-Fetch-Site`` alone, and by ``Origin`` where a browser sends none. Never looks at modes, destinations or referrers.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

WRITING_METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")


def is_ours(method: str, sec_fetch_site: str | None, origin: str | None, own_origin: str) -> bool:
    """Whether this request may act with the visitor's cookies. GET and HEAD change nothing, so they always may (S-CSRF-2)."""
    if method not in WRITING_METHODS:
        return True
    if sec_fetch_site is not None:
        return sec_fetch_site == "same-origin"
    return origin is not None and _origin(origin) == _origin(own_origin)


def allowed_hosts(public_url: str, *, by_this_name: bool = False) -> frozenset[str]:
    """Every value of the Host header that means us, lower case.

    On a loopback address the machine's three names for it mean us too; a page of another site cannot have one of them as its own name,
    so this opens nothing to DNS rebinding. ``by_this_name``: only the one that was written, where another one means something else.
    """
    parts = urlsplit(public_url)
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    name = _bracketed(parts.hostname or "")
    names = _LOOPBACK if name in _LOOPBACK and not by_this_name else (name,)
    with_port = {f"{each}:{port}" for each in names}
    return frozenset(with_port | set(names) if port == _DEFAULT_PORTS[parts.scheme] else with_port)


def _bracketed(hostname: str) -> str:
    return f"[{hostname}]" if ":" in hostname else hostname


def _origin(text: str) -> tuple[str, str | None, int | None] | None:
    try:
        parts = urlsplit(text)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.path or parts.query or parts.fragment or parts.username is not None or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port
