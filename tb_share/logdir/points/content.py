"""What new bytes of the event files of one run say: its series. Bytes in, columns out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tb_share.logdir.events import Found, said
from tb_share.logdir.points.columns import NO_POINTS, Points
from tb_share.logdir.points.records import HEAD_BYTES, Scalars, Shapes, Walk, parse, walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SCALAR_CLASS: Final = 1
_SCALARS: Final = "scalars"


@dataclass(frozen=True, slots=True)
class Part:
    """New bytes of one file."""

    offset: int
    data: bytes
    is_last: bool
    """Whether the file ends where these bytes end."""


@dataclass(slots=True)
class Series:
    """New records of one tag of one run, in the order in which they were written."""

    plugin: str
    is_scalar: bool
    points: Points


@dataclass(slots=True)
class FileNews:
    """What became of one part."""

    end: int
    """Offset of the first record that is not whole."""
    found: Found
    damaged: bool = False
    torn: bool = False


@dataclass(slots=True)
class _Piece:
    """Records of one tag and one shape."""

    record: NDArray[np.int64]
    step: NDArray[np.int64]
    wall: NDArray[np.float64]
    value: NDArray[np.float64]
    plugin: str | None
    data_class: int
    is_simple: bool
    position: int
    is_number: bool


def read(parts: Sequence[Part], known: dict[str, tuple[str, bool]], shapes: Shapes) -> tuple[dict[str, Series], list[FileNews]]:
    """The news of one run: its parts in the order of its files; ``known`` are the plugin and class of its tags so far."""
    data = b"".join(part.data for part in parts)
    walks: list[Walk] = []
    starts, at = [], 0
    for part in parts:
        starts.append(at)
        walks.append(walk(data, at, at + len(part.data)))
        at += len(part.data)
    news = [FileNews(each.end - start + part.offset, Found()) for part, start, each in zip(parts, starts, walks, strict=True)]
    begins = [begin for each in walks for begin in each.begins]
    lengths = [length for each in walks for length in each.lengths]
    owner = np.repeat(np.arange(len(parts)), [len(each.begins) for each in walks])
    parsed = parse(data, begins, lengths, shapes)
    pieces: dict[str, list[_Piece]] = {}
    dead = _read_unusual(data, begins, lengths, owner, parsed.unusual, news, pieces)
    for each in parsed.scalars:
        _take(each, pieces, owner, news)
    for number, (part, way) in enumerate(zip(parts, walks, strict=True)):
        dead_at = begins[dead[number]] - HEAD_BYTES if number in dead else None
        _finish(part, way, news[number], starts[number] + len(part.data), dead_at)
    series = {tag: made for tag, each in pieces.items() if (made := _series(each, known.get(tag), owner, dead)) is not None}
    return series, news


def _read_unusual(
    data: bytes,
    begins: list[int],
    lengths: list[int],
    owner: NDArray[np.int64],
    unusual: Iterable[int],
    news: list[FileNews],
    pieces: dict[str, list[_Piece]],
) -> dict[int, int]:
    """Parse these records in full; of each part that is damaged, the first record that cannot be read."""
    dead: dict[int, int] = {}
    for record in unusual:
        part = int(owner[record])
        if part in dead:
            continue
        what = said(data[begins[record] : begins[record] + lengths[record]], news[part].found)
        if what is None:
            dead[part] = record
            continue
        for value in what.values:
            number = value.number
            pieces.setdefault(value.tag, []).append(
                _Piece(
                    np.array([record], np.int64),
                    np.array([what.step], np.int64),
                    np.array([what.wall_time]),
                    np.array([np.nan if number is None else number]),
                    value.plugin,
                    value.data_class,
                    is_simple=False,
                    position=value.position,
                    is_number=number is not None,
                )
            )
    return dead


def _take(scalars: Scalars, pieces: dict[str, list[_Piece]], owner: NDArray[np.int64], news: list[FileNews]) -> None:
    shape = scalars.shape
    for part in np.unique(owner[scalars.record]).tolist():
        news[part].found.note_tag(shape.tag)
    pieces.setdefault(shape.tag, []).append(
        _Piece(
            scalars.record,
            scalars.step,
            scalars.wall,
            scalars.value.astype(np.float64),
            shape.plugin,
            shape.data_class,
            is_simple=not shape.is_tensor,
            position=0,
            is_number=True,
        )
    )


def _finish(part: Part, way: Walk, news: FileNews, end: int, dead_at: int | None) -> None:
    """How far one part was read; ``end`` is where it ends in the joined bytes, ``dead_at`` where its first unreadable record begins."""
    if dead_at is not None:
        news.end -= way.end - dead_at
        news.damaged = True
    elif way.garbage:
        news.damaged = True
    elif part.is_last and way.end < end:
        news.torn = True


def _series(pieces: list[_Piece], known: tuple[str, bool] | None, owner: NDArray[np.int64], dead: dict[int, int]) -> Series | None:
    first = min(pieces, key=lambda each: int(each.record[0]))
    plugin, is_scalar = known or _class_of(first)
    counted = [each for each in pieces if each.is_number]
    if not is_scalar or not counted:
        return Series(plugin, is_scalar, NO_POINTS)
    record, step, wall, value = (np.concatenate([getattr(each, name) for each in counted]) for name in ("record", "step", "wall", "value"))
    position = np.concatenate([np.full(len(each.record), each.position) for each in counted])
    keep = np.ones(len(position), bool)
    for part, first_dead in dead.items():
        keep &= (owner[record] != part) | (record < first_dead)
    order = np.flatnonzero(keep)[np.lexsort((position[keep], record[keep]))]
    return Series(plugin, is_scalar, Points(step[order], wall[order], value[order])) if len(order) else None


def _class_of(piece: _Piece) -> tuple[str, bool]:
    """The plugin of a series, and whether it holds scalars: its first record says so for all that follow."""
    plugin = piece.plugin or (_SCALARS if piece.is_simple else "")
    return plugin, piece.data_class == _SCALAR_CLASS or (piece.data_class == 0 and plugin == _SCALARS)
