"""Points of series for charts: all of them, or as many buckets as a chart can show. Values in, columns out; no HTTP."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tb_share.logdir.points.columns import Points
from tb_share.plugin.table import Column

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_POINTS: Final = 10_000
MOST_SERIES: Final = 500
MOST_WHOLE_POINTS: Final = 5_000_000
"""Of several series that are asked for whole; one alone may have more."""
USUAL_POINTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Window:
    """Which steps, both ends included, and at most how many rows of each series; None for all."""

    points: int | None = USUAL_POINTS
    first: float = -math.inf
    last: float = math.inf


@dataclass(frozen=True, slots=True)
class Curve:
    """Rows of one series; where nothing was left out, ``low`` and ``high`` are the values themselves, the very same array."""

    step: NDArray[np.float64]
    wall: NDArray[np.float64]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def curve(points: Points, window: Window) -> Curve:
    """The points of a window, or buckets of equal width in steps: the last point of each, with the least and the greatest value in it."""
    inside = (points.steps >= window.first) & (points.steps <= window.last)
    step, wall, value = (each[inside].astype(np.float64) for each in (points.steps, points.walls, points.values))
    if window.points is None or len(step) <= window.points:
        return Curve(step, wall, value, value, value)
    width = (step[-1] - step[0]) / window.points
    bucket = np.minimum((step - step[0]) / width, window.points - 1).astype(np.int64)
    starts = np.flatnonzero(np.diff(bucket, prepend=-1))
    ends = np.append(starts[1:], len(step)) - 1
    return Curve(step[ends], wall[ends], value[ends], np.fmin.reduceat(value, starts), np.fmax.reduceat(value, starts))


def columns(asked: Iterable[Mapping[str, Points]], labels: Sequence[str], window: Window) -> list[Column]:
    """Rows of all asked series, by experiment, label and step; ``low`` and ``high`` only if a row stands for more than itself."""
    curves = [
        (experiment, number, curve(found[label], window))
        for experiment, found in enumerate(asked)
        for number, label in enumerate(labels)
        if label in found
    ]
    lengths = [len(each.step) for _, _, each in curves]
    made = [
        Column(name, name.title(), "series", np.repeat(np.array([each[place] for each in curves], np.float64), lengths))
        for place, name in enumerate(("experiment", "label"))
    ]
    names = ["step", "wall", "value", "low", "high"]
    if all(each.low is each.value for _, _, each in curves):
        del names[3:]
    for name in names:
        parts = [getattr(each, name) for _, _, each in curves]
        made.append(Column(name, name.title(), "series", np.concatenate(parts) if parts else np.empty(0)))
    return made
