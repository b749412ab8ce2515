"""Whose turn it is (S-LIM-2): requests to one project's TensorBoard, and among them one visitor's, never take all threads.

A request that has to wait does so without a thread, and is never refused for it: a dashboard asks for thirty things at once. Only the order
of work hangs on what is read here; rights are decided later, on their own reading of the request.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from tb_share.errors import ShareError
from tb_share.gateway.proxy.paths import canonical

_MOUNT: Final = "/p/"
_COOKIES: Final = re.compile(rb"tb_share(?:_link)?=([^;\s]+)")

Waiter = TypeVar("Waiter", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Claim:
    """A request counts for ``key``, of which at most ``most`` are answered at once."""

    key: str
    most: int


def claims(head: bytes, threads: int) -> tuple[Claim, ...]:
    """What a request counts for. A project gets three quarters of the threads at most, one visitor of it a quarter."""
    line = head.split(b"\r\n", 1)[0].split(b" ")
    try:
        path = canonical(line[1].decode("latin-1")).path if len(line) > 1 else ""
    except ShareError:
        return ()
    if not path.startswith(_MOUNT):
        return ()
    project = path.split("/", 3)[2]
    visitor = hashlib.sha256(b"\0".join(_COOKIES.findall(head))).hexdigest()
    return Claim(project, max(1, threads * 3 // 4)), Claim(f"{project} {visitor}", max(1, threads // 4))


class Turns(Generic[Waiter]):
    """Who is being answered and who waits; for one thread, the loop's."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._running: dict[Waiter, tuple[Claim, ...]] = {}
        self._waiting: deque[tuple[Waiter, tuple[Claim, ...]]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def begin(self, waiter: Waiter, claimed: tuple[Claim, ...]) -> bool:
        """Whether it may be answered now; if not, ``end`` will name it when it may."""
        if self._is_free(claimed):
            self._start(waiter, claimed)
            return True
        self._waiting.append((waiter, claimed))
        return False

    def end(self, waiter: Waiter) -> list[Waiter]:
        """One was answered; who may be answered now, the longest waiting first."""
        claimed = self._running.pop(waiter, ())
        for claim in claimed:
            self._counts[claim.key] -= 1
            if not self._counts[claim.key]:
                del self._counts[claim.key]
        return self._start_waiting() if claimed and self._waiting else []

    def _start_waiting(self) -> list[Waiter]:
        started, still = [], deque[tuple[Waiter, tuple[Claim, ...]]]()
        for waiter, claimed in self._waiting:
            if self._is_free(claimed):
                self._start(waiter, claimed)
                started.append(waiter)
            else:
                still.append((waiter, claimed))
        self._waiting = still
        return started

    def _is_free(self, claimed: tuple[Claim, ...]) -> bool:
        return all(self._counts[claim.key] < claim.most for claim in claimed)

    def _start(self, waiter: Waiter, claimed: tuple[Claim, ...]) -> None:
        self._counts.update(claim.key for claim in claimed)
        self._running[waiter] = claimed
