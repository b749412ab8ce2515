"""Gives this process a network namespace of its own, so that no other user of the machine reaches RustBoard's unauthenticated port.

A Unix socket bound inside is a file and is reached from outside all the same. Linux only; called before any thread starts.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys
from enum import StrEnum
from pathlib import Path
from typing import Final

_NEW_USER: Final = 0x10000000
_NEW_NET: Final = 0x40000000
_SET_FLAGS: Final = 0x8914
_UP_AND_RUNNING: Final = 0x41


class Network(StrEnum):
    """Who reaches the data server's port."""

    OWN = "own"
    """Only this host: it has a network namespace of its own."""
    SHARED = "shared"
    """Every user of this machine."""


def enter() -> Network:
    """Move this process into a network namespace of its own, if the machine allows it."""
    if not sys.platform.startswith("linux"):
        return Network.SHARED
    # An administrator needs no user namespace, and would lose the right to read other people's logs in one.
    if _unshare(_NEW_NET):
        return _with_loopback()
    uid, gid = os.geteuid(), os.getegid()
    if not _unshare(_NEW_USER | _NEW_NET):
        return Network.SHARED
    # Everybody keeps their own number: files stay readable as before.
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    return _with_loopback()


def _unshare(flags: int) -> bool:
    return ctypes.CDLL(None, use_errno=True).unshare(flags) == 0


def _with_loopback() -> Network:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP_AND_RUNNING))
    return Network.OWN
