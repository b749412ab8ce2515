"""What new bytes of an event file say: its series, where else values stand, and its session. Bytes in, columns out."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tb_share.logdir.events import Session, said
from tb_share.logdir.points.columns import NO_POINTS, Points
from tb_share.logdir.points.records import FRAME_BYTES, HEAD_BYTES, Scalars, Shapes, Walk, parse, walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SCALAR_CLASS: Final = 1
_SCALARS: Final = "scalars"
_WALL: Final = struct.Struct("<d")
_WALL_TAG: Final = 0x09
_BEYOND_TIME: Final = 1e11
"""Seconds that no clock tells: thousands of years, infinite, or no number."""


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

    def __len__(self) -> int:
        """How many."""
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class Series:
    """New records of one tag, in the order in which they were written."""

    is_scalar: bool
    points: Points
    """Of scalars; else there are none."""
    plugin: str
    """Of the first of them; empty where no metadata name one."""
    data_class: int
    places: Places
    """Of what is not scalar; of scalars the first one alone, so that its metadata can be found."""


@dataclass(frozen=True, slots=True)
class News:
    """Series by tag; ``read`` is how many bytes they were read from, and no more can be read of a file that is ``damaged`` there."""

    series: Mapping[str, Series]
    read: int
    damaged: bool
    first_wall_time: float | None = None
    """Of the first record, Unix seconds; None if it is no time at all."""
    last_wall_time: float | None = None
    """Of the last one."""
    sessions: tuple[Session, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """Records of one tag and one shape; ``position`` is which of a record's values it is."""

    record: NDArray[np.int64]
    step: NDArray[np.int64]
    wall: NDArray[np.float64]
    value: NDArray[np.float64]
    plugin: str | None
    data_class: int
    position: int
    is_number: bool


def read(data: bytes, known: Mapping[str, bool], shapes: Shapes) -> News:
    """What these bytes say; ``known`` is whether a tag holds scalars, of those that came before."""
    way = walk(data, 0, len(data))
    parsed = parse(data, way.begins, way.lengths, shapes)
    pieces: dict[str, list[_Piece]] = {}
    sessions: list[Session] = []
    dead = _read_unusual(data, way, parsed.unusual, pieces, sessions)
    for scalars in parsed.scalars:
        pieces.setdefault(scalars.shape.tag, []).append(_usual(scalars))
    series = {tag: made for tag, each in pieces.items() if (made := _series(each, known.get(tag), way, dead)) is not None}
    end = way.end if dead is None else way.begins[dead] - HEAD_BYTES
    count = len(way.begins) if dead is None else dead
    first, last = (_wall_time(data, way, 0), _wall_time(data, way, count - 1)) if count else (None, None)
    damaged = way.garbage or dead is not None
    return News(series, end, damaged, first_wall_time=first, last_wall_time=last, sessions=tuple(sessions))


def _wall_time(data: bytes, way: Walk, record: int) -> float | None:
    begin, length = way.begins[record], way.lengths[record]
    if length > _WALL.size and data[begin] == _WALL_TAG:
        wall = float(_WALL.unpack_from(data, begin + 1)[0])
    else:
        what = said(data[begin : begin + length])
        wall = 0.0 if what is None else what.wall_time
    return wall if abs(wall) < _BEYOND_TIME else None


def _read_unusual(data: bytes, way: Walk, unusual: Iterable[int], pieces: dict[str, list[_Piece]], sessions: list[Session]) -> int | None:
    """Parse these records in full; the first one that cannot be read, if there is one."""
    for record in unusual:
        begin = way.begins[record]
        what = said(data[begin : begin + way.lengths[record]])
        if what is None:
            return record
        for position, value in enumerate(what.values):
            number = value.number
            sessions += [] if value.session is None else [replace(value.session, said_at=what.wall_time)]
            pieces.setdefault(value.tag, []).append(
                _Piece(
                    np.array([record], np.int64),
                    np.array([what.step], np.int64),
                    np.array([what.wall_time]),
                    np.array([np.nan if number is None else number]),
                    value.plugin,
                    value.data_class,
                    position,
                    is_number=number is not None,
                )
            )
    return None


def _usual(scalars: Scalars) -> _Piece:
    shape = scalars.shape
    plugin = shape.plugin or (None if shape.is_tensor else _SCALARS)
    value = scalars.value.astype(np.float64)
    return _Piece(scalars.record, scalars.step, scalars.wall, value, plugin, shape.data_class, 0, is_number=True)


def _series(pieces: list[_Piece], known: bool | None, way: Walk, dead: int | None) -> Series | None:
    if dead is not None:
        pieces = [each for piece in pieces if (each := _before(piece, dead)) is not None]
    if not pieces:
        return None
    first = min(pieces, key=lambda each: (int(each.record[0]), each.position))
    is_scalar = _holds_scalars(first) if known is None else known
    described = (first.plugin or "", first.data_class)
    if not is_scalar:
        return Series(is_scalar, NO_POINTS, *described, _places(pieces, way))
    counted = [each for each in pieces if each.is_number]
    begin = Places(first.step[:1], first.wall[:1], *_frames(first.record[:1], way), np.array([first.position], np.int64))
    return Series(is_scalar, _points(counted) if counted else NO_POINTS, *described, begin)


def _before(piece: _Piece, dead: int) -> _Piece | None:
    count = int(np.searchsorted(piece.record, dead))
    if count == len(piece.record):
        return piece
    if not count:
        return None
    return replace(piece, record=piece.record[:count], step=piece.step[:count], wall=piece.wall[:count], value=piece.value[:count])


def _points(pieces: list[_Piece]) -> Points:
    if len(pieces) == 1:
        return Points(pieces[0].step, pieces[0].wall, pieces[0].value)
    _, order, step, wall = _in_order(pieces)
    return Points(step, wall, np.concatenate([each.value for each in pieces])[order])


def _places(pieces: list[_Piece], way: Walk) -> Places:
    record, order, step, wall = _in_order(pieces)
    return Places(step, wall, *_frames(record, way), _positions(pieces)[order])


def _in_order(pieces: list[_Piece]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Records, their order in the pieces, steps and wall times, as they were written."""
    record, step = (np.concatenate([getattr(each, name) for each in pieces]) for name in ("record", "step"))
    wall = np.concatenate([each.wall for each in pieces])
    order = np.lexsort((_positions(pieces), record))
    return record[order], order, step[order], wall[order]


def _positions(pieces: list[_Piece]) -> NDArray[np.int64]:
    return np.repeat(np.array([each.position for each in pieces], np.int64), [len(each.record) for each in pieces])


def _frames(record: NDArray[np.int64], way: Walk) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    chosen = record.tolist()
    offsets = np.array([way.begins[each] - HEAD_BYTES for each in chosen], np.int64)
    return offsets, np.array([way.lengths[each] + FRAME_BYTES for each in chosen], np.int64)


def _holds_scalars(first: _Piece) -> bool:
    """The first record of a tag says so for all that follow."""
    return first.data_class == _SCALAR_CLASS or (first.data_class == 0 and first.plugin == _SCALARS)
