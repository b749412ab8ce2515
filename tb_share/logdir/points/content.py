"""What new bytes of an event file say: its series. Bytes in, columns out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tb_share.logdir.events import said
from tb_share.logdir.points.columns import NO_POINTS, Points
from tb_share.logdir.points.records import HEAD_BYTES, Scalars, Shapes, Walk, parse, walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SCALAR_CLASS: Final = 1
_SCALARS: Final = "scalars"


@dataclass(frozen=True, slots=True)
class Series:
    """New records of one tag, in the order in which they were written."""

    is_scalar: bool
    points: Points


@dataclass(frozen=True, slots=True)
class News:
    """Series by tag; ``read`` is how many bytes they were read from, and no more can be read of a file that is ``damaged`` there."""

    series: Mapping[str, Series]
    read: int
    damaged: bool


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
    dead = _read_unusual(data, way, parsed.unusual, pieces)
    for scalars in parsed.scalars:
        pieces.setdefault(scalars.shape.tag, []).append(_usual(scalars))
    series = {tag: made for tag, each in pieces.items() if (made := _series(each, known.get(tag), dead)) is not None}
    end = way.end if dead is None else way.begins[dead] - HEAD_BYTES
    return News(series, end, damaged=way.garbage or dead is not None)


def _read_unusual(data: bytes, way: Walk, unusual: Iterable[int], pieces: dict[str, list[_Piece]]) -> int | None:
    """Parse these records in full; the first one that cannot be read, if there is one."""
    for record in unusual:
        begin = way.begins[record]
        what = said(data[begin : begin + way.lengths[record]])
        if what is None:
            return record
        for position, value in enumerate(what.values):
            number = value.number
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


def _series(pieces: list[_Piece], known: bool | None, dead: int | None) -> Series | None:
    is_scalar = _holds_scalars(pieces) if known is None else known
    counted = [each for each in pieces if each.is_number]
    if not is_scalar or not counted:
        return Series(is_scalar, NO_POINTS)
    record, step, wall, value = (np.concatenate([getattr(each, name) for each in counted]) for name in ("record", "step", "wall", "value"))
    position = np.concatenate([np.full(len(each.record), each.position) for each in counted])
    order = np.lexsort((position, record))
    if dead is not None:
        order = order[record[order] < dead]
    return Series(is_scalar, Points(step[order], wall[order], value[order])) if len(order) else None


def _holds_scalars(pieces: list[_Piece]) -> bool:
    """The first record of a tag says so for all that follow."""
    first = min(pieces, key=lambda each: int(each.record[0]))
    return first.data_class == _SCALAR_CLASS or (first.data_class == 0 and first.plugin == _SCALARS)
