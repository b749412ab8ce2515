"""Every point of every series, against TensorBoard's own reader and protos; files that grow, are replaced, cut off, damaged."""

from __future__ import annotations

import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

from tb_share.logdir.points.columns import Points
from tb_share.logdir.points.content import Tail, first_wall_time, read
from tb_share.logdir.points.records import Shapes, masked_crc, walk
from tests.indexes import KeptIndex
from tests.other_readers import alike, as_stock_shows, of_accumulator

LOGDIRS = Path(__file__).parents[2] / "logdirs"
NAMES = ["keras-orientation", "lightning", "tensorboardx", "torch-summarywriter"]


def everything(logdir, kept=None):
    """All series by run and tag."""
    return (kept or KeptIndex(logdir)).everything()


def rows(points):
    return list(zip(points.steps.tolist(), points.walls.tolist(), points.values.tolist(), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_all_points_equal_those_of_event_accumulator(name):
    count = 0
    for run, series in everything(LOGDIRS / name).items():
        expected = of_accumulator(LOGDIRS / name / run)
        assert set(series) == set(expected), run
        for tag, points in series.items():
            assert alike((points.steps, points.walls, points.values), as_stock_shows(expected[tag])), f"{run} {tag}"
            count += len(points.steps)
    assert count > 100


class Log:
    """An event file that tests write record by record."""

    def __init__(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path

    def add(self, *events):
        with self.path.open("ab") as file:
            writer = RecordWriter(file)
            for event in events:
                writer.write(event.SerializeToString() if isinstance(event, event_pb2.Event) else event)
        return self


def scalar(tag, step, value, wall=1.7e9, plugin="scalars"):
    metadata = summary_pb2.SummaryMetadata(plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name=plugin))
    tensor = tensor_pb2.TensorProto(dtype=1, float_val=[value])
    value = summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=metadata)
    return event_pb2.Event(wall_time=wall, step=step, summary=summary_pb2.Summary(value=[value]))


def simple(step, wall=1.7e9, **values):
    made = [summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()]
    return event_pb2.Event(wall_time=wall, step=step, summary=summary_pb2.Summary(value=made))


def test_what_a_file_gained_is_read_and_nothing_twice(tmp_path):
    log, kept = Log(tmp_path / "run" / "events.out.tfevents.1"), KeptIndex(tmp_path)
    log.add(*(scalar("loss", step, 1.0 / (step + 1)) for step in range(100)))
    assert len(everything(tmp_path, kept)["run"]["loss"].steps) == 100
    log.add(*(scalar("loss", step, 0.5) for step in range(100, 110)), scalar("new", 1, 2.0))
    series = everything(tmp_path, kept)["run"]
    assert series["loss"].steps.tolist() == list(range(110))
    assert rows(series["new"]) == [(1, 1.7e9, 2.0)]


def test_a_torn_record_waits_for_its_rest(tmp_path):
    log, kept = Log(tmp_path / "run" / "events.out.tfevents.1"), KeptIndex(tmp_path)
    log.add(scalar("loss", 1, 1.0), scalar("loss", 2, 2.0))
    whole = log.path.read_bytes()
    for length in range(len(whole) // 2 + 1, len(whole)):
        log.path.write_bytes(whole[:length])
        assert everything(tmp_path, KeptIndex(tmp_path))["run"]["loss"].steps.tolist() == [1]
    everything(tmp_path, kept)
    with log.path.open("ab") as file:
        file.write(whole[-1:])
    assert everything(tmp_path, kept)["run"]["loss"].steps.tolist() == [1, 2]


@pytest.mark.parametrize("how", ["replaced", "cut off", "written anew"])
def test_a_file_that_is_another_one_now_is_read_anew(tmp_path, how):
    log, kept = Log(tmp_path / "run" / "events.out.tfevents.1"), KeptIndex(tmp_path)
    log.add(*(scalar("loss", step, 1.0) for step in range(50)))
    everything(tmp_path, kept)
    other = Log(tmp_path / "other" / "events.out.tfevents.1").add(*(scalar("acc", step, 2.0) for step in range(60)))
    match how:
        case "replaced":
            other.path.replace(log.path)
        case "cut off":
            os.truncate(log.path, 0)
            log.add(scalar("acc", 1, 2.0))
        case _:
            log.path.write_bytes(other.path.read_bytes())
    shutil.rmtree(other.path.parent)
    assert set(everything(tmp_path, kept)["run"]) == {"acc"}


def test_damage_ends_a_file_and_what_stood_before_stays(tmp_path):
    log = Log(tmp_path / "run" / "events.out.tfevents.1").add(scalar("loss", 1, 1.0))
    begins = log.path.stat().st_size
    log.add(scalar("loss", 2, 2.0), scalar("loss", 3, 3.0))
    raw = bytearray(log.path.read_bytes())
    for position, byte in ((begins, 0xFF), (begins + 12, 0xFF)):
        changed = raw.copy()
        changed[position] = byte
        log.path.write_bytes(changed)
        assert everything(tmp_path)["run"]["loss"].steps.tolist() == [1]


def test_a_step_that_goes_back_puts_later_ones_aside(tmp_path):
    steps = [1, 2, 3, 4, 3, 5, 5, 2]
    Log(tmp_path / "run" / "events.out.tfevents.1").add(*(scalar("loss", step, float(at)) for at, step in enumerate(steps)))
    assert rows(everything(tmp_path)["run"]["loss"]) == [(1, 1.7e9, 0.0), (2, 1.7e9, 7.0)]


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        pytest.param([("b", [1, 2]), ("b", [3, 5, 4])], [1, 2, 3, 4], id="back, but not before what was read"),
        pytest.param([("b", [1, 2, 5]), ("b", [4, 6])], [1, 2, 4, 6], id="back before what was read"),
        pytest.param([("a", [1, 2]), ("b", [3, 4]), ("a", [9])], [1, 2, 3, 4], id="an earlier file goes on"),
        pytest.param([("b", [3, 4]), ("a", [1, 2])], [1, 2, 3, 4], id="an earlier file comes later"),
    ],
)
def test_summaries_are_those_of_what_is_shown_whenever_it_was_read(tmp_path, pieces, shown):
    kept = KeptIndex(tmp_path)
    for name, steps in pieces:
        Log(tmp_path / "run" / f"events.out.tfevents.{name}").add(*(scalar("loss", step, float(step)) for step in steps))
        view = kept.view()
    (series,) = view.series_of("run")
    assert kept.index.points(view, "run")["loss"].steps.tolist() == shown
    assert [series[each] for each in ("count", "first_step", "last_step", "min", "max_step")] == [
        len(shown),
        shown[0],
        shown[-1],
        float(shown[0]),
        shown[-1],
    ]


def test_a_number_of_another_plugin_is_no_scalar(tmp_path):
    Log(tmp_path / "run" / "events.out.tfevents.1").add(scalar("mine", 1, 1.0, plugin="mine"), scalar("loss", 1, 1.0))
    assert set(everything(tmp_path)["run"]) == {"loss"}


def test_a_record_longer_than_what_is_read_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("tb_share.logdir.index.pieces._SLICE", 256)
    text = summary_pb2.Summary.Value(tag="text", tensor=tensor_pb2.TensorProto(dtype=7, string_val=[b"x" * 5000]))
    long = event_pb2.Event(wall_time=1.0, step=1, summary=summary_pb2.Summary(value=[text]))
    Log(tmp_path / "run" / "events.out.tfevents.1").add(scalar("a", 1, 1.0), long, *(scalar("a", step, 1.0) for step in range(2, 40)))
    assert everything(tmp_path)["run"]["a"].steps.tolist() == list(range(1, 40))


def test_an_unreadable_file_has_no_points_and_is_read_when_it_can_be(tmp_path, monkeypatch):
    Log(tmp_path / "run" / "events.out.tfevents.1").add(scalar("a", 1, 1.0))
    kept = KeptIndex(tmp_path)
    monkeypatch.setattr("tb_share.logdir.index.pieces.bytes_of", lambda *_: (_ for _ in ()).throw(OSError))
    view = kept.view()
    assert view.catalogue.experiments[0].warnings == ("events.out.tfevents.1 cannot be read.",)
    monkeypatch.undo()
    assert kept.everything()["run"]["a"].steps.tolist() == [1]
    assert kept.now().experiments[0].warnings == ()


FLOATS = st.floats(width=32)
TAGS = st.sampled_from(["a", "loss", "val/loss", "ä", "x" * 40])
STEPS = st.one_of(st.integers(0, 5), st.integers(-(2**63), 2**63 - 1))
WALLS = st.one_of(st.just(0.0), st.floats(1, 2e9))


@st.composite
def odd_events(draw):
    """Records as any writer might make them: several values, doubles, halves, integers, texts, no step, huge ones."""
    kind = draw(st.sampled_from(["tensor", "simple", "double", "half", "int", "content", "vector", "text", "several", "none"]))
    tag, step, wall = draw(TAGS), draw(STEPS), draw(WALLS)
    if kind == "tensor":
        return scalar(tag, step, draw(FLOATS), wall)
    if kind == "none":
        return event_pb2.Event(wall_time=wall, step=step, file_version="brain.Event:2")
    if kind in {"simple", "several"}:
        tags = [tag] if kind == "simple" else draw(st.lists(TAGS, min_size=2, max_size=3))
        values = [summary_pb2.Summary.Value(tag=each, simple_value=draw(FLOATS)) for each in tags]
        return event_pb2.Event(wall_time=wall, step=step, summary=summary_pb2.Summary(value=values))
    tensor = {
        "double": lambda: tensor_pb2.TensorProto(dtype=2, double_val=[draw(st.floats())]),
        "half": lambda: tensor_pb2.TensorProto(dtype=19, half_val=[draw(st.integers(0, 2**15))]),
        "int": lambda: tensor_pb2.TensorProto(dtype=9, int64_val=[draw(st.integers(-(2**40), 2**40))]),
        "content": lambda: tensor_pb2.TensorProto(dtype=1, tensor_content=struct.pack("<f", draw(FLOATS))),
        "vector": lambda: tensor_pb2.TensorProto(dtype=1, float_val=[1.0, 2.0], tensor_shape={"dim": [{"size": 2}]}),
        "text": lambda: tensor_pb2.TensorProto(dtype=7, string_val=[b"hello"]),
    }[kind]()
    metadata = summary_pb2.SummaryMetadata(plugin_data={"plugin_name": draw(st.sampled_from(["scalars", "text", ""]))})
    value = summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=metadata)
    return event_pb2.Event(wall_time=wall, step=step, summary=summary_pb2.Summary(value=[value]))


def told_of(news, tail):
    """Whether each tag of a tail holds scalars, and its points."""
    scalars, found, at = news.series["is_scalar"], {}, 0
    for record, is_scalar in zip(news.series, scalars.tolist(), strict=True):
        part = slice(at, at + int(record["count"]) if is_scalar else at)
        points = Points(news.points.steps[part], news.points.walls[part], news.points.values[part])
        if record["tail"] == tail:
            found[news.texts[record["tag"]]] = is_scalar, rows(points)
        at = part.stop
    return found


def places_of(news, tail):
    """Where else a tail's values stand, by tag, and of scalars their first record."""
    found, at = {}, 0
    for record in news.series:
        part = slice(at, at if record["is_scalar"] else at + int(record["count"]))
        columns = [getattr(news.places, name)[part].tolist() for name in ("steps", "walls", "offsets", "lengths", "positions")]
        if record["tail"] == tail:
            described = (news.texts[record["plugin"]], *record[["data_class", "position", "offset", "length"]].tolist())
            found[news.texts[record["tag"]]] = described, list(zip(*columns, strict=True))
        at = part.stop
    return found


def by_hand(events):
    """The same, slowly, from the protos."""
    classes, found = {}, {}
    for event in events:
        for value in event.summary.value:
            simple = value.WhichOneof("value") == "simple_value"
            plugin = value.metadata.plugin_data.plugin_name or ("scalars" if simple else "")
            if classes.setdefault(value.tag, plugin) != "scalars":
                continue
            tensor = value.tensor
            if simple:
                number = value.simple_value
            elif tensor.tensor_shape.dim or tensor.dtype == 7:
                continue
            elif tensor.tensor_content:
                number = struct.unpack("<f", tensor.tensor_content)[0]
            elif tensor.dtype == 19:
                number = float(np.array([tensor.half_val[0]], "<u2").view("<f2")[0])
            else:
                number = float([*tensor.float_val, *tensor.double_val, *tensor.int64_val][0])
            found.setdefault(value.tag, []).append((event.step, event.wall_time, number))
    return found


@given(st.lists(odd_events(), max_size=40), st.integers(1, 4))
@settings(max_examples=200)
def test_whatever_writers_write_is_read_as_the_protos_say(tmp_path_factory, events, pieces):
    path = tmp_path_factory.mktemp("odd") / "events"
    path.touch()
    Log(path).add(*events)
    data, classes, found, shapes, at = path.read_bytes(), {}, {}, Shapes(), 0
    for piece in range(1, pieces + 1):
        end = len(data) * piece // pieces
        news = read([Tail(data[at:end], classes)], shapes)
        (told,) = news.told
        assert not told.damaged
        at += told.read
        for tag, (is_scalar, points) in told_of(news, 0).items():
            classes.setdefault(tag, is_scalar)
            found.setdefault(tag, []).extend(points)
    assert at == len(data)
    expected = by_hand(events)
    assert {tag for tag, points in found.items() if points} == set(expected)
    for tag, points in expected.items():
        np.testing.assert_array_equal(np.array(found[tag]), np.array(points))


TAILS = st.lists(st.tuples(st.lists(odd_events(), max_size=15), st.integers(0, 40), st.integers(0, 400)), min_size=1, max_size=6)


@given(TAILS, st.dictionaries(TAGS, st.booleans()))
@settings(max_examples=200)
def test_tails_that_are_read_together_say_what_each_says_alone(tmp_path_factory, files, known):
    directory, tails = tmp_path_factory.mktemp("together"), []
    for number, (events, cut, damaged) in enumerate(files):
        path = directory / str(number)
        path.touch()
        data = bytearray(Log(path).add(*events).path.read_bytes())
        if damaged < len(data):
            data[damaged] ^= 0xFF
        tails.append(Tail(bytes(data[: len(data) - cut]), known if number % 2 else {}))
    together = read(tails, Shapes())
    for number, tail in enumerate(tails):
        alone = read([tail], Shapes())
        np.testing.assert_equal(together.told[number], alone.told[0])
        np.testing.assert_equal(told_of(together, number), told_of(alone, 0))
        np.testing.assert_equal(places_of(together, number), places_of(alone, 0))


@given(st.lists(odd_events(), min_size=1, max_size=3), st.integers(0, 400), st.integers(0, 80))
@settings(max_examples=200)
def test_a_glance_at_the_first_record_says_what_reading_all_says(tmp_path_factory, events, length, damaged):
    path = tmp_path_factory.mktemp("glance") / "events"
    path.touch()
    data = bytearray(Log(path).add(*events).path.read_bytes()[:length])
    changed = [*data[:damaged], *(0xFF - byte for byte in data[damaged : damaged + 1]), *data[damaged + 1 :]]
    for whole in (bytes(data), bytes(changed), bytes(length)):
        np.testing.assert_equal(first_wall_time(whole), read([Tail(whole)], Shapes()).told[0].first_wall_time)


@given(st.lists(st.integers(0, 6), max_size=30))
def test_the_view_of_stock_tensorboard(steps):
    walls = np.arange(len(steps), dtype=float)
    shown = Points(np.array(steps, np.int64), walls, walls).stock_view()
    assert alike((shown.steps, shown.walls, shown.values), as_stock_shows((np.array(steps, np.int64), walls, walls)))


def test_garbage_is_told_from_a_record_that_is_still_being_written():
    assert masked_crc(b"123456789") == (((0xE3069283 >> 15) | (0xE3069283 << 17)) + 0xA282EAD8) & 0xFFFFFFFF
    good = struct.pack("<Q", 100) + struct.pack("<I", masked_crc(struct.pack("<Q", 100))) + b"x" * 10
    assert not walk(good, 0, len(good)).garbage
    assert walk(b"\xff" * 40, 0, 40).garbage
