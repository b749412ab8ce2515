"""TensorBoard hosts as child processes of this machine: started when asked for, stopped when idle, started again when they die."""

from __future__ import annotations

import http.client
import secrets
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tb_share import handoff
from tb_share.handoff import Note
from tb_share.model.share_link import ChosenExperiments
from tb_share.settings import Settings
from tb_share.signing import new_key
from tb_share.tensorboards.fleet import Failed, HostState, Ready, Starting

_WATCH_S: Final = 0.2
_FIRST_PAUSE_S: Final = 0.2
_LONGEST_PAUSE_S: Final = 4.0
_MANY_FAILURES: Final = 4
_FAREWELL_S: Final = 3.0
_ASK_S: Final = 2.0


@dataclass(slots=True)
class _Host:
    """One project's host, through all its lives."""

    project_id: str
    logdir: Path
    process: subprocess.Popen[bytes] | None = None
    ready: Ready | None = None
    socket: str = ""
    key: str = ""
    generation: str = ""
    used_at: float = 0.0
    started_at: float = 0.0
    failures: int = 0
    not_before: float = 0.0
    wanted: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class LocalFleet:
    """All hosts of one serve; use it as a context manager, whose end ends them all."""

    def __init__(self, settings: Settings, runtime: Path) -> None:
        self._settings = settings.tensorboard
        self._runtime = runtime
        self._indexes = settings.data / "index"
        self._hosts = {source.name: _Host(source.name, source.path) for source in settings.logdir}
        self._ending = threading.Event()
        self._poke = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="hosts", daemon=True)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._watcher.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """End every host."""
        self.stop_all()

    def ensure(self, project_id: str) -> HostState:
        """The state of this project's host; starts it if need be, and counts as use."""
        host = self._hosts.get(project_id)
        if host is None:
            return Failed(f"no logdir is served as {project_id}")
        host.used_at = time.monotonic()
        if not host.wanted:
            host.wanted = True
            self._poke.set()
        ready = host.ready
        if ready is not None:
            return ready
        if host.failures >= _MANY_FAILURES:
            return Failed(f"the TensorBoard of {project_id} ended {host.failures} times in a row")
        return Starting()

    def lost(self, project_id: str, generation: str) -> None:
        """Nobody answers at the host of this generation: look at once."""
        host = self._hosts.get(project_id)
        if host is not None and host.ready is not None and host.ready.generation == generation and not _is_alive(host):
            host.ready = None
        self._poke.set()

    def pids(self) -> dict[str, int]:
        """The process of each running host, by project."""
        return {host.project_id: host.process.pid for host in self._hosts.values() if host.process is not None and _is_alive(host)}

    def stop_all(self) -> None:
        """End every host and wait for it."""
        self._ending.set()
        self._poke.set()
        if self._watcher.is_alive():
            self._watcher.join()
        for host in self._hosts.values():
            _stop(host)

    def _watch(self) -> None:
        while not self._ending.is_set():
            for host in self._hosts.values():
                self._look_after(host)
            self._poke.wait(_WATCH_S)
            self._poke.clear()

    def _look_after(self, host: _Host) -> None:
        now = time.monotonic()
        if host.process is not None and not _is_alive(host):
            self._mourn(host, now)
        if host.wanted and host.process is not None and now - host.used_at > self._settings.idle_stop_s:
            host.wanted = False
            _stop(host)
        elif host.wanted and host.process is None and now >= host.not_before:
            self._start(host, now)
        elif host.process is not None and host.ready is None:
            self._await(host, now)

    def _mourn(self, host: _Host, now: float) -> None:
        status = None if host.process is None else host.process.returncode
        was_ready = host.ready is not None
        if host.process is not None and host.process.stdin is not None:
            with suppress(OSError):
                host.process.stdin.close()
        Path(host.socket).unlink(missing_ok=True)
        host.process, host.ready = None, None
        host.failures = 0 if was_ready else host.failures + 1
        host.not_before = now + min(_FIRST_PAUSE_S * 2**host.failures, _LONGEST_PAUSE_S)
        print(f"tb-share: the TensorBoard of {host.project_id} ended (status {status}).", file=sys.stderr, flush=True)

    def _start(self, host: _Host, now: float) -> None:
        from tb_share.tensorboards.host.specification import Specification

        host.generation, host.key = secrets.token_hex(8), new_key()
        host.socket = str(self._runtime / f"{host.generation}.sock")
        specification = Specification(
            project_id=host.project_id,
            logdir=host.logdir,
            index=self._indexes / host.project_id,
            socket=Path(host.socket),
            handoff_key=host.key,
            generation=host.generation,
            settings=self._settings,
        )
        # A group of its own: Ctrl-C in the terminal is for the supervisor, which tells its children. With -P, a tensorboard.py that lies
        # where serve was started is not what we import.
        host.process = subprocess.Popen([sys.executable, "-P", "-m", "tb_share.tensorboards.host"], stdin=subprocess.PIPE, process_group=0)
        host.started_at = now
        try:
            assert host.process.stdin is not None  # noqa: S101 - asked for above
            host.process.stdin.write(specification.model_dump_json().encode() + b"\n")
            host.process.stdin.flush()
        except OSError:
            return

    def _await(self, host: _Host, now: float) -> None:
        if _answers(host):
            host.failures = 0
            host.ready = Ready(host.socket, host.key, host.generation)
        elif now - host.started_at > self._settings.start_deadline_s:
            print(f"tb-share: the TensorBoard of {host.project_id} was not ready in time.", file=sys.stderr, flush=True)
            _stop(host)
            host.failures += 1
            host.not_before = now + _LONGEST_PAUSE_S


def _is_alive(host: _Host) -> bool:
    return host.process is not None and host.process.poll() is None


def _stop(host: _Host) -> None:
    process, host.process, host.ready = host.process, None, None
    if process is None:
        return
    process.terminate()
    try:
        process.wait(_FAREWELL_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    Path(host.socket).unlink(missing_ok=True)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_ASK_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _answers(host: _Host) -> bool:
    note = Note(
        host.project_id, "fleet", "", "", None, (), ChosenExperiments(()), foreign_plugins=False, expires_at=time.time() + handoff.LIFE_S
    )
    connection = _UnixConnection(host.socket)
    try:
        connection.request("GET", "/healthz", headers={handoff.HEADER: handoff.write(note, host.key)})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
