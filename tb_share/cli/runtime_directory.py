"""The directory of a running serve, with its sockets and resolved settings: made at start, gone at the end.

What a killed serve left is found and removed by the next one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PREFIX: Final = "tb-share-"
_LONGEST: Final = 60
"""A socket's whole path has to stay under 108 bytes."""


@contextmanager
def made() -> Iterator[Path]:
    """A fresh directory that nobody else can enter; removed at the end."""
    runtime = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_place()))
    # Cleaners of /tmp leave alone what is locked.
    lock = os.open(runtime, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_SH)
    try:
        yield runtime
    finally:
        os.close(lock)
        shutil.rmtree(runtime, ignore_errors=True)


def remove_stale(runtime_dir: str) -> None:
    """Remove what a killed serve left, if it is what it says and nobody uses it."""
    stale = Path(runtime_dir)
    if not stale.name.startswith(PREFIX) or stale.is_symlink() or not stale.is_dir() or stale.stat().st_uid != os.getuid():
        return
    lock = os.open(stale, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(stale, ignore_errors=True)
    finally:
        os.close(lock)


def _place() -> str:
    usual = tempfile.gettempdir()
    return usual if len(usual) <= _LONGEST else "/tmp"  # noqa: S108 - mkdtemp makes a private directory in it
