"""A request to TensorBoard, decided completely before a byte of it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tb_share.gateway.bodies import CountedBody, body_pieces
from tb_share.gateway.proxy import headers
from tb_share.gateway.proxy.paths import escaped
from tb_share.gateway.proxy.upstreams import Address
from tb_share.gateway.request_scope import RequestScope
from tb_share.model.tensorboard_routes import Kind, Wanted

NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_OF_UNCHANGED: Final = frozenset({"Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range", "If-Range"})
"""What a client asks about bytes that it will not get as they are."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is sent where, and what of the answer may come back."""

    address: Address
    method: str
    path: str
    """On the wire."""
    headers: list[tuple[str, str]]
    body: Iterable[bytes]
    mount: str
    origin: str
    prefix: str
    blank: frozenset[str]
    """Keys of a JSON answer that this caller may not see (S-RESP-4)."""
    put: Mapping[str, object]
    """Keys of a JSON answer that are ours to say."""
    is_fixed: bool
    """Whether it is a script of TensorBoard's that is asked for by its hash: browsers may keep it, it holds no data."""


def prepare(
    scope: RequestScope,
    asked: Wanted,
    address: Address,
    *,
    ours: list[tuple[str, str]],
    origin: str,
    prefix: str,
    blank: frozenset[str],
    put: Mapping[str, object] = NOTHING,
) -> Prepared:
    """Decide everything of a request.

    Args:
        scope: The request.
        asked: What it wants below the mount.
        address: Where TensorBoard listens.
        ours: Headers that we add.
        origin: TensorBoard's own origin, for its redirects.
        prefix: The path under which it runs.
        blank: Keys of its JSON answer that are not for this caller.
        put: Keys of its JSON answer that are ours to say.
    """
    environ = scope.request.environ
    body, framing = _body(environ.get("wsgi.input"))
    path = escaped(prefix + asked.path)
    sent = headers.to_tensorboard(environ, [*ours, *framing])
    if blank or put:
        sent = [(name, value) for name, value in sent if name not in _OF_UNCHANGED]
    return Prepared(
        address=address,
        method=scope.request.method,
        path=f"{path}?{scope.query}" if scope.query else path,
        headers=sent,
        body=body,
        mount=f"/p/{scope.params['project']}",
        origin=origin,
        prefix=prefix,
        blank=blank,
        put=put,
        is_fixed=asked.kind is Kind.ASSET and scope.query.startswith("_file_hash="),
    )


def _body(source: object) -> tuple[Iterable[bytes], list[tuple[str, str]]]:
    """The body and our own framing of it (S-WIRE-1); only methods with a body have a counted one."""
    if not isinstance(source, CountedBody):
        return (), []
    if source.length is not None:
        return body_pieces(source), [("Content-Length", str(source.length))]
    whole = b"".join(body_pieces(source))
    return (whole,), [("Content-Length", str(len(whole)))]
