"""Lets the gateway's workers ask the supervisor's fleet, over a Unix socket that only this user may open: a line of JSON each way."""

from __future__ import annotations

import json
import os
import socket
import socketserver
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tb_share.errors import UpstreamUnreachable
from tb_share.tensorboards.fleet import Failed, Fleet, HostState, Ready, Starting

_DEADLINE_S: Final = 2.0
_MAX_LINE: Final = 64 * 1024


class ControlServer:
    """Answers in threads of the supervisor; a context manager."""

    def __init__(self, path: Path, fleet: Fleet) -> None:
        self._path = path
        self._server = _Server(str(path), _Handler)
        os.chmod(path, 0o600)  # noqa: PTH101 - beside its socket
        self._server.fleet = fleet
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, name="control", daemon=True)

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    fleet: Fleet


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Answer lines until the worker hangs up."""
        with suppress(OSError, ValueError, KeyError):
            while line := self.rfile.readline(_MAX_LINE):
                asked = json.loads(line)
                answer = self._answer(asked)
                self.wfile.write(json.dumps(answer).encode() + b"\n")

    def _answer(self, asked: dict[str, str]) -> dict[str, Any]:
        if asked["do"] == "lost":
            self.server.fleet.lost(asked["project"], asked["generation"])
            return {}
        match self.server.fleet.ensure(asked["project"]):
            case Ready() as ready:
                return {"ready": asdict(ready)}
            case Starting():
                return {"starting": True}
            case Failed(reason):
                return {"failed": reason}


class FleetClient:
    """The fleet, as a worker sees it; a connection for each thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def ensure(self, project_id: str) -> HostState:
        """The state of this project's host, starting it if need be.

        Raises:
            UpstreamUnreachable: the supervisor does not answer.
        """
        answer = self._ask({"do": "ensure", "project": project_id})
        if "ready" in answer:
            return Ready(**answer["ready"])
        return Failed(answer["failed"]) if "failed" in answer else Starting()

    def lost(self, project_id: str, generation: str) -> None:
        """The worker could not reach the host of this generation."""
        with suppress(UpstreamUnreachable):
            self._ask({"do": "lost", "project": project_id, "generation": generation})

    def close(self) -> None:
        """Hang up the connection of this thread."""
        self._hang_up()

    def _ask(self, question: dict[str, str]) -> dict[str, Any]:
        # Once more on a fresh connection: the supervisor may have been started again since the last question.
        for again in (False, True):
            try:
                return self._ask_once(question)
            except (OSError, ValueError) as error:
                self._hang_up()
                if again:
                    raise UpstreamUnreachable from error
        raise UpstreamUnreachable

    def _ask_once(self, question: dict[str, str]) -> dict[str, Any]:
        if getattr(self._local, "file", None) is None:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(_DEADLINE_S)
            connection.connect(str(self._path))
            self._local.socket, self._local.file = connection, connection.makefile("rwb")
        self._local.file.write(json.dumps(question).encode() + b"\n")
        self._local.file.flush()
        line = self._local.file.readline(_MAX_LINE)
        if not line:
            raise OSError("hung up")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _hang_up(self) -> None:
        for name in ("file", "socket"):
            held = getattr(self._local, name, None)
            if held is not None:
                with suppress(OSError):
                    held.close()
            setattr(self._local, name, None)
