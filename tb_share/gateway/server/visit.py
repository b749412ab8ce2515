"""A client's connection, and when enough of its request has come to be worth a thread."""

from __future__ import annotations

import re
from typing import IO, Any, Final

from tb_share.gateway.server.sockets import PacedSocket

COLLECTED_BODY: Final = 64 * 1024
"""A body up to this length arrives before a thread is used."""
_LONGEST_HEAD: Final = 64 * 1024
_LONGEST_REQUEST_LINE: Final = 4096
_CONTENT_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_EXPECT: Final = re.compile(rb"\r\nexpect:", re.IGNORECASE)


def is_whole(early: bytearray, max_body_bytes: int) -> bool:
    """Whether a thread can take it: everything that we wait for is there, or what is there is already wrong.

    It only decides how long to wait; what the bytes mean is the parser's to say.
    """
    end = early.find(b"\r\n\r\n")
    if end < 0:
        line_end = early.find(b"\r\n", 0, _LONGEST_REQUEST_LINE + 2)
        too_long = (line_end < 0 and len(early) > _LONGEST_REQUEST_LINE) or len(early) > _LONGEST_HEAD
        return too_long or early.count(b"\n") != early.count(b"\r\n")
    found = _CONTENT_LENGTH.search(early, 0, end + 2)
    if found is None or _EXPECT.search(early, 0, end + 2):
        return True
    length = int(found[1])
    return length > max_body_bytes or len(early) - end - 4 >= min(length, COLLECTED_BODY)


class Visit:
    """A client's connection, from accept to close."""

    def __init__(self, own_socket: PacedSocket, client: Any, server: Any) -> None:
        self.sock = own_socket
        self.client = client
        self.server = server
        self.parser: Any = None
        self.early = bytearray()
        """What has arrived of the next request."""
        self.timeout = 0.0
        self.lingered: int | None = None
        """Bytes thrown away since we stopped answering; None while we have not."""

    def close(self, graceful: bool = False) -> None:  # noqa: ARG002 - as gunicorn calls it
        """Close at once."""
        self.sock.close()


class AwaitedBody:
    """A body that the client sends only when it is told to go on."""

    def __init__(self, body: IO[bytes], own_socket: PacedSocket) -> None:
        self._body = body
        self._socket = own_socket
        self._asked = False

    @property
    def failed(self) -> bool:
        """Whether the connection cannot be used again: what was not asked for may or may not come."""
        return not self._asked or bool(self._body.failed)  # type: ignore[attr-defined]

    def read(self, size: int | None = None) -> bytes:
        """As a body's; the first time the client is told to go on."""
        if not self._asked:
            self._asked = True
            self._socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self._body.read(size)  # type: ignore[arg-type]
