"""When a file came to be, as far as its file system knows: that stays when it grows or gets another name. A copy came to be later."""

from __future__ import annotations

import ctypes
import os
from functools import cache
from pathlib import Path
from typing import Any, Final

_HERE: Final = -100
_BIRTH: Final = 0x800
_SIZE: Final = 256
_AT: Final = 80
"""Where in the kernel's answer it stands, seconds before nanoseconds; Python asks Linux for everything but this."""


def born_ns(path: Path) -> int | None:
    """Nanoseconds since 1970, or None if nobody knows."""
    statx = _statx()
    if statx is None:
        return _as_python_knows(path)
    answer = ctypes.create_string_buffer(_SIZE)
    if statx(_HERE, os.fsencode(path), 0, _BIRTH, answer) != 0:
        return None
    if not ctypes.c_uint32.from_buffer(answer).value & _BIRTH:
        return None
    seconds = ctypes.c_int64.from_buffer(answer, _AT).value
    nanoseconds = ctypes.c_uint32.from_buffer(answer, _AT + 8).value
    return seconds * 1_000_000_000 + nanoseconds


@cache
def _statx() -> Any:
    return getattr(ctypes.CDLL(None), "statx", None)


def _as_python_knows(path: Path) -> int | None:
    try:
        seconds = getattr(path.stat(), "st_birthtime", None)
    except OSError:
        return None
    return None if seconds is None else int(seconds * 1_000_000_000)
