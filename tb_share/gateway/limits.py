"""Slows down whoever guesses: failures counted by address, in a table of fixed size that all workers share (S-LIM-1).

Knows nothing of what was tried.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tb_share.model.origin import site

_SLOTS: Final = 4096
_SLOT: Final = struct.Struct("<QI")
"""When the window began, and the failures in it."""
_SALT_BYTES: Final = 16
_SIZE: Final = _SALT_BYTES + _SLOTS * _SLOT.size
_WINDOW_S: Final = 60
_MOST_FAILURES: Final = 20


class FailureCounter:
    """Counts failed tries of each address within a minute.

    Two addresses may share a slot, which can only make the limit stricter; the salt keeps anybody from choosing with whom.
    """

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        self._now = now
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with self._locked():
            if os.fstat(self._file).st_size != _SIZE:
                os.ftruncate(self._file, 0)
                os.ftruncate(self._file, _SIZE)
                os.pwrite(self._file, os.urandom(_SALT_BYTES), 0)
        self._table = mmap.mmap(self._file, _SIZE)
        self._salt = self._table[:_SALT_BYTES]

    def wait_s(self, address: str) -> int | None:
        """How long this address must wait before it may try again; None if it need not."""
        began, failures = self._read(self._slot(address))
        left = began + _WINDOW_S - int(self._now())
        return left if failures >= _MOST_FAILURES and 0 < left <= _WINDOW_S else None

    def failed(self, address: str) -> None:
        """Count one more failure."""
        slot = self._slot(address)
        now = int(self._now())
        with self._locked():
            began, failures = self._read(slot)
            if not began <= now < began + _WINDOW_S:
                began, failures = now, 0
            _SLOT.pack_into(self._table, slot, began, min(failures + 1, _MOST_FAILURES))

    def taken(self, address: str) -> int | None:
        """Count a try before it is made, so that no number of tries at once gets past the limit; or how long to wait before the next."""
        slot = self._slot(address)
        now = int(self._now())
        with self._locked():
            began, failures = self._read(slot)
            if not began <= now < began + _WINDOW_S:
                began, failures = now, 0
            if failures >= _MOST_FAILURES:
                return began + _WINDOW_S - now
            _SLOT.pack_into(self._table, slot, began, failures + 1)
        return None

    def forgiven(self, address: str) -> None:
        """The try that was counted before was none of a guesser."""
        slot = self._slot(address)
        with self._locked():
            began, failures = self._read(slot)
            _SLOT.pack_into(self._table, slot, began, max(failures - 1, 0))

    def close(self) -> None:
        """Let go of the table."""
        self._table.close()
        os.close(self._file)

    def _slot(self, address: str) -> int:
        digest = hashlib.blake2b(site(address).encode(), digest_size=8, key=self._salt).digest()
        return _SALT_BYTES + int.from_bytes(digest, "little") % _SLOTS * _SLOT.size

    def _read(self, slot: int) -> tuple[int, int]:
        began, failures = _SLOT.unpack_from(self._table, slot)
        return began, failures

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)
