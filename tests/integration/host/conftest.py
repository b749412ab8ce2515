"""A real fleet with one real host: TensorBoard over RustBoard on the small real logdirs."""

from __future__ import annotations

import http.client
import socket
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tb_share import handoff
from tb_share.handoff import Note
from tb_share.logdir.catalogue import Catalogue
from tb_share.model.share_link import Scope, WholeProject
from tb_share.settings import LogdirSource, Settings, TensorBoardSettings
from tb_share.tensorboards.fleet import Ready
from tb_share.tensorboards.local import LocalFleet
from tests.processes import wait_for

LOGDIRS = Path(__file__).parents[2] / "logdirs"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self._path)


@dataclass
class Hosted:
    """One project of a running fleet."""

    fleet: LocalFleet
    project: str
    logdir: Path
    runtime: Path

    def ready(self) -> Ready:
        def look():
            state = self.fleet.ensure(self.project)
            return state if isinstance(state, Ready) else None

        return wait_for(look)

    def ask(
        self,
        target,
        scope: Scope | None = None,
        method="GET",
        body=None,
        headers=None,
        *,
        key=None,
        project=None,
        foreign=False,
        life_s=50,
        files=True,
    ):
        """Status, headers and body, asked with a note of this scope."""
        host = self.ready()
        note = Note(
            project or self.project,
            "member",
            "u",
            "U",
            "viewer",
            ("read_tensorboard",),
            scope or WholeProject(),
            foreign,
            time.time() + life_s,
            files,
        )
        return self.ask_raw(host, target, {handoff.HEADER: handoff.write(note, key or host.handoff_key), **(headers or {})}, method, body)

    def ask_raw(self, host, target, headers, method="GET", body=None):
        connection = UnixConnection(host.socket)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def loaded(self, runs: int) -> None:
        """Wait until RustBoard has read so many runs."""
        import json

        def look():
            status, _, body = self.ask("/data/runs")
            return status == 200 and len(json.loads(body)) == runs

        wait_for(look)


def hosted(logdir, **settings):
    """A fleet over one logdir; to be used in a with statement."""
    runtime = Path(tempfile.mkdtemp(prefix="tbs-"))
    made = Settings(
        data=runtime, logdir=(LogdirSource(name="logs", path=logdir),), tensorboard=TensorBoardSettings(reload_interval_s=1, **settings)
    )
    return Hosted(LocalFleet(made, runtime), "logs", logdir, runtime)


@pytest.fixture(scope="session")
def keras():
    """The twelve experiments of keras-orientation."""
    host = hosted(LOGDIRS / "keras-orientation")
    with host.fleet:
        host.loaded(34)
        yield host


@pytest.fixture(scope="session")
def keras_catalogue():
    return Catalogue.scan(LOGDIRS / "keras-orientation")
