"""N01 as pure cases: when a request is worth a thread, and how long a client may take."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from tb_share.gateway.server.sockets import PacedSocket, TooSlow
from tb_share.gateway.server.visit import COLLECTED_BODY, is_whole

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
LIMIT = 1 << 20


@pytest.mark.parametrize(
    ("early", "whole"),
    [
        (b"", False),
        (b"GE", False),
        (b"GET / HTTP/1.1\r\nHost", False),
        (HEAD + b"\r\n", True),
        (HEAD + b"Content-Length: 3\r\n\r\nab", False),
        (HEAD + b"Content-Length: 3\r\n\r\nabc", True),
        (HEAD + b"content-length:3\r\n\r\nab", False),
        (HEAD + b"Content-Length: 999999\r\n\r\n" + b"a" * (COLLECTED_BODY - 1), False),
        (HEAD + b"Content-Length: 999999\r\n\r\n" + b"a" * COLLECTED_BODY, True),
        (HEAD + b"Content-Length: 9999999\r\n\r\n", True),
        (HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n", True),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", True),
        (HEAD + b"Content-Length: x\r\n\r\n", True),
        (b"GET / HTTP/1.1\nHost: x\n\n", True),
        (b"G" * 5000, True),
        (HEAD + b"X: " + b"a" * 70_000, True),
    ],
)
def test_N01_when_a_thread_takes_it(early: bytes, whole: bool) -> None:
    assert is_whole(bytearray(early), LIMIT) is whole


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with theirs:
        yield ours, theirs


def test_N01_a_read_ends_at_its_deadline(pair: tuple[socket.socket, socket.socket]) -> None:
    with PacedSocket.adopt(pair[0], lambda: 0.0) as paced:
        paced.begin(time.monotonic() + 0.1)
        with pytest.raises(TooSlow):
            paced.recv(10)


def test_N01_a_stalled_client_goes_when_others_wait(pair: tuple[socket.socket, socket.socket]) -> None:
    with PacedSocket.adopt(pair[0], lambda: 8.0) as paced:
        paced.begin(time.monotonic() + 100)
        with pytest.raises(TooSlow):
            paced.recv(10)
        paced.begin(time.monotonic() + 100)
        with pytest.raises(TooSlow):
            paced.sendall(b"x" * (16 << 20))


def test_a_client_that_moves_is_left_alone(pair: tuple[socket.socket, socket.socket]) -> None:
    with PacedSocket.adopt(pair[0], lambda: 8.0) as paced:
        paced.begin(time.monotonic() + 100)
        for _ in range(50):
            pair[1].sendall(b"x" * 1000)
            assert len(paced.recv(1000)) == 1000
            paced.sendall(b"y" * 1000)
            assert len(pair[1].recv(1000)) == 1000
