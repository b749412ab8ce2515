"""Connections to TensorBoards, kept alive and used again: Unix sockets of our hosts, TCP to somebody's own (S-WIRE-3).

Addresses come from configuration and from the fleet, never from a request. There are no proxies, no redirects, no name taken from a URL
that a client sent. Knows HTTP/1.1's wire and no header's meaning.
"""

from __future__ import annotations

import errno
import select
import socket
import ssl
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from threading import Lock
from typing import Final
from urllib.parse import urlsplit

_CONNECT_DEADLINE_S: Final = 5.0
_MOST_IDLE: Final = 32
"""Idle connections kept to one address."""


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """A host of ours."""

    path: str


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """Somebody's own TensorBoard."""

    host: str
    port: int
    tls: bool = False


Address = UnixAddress | TcpAddress


def tcp_address(url: str) -> TcpAddress:
    """The address in an upstream's URL."""
    parts = urlsplit(url)
    tls = parts.scheme == "https"
    return TcpAddress(parts.hostname or "", parts.port or (443 if tls else 80), tls)


class Connection:
    """One connection on which one request at a time is under way."""

    def __init__(self, address: Address, answer_deadline_s: float) -> None:
        self.reused = False
        self._socket = _connected(address)
        self._socket.settimeout(answer_deadline_s)

    def send(self, head: bytes, body: Iterable[bytes] = ()) -> None:
        """Send a request that says how long it is."""
        self._socket.sendall(head)
        for piece in body:
            self._socket.sendall(piece)

    def answer(self, method: str) -> HTTPResponse:
        """Wait for the head of the answer."""
        response = HTTPResponse(self._socket, method=method)
        response.begin()
        return response

    def is_quiet(self) -> bool:
        """Whether an idle connection still has nothing to say; one that has, was closed at the other end."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0)

    def close(self) -> None:
        """Close it."""
        self._socket.close()


class Connections:
    """The idle connections of this process, by address."""

    def __init__(self, answer_deadline_s: float) -> None:
        self._answer_deadline_s = answer_deadline_s
        self._idle: dict[Address, deque[Connection]] = {}
        self._lock = Lock()

    def take(self, address: Address, *, fresh: bool = False) -> Connection:
        """An idle connection that still lives, or a new one.

        Raises:
            OSError: nobody answers there.
        """
        while not fresh and (connection := self._pop(address)) is not None:
            if connection.is_quiet():
                connection.reused = True
                return connection
            connection.close()
        return Connection(address, self._answer_deadline_s)

    def give_back(self, address: Address, connection: Connection) -> None:
        """Keep a connection whose answer was read to its end."""
        with self._lock:
            idle = self._idle.setdefault(address, deque())
            if len(idle) < _MOST_IDLE:
                idle.append(connection)
                return
        connection.close()

    def forget(self, address: Address) -> None:
        """Drop all connections to an address that is no more."""
        with self._lock:
            idle = self._idle.pop(address, ())
        for connection in idle:
            connection.close()

    def _pop(self, address: Address) -> Connection | None:
        with self._lock:
            idle = self._idle.get(address)
            return idle.pop() if idle else None


def request_head(method: str, path: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """The bytes before the body. Path and values hold no line breaks: ``paths`` and ``headers`` see to that."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


class BrokenOff(BrokenPipeError):
    """The answer ended before its end. The visitor's connection is cut too, so that it does not look complete (S-WIRE-4)."""

    def __init__(self) -> None:
        super().__init__(errno.EPIPE, "TensorBoard's answer broke off")


def pieces(response: HTTPResponse, size: int) -> Iterator[bytes]:
    """The body of an answer in pieces of at most ``size`` bytes, as they come.

    Raises:
        BrokenOff: it did not come to its end.
    """
    while piece := _next_piece(response, size):
        yield piece
    if response.length:
        raise BrokenOff


def _next_piece(response: HTTPResponse, size: int) -> bytes:
    try:
        return response.read1(size)
    except Exception as error:
        raise BrokenOff from error


def _connected(address: Address) -> socket.socket:
    if isinstance(address, UnixAddress):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_CONNECT_DEADLINE_S)
            connection.connect(address.path)
        except OSError:
            connection.close()
            raise
        return connection
    connection = socket.create_connection((address.host, address.port), _CONNECT_DEADLINE_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ssl.create_default_context().wrap_socket(connection, server_hostname=address.host) if address.tls else connection
