"""The same host twice over one real RustBoard: with TensorBoard's own handlers alone, and with ours in front of them."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.scalar.summary_v2 import scalar_pb
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from werkzeug.test import Client

from tb_share import handoff
from tb_share.handoff import Note
from tb_share.model.share_link import ChosenExperiments, WholeProject
from tb_share.plugin.plugin import ExperimentsLoader
from tb_share.settings import TensorBoardSettings
from tb_share.signing import new_key
from tb_share.tensorboards.host import fast_series
from tb_share.tensorboards.host.app import Door, tensorboard_app
from tb_share.tensorboards.host.response_cache import ResponseCache
from tb_share.tensorboards.host.rustboard import RustBoard
from tb_share.tensorboards.host.scoped_provider import ScopedProvider
from tb_share.tensorboards.host.specification import Specification
from tb_share.tensorboards.host.visible_runs import seen
from tests.indexes import KeptIndex

LOGDIRS = Path(__file__).parents[2] / "logdirs"
NAMES = ("keras-orientation", "torch-summarywriter", "lightning", "tensorboardx")
ODD_VALUES = (float("nan"), float("inf"), float("-inf"), -0.0, 1e-45, 3.4028234e38, -3.4028234e38, 0.1)


class Host:
    """Two doors to one data server."""

    def __init__(self, logdir, monkeypatch):
        self.logdir = logdir
        self.key = new_key()
        settings = TensorBoardSettings(reload_interval_s=1)
        specification = Specification(
            project_id="logs",
            logdir=logdir,
            index=Path("/none"),
            socket=Path("/none"),
            handoff_key=self.key,
            generation="g",
            settings=settings,
        )
        self.rustboard = RustBoard(logdir, settings)
        self.rustboard.keep()
        self.catalogue = KeptIndex(logdir)
        scoped = ScopedProvider(self.rustboard.provider, self.catalogue.now, self.key)
        loader = ExperimentsLoader(self.catalogue.index, seen)
        ours = tensorboard_app(specification, scoped, loader)
        self.fast = Client(Door(ours, specification))
        self.cached = Client(Door(ResponseCache(ours, lambda: "g"), specification))
        with monkeypatch.context() as patch:
            patch.setattr(fast_series, "middleware", lambda *_: lambda app: app)
            self.stock = Client(Door(tensorboard_app(specification, scoped, loader), specification))

    def ask(self, client, path, *, scope=None, method="GET", **asked):
        """Status, parsed JSON and headers."""
        note = Note("logs", "member", "u", "", None, (), scope or WholeProject(), foreign_plugins=False, expires_at=time.time() + 50)
        headers = {handoff.HEADER: handoff.write(note, self.key), "Accept-Encoding": "gzip", **asked.pop("headers", {})}
        got = client.open(path, method=method, headers=headers, **asked)
        body = gzip.decompress(got.data) if got.headers.get("Content-Encoding") == "gzip" else got.data
        return got.status_code, json.loads(body) if got.content_type == "application/json" else body, got.headers

    def loaded(self):
        """Wait until everything in the logdir is listed, twice the same."""
        runs = self.catalogue.now().runs()
        until = time.monotonic() + 60
        seen = None
        while time.monotonic() < until:
            status, tags, _ = self.ask(self.stock, "/data/plugin/scalars/tags")
            listed = self.ask(self.stock, "/data/runs")
            now = (tags, listed[1], self.rustboard.starts)
            if status == 200 == listed[0] and set(listed[1]) == runs and now == seen:
                return self
            seen = now
            time.sleep(0.5)
        raise AssertionError("not in time")

    def series(self, scope=None):
        """All scalar series that a scope sees."""
        status, tags, _ = self.ask(self.stock, "/data/plugin/scalars/tags", scope=scope)
        assert status == 200
        return [(run, tag) for run, of_run in tags.items() for tag in of_run]

    def experiment(self, number):
        """A scope of one experiment."""
        return ChosenExperiments((self.catalogue.now().experiments[number].id,))


def write_odd_logs(logdir):
    """What no tidy training writes: values JSON has no number for, huge steps, restarts, odd names, classes that are no scalars."""
    for number, name in enumerate((".", "run with spaces", "ünï/日本", 'quote"back\\slash')):
        writer = EventFileWriter(str(logdir / name))
        for index, value in enumerate(ODD_VALUES):
            steps = {"odd": index, "huge": 2**50 + index * 2**40, "restarted": index if index < 5 else index - 3}
            for tag, step in steps.items():
                writer.add_event(event_pb2.Event(wall_time=1.7e9 + index / 3, step=step, summary=scalar_pb(tag, value)))
            old = summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag="old/simple", simple_value=value)])
            writer.add_event(event_pb2.Event(wall_time=1.7e9 + index, step=index, summary=old))
        for step in range(2500 if number == 1 else 3):
            writer.add_event(event_pb2.Event(wall_time=1.7e9 + step / 7, step=step, summary=scalar_pb(f"sampled {number} ü", step / 3)))
        writer.close()


@pytest.fixture(scope="module", params=[*NAMES, "odd"])
def host(request, tmp_path_factory):
    logdir = LOGDIRS / request.param
    if request.param == "odd":
        logdir = tmp_path_factory.mktemp("odd")
        write_odd_logs(logdir)
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = Host(logdir, monkeypatch)
    try:
        yield made.loaded()
    finally:
        made.rustboard.close()
