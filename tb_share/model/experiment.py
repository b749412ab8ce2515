"""An experiment: what a person trained once, usually several of TensorBoard's runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

EXPERIMENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{4,64}")

ParameterValue = bool | float | int | str


class ExperimentState(StrEnum):
    """What is known of its end."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    STALE = "stale"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RunRef:
    """One run of an experiment. ``name`` is TensorBoard's; ``suffix`` what follows the experiment's path, maybe empty."""

    name: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Experiment:
    """``id`` survives renaming and moving; ``path`` is relative to the logdir, ``.`` for the logdir itself."""

    id: str
    name: str
    path: str
    runs: tuple[RunRef, ...]
    started: float | None
    """Wall time of the first event, Unix seconds."""
    last_written: float | None
    """The newest modification of its event files, Unix seconds."""
    state: ExperimentState
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    parameter_sources: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def is_experiment_id(text: str) -> bool:
    """Whether ``text`` may be the id of one; whether there is one is known to its logdir alone."""
    return EXPERIMENT_ID.fullmatch(text) is not None
