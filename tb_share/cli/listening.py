"""The socket on which people are answered: bound here, so that it stays open while the front door is restarted."""

from __future__ import annotations

import errno
import socket
import time
from ipaddress import ip_address
from typing import Final

from tb_share.errors import SetUpError

_BACKLOG: Final = 512
_TRY_EVERY_S: Final = 0.1


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address of this name."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int, patience_s: float = 0) -> socket.socket:
    """Listen there. ``patience_s``: how long what is left of a killed serve may still hold the port.

    Raises:
        SetUpError: the port is taken, or the address is not ours.
    """
    until = time.monotonic() + patience_s
    while True:
        try:
            return _listen(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= until:
                raise SetUpError(_why(error, host, port)) from None
        time.sleep(_TRY_EVERY_S)


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken by another program. Stop it, or choose another with --port; --port 0 takes a free one."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than you have. Choose one above 1023 with --port."
    return f"{host} is not an address of this machine ({error.strerror or error}). Choose another with --host."
