"""A tiny real server in TensorBoard's place: records every byte it receives and answers as the path says."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 64 * 1024


@dataclass
class Received:
    """One request as it came over the wire."""

    head: bytes
    body: bytes

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def headers(self) -> dict[str, str]:
        pairs = (line.partition(": ") for line in self.head.decode("latin-1").split("\r\n")[1:])
        return {name.lower(): value for name, _, value in pairs}


@dataclass
class TinyUpstream:
    """Listens until closed."""

    listener: socket.socket
    canary: str
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        host, port = self.listener.getsockname()
        return f"http://{host}:{port}"

    def serve(self) -> None:
        while not self.closing.is_set():
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(client)
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def close(self) -> None:
        self.closing.set()
        self.listener.close()
        for client in self._open:
            client.close()

    def _talk(self, client: socket.socket) -> None:
        buffer = b""
        with client:
            while True:
                while b"\r\n\r\n" not in buffer:
                    try:
                        data = client.recv(PIECE)
                    except OSError:
                        return
                    if not data:
                        return
                    buffer += data
                head, _, buffer = buffer.partition(b"\r\n\r\n")
                request = Received(head, b"")
                length = int(request.headers.get("content-length", "0"))
                while len(buffer) < length:
                    data = client.recv(PIECE)
                    if not data:
                        return
                    buffer += data
                request.body, buffer = buffer[:length], buffer[length:]
                self.received.append(request)
                try:
                    if not self._answer(client, request):
                        return
                except OSError:
                    return

    def _answer(self, client: socket.socket, request: Received) -> bool:
        """Answer, and say whether the connection stays."""
        method, target, _ = request.line.split(" ", 2)
        path, _, query = target.partition("?")
        name = path.rpartition("/")[2]
        special: Callable[[], bool] | None = {
            "truncated": lambda: _send(client, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 200_000, stay=False),
            "truncated-small": lambda: _send(client, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", stay=False),
            "truncated-chunked": lambda: _send(
                client, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n", stay=False
            ),
            "hangs-up": lambda: False,
            "garbage": lambda: _send(client, b"SSH-2.0-whatever\r\n\r\n", stay=False),
            "silent": lambda: self.closing.wait(30) and False,
            "fails": lambda: _send(client, _simple(b"Traceback /secret/path " + self.canary.encode(), status="500 Oh")),
            "cookies": lambda: _send(client, _simple(b"{}", more=_NASTY_HEADERS)),
            "away": lambda: _send(client, _simple(b"{}", status="503 Service Unavailable")),
            "unknown-note": lambda: _send(client, _simple(b"{}", status="401 Unauthorized")),
            "redirects": lambda: _send(client, _simple(b"", status="302 Found", more="Location: " + _unquote(query) + "\r\n")),
            "page": lambda: _send(client, _simple(b"<html>", kind="text/html", more="Content-Security-Policy: default-src 'self'\r\n")),
            "tagged": lambda: _send(client, _simple(b"{}", more='ETag: "g1"\r\n')),
            "huge": lambda: _huge(client, int(query)),
            "last-word": lambda: _send(client, _simple(b"{}"), stay=False),
            "environment": lambda: _send(
                client,
                _simple(
                    json.dumps(
                        {"version": "2", "data_location": "/srv/secret/logs", "debug": {"flags": "argv"}, "window_title": "w"}
                    ).encode()
                ),
            ),
            "context": lambda: _send(
                client, _simple(b'{"version": "2", "gateway": {"api": "https://evil.test/"}, "logdir_empty": false}', more='ETag: "c1"\r\n')
            ),
            "logdir": lambda: _send(client, _simple(b'{"logdir": "/srv/secret/logs"}')),
        }.get(name)
        if special is not None:
            return special()
        body = json.dumps({"canary": self.canary, "path": path, "body": len(request.body)}).encode()
        return _send(client, _simple(b"" if method == "HEAD" else body, length=len(body)))


_NASTY_HEADERS = (
    "Set-Cookie: tb_share=stolen; Path=/\r\nRefresh: 0; url=http://evil.test\r\nLink: <http://evil.test>; rel=preload\r\n"
    'Clear-Site-Data: "*"\r\nService-Worker-Allowed: /\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Credentials: true\r\n'
    "Cache-Control: public, max-age=99999\r\nStrict-Transport-Security: max-age=0\r\nX-Frame-Options: DENY\r\nServer: tiny\r\n"
    "Connection: X-Hop\r\nX-Hop: 1\r\n"
)


def _unquote(text: str) -> str:
    return bytes.fromhex(text).decode()


def _simple(body: bytes, status: str = "200 OK", kind: str = "application/json", more: str = "", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n{more}\r\n".encode() + body


def _send(client: socket.socket, data: bytes, *, stay: bool = True) -> bool:
    client.sendall(data)
    return stay


def _huge(client: socket.socket, megabytes: int) -> bool:
    client.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {megabytes << 20}\r\n\r\n".encode())
    piece = os.urandom(1 << 20)
    for _ in range(megabytes):
        client.sendall(piece)
    return True


@contextmanager
def tcp_upstream(canary: str) -> Iterator[TinyUpstream]:
    """On a free port of the loopback."""
    with _running(TinyUpstream(socket.create_server(("127.0.0.1", 0)), canary)) as upstream:
        yield upstream


@contextmanager
def unix_upstream(path: Path, canary: str) -> Iterator[TinyUpstream]:
    """On a Unix socket, as a host of ours."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(64)
    with _running(TinyUpstream(listener, canary)) as upstream:
        yield upstream


@contextmanager
def _running(upstream: TinyUpstream) -> Iterator[TinyUpstream]:
    thread = threading.Thread(target=upstream.serve, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        upstream.close()
