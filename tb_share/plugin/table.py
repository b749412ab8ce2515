"""The experiments table: one row for each experiment that the caller sees. Values in, columns out; no HTTP."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tb_share.logdir.index.reader import View
from tb_share.model.experiment import Experiment, ParameterValue, RunRef

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TIMESTAMP: Final = re.compile(r"\d{9,11}\.\d+")
STATISTICS: Final = ("last", "first", "min", "max", "steps", "count")
"""What a table can hold of each metric; ``steps`` are those of the other statistics that are asked for."""
_STEP_OF: Final = {"last": "last_step", "first": "first_step", "min": "min_step", "max": "max_step"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``values`` are all numbers, NaN where missing, or all texts, empty where missing."""

    name: str
    label: str
    kind: str
    values: list[float] | list[int] | list[str] | NDArray[np.float64]
    nans: tuple[int, ...] = ()
    """The rows in which NaN is what was logged, and not that nothing was."""

    def taken(self, rows: NDArray[np.int64]) -> Column:
        """These rows of it, in this order."""
        nans = tuple(np.flatnonzero(np.isin(rows, self.nans)).tolist()) if self.nans else ()
        if isinstance(self.values, np.ndarray):
            return Column(self.name, self.label, self.kind, self.values[rows], nans)
        return Column(self.name, self.label, self.kind, [self.values[row] for row in rows.tolist()])


@dataclass(frozen=True, slots=True)
class Metric:
    """One series of an experiment; ``summary`` is its record in the index (``logdir.index.summary.SERIES``)."""

    label: str
    run: str
    tag: str
    summary: np.void


def statistics(text: str) -> tuple[str, ...]:
    """The statistics named by ``of=``, separated by commas, without repetitions. Raises ``ValueError`` for any other."""
    names = tuple(dict.fromkeys(text.split(",")))
    if not set(names) <= set(STATISTICS):
        raise ValueError
    asked = [name for name in names if name != "steps"]
    return tuple(asked + [_STEP_OF[name] for name in asked if name in _STEP_OF]) if "steps" in names else tuple(asked)


def prefix_of(statistic: str) -> str:
    """How the keys of its columns begin: ``m:`` for last values, else the statistic's name and a colon."""
    return "m:" if statistic == "last" else f"{statistic}:"


def metrics(runs: Iterable[RunRef], view: View) -> list[Metric]:
    """The metrics of one experiment, told apart by the part of the run; of two with one label, the newer counts."""
    found: dict[str, Metric] = {}
    for run in runs:
        for record in view.series_of(run.name):
            if not record["is_scalar"] or not record["count"]:
                continue
            tag = view.texts[record["tag"]]
            label = label_of(run, tag)
            known = found.get(label)
            if known is None or record["last_wall"] >= known.summary["last_wall"]:
                found[label] = Metric(label, run.name, tag, record)
    return [metric for _, metric in sorted(found.items())]


def label_of(run: RunRef, tag: str) -> str:
    """What a metric is called: the part of the run, without directories that are named by a time, and the tag."""
    prefix = _prefix(run.suffix)
    return f"{prefix}/{tag}" if prefix else tag


@lru_cache(maxsize=4096)
def _prefix(suffix: str) -> str:
    return "/".join(part for part in suffix.split("/") if part and not _TIMESTAMP.fullmatch(part))


def columns(experiments: Sequence[Experiment], view: View, of: Sequence[str] = ("last",)) -> list[Column]:
    """All columns: system, parameters, metrics with the statistics ``of``."""
    cells = _Cells(experiments, view)
    system = [
        Column("id", "Id", "system", [each.id for each in experiments]),
        Column("name", "Name", "system", [each.name for each in experiments]),
        Column("state", "State", "system", [each.state.value for each in experiments]),
        Column("started", "Started", "system", cells.starts),
        Column("duration", "Duration", "system", cells.ends - cells.starts),
        Column("run_count", "Runs", "system", [len(each.runs) for each in experiments]),
        Column("warnings", "Warnings", "system", ["\n".join(each.warnings) for each in experiments]),
    ]
    return [*system, *_parameter_columns(experiments), *cells.columns(of)]


def span(experiment: Experiment, view: View) -> tuple[float, float]:
    """When it started, and when its last point was, in Unix seconds; NaN where nothing says."""
    cells = _Cells([experiment], view)
    return float(cells.starts[0]), float(cells.ends[0])


class _Cells:
    """Which series of the index stand in which row and column; everything about them is done for all at once."""

    def __init__(self, experiments: Sequence[Experiment], view: View) -> None:
        self._experiments, self._view = experiments, view
        prefixes: dict[str, int] = {}
        places: list[tuple[int, int, int, int]] = []
        for at, experiment in enumerate(experiments):
            for run in experiment.runs:
                slice_ = view.slices.get(run.name)
                if slice_ is not None and slice_.stop > slice_.start:
                    named = prefixes.setdefault(_prefix(run.suffix), len(prefixes))
                    places.append((at, named, slice_.start, slice_.stop - slice_.start))
        rows, prefix, start, count = np.array(places, np.int64).reshape(-1, 4).T
        series = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count - start, count)
        shown = (view.rows["is_scalar"][series] == 1) & (view.rows["count"][series] > 0)
        self._series = series[shown]
        self._row = np.repeat(rows, count)[shown]
        keys = (np.repeat(prefix, count)[shown] << 32) | view.rows["tag"][self._series]
        kinds, kind = np.unique(keys, return_inverse=True)
        names = list(prefixes)
        labels = [_named(names[key >> 32], view.texts[key & 0xFFFFFFFF]) for key in kinds.tolist()]
        self._labels = sorted(set(labels))
        numbers = {label: number for number, label in enumerate(self._labels)}
        self._label = np.array([numbers[label] for label in labels], np.int64)[kind]
        # Of two series in one cell the newer counts: it is written last.
        self._order = np.argsort(view.rows["last_wall"][self._series], kind="stable")
        self.starts, self.ends = self._span()

    def _span(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """From the first event, or where logs were written after all that they tell of, as by a converter, the first point; to the last."""
        count, rows = len(self._experiments), self._view.rows
        ends, firsts = np.full(count, -np.inf), np.full(count, np.inf)
        np.fmax.at(ends, self._row, rows["last_wall"][self._series])
        np.fmin.at(firsts, self._row, rows["first_wall"][self._series])
        starts = np.array([_number(each.started) for each in self._experiments], np.float64)
        return np.where(ends < starts, np.where(np.isfinite(firsts), firsts, starts), starts), np.where(np.isfinite(ends), ends, np.nan)

    def columns(self, of: Sequence[str]) -> list[Column]:
        found = []
        for name in of:
            table = np.full((len(self._labels), len(self._experiments)), np.nan)
            values = self._view.rows[name][self._series][self._order]
            table[self._label[self._order], self._row[self._order]] = values
            nans = self._nans(table, values)
            found += [
                Column(f"{prefix_of(name)}{label}", label, "metric", row, nans.get(number, ()))
                for number, (label, row) in enumerate(zip(self._labels, table, strict=True))
            ]
        return found

    def _nans(self, table: NDArray[np.float64], values: NDArray[Any]) -> dict[int, tuple[int, ...]]:
        """Rows by label in which something was logged, and is NaN."""
        logged = np.flatnonzero(np.isnan(values))
        labels, rows = self._label[self._order][logged], self._row[self._order][logged]
        still = np.isnan(table[labels, rows])
        found: dict[int, set[int]] = {}
        for label, row in zip(labels[still].tolist(), rows[still].tolist(), strict=True):
            found.setdefault(label, set()).add(row)
        return {label: tuple(sorted(each)) for label, each in found.items()}


def _named(prefix: str, tag: str) -> str:
    return f"{prefix}/{tag}" if prefix else tag


def _parameter_columns(experiments: Sequence[Experiment]) -> list[Column]:
    names = sorted({name for each in experiments for name in each.parameters})
    return [_parameter_column(name, [each.parameters.get(name) for each in experiments]) for name in names]


def _parameter_column(name: str, values: list[ParameterValue | None]) -> Column:
    if all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values):
        return Column(f"p:{name}", name, "parameter", np.array([_number(value) for value in values], np.float64))
    return Column(f"p:{name}", name, "parameter", [_text(value) for value in values])


def ordered(found: Mapping[str, Column], keys: Sequence[str], count: int) -> NDArray[np.int64]:
    """Rows in the order of these columns, the first key first, ``-`` before a key for descending; what is missing comes last.

    Raises ``KeyError`` for a column that there is not.
    """
    order = np.arange(count)
    for key in reversed(keys):
        column, down = found[key.removeprefix("-")], key.startswith("-")
        values = np.asarray(column.values)[order]
        missing = np.isnan(values) if values.dtype.kind == "f" else values == ""
        ranks = np.unique(values, return_inverse=True)[1].astype(np.int64)
        order = order[np.lexsort((-ranks if down else ranks, missing))]
    return order


def _number(value: ParameterValue | None) -> float:
    try:
        return math.nan if value is None else float(value)
    except OverflowError:
        return math.inf if isinstance(value, int) and value > 0 else -math.inf


def _text(value: ParameterValue | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - beyond, doubles are not exact
            return str(int(value))
        case _:
            return str(value)
