"""Plays a browser: the recorded requests, wave by wave, over six connections that are kept alive, all answers read to their end."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.benchmarks.sides import Side, now_s

CONNECTIONS = 6
"""As many as browsers open to one server over HTTP/1.1."""
_DEADLINE_S = 600
_FILE = Path(__file__).with_name("dashboard_requests.json")


@dataclass(frozen=True)
class Asked:
    """One recorded request; the target is that of a TensorBoard at the root."""

    wave: int
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None = None

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.method} {self.target.partition('?')[0].removeprefix('/experiment/defaultExperimentId')}"


@dataclass(frozen=True)
class Got:
    """One answer as it came over the wire."""

    status: int
    coding: str
    body: bytes


@dataclass
class Totals:
    """What a replay came to."""

    answers: int = 0
    bytes: int = 0
    bad: list[str] = field(default_factory=list)


@cache
def recorded(name: str) -> tuple[Asked, ...]:
    """The requests of a set."""
    return tuple(map(_asked, json.loads(_FILE.read_text())[name]))


def _asked(described: dict[str, Any]) -> Asked:
    body = described.get("body")
    headers = tuple(described["headers"].items())
    return Asked(described["wave"], described["method"], described["target"], headers, None if body is None else body.encode())


class Connection:
    """One connection of a browser that has the side's cookie."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._http = http.client.HTTPConnection("127.0.0.1", side.port, timeout=_DEADLINE_S)

    def ask(self, asked: Asked) -> Got:
        """Ask, and read the answer to its end."""
        if self._http.sock is None:
            self._http.connect()
            self._http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as browsers do
        more = {"Cookie": self._side.cookie} if self._side.cookie else {}
        headers = {"Accept-Encoding": "gzip, deflate, br, zstd", "Sec-Fetch-Site": "same-origin", **dict(asked.headers), **more}
        self._http.request(asked.method, self._side.prefix + asked.target, asked.body, headers)
        answer = self._http.getresponse()
        return Got(answer.status, answer.headers.get("Content-Encoding", ""), answer.read())

    def close(self) -> None:
        """Close it."""
        self._http.close()


def replay(side: Side, asked: Sequence[Asked], viewers: int) -> tuple[float, Totals]:
    """Seconds until the last of several viewers, who all come at once and for the first time, has everything."""
    totals, lock = Totals(), threading.Lock()
    ready = threading.Barrier(viewers + 1)

    def view() -> None:
        mine = Totals()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            connections = [Connection(side) for _ in range(CONNECTIONS)]
            ready.wait()
            for _, wave in groupby(asked, key=lambda each: each.wave):
                _view_wave(pool, connections, list(wave), mine)
            for connection in connections:
                connection.close()
        with lock:
            totals.answers += mine.answers
            totals.bytes += mine.bytes
            totals.bad += mine.bad

    threads = [threading.Thread(target=view) for _ in range(viewers)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = now_s()
    for thread in threads:
        thread.join()
    if totals.bad or totals.answers != viewers * len(asked):
        raise SystemExit(f"{side.name}: {totals.answers} answers, bad ones: {totals.bad[:5]}")
    return now_s() - began, totals


def _view_wave(pool: ThreadPoolExecutor, connections: list[Connection], wave: list[Asked], totals: Totals) -> None:
    waiting = list(reversed(wave))
    lock = threading.Lock()

    def work(connection: Connection) -> None:
        while True:
            with lock:
                if not waiting:
                    return
                asked = waiting.pop()
            got = connection.ask(asked)
            with lock:
                totals.answers += 1
                totals.bytes += len(got.body)
                if got.status != 200:
                    totals.bad.append(f"{got.status} {asked.name}")

    for future in [pool.submit(work, connection) for connection in connections]:
        future.result()
