"""Which headers cross the door, in both directions (S-HEAD-1 to S-HEAD-4). Pure: no socket, no project.

Both directions are allow-lists. What a client says of itself, of proxies or of credentials has no way through, whatever it is called and
however it is spelled, and what TensorBoard says of cookies, caching or other sites has none back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from tb_share.errors import PathNotCanonical
from tb_share.gateway.proxy.paths import canonical, escaped

TENSORBOARD_POLICY: Final = (
    "default-src 'self'; font-src 'self' data:; frame-src 'self' https://ui.perfetto.dev; img-src 'self' data: blob:; object-src 'none'; "
    "style-src 'self' https://www.gstatic.com data: 'unsafe-inline'; connect-src 'self'; script-src 'self' 'unsafe-eval'; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
)
"""TensorBoard's own policy and the three directives that it lacks (S-RESP-1)."""

_FROM_CLIENT: Final = (
    ("HTTP_ACCEPT", "Accept"),
    ("HTTP_ACCEPT_ENCODING", "Accept-Encoding"),
    ("HTTP_ACCEPT_LANGUAGE", "Accept-Language"),
    ("CONTENT_TYPE", "Content-Type"),
    ("HTTP_IF_NONE_MATCH", "If-None-Match"),
    ("HTTP_IF_MODIFIED_SINCE", "If-Modified-Since"),
    ("HTTP_RANGE", "Range"),
    ("HTTP_IF_RANGE", "If-Range"),
    ("HTTP_USER_AGENT", "User-Agent"),
    ("HTTP_X_TENSORBOARD_FEATURE_FLAGS", "X-TensorBoard-Feature-Flags"),
    ("HTTP_X_XSRF_PROTECTED", "X-XSRF-Protected"),
)
_FROM_TENSORBOARD: Final = frozenset(
    {
        "accept-ranges",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-range",
        "content-type",
        "etag",
        "last-modified",
    }
)
_ADDED: Final = ("frame-ancestors", "base-uri", "form-action")
_LINE_BREAKERS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ORDINARY_CONNECTION: Final = frozenset({"", "keep-alive", "close"})


def to_tensorboard(environ: Mapping[str, object], ours: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers to send: what TensorBoard may learn from the client, then ours, which nothing of the client's can remove."""
    named_by_connection = _tokens(str(environ.get("HTTP_CONNECTION", "")))
    kept = []
    for key, name in _FROM_CLIENT:
        value = environ.get(key)
        if isinstance(value, str) and value and name.lower() not in named_by_connection and not _LINE_BREAKERS.search(value):
            kept.append((name, value))
    return [*kept, *ours]


def from_tensorboard(received: Iterable[tuple[str, str]], connection: str) -> list[tuple[str, str]]:
    """The headers of an answer that the browser may see. Caching, cookies and policies are ours to set."""
    named_by_connection = _tokens(connection)
    return [
        (name, value)
        for name, value in received
        if (lower := name.lower()) in _FROM_TENSORBOARD and lower not in named_by_connection and not _LINE_BREAKERS.search(value)
    ]


def extended_policy(policy: str | None) -> str:
    """TensorBoard's own Content-Security-Policy with what it lacks; nothing that it forbids becomes allowed."""
    if not policy or _LINE_BREAKERS.search(policy):
        return TENSORBOARD_POLICY
    present = {directive.split()[0].lower() for directive in policy.split(";") if directive.strip()}
    missing = [f"{name} 'self'" for name in _ADDED if name not in present]
    return "; ".join([policy.rstrip("; "), *missing])


def location_in_mount(location: str, *, asked: str, origin: str, prefix: str, mount: str) -> str | None:
    """Where a redirect of TensorBoard's leads in our addresses, or None if it leads away.

    Args:
        location: The header's value.
        asked: The path that was asked of TensorBoard.
        origin: TensorBoard's own origin, as ``http://127.0.0.1:6006``.
        prefix: The path under which it runs, without trailing slash.
        mount: Where we show it, without trailing slash.
    """
    if _LINE_BREAKERS.search(location):
        return None
    parts = urlsplit(location)
    if (parts.scheme or parts.netloc) and f"{parts.scheme}://{parts.netloc}" != origin:
        return None
    absolute = parts.path if parts.path.startswith("/") else asked.rpartition("/")[0] + "/" + parts.path
    if not (absolute == prefix or absolute.startswith(prefix + "/")):
        return None
    try:
        target = canonical(mount + (absolute[len(prefix) :] or "/") + (f"?{parts.query}" if parts.query else ""))
    except PathNotCanonical:
        return None
    return escaped(target.path) + (f"?{target.query}" if target.query else "")


def _tokens(connection: str) -> frozenset[str]:
    lower = connection.lower()
    if lower in _ORDINARY_CONNECTION:
        return frozenset()
    return frozenset(token.strip() for token in lower.split(","))
