"""Points of series for charts: all of them, or as many buckets as a chart can show. Values in, columns out; no HTTP."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tb_share.logdir.points.columns import Points
from tb_share.model.experiment import RunRef
from tb_share.plugin.table import Column, label_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_POINTS: Final = 10_000
MOST_SERIES: Final = 500
USUAL_POINTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Window:
    """Which steps, both ends included, and at most how many rows of each series."""

    points: int = USUAL_POINTS
    first: float = -math.inf
    last: float = math.inf


@dataclass(frozen=True, slots=True)
class Curve:
    """Rows of one series; where nothing was left out, ``low`` and ``high`` are the values themselves."""

    step: NDArray[np.float64]
    wall: NDArray[np.float64]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def curve(points: Points, window: Window) -> Curve:
    """The points of a window, or buckets of equal width in steps: the last point of each, with the least and the greatest value in it."""
    inside = (points.steps >= window.first) & (points.steps <= window.last)
    step, wall, value = (each[inside].astype(np.float64) for each in (points.steps, points.walls, points.values))
    if len(step) <= window.points:
        return Curve(step, wall, value, value, value)
    width = (step[-1] - step[0]) / window.points
    bucket = np.minimum((step - step[0]) / width, window.points - 1).astype(np.int64)
    starts = np.flatnonzero(np.diff(bucket, prepend=-1))
    ends = np.append(starts[1:], len(step)) - 1
    return Curve(step[ends], wall[ends], value[ends], np.fmin.reduceat(value, starts), np.fmax.reduceat(value, starts))


def by_label(runs: Iterable[RunRef], series: Mapping[str, Mapping[str, Points]]) -> dict[str, Points]:
    """The series of one experiment; of two with one label, the one that was written to last counts, as in the table."""
    found: dict[str, Points] = {}
    for run in runs:
        for tag, points in series.get(run.name, {}).items():
            label = label_of(run, tag)
            known = found.get(label)
            if known is None or points.walls[-1] >= known.walls[-1]:
                found[label] = points
    return found


def columns(asked: Iterable[Mapping[str, Points]], labels: Sequence[str], window: Window) -> list[Column]:
    """Rows of all asked series, by experiment, label and step."""
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
    for name in ("step", "wall", "value", "low", "high"):
        parts = [getattr(each, name) for _, _, each in curves]
        made.append(Column(name, name.title(), "series", np.concatenate(parts) if parts else np.empty(0)))
    return made


def extremes(points: Points) -> dict[str, float | int]:
    """The first, the least and the greatest value with their steps, and how many there are; NaN is neither least nor greatest."""
    steps, values = points.steps, points.values
    found: dict[str, float | int] = {"count": len(steps), "first": float(values[0]), "first_step": int(steps[0])}
    if np.isnan(values).all():
        return found
    for name, at in (("min", int(np.nanargmin(values))), ("max", int(np.nanargmax(values)))):
        found |= {name: float(values[at]), f"{name}_step": int(steps[at])}
    return found
