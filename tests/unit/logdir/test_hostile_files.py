"""One bad file costs its own experiment something, never the others of the logdir."""

from __future__ import annotations

import json
import math
import os
import shutil
import threading
import time
from pathlib import Path

import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

from tb_share.logdir import parameters
from tb_share.logdir.index import pieces, writer
from tb_share.plugin import arrow
from tb_share.plugin.table import columns
from tests.indexes import KeptIndex

GOOD = Path(__file__).parents[2] / "logdirs" / "torch-summarywriter" / "runs" / "no_hparams" / "lr1e-2"
FILE = "events.out.tfevents.1700000000.host.1.0"
WIDE = ",".join(["*a{}"] * 10)


def write(path, *events):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for event in events:
            RecordWriter(file).write(event.SerializeToString())


def simple(wall, step=1, tag="loss", value=0.5):
    return event_pb2.Event(
        wall_time=wall, step=step, summary=summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)])
    )


def tensor(**of):
    metadata = summary_pb2.SummaryMetadata(plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="scalars"), data_class=1)
    value = summary_pb2.Summary.Value(tag="loss", tensor=tensor_pb2.TensorProto(**of), metadata=metadata)
    return event_pb2.Event(wall_time=1.7e9, step=1, summary=summary_pb2.Summary(value=[value]))


def beside(logdir):
    """The index of a logdir with one good run beside what is tested, read twice and by another process's eyes."""
    shutil.copytree(GOOD, logdir / "good")
    kept = KeptIndex(logdir)
    kept.view()
    view = kept.view()
    assert arrow.stream(columns(view.catalogue.experiments, view, ("last", "min")))
    by_path = {each.path: each for each in KeptIndex(logdir, kept.directory).now().experiments}
    assert len(view.series_of("good")) == 6
    return by_path


@pytest.mark.parametrize("wall", [math.nan, math.inf, -math.inf, 1e308])
def test_a_time_that_no_clock_tells_is_no_time(tmp_path, wall):
    write(tmp_path / "bad" / FILE, simple(wall), simple(wall, 2))
    assert beside(tmp_path)["bad"].started is None


@pytest.mark.parametrize(
    "of", [{"dtype": 1, "tensor_content": b"abc"}, {"dtype": 19, "half_val": [1 << 20]}, {"dtype": 9, "tensor_content": b"x"}]
)
def test_numbers_that_are_none_are_survived(tmp_path, of):
    write(tmp_path / "bad" / FILE, simple(1.7e9, tag="other"), tensor(**of))
    assert set(beside(tmp_path)) == {"bad", "good"}


def test_whatever_goes_wrong_with_one_file_is_said_of_it_alone(tmp_path, monkeypatch):
    write(tmp_path / "bad" / FILE, simple(1.7e9, tag="unheard of"))
    read = writer.read

    def fails(tails, *others):
        if any(b"unheard of" in tail.data for tail in tails):
            raise ZeroDivisionError
        return read(tails, *others)

    monkeypatch.setattr(writer, "read", fails)
    assert "damaged" in beside(tmp_path)["bad"].warnings[0]


def test_a_glance_that_goes_wrong_costs_the_others_nothing(tmp_path, monkeypatch):
    write(tmp_path / "bad" / FILE, simple(1.7e9, tag="unheard of"))
    glance = writer.first_wall_time

    def fails(data):
        if b"unheard of" in data:
            raise ZeroDivisionError
        return glance(data)

    monkeypatch.setattr(writer, "_FEW_FILES", 0)
    monkeypatch.setattr(writer, "first_wall_time", fails)
    assert beside(tmp_path)["bad"].started == 1.7e9


def test_zeros_at_the_end_are_damage_not_records(tmp_path):
    write(tmp_path / "bad" / FILE, simple(1.7e9))
    with (tmp_path / "bad" / FILE).open("ab") as file:
        file.write(bytes(4096))
    assert "damaged" in beside(tmp_path)["bad"].warnings[0]


@pytest.mark.parametrize("whole", [0, 1, 2])
@pytest.mark.parametrize("damage", [bytes(200), b"no record" * 50])
@pytest.mark.parametrize("by_rename", [True, False])
def test_what_was_damaged_and_is_no_longer_is_read(tmp_path, whole, damage, by_rename):
    file = tmp_path / "logs" / "a" / FILE
    events = [simple(1.7e9 + step, step) for step in range(4)]
    write(file, *events[:whole])
    with file.open("ab") as opened:
        opened.write(damage)
    kept = KeptIndex(tmp_path / "logs")
    (experiment,) = kept.now().experiments
    assert "damaged" in experiment.warnings[0]
    if by_rename:
        write(tmp_path / "other", *events)
        (tmp_path / "other").rename(file)
    else:
        write(file, *events)
    (experiment,) = kept.now().experiments
    assert experiment.warnings == ()
    assert kept.everything()["a"]["loss"].steps.tolist() == [0, 1, 2, 3]


def test_what_stood_in_a_file_that_is_gone_is_gone(tmp_path):
    logs = tmp_path / "logs"
    write(logs / "a" / FILE, simple(1.7e9, 1), simple(1.7e9, 1, "other"))
    write(logs / "a" / f"{FILE}.2", simple(1.7e9, 2))
    kept = KeptIndex(logs, tmp_path / "index")
    assert kept.everything()["a"]["loss"].steps.tolist() == [1, 2]
    (logs / "a" / FILE).unlink()
    assert {tag: each.steps.tolist() for tag, each in kept.everything()["a"].items()} == {"loss": [2]}
    assert KeptIndex(logs, tmp_path / "index").now() == kept.now()


@pytest.mark.parametrize("by_rename", [True, False])
def test_a_file_that_is_written_anew_between_the_look_and_the_reading_is_read_anew(tmp_path, monkeypatch, by_rename):
    file = tmp_path / "logs" / "a" / FILE
    write(file, *(simple(1.7e9 + step, step) for step in range(2)))
    kept = KeptIndex(tmp_path / "logs", tmp_path / "index")
    assert kept.everything()["a"]["loss"].steps.tolist() == [0, 1]
    write(file, *(simple(1.7e9 + step, step) for step in range(3)))

    def written_anew(*arguments, begin=writer.Reading):
        write(tmp_path / "other", *(simple(1.8e9 + step, step) for step in range(10, 14)))
        if by_rename:
            (tmp_path / "other").rename(file)
        else:
            file.write_bytes((tmp_path / "other").read_bytes())
        return begin(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(writer, "Reading", written_anew)
        kept.view()
    assert kept.everything()["a"]["loss"].steps.tolist() == [10, 11, 12, 13]
    (now,) = kept.now().experiments
    assert now.started == 1.8e9 + 10


@pytest.mark.parametrize("runs", [1, 40], ids=["read at once", "glanced at"])
def test_a_pipe_that_takes_a_files_place_keeps_nobody_waiting(tmp_path, monkeypatch, runs):
    for number in range(runs):
        write(tmp_path / "logs" / f"r{number:02}" / FILE, simple(1.7e9 + number))
    pipe = tmp_path / "logs" / "r00" / FILE

    def surveyed(*arguments, survey=writer.survey):
        found = survey(*arguments)
        if not pipe.is_fifo():
            pipe.unlink()
            os.mkfifo(pipe)
        return found

    monkeypatch.setattr(writer, "survey", surveyed)
    found = []
    reader = threading.Thread(target=lambda: found.append(KeptIndex(tmp_path / "logs", tmp_path / "index").now()), daemon=True)
    reader.start()
    reader.join(10)
    (now,) = found
    assert len(now.experiments) == runs


BOMBS = {
    "lists of lists": "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{WIDE.format(*[n - 1] * 10)}]\n" for n in range(1, 12)),
    "mappings of nothing": "a0: &a0 {x: null}\n"
    + "".join(f"a{n}: &a{n} {{{','.join(f'k{k}: *a{n - 1}' for k in range(10))}}}\n" for n in range(1, 14)),
    "merged again and again": "a0: &a0 {x: 1}\n"
    + "".join(f"a{n}: &a{n} {{<<: [{WIDE.format(*[n - 1] * 10)}], k{n}: 1}}\n" for n in range(1, 14)),
    "a long number": "a: 0x" + "f" * 9000,
    "no truth": "a: !!bool foo",
    "no time": "a: !!timestamp foo",
    "no digits": 'a: !!int ""',
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_parameters_that_are_meant_to_hurt_are_survived_in_no_time(tmp_path, bomb):
    write(tmp_path / "bad" / FILE, simple(1.7e9))
    (tmp_path / "bad" / "hparams.yaml").write_text(BOMBS[bomb])
    began = time.process_time()
    found = beside(tmp_path)["bad"].parameters
    assert time.process_time() - began < 5
    assert len(found) <= parameters.MAX_COUNT
    assert len(json.dumps(dict(found))) < 100_000


def test_lists_are_texts_as_python_writes_them(tmp_path):
    file = tmp_path / "config.json"
    file.write_text('{"sizes": [1, 2.5, "a", [true, null]], "1": {"x": []}, "long": ["' + "y" * 5000 + '"]}')
    found, _ = parameters.read_file(file)
    assert found["sizes"] == "[1, 2.5, 'a', [True, None]]"
    assert found["1/x"] == "[]"
    assert len(str(found["long"])) == parameters.MAX_TEXT


def test_numbers_are_numbers_however_people_write_them(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("lr: 1e-3\ndecay: 1.5E4\ncommit: 12e5678\nname: e3\n")
    assert parameters.read_file(file)[0] == {"lr": 0.001, "decay": 15000.0, "commit": "12e5678", "name": "e3"}


def test_what_takes_too_long_to_read_is_not_read(tmp_path):
    file = tmp_path / "hparams.yaml"
    file.write_text("a: [" + "{a: b, c: [d, e]}, " * 20_000 + "]")
    found, warning = parameters.read_file(file)
    assert found == {}
    assert "larger than 256 kB" in (warning or "")


@pytest.mark.parametrize("first", [False, True])
def test_a_record_that_is_too_long_costs_nothing_but_itself(tmp_path, monkeypatch, first):
    monkeypatch.setattr(pieces, "_SLICE", 64)
    monkeypatch.setattr(pieces, "_LONGEST_RECORD", 400)
    huge = simple(1.7e9, 2, "huge" * 10_000)
    write(tmp_path / "bad" / FILE, *([huge] if first else [simple(1.7e9, 1), huge]), simple(1.7e9, 3), simple(1.7e9, 4))
    kept = KeptIndex(tmp_path)
    assert kept.everything()["bad"]["loss"].steps.tolist() == ([3, 4] if first else [1, 3, 4])
    assert "record of more than" in kept.now().experiments[0].warnings[0]
    with (tmp_path / "bad" / FILE).open("ab") as log:
        RecordWriter(log).write(simple(1.7e9, 5).SerializeToString())
    assert kept.everything()["bad"]["loss"].steps.tolist()[-3:] == [3, 4, 5]


def test_a_record_that_is_too_long_and_not_whole_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "_SLICE", 64)
    monkeypatch.setattr(pieces, "_LONGEST_RECORD", 400)
    path = tmp_path / "bad" / FILE
    write(path, simple(1.7e9, 1), simple(1.7e9, 2, "huge" * 10_000), simple(1.7e9, 3))
    whole = path.read_bytes()
    path.write_bytes(whole[:20_000])
    kept = KeptIndex(tmp_path)
    assert "middle of a record" in kept.now().experiments[0].warnings[0]
    with path.open("ab") as log:
        log.write(whole[20_000:])
    assert kept.everything()["bad"]["loss"].steps.tolist() == [1, 3]
