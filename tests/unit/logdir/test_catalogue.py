"""Experiments of the small real logdirs, against EventAccumulator; ids that survive; damage that is survived."""

from __future__ import annotations

import json
import os
import shutil
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_share.logdir import catalogue, parameters
from tb_share.logdir.birth import born_ns
from tb_share.logdir.catalogue import Catalogue
from tb_share.model.experiment import ExperimentState

LOGDIRS = Path(__file__).parents[2] / "logdirs"
INVENTORY = json.loads((LOGDIRS / "inventory.json").read_text())
NAMES = ["keras-orientation", "lightning", "tensorboardx", "torch-summarywriter"]
EXPERIMENTS = {
    "keras-orientation": 12,
    "lightning": 4,
    "tensorboardx": 3,
    "torch-summarywriter": 5,
}


def scan(name, **more):
    return Catalogue.scan(LOGDIRS / name, **more)


@pytest.mark.parametrize("name", NAMES)
def test_every_run_is_in_exactly_one_experiment(name):
    runs = [run.name for each in scan(name).experiments for run in each.runs]
    assert sorted(runs) == sorted(INVENTORY[name]["event_accumulator"])
    assert len(scan(name).experiments) == EXPERIMENTS[name]


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_those_that_event_accumulator_finds(name):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import plugin_data_pb2

    for experiment in scan(name).experiments:
        expected: dict[str, list[object]] = {}
        for run in experiment.runs:
            directory = LOGDIRS / name / run.name
            for file in sorted(directory.glob("*tfevents*")):
                accumulator = EventAccumulator(str(file))
                accumulator.Reload()
                if "_hparams_/session_start_info" not in accumulator.summary_metadata:
                    continue
                content = accumulator.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
                info = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info
                for key, value in info.hparams.items():
                    kind = value.WhichOneof("kind")
                    if kind:
                        expected.setdefault(key, []).append(getattr(value, kind))
        assert all(experiment.parameters[key] in values for key, values in expected.items())


def test_keras_states_and_parameters_are_what_the_readme_says():
    by_path = {each.path: each for each in scan("keras-orientation").experiments}
    states = {path: each.state for path, each in by_path.items()}
    assert states["resnet_small_lr1e-3_bs32_2026-11-02T10-31"] is ExperimentState.FINISHED
    assert states["resnet_medium_lr3e-4_bs32_2026-11-03T10-02"] in (ExperimentState.STALE, ExperimentState.RUNNING)
    from_json = by_path["mobilenet_small_lr1e-3_bs32_2026-11-05T10-20"]
    assert from_json.parameter_sources == ("config.json",)
    assert from_json.parameters["backbone"] == "mobilenet_small"
    assert by_path["test_2026-11-05T16-33"].parameters == {}


def test_lightning_yaml_is_read_with_its_python_tags_and_never_builds_objects(tmp_path):
    version_3 = next(each for each in scan("lightning").experiments if each.path.endswith("version_3"))
    assert version_3.parameter_sources == ("hparams.yaml",)
    assert len(version_3.parameters) == 7
    file = tmp_path / "hparams.yaml"
    file.write_text("a: !!python/tuple [1, 2]\nb: !!python/object/apply:os.system ['touch /tmp/never']\nc: {d: {e: 0.5}}\nn: null\n")
    found, warning = parameters.read_file(file)
    assert warning is None
    assert found == {"a": "[1, 2]", "b": "['touch /tmp/never']", "c/d/e": 0.5}


@pytest.mark.parametrize("content", ["{", "a: [", "\x00", "- 1", "7", "a: &a [*a]", "x" * (1024 * 1024 + 1)])
def test_files_that_hold_no_parameters_are_survived(tmp_path, content):
    for name in ("config.json", "hparams.yaml"):
        file = tmp_path / name
        file.write_text(content)
        found, _ = parameters.read_file(file)
        assert all(isinstance(value, str | int | float) for value in found.values())


def test_ids_survive_renaming_and_moving(tmp_path):
    before = {each.id for each in scan("keras-orientation").experiments}
    shutil.copytree(LOGDIRS / "keras-orientation", tmp_path / "a" / "b")
    (tmp_path / "a" / "b" / "test_2026-11-05T16-33").rename(tmp_path / "a" / "renamed")
    after = {each.id for each in Catalogue.scan(tmp_path / "a").experiments}
    assert after == before


@pytest.mark.parametrize("copy", ["archive/one", "a copy", "zz"])
@pytest.mark.parametrize("keeps_times", [False, True])
def test_I02_a_copy_gets_an_id_of_its_own_and_the_older_one_keeps_it(tmp_path, copy, keeps_times):
    source = LOGDIRS / "keras-orientation" / "test_2026-11-05T16-33"
    shutil.copytree(source, tmp_path / "deep" / "one")
    alone = Catalogue.scan(tmp_path).experiments[0].id
    assert born_ns(next((tmp_path / "deep").rglob("*tfevents*"))) is not None, "this file system does not know when files were made"
    time.sleep(0.02)
    shutil.copytree(tmp_path / "deep" / "one", tmp_path / copy, copy_function=shutil.copy2 if keeps_times else shutil.copyfile)
    for file in (tmp_path / "deep").rglob("*tfevents*"):
        os.utime(file)
    ids = {each.path: each.id for each in Catalogue.scan(tmp_path).experiments}
    assert ids["deep/one"] == alone
    assert ids[copy] != alone
    (tmp_path / "deep" / "one").rename(tmp_path / "moved")
    assert Catalogue.scan(tmp_path).runs_of([alone]) == {"moved/train", "moved/validation"}


def test_where_nobody_knows_how_old_files_are_the_shortest_path_keeps_the_id(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "born_ns", lambda _: None)
    source = LOGDIRS / "keras-orientation" / "test_2026-11-05T16-33"
    shutil.copytree(source, tmp_path / "deep" / "one")
    alone = Catalogue.scan(tmp_path).experiments[0].id
    shutil.copytree(source, tmp_path / "one")
    ids = {each.path: each.id for each in Catalogue.scan(tmp_path).experiments}
    assert ids["one"] == alone
    assert ids["deep/one"] != alone


def test_unknown_ids_have_no_runs():
    catalogue = scan("keras-orientation")
    assert catalogue.runs_of([]) == frozenset()
    assert catalogue.runs_of(["", "*", "unknown", catalogue.experiments[0].path]) == frozenset()
    assert catalogue.runs_of([catalogue.experiments[0].id]) == {run.name for run in catalogue.experiments[0].runs}


def test_K04_links_that_leave_the_logdir_are_not_followed_unless_allowed(tmp_path):
    outside = tmp_path / "outside"
    shutil.copytree(LOGDIRS / "keras-orientation" / "test_2026-11-05T16-33", outside / "secret")
    logdir = tmp_path / "logs"
    logdir.mkdir()
    (logdir / "way").symlink_to(outside)
    (logdir / "file.tfevents").symlink_to(next((outside / "secret" / "train").iterdir()))
    closed = Catalogue.scan(logdir)
    assert closed.runs() == frozenset()
    assert any("leaves the logdir" in warning for warning in closed.warnings)
    assert len(Catalogue.scan(logdir, [outside]).runs()) >= 2


def test_loops_and_aliases_are_shown_once(tmp_path):
    shutil.copytree(LOGDIRS / "keras-orientation" / "test_2026-11-05T16-33", tmp_path / "run")
    (tmp_path / "latest").symlink_to(tmp_path / "run")
    (tmp_path / "run" / "loop").symlink_to(tmp_path)
    assert [each.path for each in Catalogue.scan(tmp_path).experiments] == ["run"]


@pytest.mark.parametrize("name", ["a b", "ä=1", "<script>alert(1)</script>", "__proto__", "x\ny", "'; drop table", "日本"])
def test_L01_names_are_only_names(tmp_path, name):
    shutil.copytree(LOGDIRS / "keras-orientation" / "test_2026-11-05T16-33", tmp_path / name)
    (experiment,) = Catalogue.scan(tmp_path).experiments
    assert experiment.path == name


def test_names_that_are_not_utf8_are_survived(tmp_path):
    target = os.fsencode(tmp_path) + b"/run\xff"
    shutil.copytree(os.fsencode(LOGDIRS / "keras-orientation" / "test_2026-11-05T16-33"), target)
    (experiment,) = Catalogue.scan(tmp_path).experiments
    assert experiment.id


def test_two_sweeps_below_a_run_stay_two_experiments(tmp_path):
    source = LOGDIRS / "torch-summarywriter" / "runs" / "no_hparams" / "lr1e-2"
    shutil.copytree(source, tmp_path / "sweep")
    shutil.copytree(LOGDIRS / "lightning" / "lightning_logs" / "orientation" / "version_3", tmp_path / "sweep" / "a")
    shutil.copytree(LOGDIRS / "lightning" / "lightning_logs" / "orientation" / "version_0", tmp_path / "sweep" / "b")
    assert {each.path for each in Catalogue.scan(tmp_path).experiments} == {"sweep", "sweep/a", "sweep/b"}


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda data: b"", "empty"),
        (lambda data: data[:-3], "middle of a record"),
        (lambda data: data[:60] + b"\xff" * 40 + data[100:], "damaged"),
        (lambda data: struct.pack("<Q", 1 << 60) + b"xxxx", "damaged"),
    ],
)
def test_K14_damage_is_a_warning(tmp_path, damage, sentence):
    file = next((LOGDIRS / "keras-orientation" / "test_2026-11-05T16-33" / "train").iterdir())
    broken = tmp_path / "run" / file.name
    broken.parent.mkdir()
    broken.write_bytes(damage(file.read_bytes()))
    warnings = [warning for each in Catalogue.scan(tmp_path).experiments for warning in each.warnings]
    assert any(sentence in warning for warning in warnings), warnings


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_K14_any_bytes_are_survived(tmp_path_factory, data):
    logdir = tmp_path_factory.mktemp("r")
    (logdir / "events.out.tfevents.1").write_bytes(data)
    assert len(Catalogue.scan(logdir).experiments) == 1


def test_an_empty_and_a_missing_logdir_have_no_experiments(tmp_path):
    assert Catalogue.scan(tmp_path).experiments == ()
    assert Catalogue.scan(tmp_path / "nothing").experiments == ()


def test_a_session_that_ends_with_a_value_beside_it_has_ended(tmp_path):
    """As some writers have it: TensorBoard's own gives an empty tensor."""
    from tests.benchmarks.sets import Size, write_run

    write_run(tmp_path, Size("one", 1, 2, 3), 0)
    (experiment,) = Catalogue.scan(tmp_path).experiments
    assert experiment.state is ExperimentState.FINISHED


NOW = 1_790_000_000.0
LONG_AGO, JUST_NOW = NOW - 3600, NOW - 10


def with_sidecar(directory, content, *, grown=LONG_AGO, written=JUST_NOW):
    """A training that has ended by what its events say, with a sidecar beside."""
    from tests.benchmarks.sets import Size, write_run

    write_run(directory, Size("one", 1, 2, 3), 0)
    for file in directory.rglob("*tfevents*"):
        os.utime(file, (grown, grown))
        sidecar = file.parent / "_tb_share" / "experiment.json"
        sidecar.parent.mkdir()
        sidecar.write_text(content if isinstance(content, str) else json.dumps(content))
        os.utime(sidecar, (written, written))
    (experiment,) = Catalogue.scan(directory, now=NOW).experiments
    return experiment


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"state": "running", "heartbeat": JUST_NOW}, ExperimentState.RUNNING),
        ({"state": "running", "heartbeat": LONG_AGO}, ExperimentState.STALE),
        ({"state": "running", "heartbeat": NOW + 1e9}, ExperimentState.RUNNING),
        ({"state": "running"}, ExperimentState.STALE),
        ({"state": "finished", "heartbeat": JUST_NOW}, ExperimentState.FINISHED),
        ({"state": "failed", "heartbeat": JUST_NOW}, ExperimentState.FAILED),
        ({"state": "paused"}, ExperimentState.FINISHED),
        ({"state": ["running"], "heartbeat": True}, ExperimentState.FINISHED),
        ({}, ExperimentState.FINISHED),
    ],
)
def test_a_sidecar_says_how_training_stands(tmp_path, said, state):
    assert with_sidecar(tmp_path, said).state is state


def test_a_heartbeat_from_a_clock_that_is_ahead_counts_from_when_it_was_written(tmp_path):
    assert with_sidecar(tmp_path, {"state": "running", "heartbeat": NOW + 1e6}, written=LONG_AGO).state is ExperimentState.STALE


def test_a_training_that_says_nothing_but_grows_runs(tmp_path):
    assert with_sidecar(tmp_path, {"state": "running", "heartbeat": LONG_AGO}, grown=JUST_NOW).state is ExperimentState.RUNNING


def test_a_sidecar_says_parameters_and_id(tmp_path):
    found = with_sidecar(tmp_path, {"id": "abcd-1", "params": {"model": {"depth": 3}, "lr": 0.1, "skip": None}})
    assert found.id == "abcd-1"
    assert {"model/depth": 3, "lr": 0.1}.items() <= found.parameters.items()
    assert "_tb_share/experiment.json" in found.parameter_sources
    assert found.warnings == ()


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, '{"id": "../x", "params": 3, "heartbeat": 1e999}', "x" * 1_100_000])
def test_a_sidecar_that_cannot_be_understood_is_a_warning(tmp_path, content):
    found = with_sidecar(tmp_path, content)
    assert found.state is ExperimentState.FINISHED
    assert "/" not in found.id
    assert len(found.warnings) == (0 if content.startswith('{"') else 1)


def test_the_index_follows_heartbeats_and_notices_when_they_stay_away(tmp_path, monkeypatch):
    from tests.indexes import KeptIndex

    logdir = tmp_path / "logs"
    with_sidecar(logdir, {"state": "running", "heartbeat": LONG_AGO})
    clock = [NOW]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    index = KeptIndex(logdir, tmp_path / "index")

    def state():
        return index.now().experiments[0].state

    assert state() is ExperimentState.STALE
    sidecar = next(logdir.rglob("experiment.json"))
    sidecar.write_text(json.dumps({"state": "running", "heartbeat": NOW - 1}))
    assert state() is ExperimentState.RUNNING
    clock[0] = NOW + 600
    assert state() is ExperimentState.STALE
    sidecar.write_text(json.dumps({"state": "failed", "heartbeat": NOW - 1}))
    assert state() is ExperimentState.FAILED
