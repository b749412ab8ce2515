"""The table: columns from experiments and the index's summaries; other orders and pages of it; what Arrow makes of it."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import nanoarrow
import numpy as np
import pytest

from tb_share.logdir.catalogue import Catalogue
from tb_share.logdir.index.reader import Progress, View
from tb_share.logdir.index.summary import SERIES
from tb_share.model.experiment import Experiment, ExperimentState, RunRef
from tb_share.plugin import arrow, routes, series
from tb_share.plugin.kept_tables import Table
from tb_share.plugin.table import columns, metrics, span, statistics


def experiment(name, parameters=None, suffixes=("train", "validation")):
    runs = tuple(RunRef(f"{name}/{suffix}", suffix) for suffix in suffixes)
    return Experiment(name, name, name, runs, 100.0, 200.0, ExperimentState.FINISHED, parameters or {})


def view(last):
    """Of series by run and tag: step, wall time, value."""
    texts = sorted({tag for tags in last.values() for tag in tags})
    rows, slices = [], {}
    for run, tags in last.items():
        slices[run] = slice(len(rows), len(rows) + len(tags))
        for tag, (step, wall, value) in tags.items():
            row = np.zeros((), SERIES)
            row["tag"], row["is_scalar"], row["count"] = texts.index(tag), 1, 3
            row["last"], row["last_step"], row["last_wall"] = value, step, wall
            row["min"], row["min_step"], row["max"], row["first"] = value - 1, step - 1, value + 1, value + 0.5
            rows.append(row)
    return View(Catalogue.of((), "v"), Progress(), tuple(texts), np.array(rows, SERIES), slices)


def cells(experiments, last, of=("last",)):
    return {column.name: list(column.values) for column in columns(experiments, view(last), of)}


def test_train_and_validation_are_one_row_with_two_columns():
    found = cells([experiment("a", {"lr": 0.1})], {"a/train": {"loss": (9, 130.0, 0.5)}, "a/validation": {"loss": (9, 131.0, 0.25)}})
    assert found["m:train/loss"] == [0.5]
    assert found["m:validation/loss"] == [0.25]
    assert found["duration"] == [31.0]
    assert found["p:lr"] == [0.1]


def test_what_an_experiment_does_not_have_is_missing_in_its_row():
    found = cells(
        [experiment("a"), experiment("b"), experiment("c")],
        {"c/train": {"loss": (1, 101.0, 0.5)}, "a/train": {"acc": (1, 102.0, 0.75)}},
    )
    np.testing.assert_array_equal(found["m:train/loss"], [math.nan, math.nan, 0.5])
    np.testing.assert_array_equal(found["m:train/acc"], [0.75, math.nan, math.nan])
    np.testing.assert_array_equal(found["duration"], [2.0, math.nan, 1.0])


def test_parameters_of_mixed_kinds_are_text_and_missing_ones_empty():
    found = cells([experiment("a", {"x": 1.0, "y": True}), experiment("b", {"x": "auto"}), experiment("c")], {})
    assert found["p:x"] == ["1", "auto", ""]
    assert found["p:y"] == ["true", "", ""]


def test_a_number_beyond_doubles_is_infinite():
    assert cells([experiment("a", {"x": 10**400}), experiment("b", {"x": -(10**400)})], {})["p:x"] == [math.inf, -math.inf]


def test_children_named_by_time_share_one_column_and_the_newest_counts():
    one = experiment("a", suffixes=("1793704808.91497", "1793704809.5834777"))
    last = {
        "a/1793704809.5834777": {"hparam/accuracy": (0, 2.0, 0.2)},
        "a/1793704808.91497": {"hparam/accuracy": (0, 1.0, 0.1)},
    }
    assert cells([one], last)["m:hparam/accuracy"] == [0.2]
    assert [(each.label, each.summary["last"]) for each in metrics(one.runs, view(last))] == [("hparam/accuracy", 0.2)]


def test_one_label_from_two_ways_of_naming_is_one_column():
    one = experiment("a", suffixes=("train", "train/x"))
    found = cells([one], {"a/train": {"x/loss": (1, 1.0, 0.5)}, "a/train/x": {"loss": (1, 2.0, 0.25)}})
    assert {name: values for name, values in found.items() if name.startswith("m:")} == {"m:train/x/loss": [0.25]}


def test_other_statistics_have_columns_of_their_own_only_if_asked_for():
    found = cells([experiment("a")], {"a/train": {"loss": (9, 130.0, 0.5)}}, statistics("min,steps,last"))
    assert {name: values for name, values in found.items() if ":" in name} == {
        "min:train/loss": [-0.5],
        "m:train/loss": [0.5],
        "min_step:train/loss": [8],
        "last_step:train/loss": [9],
    }
    with pytest.raises(ValueError):
        statistics("min,median")


def test_an_experiment_without_points_has_no_duration():
    started, ended = span(experiment("a"), view({}))
    assert started == experiment("a").started
    assert math.isnan(ended)


def test_what_is_wrong_stands_there_in_sentences():
    whole, torn = experiment("a"), replace(experiment("b"), warnings=("It is torn.", "It is empty."))
    assert cells([whole, torn], {})["warnings"] == ["", "It is torn.\nIt is empty."]


def test_logs_written_after_all_that_they_tell_of_started_with_their_first_point():
    late = replace(experiment("a"), started=1000.0)
    known = view({"a/train": {"loss": (9, 130.0, 0.5), "acc": (9, 120.0, 0.5)}})
    known.rows["first_wall"] = [110.0, 105.0]
    assert span(late, known) == (105.0, 130.0)
    found = {column.name: list(column.values) for column in columns([late], known)}
    assert (found["started"], found["duration"]) == ([105.0], [25.0])
    # A clock that was wrong once does not move the start of a run that went on.
    known.rows["first_wall"] = [0.0, 0.0]
    assert span(experiment("a"), known) == (100.0, 130.0)


def test_pages_of_a_sorted_table():
    some = [experiment(name, {"lr": lr, "kind": kind}) for name, lr, kind in (("a", 2.0, "x"), ("b", 1.0, ""), ("c", 3.0, "x"))]
    some.append(experiment("d"))
    table = Table(columns(some, view({})), 4)

    def names(sort, offset=0, limit=None):
        return next(list(each.values) for each in table.page(sort, offset, limit) if each.name == "name")

    assert names([]) == ["a", "b", "c", "d"]
    assert names(["p:lr"]) == ["b", "a", "c", "d"]
    assert names(["-p:lr"]) == ["c", "a", "b", "d"]
    assert names(["p:kind", "-p:lr"]) == ["c", "a", "b", "d"]
    assert names(["-name"], 1, 2) == ["c", "b"]
    assert names(["name"], 9, 2) == []
    with pytest.raises(KeyError):
        names(["m:nothing"])


def test_arrow_says_what_the_columns_say():
    table = columns([experiment("ä<b>", {"x": 1.0, "y": "t"}), experiment("b")], view({"b/train": {"loss": (0, 1.0, math.nan)}}))
    read = nanoarrow.ArrayStream.from_readable(io.BytesIO(arrow.stream(table, {"total": "7"}))).read_all()
    assert len(read) == 2
    names = [field.name for field in read.schema.fields]
    assert names == [column.name for column in table]
    first = next(iter(read.to_pylist()))
    assert (first["name"], first["p:y"], first["run_count"]) == ("ä<b>", "t", 2)
    metadata = dict(read.schema.field(names.index("p:x")).metadata)
    assert metadata == {b"kind": b"parameter", b"label": b"x"}
    assert dict(read.schema.metadata) == {b"total": b"7"}


def test_an_empty_table_has_its_columns():
    read = nanoarrow.ArrayStream.from_readable(io.BytesIO(arrow.stream(columns([], view({}))))).read_all()
    assert len(read) == 0


def test_nan_that_was_logged_is_told_from_what_was_not_logged():
    """A training that diverged is not one that logged nothing."""
    last = {
        "b/train": {"loss": (9, 130.0, math.nan)},
        "c/train": {"loss": (9, 130.0, 0.25)},
        "d/train": {"loss": (9, 130.0, math.nan)},
        "d/validation": {"acc": (9, 130.0, 0.5)},
    }
    found = {each.name: each for each in columns([experiment(name) for name in "abcd"], view(last))}
    assert found["m:train/loss"].nans == (1, 3)
    assert found["m:validation/acc"].nans == ()
    page = Table(list(found.values()), 4).page(["-name"], 0, 3)
    (loss,) = [each for each in page if each.name == "m:train/loss"]
    assert loss.nans == (0, 2)
    schema = nanoarrow.ArrayStream.from_readable(io.BytesIO(arrow.stream(page))).schema
    told = {field.name: field.metadata for field in schema.fields}
    assert dict(told["m:train/loss"].items())[b"nan"] == b"0,2"
    assert b"nan" not in dict(told["m:validation/acc"].items())


def test_several_series_are_asked_for_whole_up_to_a_bound_and_one_alone_always(monkeypatch):
    known = view({"a/train": {"loss": (9, 130.0, 0.5), "acc": (9, 120.0, 0.5)}})
    both, one = frozenset({"train/loss", "train/acc"}), frozenset({"train/loss"})
    monkeypatch.setattr(series, "MOST_WHOLE_POINTS", 5)
    assert routes._is_too_much([experiment("a")], both, known)
    assert not routes._is_too_much([experiment("a")], one, known)
    monkeypatch.setattr(series, "MOST_WHOLE_POINTS", 6)
    assert not routes._is_too_much([experiment("a")], both, known)
