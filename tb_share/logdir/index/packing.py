"""Packs points into segments of a few thousand, exactly. Columns in, bytes out, and back; no I/O.

A segment holds several tags. Its directory says of each how many points there are, and where steps are regular the first and the stride;
its data are the other steps, the wall times and the values: steps and wall times as differences of bit patterns, bytes of one weight side
by side, then zlib. Values are float32 where that is exact.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tb_share.logdir.points.columns import Points

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_POINTS: Final = 4096
_DIRECTORY: Final = np.dtype([("tag", "<u4"), ("count", "<u4"), ("first", "<i8"), ("stride", "<i8")])
_IRREGULAR: Final = np.iinfo(np.int64).min
_LEVEL: Final = 1
_FLOAT32: Final = b"f"
_FLOAT64: Final = b"d"


@dataclass(frozen=True, slots=True)
class Tagged:
    """Points of several tags, those of one tag together, in the order in which they were written."""

    tags: NDArray[np.uint32]
    counts: NDArray[np.int64]
    points: Points

    def split(self) -> list[Points]:
        """Each tag's points."""
        ends = np.cumsum(self.counts).tolist()
        slices = [slice(end - count, end) for end, count in zip(ends, self.counts.tolist(), strict=True)]
        return [Points(self.points.steps[each], self.points.walls[each], self.points.values[each]) for each in slices]


@dataclass(frozen=True, slots=True)
class Segment:
    """One row of the index."""

    count: int
    directory: bytes
    data: bytes


def packed(tagged: Tagged) -> Iterator[Segment]:
    """Segments of at most ``MOST_POINTS``, each tag's points in order."""
    ends = np.cumsum(tagged.counts)
    starts = ends - tagged.counts
    total = int(ends[-1]) if len(ends) else 0
    for begin in range(0, total, MOST_POINTS):
        end = min(begin + MOST_POINTS, total)
        first, last = int(np.searchsorted(ends, begin, "right")), int(np.searchsorted(starts, end, "left"))
        counts = np.minimum(ends[first:last], end) - np.maximum(starts[first:last], begin)
        points = tagged.points
        yield _segment(tagged.tags[first:last], counts, Points(points.steps[begin:end], points.walls[begin:end], points.values[begin:end]))


def _segment(tags: NDArray[np.uint32], counts: NDArray[np.int64], points: Points) -> Segment:
    starts = np.cumsum(counts) - counts
    directory = np.zeros(len(tags), _DIRECTORY)
    directory["tag"], directory["count"], directory["first"] = tags, counts, points.steps[starts]
    with np.errstate(over="ignore"):
        strides = np.where(counts > 1, points.steps[np.minimum(starts + 1, len(points.steps) - 1)] - points.steps[starts], 1)
        expected = np.repeat(points.steps[starts], counts) + np.repeat(strides, counts) * (
            np.arange(len(points.steps)) - np.repeat(starts, counts)
        )
    off = np.add.reduceat((expected != points.steps).astype(np.int64), starts) if len(starts) else starts
    regular = (off == 0) & (strides != _IRREGULAR)
    directory["stride"] = np.where(regular, strides, _IRREGULAR)
    irregular = points.steps[~np.repeat(regular, counts)]
    narrow = _narrow(points.values)
    kind, values = (_FLOAT64, points.values.view(np.uint64)) if narrow is None else (_FLOAT32, narrow.view(np.uint32))
    raw = kind + _shuffled(_differences(irregular)) + _shuffled(_differences(points.walls.view(np.int64))) + _shuffled(values)
    return Segment(len(points.steps), directory.tobytes(), zlib.compress(raw, _LEVEL))


def tags_in(directory: bytes) -> NDArray[np.uint32]:
    """Which tags a segment holds."""
    return np.frombuffer(directory, _DIRECTORY)["tag"]


def unpacked(directory: bytes, data: bytes) -> Tagged:
    """What was packed."""
    entries = np.frombuffer(directory, _DIRECTORY)
    counts = entries["count"].astype(np.int64)
    total = int(counts.sum())
    irregular = np.repeat(entries["stride"] == _IRREGULAR, counts)
    starts = np.cumsum(counts) - counts
    with np.errstate(over="ignore"):
        steps = np.repeat(entries["first"], counts) + np.repeat(entries["stride"], counts) * (np.arange(total) - np.repeat(starts, counts))
    raw = zlib.decompress(data)
    kind, at = raw[:1], 1
    number = int(irregular.sum())
    if number:
        steps[irregular] = _summed(_unshuffled(raw, at, number, np.dtype("<i8")))
        at += 8 * number
    walls = _summed(_unshuffled(raw, at, total, np.dtype("<i8"))).view(np.float64)
    at += 8 * total
    if kind == _FLOAT32:
        values = _unshuffled(raw, at, total, np.dtype("<f4")).astype(np.float64)
    else:
        values = _unshuffled(raw, at, total, np.dtype("<f8"))
    return Tagged(entries["tag"], counts, Points(steps, walls, values))


def _narrow(values: NDArray[np.float64]) -> NDArray[np.float32] | None:
    with np.errstate(over="ignore", invalid="ignore"):
        narrow = values.astype(np.float32)
    return narrow if np.array_equal(narrow.astype(np.float64).view(np.uint64), values.view(np.uint64)) else None


def _differences(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    found = numbers.view(np.uint64).copy()
    found[1:] -= numbers.view(np.uint64)[:-1]
    return found


def _summed(differences: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(differences.view(np.uint64)).view(np.int64)


def _shuffled(numbers: NDArray[np.uint64] | NDArray[np.uint32]) -> bytes:
    return np.ascontiguousarray(numbers).view(np.uint8).reshape(len(numbers), numbers.itemsize).T.tobytes()


def _unshuffled(raw: bytes, at: int, count: int, kind: np.dtype[Any]) -> NDArray[Any]:
    size = kind.itemsize
    planes = np.frombuffer(raw, np.uint8, count * size, at).reshape(size, count)
    return np.ascontiguousarray(planes.T).view(kind).ravel()
