"""What new bytes of event files say: their series, where else values stand, and their sessions. Bytes in, columns out.

The new bytes of many small files are read together, for what each step of NumPy costs is then paid once for all of them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from tb_share.logdir.events import Session, said
from tb_share.logdir.points.columns import Points
from tb_share.logdir.points.records import FRAME_BYTES, HEAD_BYTES, Parsed, Shapes, Walk, first_record, lengths_at, parse, walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SCALAR_CLASS: Final = 1
_SCALARS: Final = "scalars"
_WALL: Final = struct.Struct("<d")
_WALL_TAG: Final = 0x09
_BEYOND_TIME: Final = 1e11
"""Seconds that no clock tells: thousands of years, infinite, or no number."""
SERIES: Final = np.dtype(
    [
        ("tail", "<i8"),
        ("tag", "<i8"),
        ("plugin", "<i8"),
        ("data_class", "<i8"),
        ("is_scalar", "?"),
        ("position", "<i8"),
        ("offset", "<i8"),
        ("length", "<i8"),
        ("count", "<i8"),
    ]
)
"""One series in one tail: plugin, data class and place of its first record there, and how many points or, if it is not scalar, places."""


@dataclass(frozen=True, slots=True)
class Tail:
    """New bytes of one event file; ``known`` is whether a tag holds scalars, of those that came before in its run."""

    data: bytes
    known: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Places:
    """Where values stand that are not copied, in the order in which they were written."""

    steps: NDArray[np.int64]
    walls: NDArray[np.float64]
    offsets: NDArray[np.int64]
    """Where the record begins, from the first of the bytes that were read."""
    lengths: NDArray[np.int64]
    """Of the record with its frame."""
    positions: NDArray[np.int64]
    """Which of the record's values it is."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far one tail was read: ``read`` bytes, and no more can be read of a file that is ``damaged`` there."""

    read: int
    damaged: bool
    first_wall_time: float | None = None
    """Of the first record, Unix seconds; None if it is no time at all."""
    last_wall_time: float | None = None
    """Of the last one."""
    sessions: tuple[Session, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """What some tails say. Series stand in the order of tails, and points and places in the order of series."""

    told: Sequence[Told]
    """By tail."""
    texts: Sequence[str]
    """Tags and plugins by number; a plugin is empty where no metadata name one."""
    series: NDArray[np.void]
    """``SERIES``."""
    points: Points
    """Of those that are scalar."""
    places: Places
    """Of those that are not."""

    def names(self) -> list[tuple[str, str]]:
        """Tag and plugin of each series."""
        return [(self.texts[tag], self.texts[plugin]) for tag, plugin in self.series[["tag", "plugin"]].tolist()]


@dataclass(frozen=True, slots=True)
class _Joined:
    """Tails one after the other, and their records."""

    data: bytes
    begins: Sequence[int]
    """Of the tails in ``data``."""
    ways: Sequence[Walk]
    begin: NDArray[np.int64]
    """Of the data of each record; ``length`` is how long they are, ``tail`` whose record it is."""
    length: NDArray[np.int64]
    tail: NDArray[np.int64]
    ends: NDArray[np.int64]
    """Numbers of the records that follow each tail's last."""


@dataclass(slots=True)
class _Kinds:
    """What values have in common, by number: tag, plugin, data class, which value of its record it is, and whether it is a number."""

    texts: dict[str, int] = field(default_factory=dict)
    numbers: dict[tuple[int, int, int, int, bool], int] = field(default_factory=dict)

    def of(self, tag: str, plugin: str | None, data_class: int, position: int, *, is_number: bool) -> int:
        kind = (self.text(tag), self.text(plugin or ""), data_class, position, is_number)
        return self.numbers.setdefault(kind, len(self.numbers))

    def text(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))

    def columns(self) -> NDArray[np.int64]:
        return np.array(list(self.numbers), np.int64).reshape(-1, 5).T


@dataclass(frozen=True, slots=True)
class _Rows:
    """One row a value."""

    record: NDArray[np.int64]
    kind: NDArray[np.int64]
    step: NDArray[np.int64]
    wall: NDArray[np.float64]
    value: NDArray[np.float64]

    def chosen(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> _Rows:
        return _Rows(self.record[which], self.kind[which], self.step[which], self.wall[which], self.value[which])


@dataclass(slots=True)
class _Unusual:
    """Records that were parsed in full: their values, and by tail its sessions and the first record that nobody can read."""

    values: list[tuple[int, int, int, float, float]] = field(default_factory=list)
    sessions: dict[int, list[Session]] = field(default_factory=dict)
    lost: dict[int, int] = field(default_factory=dict)


def read(tails: Sequence[Tail], shapes: Shapes) -> News:
    """What these bytes say, each of another run."""
    joined = _joined([tail.data for tail in tails])
    parsed = parse(joined.data, joined.begin, joined.length, shapes)
    kinds = _Kinds()
    unusual = _read_unusual(joined, parsed.unusual, kinds)
    rows = _rows(parsed, unusual, kinds)
    if unusual.lost:
        ends = joined.ends.copy()
        ends[list(unusual.lost)] = list(unusual.lost.values())
        rows = rows.chosen(rows.record < ends[joined.tail[rows.record]])
    rows, starts = _in_order(rows, joined, kinds)
    series = _series(rows, starts, joined, kinds)
    _keep_what_is_known(series, tails, list(kinds.texts))
    owner = np.repeat(np.arange(len(series)), np.diff(starts, append=len(rows.record)))
    is_scalar, is_number = series["is_scalar"][owner], kinds.columns()[4][rows.kind] == 1
    counts = is_number | ~is_scalar
    series["count"] = np.bincount(owner[counts], minlength=len(series))
    points = rows.chosen(is_scalar & is_number)
    told = [_told(joined, number, unusual) for number in range(len(tails))]
    return News(
        told, list(kinds.texts), series, Points(points.step, points.wall, points.value), _places(rows.chosen(~is_scalar), joined, kinds)
    )


def first_wall_time(data: bytes) -> float | None:
    """Of the first record in the beginning of an event file, Unix seconds; None if that cannot be read or is not all there."""
    first = first_record(data)
    return None if first is None or said(data[first[0] : sum(first)]) is None else _wall_time(data, *first)


def _wall_time(data: bytes, begin: int, length: int) -> float | None:
    if length > _WALL.size and data[begin] == _WALL_TAG:
        wall = float(_WALL.unpack_from(data, begin + 1)[0])
    else:
        what = said(data[begin : begin + length])
        wall = 0.0 if what is None else what.wall_time
    return wall if abs(wall) < _BEYOND_TIME else None


def _joined(parts: Sequence[bytes]) -> _Joined:
    data = b"".join(parts)
    bounds = np.cumsum([0, *map(len, parts)]).tolist()
    ways = [walk(data, *each) for each in pairwise(bounds)]
    begin = np.concatenate([np.array(way.begins, np.int64) for way in ways])
    counts = np.array([len(way.begins) for way in ways])
    return _Joined(data, bounds[:-1], ways, begin, lengths_at(data, begin), np.repeat(np.arange(len(ways)), counts), np.cumsum(counts))


def _read_unusual(joined: _Joined, unusual: Iterable[int], kinds: _Kinds) -> _Unusual:
    found = _Unusual()
    for record in unusual:
        begin, tail = int(joined.begin[record]), int(joined.tail[record])
        if tail in found.lost:
            continue
        what = said(joined.data[begin : begin + int(joined.length[record])])
        if what is None:
            found.lost[tail] = record
            continue
        for position, value in enumerate(what.values):
            is_number = value.number is not None
            kind = kinds.of(value.tag, value.plugin, value.data_class, position, is_number=is_number)
            found.values.append((record, kind, what.step, what.wall_time, np.nan if value.number is None else value.number))
            if value.session is not None:
                found.sessions.setdefault(tail, []).append(replace(value.session, said_at=what.wall_time))
    return found


def _rows(parsed: Parsed, unusual: _Unusual, kinds: _Kinds) -> _Rows:
    """Of each kind in the order of the files."""
    scalars = parsed.scalars
    of_scalars = [
        kinds.of(each.tag, each.plugin or (None if each.is_tensor else _SCALARS), each.data_class, 0, is_number=True)
        for each in (scalar.shape for scalar in scalars)
    ]
    record, kind, step, wall, value = zip(*unusual.values, strict=True) if unusual.values else ((), (), (), (), ())
    counts = [len(each.record) for each in scalars]
    return _Rows(
        np.concatenate([np.array(record, np.int64), *(each.record for each in scalars)]),
        np.concatenate([np.array(kind, np.int64), np.repeat(np.array(of_scalars, np.int64), counts)]),
        np.concatenate([np.array(step, np.int64), *(each.step for each in scalars)]),
        np.concatenate([np.array(wall, np.float64), *(each.wall for each in scalars)]),
        np.concatenate([np.array(value, np.float64), *(each.value for each in scalars)]),
    )


def _in_order(rows: _Rows, joined: _Joined, kinds: _Kinds) -> tuple[_Rows, NDArray[np.int64]]:
    """By tail, tag, and as they were written; and where each series begins."""
    tags, *_, positions, _ = kinds.columns()
    group = joined.tail[rows.record] * len(kinds.texts) + tags[rows.kind]
    # Numbers of two bytes are sorted ten times as fast as those of eight.
    is_short = len(joined.ways) * len(kinds.texts) <= np.iinfo(np.uint16).max
    order = np.argsort(group.astype(np.uint16) if is_short else group, kind="stable")
    begins = np.diff(group[order], prepend=-1) != 0
    if ((np.diff(rows.record[order], prepend=-1) < 0) & ~begins).any():
        # Records of one tag that look different: each kind is in the order of the file, but all of them are not.
        order = np.lexsort((positions[rows.kind], rows.record, group))
    return rows.chosen(order), np.flatnonzero(begins)


def _series(rows: _Rows, starts: NDArray[np.int64], joined: _Joined, kinds: _Kinds) -> NDArray[np.void]:
    """Each as its first record describes it."""
    series = np.zeros(len(starts), SERIES)
    record, kind = rows.record[starts], rows.kind[starts]
    tags, plugins, classes, positions, _ = (column[kind] for column in kinds.columns())
    series["tail"], series["tag"], series["plugin"], series["data_class"] = joined.tail[record], tags, plugins, classes
    series["is_scalar"] = (classes == _SCALAR_CLASS) | ((classes == 0) & (plugins == kinds.texts.get(_SCALARS, -1)))
    series["position"], series["offset"], series["length"] = positions, *_frames(record, joined)
    return series


def _keep_what_is_known(series: NDArray[np.void], tails: Sequence[Tail], texts: Sequence[str]) -> None:
    """The first record of a tag in a run says whether it holds scalars for all that follow."""
    told_before = np.array([bool(tail.known) for tail in tails])
    for at in np.flatnonzero(told_before[series["tail"]]).tolist():
        known = tails[series["tail"][at]].known.get(texts[series["tag"][at]])
        if known is not None:
            series["is_scalar"][at] = known


def _places(rows: _Rows, joined: _Joined, kinds: _Kinds) -> Places:
    offsets, lengths = _frames(rows.record, joined)
    return Places(rows.step, rows.wall, offsets, lengths, kinds.columns()[3][rows.kind])


def _frames(record: NDArray[np.int64], joined: _Joined) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where these records begin in their tails, and how long they are with their frames."""
    begins = np.array(joined.begins, np.int64)[joined.tail[record]]
    return joined.begin[record] - begins - HEAD_BYTES, joined.length[record] + FRAME_BYTES


def _told(joined: _Joined, tail: int, unusual: _Unusual) -> Told:
    way, lost, end = joined.ways[tail], unusual.lost.get(tail), int(joined.ends[tail])
    read = (way.end if lost is None else int(joined.begin[lost]) - HEAD_BYTES) - joined.begins[tail]
    records = range(end - len(way.begins), end if lost is None else lost)
    walls = [_wall_time(joined.data, int(joined.begin[each]), int(joined.length[each])) for each in (*records[:1], *records[-1:])]
    first, last = walls or (None, None)
    return Told(read, way.garbage or lost is not None, first, last, tuple(unusual.sessions.get(tail, ())))
