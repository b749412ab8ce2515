"""States of experiments: what sessions say of their end, in which order, and whether somebody still writes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

from tb_share.logdir.catalogue import Catalogue
from tb_share.logdir.index.reader import Index
from tests.indexes import KeptIndex

LOGDIRS = Path(__file__).parents[2] / "logdirs"
SUCCESS, FAILURE = 1, 2


def start(wall):
    content = plugin_data_pb2.HParamsPluginData()
    content.session_start_info.hparams["lr"].number_value = 0.1
    return said("_hparams_/session_start_info", wall, content)


def end(wall, status=SUCCESS):
    content = plugin_data_pb2.HParamsPluginData()
    content.session_end_info.status = status
    return said("_hparams_/session_end_info", wall, content)


def said(tag, wall, content):
    plugin = summary_pb2.SummaryMetadata.PluginData(plugin_name="hparams", content=content.SerializeToString())
    value = summary_pb2.Summary.Value(tag=tag, metadata=summary_pb2.SummaryMetadata(plugin_data=plugin))
    return event_pb2.Event(wall_time=wall, summary=summary_pb2.Summary(value=[value]))


def loss(wall, step=0):
    return event_pb2.Event(
        wall_time=wall, step=step, summary=summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag="loss", simple_value=1)])
    )


def logged(logdir, *files, age=3600.0):
    (logdir / "run").mkdir()
    for number, events in enumerate(files):
        path = logdir / "run" / f"events.out.tfevents.{number}.host"
        with path.open("wb") as file:
            for event in events:
                RecordWriter(file).write(event.SerializeToString())
        os.utime(path, (time.time() - age,) * 2)
    (scanned,) = Catalogue.scan(logdir).experiments
    (indexed,) = KeptIndex(logdir, logdir.parent / "index").now().experiments
    assert scanned.state is indexed.state
    return indexed.state


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param([[start(1), loss(2), end(3)]], "finished", id="an end"),
        pytest.param([[start(1), loss(2), end(3, FAILURE)]], "failed", id="an end that failed"),
        pytest.param([[start(1), loss(2)]], "stale", id="a start alone"),
        pytest.param([[loss(2)]], "unknown", id="neither"),
        pytest.param([[start(1), end(2, FAILURE)], [start(11), end(12)]], "finished", id="failed, then tried again"),
        pytest.param([[start(1), end(2)], [start(11), end(12, FAILURE)]], "failed", id="went on, and failed then"),
        pytest.param([[start(1), end(2)], [start(11), loss(12)]], "stale", id="went on, and never ended"),
        pytest.param([[start(11), end(12)], [start(1), end(2, FAILURE)]], "finished", id="files in another order than their times"),
        pytest.param([[start(1), end(1), loss(2), loss(900)]], "finished", id="an end at the beginning, as Lightning writes it"),
    ],
)
def test_of_a_training_that_nobody_writes_any_more(tmp_path, files, expected):
    logdir = tmp_path / "logs"
    logdir.mkdir()
    assert logged(logdir, *files) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param([[start(1), loss(2), end(3)]], "finished", id="it has just ended"),
        pytest.param([[start(1), end(3), loss(3.5)]], "finished", id="the metrics that add_hparams writes after it"),
        pytest.param([[start(1), end(1), loss(2), loss(900)]], "running", id="an end at the beginning, as Lightning writes it"),
        pytest.param([[start(1), end(2)], [start(11), loss(12)]], "running", id="went on"),
        pytest.param([[loss(1), end(2, FAILURE)], [loss(100)]], "running", id="failed, and goes on in another file"),
    ],
)
def test_of_a_training_that_is_being_written(tmp_path, files, expected):
    logdir = tmp_path / "logs"
    logdir.mkdir()
    assert logged(logdir, *files, age=5) == expected


def test_who_runs_stops_running_when_nobody_writes(tmp_path, monkeypatch):
    logdir = tmp_path / "logs"
    logdir.mkdir()
    assert logged(logdir, [start(1), end(1), loss(900)], age=5) == "running"
    index = Index(tmp_path / "index")
    assert index.view().catalogue.experiments[0].state == "running"
    now = time.time()
    monkeypatch.setattr("tb_share.logdir.index.reader.time.time", lambda: now + 1000)
    index._fresh_until = 0.0
    assert index.view().catalogue.experiments[0].state == "finished"


@pytest.mark.parametrize("name", ["keras-orientation", "lightning", "tensorboardx", "torch-summarywriter"])
def test_states_of_real_logs_are_those_that_event_accumulator_tells(name):
    later = max(file.stat().st_mtime for file in LOGDIRS.rglob("*tfevents*")) + 3600
    for experiment in Catalogue.scan(LOGDIRS / name, now=later).experiments:
        starts, ends = [], []
        for run in experiment.runs:
            for file in sorted((LOGDIRS / name / run.name).glob("*tfevents*")):
                accumulator = EventAccumulator(str(file))
                accumulator.Reload()
                starts += [file] if "_hparams_/session_start_info" in accumulator.summary_metadata else []
                if "_hparams_/session_end_info" in accumulator.summary_metadata:
                    content = accumulator.SummaryMetadata("_hparams_/session_end_info").plugin_data.content
                    ends.append(plugin_data_pb2.HParamsPluginData.FromString(content).session_end_info.status)
        expected = "finished" if ends else "stale" if starts else "unknown"
        assert FAILURE not in ends
        assert experiment.state == expected, experiment.path


@pytest.mark.parametrize(("ahead", "state"), [(600, "running"), (10 * 86400, "stale")])
def test_files_that_are_dated_days_ahead_are_no_sign_of_life(tmp_path, ahead, state):
    assert logged(tmp_path, [start(1.0), loss(2.0)], age=-ahead).value == state
