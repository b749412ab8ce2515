"""Curves for charts: exact where there is room, and never without the first, the last, the least and the greatest."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tb_share.logdir.points.columns import Points
from tb_share.plugin.series import Window, columns, curve


def points(values, steps=None, wall=0.0):
    steps = range(len(values)) if steps is None else steps
    return Points(np.array(steps, np.int64), np.full(len(values), wall), np.array(values, np.float64))


def test_few_points_come_as_they_are():
    found = curve(points([1.0, math.nan, 3.0]), Window(3))
    assert found.step.tolist() == [0, 1, 2]
    assert np.array_equal(found.low, found.value, equal_nan=True)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=300), st.integers(1, 50))
def test_no_peak_is_lost_and_the_last_point_stays(values, most):
    found = curve(points(values, np.cumsum(np.arange(1, len(values) + 1))), Window(most))
    assert len(found.step) <= max(most, 1)
    assert (found.low.min(), found.high.max(), found.value[-1]) == (min(values), max(values), values[-1])
    assert (np.diff(found.step) > 0).all()


def test_a_window_takes_both_of_its_ends():
    assert curve(points(range(10)), Window(100, 2, 5)).step.tolist() == [2, 3, 4, 5]


def test_rows_are_by_experiment_and_label_and_unknown_ones_have_none():
    made = columns([{"a": points([1.0, 2.0])}, {}, {"b": points([3.0])}], ["b", "a"], Window())
    found = {column.name: np.asarray(column.values).tolist() for column in made}
    assert (found["experiment"], found["label"], found["value"]) == ([0, 0, 2], [1, 1, 0], [1.0, 2.0, 3.0])
    assert [len(column.values) for column in columns([], [], Window())] == [0] * 5


def test_least_and_greatest_come_only_where_a_row_stands_for_more_than_itself():
    few, many = points([1.0, math.nan]), points(range(100))
    assert [each.name for each in columns([{"a": few}], ["a"], Window(10))] == ["experiment", "label", "step", "wall", "value"]
    made = {each.name: np.asarray(each.values) for each in columns([{"a": few}, {"a": many}], ["a"], Window(10))}
    assert made["low"][0] == made["high"][0] == 1.0
    assert (made["high"][2:] - made["low"][2:]).tolist() == [9.0] * 10
