"""The experiments table: one row for each experiment of which the caller sees a run. Values in, columns out; no HTTP."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from tb_share.logdir.catalogue import Catalogue
from tb_share.model.experiment import Experiment, ParameterValue, RunRef

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TIMESTAMP: Final = re.compile(r"\d{9,11}\.\d+")


class Datum(Protocol):
    """TensorBoard's last point of a series."""

    step: int
    wall_time: float
    value: float


Last = Mapping[str, Mapping[str, Datum]]
"""The last point by run and tag."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``values`` are all numbers, NaN where missing, or all texts, empty where missing."""

    name: str
    label: str
    kind: str
    values: list[float] | list[int] | list[str] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Metric:
    """The last value of one series of an experiment."""

    label: str
    run: str
    tag: str
    last: float
    step: int


def visible_experiments(catalogue: Catalogue, runs: Iterable[str]) -> list[tuple[Experiment, tuple[RunRef, ...]]]:
    """Experiments with those of their runs that are visible; without any, an experiment is not there at all."""
    visible = frozenset(runs)
    rows = []
    for experiment in catalogue.experiments:
        seen = tuple(run for run in experiment.runs if run.name in visible)
        if seen:
            rows.append((experiment, seen))
    return rows


def metrics(runs: Iterable[RunRef], last: Last) -> list[Metric]:
    """The metrics of one experiment, told apart by the part of the run; of two with one label, the newer counts."""
    by_label: dict[str, tuple[float, Metric]] = {}
    for run in runs:
        for tag, datum in last.get(run.name, {}).items():
            label = label_of(run, tag)
            known = by_label.get(label)
            if known is None or datum.wall_time >= known[0]:
                by_label[label] = (datum.wall_time, Metric(label, run.name, tag, float(datum.value), int(datum.step)))
    return [metric for _, (_, metric) in sorted(by_label.items())]


def label_of(run: RunRef, tag: str) -> str:
    """What a metric is called: the part of the run, without directories that are named by a time, and the tag."""
    prefix = "/".join(part for part in run.suffix.split("/") if part and not _TIMESTAMP.fullmatch(part))
    return f"{prefix}/{tag}" if prefix else tag


STATISTICS: Final = ("last", "first", "min", "max", "steps", "count")
"""What a table can hold of each metric; ``steps`` are those of the other statistics that are asked for."""
_STEP_OF: Final = {"last": "last_step", "first": "first_step", "min": "min_step", "max": "max_step"}


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


Summaries = Mapping[str, Mapping[str, float]]
"""Statistics of one experiment's metrics, by label and name."""


def columns(
    rows: list[tuple[Experiment, tuple[RunRef, ...]]], last: Last, of: Sequence[str] = ("last",), summaries: Sequence[Summaries] = ()
) -> list[Column]:
    """All columns: system, parameters, metrics with the statistics ``of``; ``summaries`` hold, row by row, what is not in ``last``."""
    experiments = [experiment for experiment, _ in rows]
    system = [
        Column("id", "Id", "system", [each.id for each in experiments]),
        Column("name", "Name", "system", [each.name for each in experiments]),
        Column("state", "State", "system", [each.state.value for each in experiments]),
        Column("started", "Started", "system", [_number(each.started) for each in experiments]),
        Column("duration", "Duration", "system", [duration(each, runs, last) for each, runs in rows]),
        Column("run_count", "Runs", "system", [len(runs) for _, runs in rows]),
        Column("warnings", "Warnings", "system", [json.dumps(each.warnings) if each.warnings else "" for each in experiments]),
    ]
    return [*system, *_parameter_columns(experiments), *_metric_columns(rows, last, of, summaries)]


def duration(experiment: Experiment, runs: Iterable[RunRef], last: Last) -> float:
    """Seconds from the first event to the last point; NaN if there is none."""
    ends = [datum.wall_time for run in runs for datum in last.get(run.name, {}).values()]
    return max(ends) - experiment.started if ends and experiment.started is not None else math.nan


def _parameter_columns(experiments: list[Experiment]) -> list[Column]:
    names = sorted({name for each in experiments for name in each.parameters})
    return [_parameter_column(name, [each.parameters.get(name) for each in experiments]) for name in names]


def _parameter_column(name: str, values: list[ParameterValue | None]) -> Column:
    if all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values):
        return Column(f"p:{name}", name, "parameter", [_number(value) for value in values])
    return Column(f"p:{name}", name, "parameter", [_text(value) for value in values])


def _metric_columns(
    rows: list[tuple[Experiment, tuple[RunRef, ...]]], last: Last, of: Sequence[str], summaries: Sequence[Summaries]
) -> list[Column]:
    cells: dict[tuple[str, str], list[float]] = {}
    for row, (_, runs) in enumerate(rows):
        for metric in metrics(runs, last):
            more = summaries[row].get(metric.label, {}) if summaries else {}
            found = {**more, "last": metric.last, "last_step": metric.step}
            for name in of:
                cells.setdefault((metric.label, name), [math.nan] * len(rows))[row] = found.get(name, math.nan)
    labels = sorted({label for label, _ in cells})
    return [Column(f"{prefix_of(name)}{label}", label, "metric", cells[label, name]) for name in of for label in labels]


def _number(value: ParameterValue | None) -> float:
    return math.nan if value is None else float(value)


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
