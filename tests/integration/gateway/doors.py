"""Starts real front doors for tests, and speaks with them byte by byte."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tb_share.settings import ProxySettings, ServerSettings, Settings, TensorBoardSettings
from tests.integration.gateway.tiny_upstream import TinyUpstream, tcp_upstream, unix_upstream

ROOT = Path(__file__).parents[3]
COOKIES = {
    "A": "",
    "N": "tb_share=N",
    "V": "tb_share=V",
    "PUB": "tb_share=PUB",
    "O": "tb_share=O",
    "L": "tb_share_link=L",
    "LH": "tb_share_link=LH",
    "LC": "tb_share_link=LC",
    "ENDED": "tb_share_link=ENDED",
}
CANARY = "CANARY-PRIV1"
CANARY_HOST = "CANARY-HOST1"
CANARY_PUB = "CANARY-PUB"


@dataclass
class Answer:
    """One answer, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    broken_off: bool = False

    @property
    def whole(self) -> bytes:
        return f"{self.status}\r\n{self.headers}".encode() + self.body

    @property
    def shape(self) -> tuple[object, ...]:
        """Everything but what differs between any two answers: the date and the request's id."""
        request_id = self.headers.get("X-Request-Id", "")
        named = tuple((name, value) for name, value in self.headers.items() if name not in {"Date", "X-Request-Id"})
        return self.status, named, self.body.replace(request_id.encode(), b"ID")


@dataclass
class RealDoor:
    """A gunicorn of ours with its workers."""

    process: subprocess.Popen[bytes]
    port: int
    runtime_dir: Path
    private: TinyUpstream
    public: TinyUpstream
    host: TinyUpstream
    log_path: Path
    listener: socket.socket

    @property
    def base(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def upstreams(self) -> tuple[TinyUpstream, ...]:
        return self.private, self.public, self.host

    def log(self) -> str:
        return self.log_path.read_text()

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), 10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def raw(self, data: bytes, method: str = "GET") -> Answer:
        """Send exactly these bytes and read one answer."""
        with self.connect() as connection:
            connection.sendall(data)
            return read_answer(connection, method)

    def ask(self, target: str, actor: str = "A", method: str = "GET", body: bytes | None = None, **more: str) -> Answer:
        """One request with exactly this target, as this actor, on a connection of its own."""
        headers = {"Host": self.base, "Connection": "close", "Accept": "application/json"}
        if COOKIES[actor]:
            headers["Cookie"] = COOKIES[actor]
        if method not in {"GET", "HEAD"}:
            headers["Sec-Fetch-Site"] = "same-origin"
        if body is not None:
            headers["Content-Length"] = str(len(body))
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value) + "\r\n"
        return self.raw(head.encode("latin-1") + (body or b""), method)

    def navigate(self, target: str, actor: str = "A") -> Answer:
        return self.ask(target, actor, Accept="text/html,*/*;q=0.8", Sec_Fetch_Mode="navigate")

    def workers(self) -> list[int]:
        return children_of(self.process.pid)

    def upstream_count(self) -> int:
        return sum(len(upstream.received) for upstream in self.upstreams)


def read_answer(connection: socket.socket, method: str = "GET") -> Answer:
    """The next answer on a connection."""
    response = http.client.HTTPResponse(connection, method=method)
    try:
        response.begin()
    except (http.client.HTTPException, ConnectionError):
        return Answer(0, http.client.HTTPMessage(), b"", broken_off=True)
    try:
        return Answer(response.status, response.msg, response.read())
    except (http.client.IncompleteRead, ConnectionError):
        return Answer(response.status, response.msg, b"", broken_off=True)


class _Stream:
    """One buffer for several answers: a response that has its own would swallow the beginning of the next."""

    def __init__(self, connection: socket.socket) -> None:
        self._file = connection.makefile("rb")

    def makefile(self, _mode: str) -> _Stream:
        return self

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def close(self) -> None:
        """The buffer outlives each answer."""

    def flush(self) -> None:
        """Nothing is written."""


def read_answers(connection: socket.socket, count: int) -> list[Answer]:
    """The next answers on a connection."""
    stream = _Stream(connection)
    return [read_answer(stream) for _ in range(count)]  # type: ignore[arg-type]  # only makefile is asked for


def children_of(pid: int) -> list[int]:
    """Child processes, from /proc."""
    try:
        return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def gone(pid: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in {"Z", "X"}


def wait_until(condition: object, deadline_s: float = 10.0) -> bool:
    """Poll until true; False if that never happens."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        threading.Event().wait(0.02)
    return False


@contextmanager
def open_real_door(
    *,
    server: ServerSettings | None = None,
    proxy: ProxySettings | None = None,
    tensorboard: TensorBoardSettings | None = None,
    public_url: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[RealDoor]:
    """A door with two upstream projects (priv1, pub), a managed one (host1), one that starts and one that failed."""
    with ExitStack() as stack:
        # Not pytest's folder: the path of a Unix socket is short.
        runtime_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tbs")))
        private = stack.enter_context(tcp_upstream(CANARY))
        public = stack.enter_context(tcp_upstream(CANARY_PUB))
        host = stack.enter_context(unix_upstream(runtime_dir / "host1.sock", CANARY_HOST))
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=512))
        port = listener.getsockname()[1]
        settings = Settings(
            data=runtime_dir / "data",
            port=port,
            public_url=public_url or f"http://127.0.0.1:{port}",
            server=server or ServerSettings(workers=2, threads=8, header_deadline_s=2, body_deadline_s=3),
            proxy=proxy or ProxySettings(),
            tensorboard=tensorboard or TensorBoardSettings(answer_deadline_s=2),
        )
        (runtime_dir / "settings.json").write_text(settings.model_dump_json())
        behind = {
            "upstreams": {"priv1": private.url, "pub": public.url, "gone": "http://127.0.0.1:9"},
            "hosts": {"host1": str(runtime_dir / "host1.sock"), "starting": "starting", "failed": "failed"},
            "https": (public_url or "").startswith("https"),
        }
        (runtime_dir / "behind.json").write_text(json.dumps(behind))
        log_path = runtime_dir / "log"
        log = stack.enter_context(log_path.open("wb"))
        listener.set_inheritable(True)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.gateway.door_process", str(runtime_dir), str(listener.fileno())],
            pass_fds=[listener.fileno()],
            stderr=log,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )
        door = RealDoor(process, port, runtime_dir, private, public, host, log_path, listener)
        try:
            assert wait_until(lambda: _answers(door), 30), door.log()
            yield door
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(door: RealDoor) -> bool:
    assert door.process.poll() is None, door.log()
    return door.raw(f"GET /healthz HTTP/1.1\r\nHost: {door.base}\r\nConnection: close\r\n\r\n".encode()).status in {200, 400}


__all__ = [
    "CANARY",
    "CANARY_HOST",
    "CANARY_PUB",
    "Answer",
    "RealDoor",
    "children_of",
    "gone",
    "open_real_door",
    "re",
    "read_answer",
    "shutil",
    "wait_until",
]
