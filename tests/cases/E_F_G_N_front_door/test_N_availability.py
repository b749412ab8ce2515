"""Group N: availability and limits, against a front door with few threads."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from tb_share.settings import ServerSettings
from tests.integration.gateway.doors import COOKIES, RealDoor, gone, open_real_door, read_answer, wait_until

THREADS = 4
FRESH_WITHIN_S = 5


@pytest.fixture(scope="module")
def small() -> Iterator[RealDoor]:
    with open_real_door(server=ServerSettings(workers=1, threads=THREADS, header_deadline_s=2, body_deadline_s=20)) as door:
        yield door


def fresh_request_is_answered(door: RealDoor) -> bool:
    """Somebody else's, to the same project: whoever makes many slow requests may wait for themselves."""
    with door.connect() as connection:
        connection.settimeout(FRESH_WITHIN_S)
        connection.sendall(
            f"GET /p/host1/data/runs HTTP/1.1\r\nHost: {door.base}\r\nCookie: tb_share=O\r\nConnection: close\r\n\r\n".encode()
        )
        return read_answer(connection).status == 200


POST = "POST /p/host1/data/plugin/timeseries/timeSeries HTTP/1.1\r\nHost: {base}\r\nCookie: tb_share=V\r\nSec-Fetch-Site: same-origin\r\n"

SLOW = {
    "partial headers": "GET / HTTP/1.1\r\nHost: x\r\nX-",
    "idle": "",
    "half a line": "GE",
    "body of known length": POST + "Content-Length: 1000\r\n\r\nabc",
    "body over what is collected": POST + "Content-Length: 200000\r\n\r\n" + "a" * 150_000,
    "chunked body": POST + "Transfer-Encoding: chunked\r\n\r\n400\r\nabc",
    "expected body": POST + "Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n",
}


@pytest.mark.parametrize("kind", SLOW)
def test_N01_slow_clients_stall_nobody(small: RealDoor, kind: str) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(small.connect()) for _ in range(3 * THREADS)]
        for connection in slow:
            connection.sendall(SLOW[kind].format(base=small.base).encode())
        for _ in range(3):
            for connection in slow:
                with suppress(OSError):
                    connection.sendall(b"a")
            assert fresh_request_is_answered(small)


@pytest.mark.parametrize("kind", ["partial headers", "idle", "half a line"])
def test_N01_slow_heads_are_cut(small: RealDoor, kind: str) -> None:
    with small.connect() as connection:
        connection.sendall(SLOW[kind].encode())
        connection.settimeout(10)
        while connection.recv(4096):
            pass


def test_N01_slow_readers_stall_nobody(small: RealDoor) -> None:
    with ExitStack() as stack:
        for _ in range(2 * THREADS):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", small.port))
            connection.sendall(
                f"GET /p/priv1/data/plugin/foreign/huge?100 HTTP/1.1\r\nHost: {small.base}\r\nCookie: tb_share=V\r\n\r\n".encode()
            )
            connection.settimeout(10)
            connection.recv(10)
            if len(small.private.received) >= THREADS:
                break
        assert fresh_request_is_answered(small)


def test_N02_idle_kept_alive_connections_stall_nobody(small: RealDoor) -> None:
    with ExitStack() as stack:
        for _ in range(500):
            connection = stack.enter_context(small.connect())
            connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: {small.base}\r\n\r\n".encode())
        assert fresh_request_is_answered(small)


def test_N02_silent_connections_stall_nobody(small: RealDoor) -> None:
    with ExitStack() as stack:
        for _ in range(500):
            stack.enter_context(small.connect())
        assert fresh_request_is_answered(small)


def test_N04_H19_guessing_is_slowed_down_whatever_the_spelling() -> None:
    with open_real_door() as door:
        statuses = []
        for n in range(60):
            path = ["/login/x{n}", "/%6Cogin/x{n}", "/s/x{n}", "http://evil.test/s/x{n}"][n % 4].format(n=n)
            answer = door.ask(path, "A", "POST", b"", X_Forwarded_For=f"10.0.0.{n}")
            statuses.append(answer.status)
        assert statuses[:20] == [404] * 20
        assert set(statuses[20:]) == {429}
        assert int(door.ask("/s/x", "A", "POST", b"").headers["Retry-After"]) in range(1, 61)
        assert door.ask("/s/x", "A").status == 200
        assert door.ask("/p/priv1/data/runs", "V").status == 200


def test_N04_a_cross_site_form_cannot_use_up_anybodys_tries() -> None:
    with open_real_door() as door:
        for _ in range(30):
            assert door.ask("/s/x", "A", "POST", b"", Sec_Fetch_Site="cross-site").status == 403
        assert door.ask("/s/x", "A", "POST", b"").status == 404


def test_N07_form_bodies_are_bounded(small: RealDoor) -> None:
    many = "&".join(f"a{n}=1" for n in range(100_000)).encode()
    answer = small.ask("/login", "A", "POST", many, Content_Type="application/x-www-form-urlencoded")
    assert answer.status in {400, 413}
    parts = b"".join(b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" for _ in range(5000)) + b"--x--\r\n"
    assert small.ask("/login", "A", "POST", parts, Content_Type="multipart/form-data; boundary=x").status in {400, 413}
    assert small.ask("/login", "A", "POST", b"--x\r\n" + b"\r" * 1_000_000, Content_Type="multipart/form-data; boundary=x").status in {
        200,
        400,
        413,
    }
    assert fresh_request_is_answered(small)


def test_N17_a_killed_worker_comes_back_and_mixes_nothing_up() -> None:
    with open_real_door() as door:
        for _ in range(3):
            before = set(door.workers())
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            assert wait_until(lambda: len(set(door.workers()) - before) == 2)  # noqa: B023
            assert door.ask("/p/priv1/data/runs", "V").status == 200
            assert door.ask("/p/priv1/data/runs", "N").status == 404


def test_N17_workers_are_renewed_without_losing_a_request() -> None:
    with open_real_door() as door:
        before = set(door.workers())
        os.kill(door.process.pid, signal.SIGHUP)
        assert wait_until(lambda: door.ask("/p/priv1/data/runs", "V").status == 200 and not before & set(door.workers()))


def test_N17_no_orphans_when_the_master_is_killed() -> None:
    with open_real_door() as door:
        assert wait_until(lambda: len(door.workers()) == 2)
        workers = door.workers()
        door.process.kill()
        door.process.wait()
        assert wait_until(lambda: all(gone(pid) for pid in workers))


def test_N17_sigterm_lets_a_download_end() -> None:
    with open_real_door() as door, door.connect() as connection:
        connection.settimeout(20)
        connection.sendall(f"GET /p/priv1/data/plugin/foreign/huge?20 HTTP/1.1\r\nHost: {door.base}\r\nCookie: tb_share=V\r\n\r\n".encode())
        begun = connection.recv(1000)
        door.process.terminate()
        size = len(begun)
        while data := connection.recv(1 << 20):
            size += len(data)
        assert size > 20 << 20
        assert door.process.wait(timeout=20) == 0


@pytest.mark.parametrize("actors", [["V"], ["V", "O", "L"]])
def test_N05_fifty_heavy_questions_leave_room_for_others(small: RealDoor, actors: list[str]) -> None:
    """``silent`` stands for a question that TensorBoard takes half a minute for."""
    with ExitStack() as stack:
        for n in range(50):
            connection = stack.enter_context(small.connect())
            cookie = COOKIES[actors[n % len(actors)]]
            connection.sendall(
                f"GET /p/priv1/data/plugin/foreign/silent HTTP/1.1\r\nHost: {small.base}\r\nCookie: {cookie}\r\n\r\n".encode()
            )
        for _ in range(3):
            assert fresh_request_is_answered(small)


def test_N08_many_parameters_of_one_name_are_bounded(small: RealDoor) -> None:
    many = "&".join("run=a" for _ in range(100_000))
    assert small.ask(f"/p/host1/data/runs?{many}", "V").status in {400, 414}
    assert small.ask(f"/p/host1/data/runs?{many[:3000]}", "V").status == 200
    answer = small.ask("/login", "A", "POST", many.encode(), Content_Type="application/x-www-form-urlencoded")
    assert answer.status in {400, 413}
    assert fresh_request_is_answered(small)


def test_N16_http_2_is_not_spoken(small: RealDoor) -> None:
    for data in (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x00\x00\x00\x04\x00\x00\x00\x00\x00" * 1000):
        with small.connect() as connection:
            connection.settimeout(10)
            connection.sendall(data)
            said = b""
            while more := connection.recv(4096):
                said += more
        assert said.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))
        assert said.count(b"HTTP/1.1") == 1
    assert fresh_request_is_answered(small)
