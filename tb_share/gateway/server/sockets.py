"""A client's socket with deadlines, so that no client holds a thread for long (S-LIM-2).

While every thread is busy and others wait, a client that moves next to nothing is cut off early; while there is room, it may be slow.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Final, Self

TICK_S: Final = 0.5
_PATIENCE_UNDER_PRESSURE_S: Final = 2.0
_SLOW_BYTES_PER_S: Final = 64 * 1024
_SEND_STALL_S: Final = 30.0


class TooSlow(TimeoutError):
    """The client was too slow."""


class PacedSocket(socket.socket):
    """A connected socket whose blocking reads and writes end in time."""

    read_by: float = 0.0
    """When the request must have arrived, by the monotonic clock."""
    _pressed: Callable[[], bool]
    _waited_s: float = 0.0
    _moved: int = 0

    @classmethod
    def adopt(cls, accepted: socket.socket, pressed: Callable[[], bool]) -> Self:
        """Take over an accepted socket; ``pressed`` tells whether others are waiting for a thread."""
        own = cls(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        own.setblocking(False)
        own._pressed = pressed
        return own

    def begin(self, read_by: float) -> None:
        """A request is about to be read and answered by a thread."""
        self.settimeout(TICK_S)
        self.read_by = read_by
        self._waited_s = 0.0
        self._moved = 0

    def recv(self, size: int, flags: int = 0) -> bytes:
        """As a socket's, with the deadline.

        Raises:
            TooSlow: nothing came in time.
        """
        began = time.monotonic()
        while True:
            try:
                data = super().recv(size, flags)
            except TimeoutError:
                now = time.monotonic()
                if now >= self.read_by or self._must_go(now - began):
                    raise TooSlow from None
            else:
                self._waited_s += time.monotonic() - began
                self._moved += len(data)
                if data and time.monotonic() >= self.read_by:
                    raise TooSlow
                return data

    def sendall(self, data: bytes | memoryview, flags: int = 0) -> None:  # type: ignore[override]
        """As a socket's, with deadlines.

        Raises:
            TooSlow: the client does not take what it asked for.
        """
        left = memoryview(data)
        began = moved_at = time.monotonic()
        while left:
            try:
                sent = super().send(left, flags)
            except TimeoutError:
                now = time.monotonic()
                if now - moved_at >= _SEND_STALL_S or self._must_go(now - began):
                    raise TooSlow from None
            else:
                left = left[sent:]
                self._moved += sent
                moved_at = time.monotonic()
        self._waited_s += time.monotonic() - began

    def _must_go(self, waiting_s: float) -> bool:
        waited_s = self._waited_s + waiting_s
        return waited_s > _PATIENCE_UNDER_PRESSURE_S and self._moved < waited_s * _SLOW_BYTES_PER_S and self._pressed()
