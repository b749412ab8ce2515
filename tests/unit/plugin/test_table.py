"""The table: columns from experiments and last points; and nothing of what is not visible."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from pathlib import Path

import nanoarrow
import pytest

from tb_share.logdir.catalogue import Catalogue
from tb_share.model.experiment import Experiment, ExperimentState, RunRef
from tb_share.plugin import arrow
from tb_share.plugin.table import columns, metrics, statistics, visible_experiments

LOGDIRS = Path(__file__).parents[2] / "logdirs"


@dataclass
class Point:
    step: int
    wall_time: float
    value: float


def experiment(name, parameters=None, suffixes=("train", "validation")):
    runs = tuple(RunRef(f"{name}/{suffix}", suffix) for suffix in suffixes)
    return Experiment(name, name, name, runs, 100.0, 200.0, ExperimentState.FINISHED, parameters or {})


def test_train_and_validation_are_one_row_with_two_columns():
    one = experiment("a", {"lr": 0.1})
    last = {"a/train": {"loss": Point(9, 130.0, 0.5)}, "a/validation": {"loss": Point(9, 131.0, 0.25)}}
    found = {column.name: column.values for column in columns([(one, one.runs)], last)}
    assert found["m:train/loss"] == [0.5]
    assert found["m:validation/loss"] == [0.25]
    assert found["duration"] == [31.0]
    assert found["p:lr"] == [0.1]


def test_parameters_of_mixed_kinds_are_text_and_missing_ones_empty():
    rows = [(each, each.runs) for each in (experiment("a", {"x": 1.0, "y": True}), experiment("b", {"x": "auto"}), experiment("c"))]
    found = {column.name: column.values for column in columns(rows, {})}
    assert found["p:x"] == ["1", "auto", ""]
    assert found["p:y"] == ["true", "", ""]


def test_children_named_by_time_share_one_column_and_the_newest_counts():
    one = experiment("a", suffixes=("1793704808.91497", "1793704809.5834777"))
    last = {
        "a/1793704808.91497": {"hparam/accuracy": Point(0, 1.0, 0.1)},
        "a/1793704809.5834777": {"hparam/accuracy": Point(0, 2.0, 0.2)},
    }
    assert [(each.label, each.last) for each in metrics(one.runs, last)] == [("hparam/accuracy", 0.2)]


def test_I02_an_experiment_without_a_visible_run_is_not_there():
    catalogue = Catalogue.scan(LOGDIRS / "keras-orientation")
    (row,) = visible_experiments(catalogue, ["test_2026-11-05T16-33/train"])
    assert [run.suffix for run in row[1]] == ["train"]
    assert visible_experiments(catalogue, []) == []


def test_other_statistics_have_columns_of_their_own_only_if_asked_for():
    one = experiment("a")
    last = {"a/train": {"loss": Point(9, 130.0, 0.5)}}
    summaries = [{"train/loss": {"min": 0.25, "min_step": 4, "count": 10}}]
    found = {column.name: column.values for column in columns([(one, one.runs)], last, statistics("min,steps,last"), summaries)}
    assert {name: values for name, values in found.items() if ":" in name} == {
        "min:train/loss": [0.25],
        "m:train/loss": [0.5],
        "min_step:train/loss": [4],
        "last_step:train/loss": [9],
    }
    with pytest.raises(ValueError):
        statistics("min,median")


def test_arrow_says_what_the_columns_say():
    rows = [(each, each.runs) for each in (experiment("ä<b>", {"x": 1.0, "y": "t"}), experiment("b"))]
    table = columns(rows, {"b/train": {"loss": Point(0, 1.0, math.nan)}})
    read = nanoarrow.ArrayStream.from_readable(io.BytesIO(arrow.stream(table))).read_all()
    assert len(read) == 2
    names = [field.name for field in read.schema.fields]
    assert names == [column.name for column in table]
    first = next(iter(read.to_pylist()))
    assert (first["name"], first["p:y"], first["run_count"]) == ("ä<b>", "t", 2)
    metadata = dict(read.schema.field(names.index("p:x")).metadata)
    assert metadata == {b"kind": b"parameter", b"label": b"x"}


def test_an_empty_table_has_its_columns():
    read = nanoarrow.ArrayStream.from_readable(io.BytesIO(arrow.stream(columns([], {})))).read_all()
    assert len(read) == 0
