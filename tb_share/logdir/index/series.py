"""Puts what pieces of event files say of series into the tables: points, places and summaries; and reads points from there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from tb_share.logdir.index.packing import MOST_POINTS, Tagged, packed, tags_in, unpacked
from tb_share.logdir.index.pieces import Reading
from tb_share.logdir.index.rows import PLACE
from tb_share.logdir.index.summary import described, follows, in_stock_view, put_together, summarised
from tb_share.logdir.points.columns import Points, joined
from tb_share.logdir.points.content import News

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INSERT_POINTS: Final = "insert into points (run, file, count, directory, data) values (?, ?, ?, ?, ?)"
_SMALL: Final = MOST_POINTS // 2
_MOST_SMALL: Final = 16


def keep_series(connection: sqlite3.Connection, readings: Sequence[Reading], news: News, numbers: NDArray[np.int64]) -> None:
    """Write points and places of the pieces in hand, and bring ``series`` of their runs up to date; ``numbers`` are those of texts."""
    tail = news.series["tail"]
    offsets = np.array([each.row.offset for each in readings], np.int64)
    series = described(news, numbers)
    series["file"] = np.array([each.row.number for each in readings], np.int64)[tail]
    series["offset"] += offsets[tail]
    bounds = np.searchsorted(tail, np.arange(len(readings) + 1))
    points = _points_by_tail(news, series, bounds)
    segments = (row for each, tagged in zip(readings, points, strict=True) for row in _segments(each, tagged))
    connection.executemany(_INSERT_POINTS, segments)
    _insert_places(connection, readings, news, numbers, offsets)
    for reading, tagged, begin, end in zip(readings, points, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        reading.series = _together(connection, reading, series[begin:end], tagged)
        if reading.row.offset and len(tagged.tags):
            _compact(connection, reading)


def points_of(connection: sqlite3.Connection, run: int, tags: set[int]) -> Tagged:
    """All points of some series of one run, as they were written: files in the order of their names."""
    names = dict(connection.execute("select number, name from file where run = ?", (run,)))
    wanted = np.array(sorted(tags), np.uint32)
    heads = connection.execute("select number, file, directory from points where run = ?", (run,)).fetchall()
    chosen = [(names[file], number, directory) for number, file, directory in heads if np.isin(tags_in(directory), wanted).any()]
    parts = []
    for _, number, directory in sorted(chosen, key=lambda each: each[:2]):
        row = connection.execute("select data from points where number = ?", (number,)).fetchone()
        if row is not None:
            parts.append(unpacked(directory, row[0]))
    return _by_tag(parts, wanted)


def _points_by_tail(news: News, series: NDArray[np.void], bounds: NDArray[np.int64]) -> list[Tagged]:
    counts = np.where(news.series["is_scalar"], news.series["count"], 0)
    ends = np.append(0, np.cumsum(counts))
    found = []
    for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        holds, part = counts[begin:end] > 0, slice(ends[begin], ends[end])
        points = Points(news.points.steps[part], news.points.walls[part], news.points.values[part])
        found.append(Tagged(series["tag"][begin:end][holds], counts[begin:end][holds], points))
    return found


def _insert_places(
    connection: sqlite3.Connection, readings: Sequence[Reading], news: News, numbers: NDArray[np.int64], offsets: NDArray[np.int64]
) -> None:
    others = news.series[~news.series["is_scalar"]]
    tails = np.repeat(others["tail"], others["count"])
    rows = np.zeros(len(tails), PLACE)
    rows["tag"] = np.repeat(numbers[others["tag"]], others["count"])
    rows["position"], rows["step"], rows["wall"] = news.places.positions, news.places.steps, news.places.walls
    rows["offset"], rows["length"] = news.places.offsets + offsets[tails], news.places.lengths
    bounds = np.searchsorted(tails, np.arange(len(readings) + 1)).tolist()
    connection.executemany(
        "insert into place (run, file, data) values (?, ?, ?)",
        (
            (each.run.number, each.row.number, rows[begin:end].tobytes())
            for each, begin, end in zip(readings, bounds[:-1], bounds[1:], strict=True)
            if begin < end
        ),
    )


def _together(connection: sqlite3.Connection, reading: Reading, new: NDArray[np.void], tagged: Tagged) -> NDArray[np.void]:
    """What is known of a run's series, with what a piece says of them."""
    known = reading.series
    if not len(known):
        return new
    scalars = np.isin(new["tag"], tagged.tags)
    is_last = all(file.name <= reading.row.name or not file.offset for file in reading.run.files.values())
    if not len(tagged.tags) or (is_last and follows(known, new[scalars])):
        return put_together(known, new)
    # What this piece says puts something aside that was read before it, or is put aside by that.
    fresh = summarised(in_stock_view(points_of(connection, reading.run.number, set(tagged.tags.tolist()))))
    both = put_together(known, _blanked(new, tagged.tags))
    return put_together(_blanked(both, tagged.tags), fresh)


def _blanked(series: NDArray[np.void], tags: NDArray[np.uint32]) -> NDArray[np.void]:
    blank = series.copy()
    those = np.isin(series["tag"], tags)
    blank["count"][those] = blank["nans"][those] = 0
    return blank


def _compact(connection: sqlite3.Connection, reading: Reading) -> None:
    """Put the many small segments that live appends leave at the end together."""
    run, file = reading.run.number, reading.row.number
    last = connection.execute(
        "select number, count from points where run = ? and file = ? order by number desc limit ?", (run, file, _MOST_SMALL + 1)
    ).fetchall()
    if len(last) <= _MOST_SMALL or any(count >= _SMALL for _, count in last):
        return
    first = last[-1][0]
    rows = connection.execute(
        "select directory, data from points where run = ? and file = ? and number >= ? order by number", (run, file, first)
    ).fetchall()
    together = _by_tag([unpacked(directory, data) for directory, data in rows])
    connection.execute("delete from points where run = ? and file = ? and number >= ?", (run, file, first))
    connection.executemany(_INSERT_POINTS, _segments(reading, together))


def _segments(reading: Reading, tagged: Tagged) -> Iterator[tuple[int, int, int, bytes, bytes]]:
    for each in packed(tagged):
        yield reading.run.number, reading.row.number, each.count, each.directory, each.data


def _by_tag(parts: Sequence[Tagged], wanted: NDArray[np.uint32] | None = None) -> Tagged:
    """Parts one after the other, the points of each tag together; only those of ``wanted``, if that is given."""
    found: dict[int, list[Points]] = {}
    for part in parts:
        for tag, points in zip(part.tags.tolist(), part.split(), strict=True):
            if wanted is None or tag in wanted:
                found.setdefault(tag, []).append(points)
    together = [joined(each) for each in found.values()]
    counts = np.array([len(each.steps) for each in together], np.int64)
    return Tagged(np.array(list(found), np.uint32), counts, joined(together))
