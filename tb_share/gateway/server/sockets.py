"""A client's socket with deadlines, so that no client holds a thread for long (S-LIM-2).

While every thread is busy and others wait, a client that moves next to nothing is cut off early; while there is room, it may be slow.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Final, Self

TICK_S: Final = 0.25
_PATIENCE_S: Final = 2.0
_LEAST_PATIENCE_S: Final = 0.25
_SLOW_BYTES_PER_S: Final = 64 * 1024
_SEND_STALL_S: Final = 30.0


class TooSlow(TimeoutError):
    """The client was too slow."""


class PacedSocket(socket.socket):
    """A connected socket whose blocking reads and writes end in time."""

    read_by: float = 0.0
    """When the request must have arrived, by the monotonic clock."""
    _waiting_per_thread: Callable[[], float]
    _debt_s: float = 0.0
    """How far this client lags behind the slowest pace that is tolerated when others wait. Being fast earns nothing for later."""

    @classmethod
    def adopt(cls, accepted: socket.socket, waiting_per_thread: Callable[[], float]) -> Self:
        """Take over an accepted socket; the function tells how many requests wait for each thread."""
        own = cls(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        own.settimeout(0)
        own._waiting_per_thread = waiting_per_thread
        return own

    def begin(self, read_by: float) -> None:
        """A request is about to be read and answered by a thread."""
        self.settimeout(TICK_S)
        self.read_by = read_by
        self._debt_s = 0.0

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
                now = time.monotonic()
                self._settle(now - began, len(data))
                if data and now >= self.read_by:
                    raise TooSlow
                return data

    def sendall(self, data: bytes | memoryview, flags: int = 0) -> None:  # type: ignore[override]
        """As a socket's, with deadlines.

        Raises:
            TooSlow: the client does not take what it asked for.
        """
        left = memoryview(data)
        began = time.monotonic()
        while left:
            try:
                sent = super().send(left, flags)
            except TimeoutError:
                waited_s = time.monotonic() - began
                if waited_s >= _SEND_STALL_S or self._must_go(waited_s):
                    raise TooSlow from None
            else:
                left = left[sent:]
                now = time.monotonic()
                self._settle(now - began, sent)
                began = now

    def _settle(self, waited_s: float, moved: int) -> None:
        self._debt_s = max(0.0, self._debt_s + waited_s - moved / _SLOW_BYTES_PER_S)
        if self._debt_s > _LEAST_PATIENCE_S and self._must_go(0.0):
            raise TooSlow

    def _must_go(self, waiting_s: float) -> bool:
        """Whether its place is needed: the more requests wait, the less patience there is."""
        waiting = self._waiting_per_thread()
        return waiting > 0 and self._debt_s + waiting_s > max(_LEAST_PATIENCE_S, _PATIENCE_S / (1 + waiting))
