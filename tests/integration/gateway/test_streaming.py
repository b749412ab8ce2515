"""Long answers flow through: memory does not grow with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tb_share.settings import ServerSettings
from tests.integration.gateway.doors import RealDoor, open_real_door, read_answer

MEGABYTE = 1 << 20
MOST_GROWTH = 40 * MEGABYTE


def resident(pid: int, line: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(text.split()[1]) * 1024 for text in status.splitlines() if text.startswith(line))


@pytest.mark.timeout(300)
def test_an_answer_of_one_gigabyte_takes_no_memory() -> None:
    with open_real_door(server=ServerSettings(workers=1, threads=4)) as door:
        door.ask("/p/priv1/data/runs", "V")
        (worker,) = door.workers()
        before = resident(worker, "VmRSS:")
        size = _read_away(door, 1024)
        assert size >= 1024 * MEGABYTE
        assert resident(worker, "VmHWM:") - before < MOST_GROWTH


def _read_away(door: RealDoor, megabytes: int) -> int:
    buffer = bytearray(MEGABYTE)
    size = 0
    with door.connect() as connection:
        connection.settimeout(60)
        connection.sendall(
            f"GET /p/priv1/data/plugin/foreign/huge?{megabytes} HTTP/1.1\r\nHost: {door.base}\r\nCookie: tb_share=V\r\nConnection: close\r\n\r\n".encode()
        )
        while read := connection.recv_into(buffer):
            size += read
    return size


def test_a_client_that_leaves_frees_the_connection_and_disturbs_nobody() -> None:
    with open_real_door(server=ServerSettings(workers=1, threads=4)) as door:
        for _ in range(12):
            with door.connect() as connection:
                connection.sendall(
                    f"GET /p/priv1/data/plugin/foreign/huge?50 HTTP/1.1\r\nHost: {door.base}\r\nCookie: tb_share=V\r\n\r\n".encode()
                )
                connection.recv(1000)
        assert door.ask("/p/priv1/data/runs", "V").status == 200


def test_a_body_of_the_allowed_size_arrives_whole() -> None:
    with open_real_door() as door:
        body = bytes(range(256)) * (4 * MEGABYTE // 256)
        answer = door.ask("/p/priv1/data/plugin/timeseries/timeSeries", "V", "POST", body)
        assert answer.status == 200
        assert door.private.received[-1].body == body


def test_connections_to_tensorboard_are_used_again() -> None:
    with open_real_door(server=ServerSettings(workers=1, threads=4)) as door:
        for _ in range(50):
            assert door.ask("/p/host1/data/runs", "V").status == 200
        assert door.host.connections == 1
        with door.connect() as connection:
            for _ in range(20):
                connection.sendall(f"GET /p/priv1/data/runs HTTP/1.1\r\nHost: {door.base}\r\nCookie: tb_share=V\r\n\r\n".encode())
                assert read_answer(connection).status == 200
        assert door.private.connections == 1
