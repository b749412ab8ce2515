"""An answer of TensorBoard's, on its way to the browser.

Says what of it may pass, what is blanked, and what happens when it breaks off. Sends nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPResponse
from typing import Final

from werkzeug import Response

from tb_share.errors import TensorBoardStarting, UpstreamUnreachable
from tb_share.gateway.proxy import headers
from tb_share.gateway.proxy.prepared import Prepared
from tb_share.gateway.proxy.upstreams import Address, BrokenOff, Connection, Connections, UnixAddress, pieces
from tb_share.gateway.responses import NO_STORE, REVALIDATE, json_response, redirect

_PIECE: Final = 64 * 1024
_FOR_A_DAY: Final = "private, max-age=86400"
_MOST_REWRITTEN: Final = 1024 * 1024
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class Body:
    """The body on its way to the browser; closing it gives the connection back, or cuts it."""

    def __init__(self, connections: Connections, address: Address, connection: Connection, answer: HTTPResponse) -> None:
        self._connections = connections
        self._address = address
        self._connection: Connection | None = connection
        self._answer = answer
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        yield from pieces(self._answer, _PIECE)
        self._ended = True

    def whole(self, most: int) -> bytes:
        """All of it, if it is that short."""
        read = bytearray()
        for piece in self:
            read += piece
            if len(read) > most:
                raise BrokenOff
        return bytes(read)

    def close(self) -> None:
        """The browser has it all, or has left."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        reusable = self._ended and not self._answer.will_close
        self._answer.close()
        if reusable:
            self._connections.give_back(self._address, connection)
        else:
            connection.close()


def passed_on(prepared: Prepared, answer: HTTPResponse, body: Body) -> Response:
    """The answer for the browser.

    Raises:
        TensorBoardStarting: our host says that its data server is being started anew.
        UpstreamUnreachable: there is nothing in it that may be shown.
    """
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and isinstance(prepared.address, UnixAddress):
        raise TensorBoardStarting
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise UpstreamUnreachable("This project's TensorBoard failed on this request. Its administrator can see why in its log.")
    if answer.status in _REDIRECTS:
        return _redirected(prepared, answer, body)
    if (prepared.blank or prepared.put) and answer.status == HTTPStatus.OK and prepared.method == "GET":
        return _rewritten(answer, body, prepared)
    response = Response(status=answer.status, headers=headers.from_tensorboard(answer.getheaders(), answer.headers.get("Connection", "")))
    _fill(response, answer, body)
    if answer.headers.get("Content-Type") is None:
        response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Cache-Control"] = _FOR_A_DAY if prepared.is_fixed else REVALIDATE if "ETag" in response.headers else NO_STORE
    response.headers["Content-Security-Policy"] = headers.extended_policy(answer.headers.get("Content-Security-Policy"))
    return response


def _fill(response: Response, answer: HTTPResponse, body: Body) -> None:
    """A short answer is read at once, so that its connection is free before the browser has read a byte; a long one flows."""
    if answer.length is None or answer.length > _PIECE:
        response.response = body
        response.direct_passthrough = True
        return
    length = response.headers.get("Content-Length")
    try:
        response.set_data(body.whole(_PIECE))
    except BrokenOff as error:
        raise UpstreamUnreachable from error
    if length is not None:  # a HEAD request's answer has a length and no body
        response.headers["Content-Length"] = length
    body.close()


def _redirected(prepared: Prepared, answer: HTTPResponse, body: Body) -> Response:
    location = headers.location_in_mount(
        answer.headers.get("Location", ""),
        asked=prepared.path.partition("?")[0],
        origin=prepared.origin,
        prefix=prepared.prefix,
        mount=prepared.mount,
    )
    body.close()
    if location is None:
        raise UpstreamUnreachable
    return redirect(location, answer.status)


def _rewritten(answer: HTTPResponse, body: Body, prepared: Prepared) -> Response:
    """What TensorBoard says, without what only its owner should know, and with what is ours to say. Unreadable means nothing is said."""
    try:
        with closing(body):
            value = json.loads(body.whole(_MOST_REWRITTEN))
    except (ValueError, BrokenOff) as error:
        raise UpstreamUnreachable from error
    if not isinstance(value, dict):
        raise UpstreamUnreachable
    keys = prepared.blank
    kept = {key: "" if key in keys and isinstance(content, str) else content for key, content in value.items()}
    shown = {key: content for key, content in kept.items() if key not in keys or content == ""}
    response = json_response({**shown, **prepared.put}, answer.status)
    response.headers["Content-Security-Policy"] = headers.TENSORBOARD_POLICY
    return response
