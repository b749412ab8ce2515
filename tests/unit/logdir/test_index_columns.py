"""Points packed and unpacked, and summaries put together, against doing it the slow way."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_share.logdir.index.packing import MOST_POINTS, Tagged, packed, tags_in, unpacked
from tb_share.logdir.index.summary import NO_SERIES, follows, in_stock_view, put_together, summarised
from tb_share.logdir.points.columns import Points, joined

STEPS = st.one_of(st.integers(0, 20), st.integers(-(2**63), 2**63 - 1))
FLOATS = st.one_of(st.floats(width=32), st.floats(), st.just(math.nan))
SERIES = st.lists(st.tuples(STEPS, st.floats(0, 2e9), FLOATS), min_size=1, max_size=30)


def tagged(series):
    """Of lists of steps, wall times and values by number of tag."""
    points = [
        Points(
            np.array([s for s, _, _ in each], np.int64), np.array([w for _, w, _ in each], float), np.array([v for *_, v in each], float)
        )
        for each in series.values()
    ]
    return Tagged(np.array(list(series), np.uint32), np.array([len(each) for each in series.values()], np.int64), joined(points))


def bits(points):
    return [points.steps.tolist(), points.walls.tobytes(), points.values.tobytes()]


@given(st.dictionaries(st.integers(0, 2**32 - 1), SERIES, max_size=6))
@settings(max_examples=200)
def test_what_is_unpacked_is_what_was_packed_to_the_last_bit(series):
    given_ = tagged(series)
    segments = list(packed(given_))
    assert len(segments) == (1 if series else 0)
    for segment in segments:
        found = unpacked(segment.directory, segment.data)
        assert tags_in(segment.directory).tolist() == list(series)
        assert found.counts.tolist() == given_.counts.tolist()
        assert bits(found.points) == bits(given_.points)


@pytest.mark.parametrize("counts", [[MOST_POINTS], [MOST_POINTS + 1], [10, 3 * MOST_POINTS, 5], [2000] * 9, [1] * 5000])
def test_long_and_many_series_span_segments(counts):
    total = sum(counts)
    points = Points(np.arange(total) * 7, np.linspace(1e9, 2e9, total), np.sin(np.arange(total)))
    segments = list(packed(Tagged(np.arange(len(counts), dtype=np.uint32), np.array(counts), points)))
    assert [segment.count for segment in segments[:-1]] == [MOST_POINTS] * (len(segments) - 1)
    found = [unpacked(segment.directory, segment.data) for segment in segments]
    assert bits(joined([each.points for each in found])) == bits(points)
    per_tag = np.zeros(len(counts), int)
    for each in found:
        np.add.at(per_tag, each.tags, each.counts)
    assert per_tag.tolist() == counts


def test_regular_float32_series_take_little():
    points = Points(np.arange(4096) * 10, 1.7e9 + np.arange(4096) * 0.5, np.float32(1) / (1 + np.arange(4096, dtype=np.float32)))
    (segment,) = packed(Tagged(np.array([0], np.uint32), np.array([4096]), Points(points.steps, points.walls, points.values.astype(float))))
    assert len(segment.data) < 4096 * 6


def by_hand(points):
    """The summary of one series, slowly."""
    numbers = [(value, -place) for place, (_, _, value) in enumerate(points) if not math.isnan(value)]
    least, greatest = (min(numbers, key=lambda each: (each[0], -each[1])), max(numbers)) if numbers else (None, None)
    found = {"count": len(points), "nans": len(points) - len(numbers)}
    found |= {"first": points[0][2], "first_step": points[0][0], "last": points[-1][2], "last_step": points[-1][0]}
    found |= {"first_wall": points[0][1], "last_wall": points[-1][1]}
    found |= {"min": least[0], "min_step": points[-least[1]][0]} if least else {"min": math.nan}
    return found | ({"max": greatest[0], "max_step": points[-greatest[1]][0]} if greatest else {"max": math.nan})


def as_stock_shows(points):
    shown = []
    for point in points:
        while shown and shown[-1][0] >= point[0]:
            shown.pop()
        shown.append(point)
    return shown


def check(records, series):
    assert sorted(records["tag"].tolist()) == sorted(series)
    for record in records:
        for name, value in by_hand(series[int(record["tag"])]).items():
            assert struct.pack("<d", record[name]) == struct.pack("<d", value) or record[name] == value, (name, record[name], value)


@given(st.dictionaries(st.integers(0, 50), SERIES, max_size=5))
@settings(max_examples=200)
def test_summaries_are_those_of_what_stock_tensorboard_shows(series):
    check(summarised(in_stock_view(tagged(series))), {tag: as_stock_shows(points) for tag, points in series.items()})


@given(st.lists(st.dictionaries(st.integers(0, 3), st.lists(st.tuples(st.floats(0, 2e9), FLOATS), min_size=1, max_size=5)), max_size=5))
@settings(max_examples=200)
def test_summaries_put_together_are_those_of_all_at_once(parts):
    known, everything, step = NO_SERIES, {}, 0
    for part in parts:
        series = {}
        for tag, points in part.items():
            series[tag] = [(step + place, *point) for place, point in enumerate(points)]
            everything.setdefault(tag, []).extend(series[tag])
        step += 10
        new = summarised(tagged(series))
        assert follows(known, new)
        known = put_together(known, new)
    check(known, everything)


def test_a_step_that_goes_back_does_not_follow():
    known = summarised(tagged({1: [(5, 1.0, 1.0)], 2: [(5, 1.0, 1.0)]}))
    assert not follows(known, summarised(tagged({2: [(5, 2.0, 1.0)]})))
    assert follows(known, summarised(tagged({1: [(6, 2.0, 1.0)], 3: [(0, 2.0, 1.0)]})))
