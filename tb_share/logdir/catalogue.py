"""Which experiments a logdir holds: runs folded, named by ids that survive renaming and moving.

Knows nothing of callers and scopes; ``runs_of`` fails closed. A new look reads only what changed since the last one.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Final

from tb_share.logdir import parameters
from tb_share.logdir.events import Head, read_head
from tb_share.logdir.layout import SIDECAR, EventFile, RunDirectory, survey
from tb_share.model.experiment import Experiment, ExperimentState, ParameterValue, RunRef

SPLITS: Final = frozenset({"train", "training", "validation", "val", "valid", "eval", "evaluation", "test"})
RUNNING_S: Final = 180
"""Event files that grew so recently belong to a run that still trains."""
_TIMESTAMP: Final = re.compile(r"\d{9,11}\.\d+")
_ID_LENGTH: Final = 16
_SIDECAR_ID: Final = re.compile(r"[A-Za-z0-9_-]{4,64}")
_MAX_SIDECAR_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The experiments at one moment. ``generation`` changes when any of them does."""

    experiments: tuple[Experiment, ...]
    generation: str
    warnings: tuple[str, ...] = ()
    _by_id: Mapping[str, Experiment] = field(default_factory=dict, repr=False)
    heads: Mapping[tuple[Path, tuple[int, int, int, int]], Head] = field(default_factory=dict, repr=False)
    """What was read of each file, so that the next look need not."""
    files: Mapping[str, tuple[EventFile, ...]] = field(default_factory=dict, repr=False)
    """The event files of each run."""

    @classmethod
    def scan(
        cls, logdir: Path, follow_links_to: Iterable[Path] = (), earlier: Catalogue | None = None, now: float | None = None
    ) -> Catalogue:
        """Look at the logdir; what an ``earlier`` catalogue read of files that did not change is not read again."""
        layout = survey(logdir, follow_links_to)
        known = {} if earlier is None else earlier.heads
        heads = {
            (file.path, file.stamp): known.get((file.path, file.stamp)) or read_head(file.path) for run in layout.runs for file in run.files
        }
        fold = _Fold(logdir, layout.runs, heads, time.time() if now is None else now)
        experiments = fold.experiments()
        stamps = repr([(run.name, [file.stamp for file in run.files]) for run in layout.runs]) + repr([e.state for e in experiments])
        generation = hashlib.sha256(stamps.encode("utf-8", "surrogateescape")).hexdigest()[:_ID_LENGTH]
        files = {run.name: run.files for run in layout.runs}
        return cls(experiments, generation, layout.warnings, {each.id: each for each in experiments}, heads, files)

    def runs_of(self, ids: Iterable[str]) -> frozenset[str]:
        """TensorBoard's names of all runs of these experiments; an unknown id has none."""
        chosen = (self._by_id[each] for each in ids if each in self._by_id)
        return frozenset(run.name for experiment in chosen for run in experiment.runs)

    def runs(self) -> frozenset[str]:
        """The names of all runs that may be shown at all: those reached without leaving the logdir, each under one name."""
        return frozenset(run.name for experiment in self.experiments for run in experiment.runs)

    def find(self, experiment_id: str) -> Experiment | None:
        """The experiment with this id."""
        return self._by_id.get(experiment_id)


class _Fold:
    """Gathers runs into experiments."""

    def __init__(
        self, logdir: Path, runs: tuple[RunDirectory, ...], heads: Mapping[tuple[Path, tuple[int, int, int, int]], Head], now: float
    ) -> None:
        self._logdir = logdir
        self._runs = {run.name: run for run in runs}
        self._heads = heads
        self._now = now

    def experiments(self) -> tuple[Experiment, ...]:
        """All experiments, by path."""
        gathered: dict[str, list[RunDirectory]] = {}
        for run in self._runs.values():
            gathered.setdefault(self._home(run), []).append(run)
        drafts = [self._draft(path, runs) for path, runs in gathered.items() if not self._is_columns_only(runs)]
        return tuple(sorted(_told_apart(drafts), key=lambda each: each.path))

    def _heads_of(self, run: RunDirectory) -> list[Head]:
        return [self._heads[file.path, file.stamp] for file in run.files]

    def _home(self, run: RunDirectory) -> str:
        """The path of the experiment that a run belongs to."""
        path = run.name
        for ancestor in _ancestors(run.name):
            if (self._logdir / ancestor / SIDECAR / "experiment.json").is_file():
                return ancestor
        while path != ".":
            parent = str(PurePosixPath(path).parent)
            if not self._folds(run, path, parent):
                return path
            path = parent
        return path

    def _folds(self, run: RunDirectory, path: str, parent: str) -> bool:
        """Whether the directory at ``path``, with ``run`` in or below it, is a part of the experiment at ``parent``."""
        name = PurePosixPath(path).name
        above = self._runs.get(parent)
        if name.lower() in SPLITS:
            return parent != "." or above is not None or self._has_only_splits(parent)
        if path in self._runs and _TIMESTAMP.fullmatch(name) and self._is_beside_training(run):
            return parent != "." or above is not None
        # What is left are the children of add_hparams with a name, and of add_scalars, which write one tag each.
        return above is not None and self._is_training(above) and self._is_beside_training(run)

    def _is_training(self, run: RunDirectory) -> bool:
        return any(head.tags or head.has_start for head in self._heads_of(run))

    def _is_beside_training(self, run: RunDirectory) -> bool:
        heads = self._heads_of(run)
        return all(head.only_hparams for head in heads) or (
            sum(head.tags for head in heads) == 1 and not any(head.has_start for head in heads)
        )

    def _has_only_splits(self, parent: str) -> bool:
        prefix = "" if parent == "." else f"{parent}/"
        children = {name[len(prefix) :].split("/", 1)[0].lower() for name in self._runs if name.startswith(prefix) and name != parent}
        return bool(children) and children <= SPLITS

    def _is_columns_only(self, runs: list[RunDirectory]) -> bool:
        """A directory where ``hparams_config`` wrote its columns and nothing was trained is no experiment."""
        return (
            len(runs) == 1
            and all(
                head.only_hparams and not head.has_start and not head.ended and head.first_wall_time is not None and head.warning is None
                for head in self._heads_of(runs[0])
            )
            and any(child.startswith(_below(runs[0].name)) for child in self._runs if child != runs[0].name)
        )

    def _draft(self, path: str, runs: list[RunDirectory]) -> Experiment:
        files = sorted((file for run in runs for file in run.files), key=lambda file: (self._first(file), file.path.name, str(file.path)))
        heads = [self._heads[file.path, file.stamp] for file in files]
        sidecar = self._sidecar(path)
        found, sources, warnings = self._parameters(path, runs)
        warnings += [head.warning for head in heads if head.warning]
        times = [head.first_wall_time for head in heads if head.first_wall_time]
        return Experiment(
            id=sidecar or _derived_id(files, heads),
            name=path if path != "." else self._logdir.resolve().name,
            path=path,
            runs=tuple(RunRef(run.name, _suffix(run.name, path)) for run in sorted(runs, key=lambda run: run.name)),
            started=min(times, default=None),
            last_written=max((file.mtime for file in files), default=None),
            state=self._state(files, heads),
            parameters=found,
            parameter_sources=tuple(sources),
            warnings=tuple(warnings),
        )

    def _first(self, file: EventFile) -> float:
        return self._heads[file.path, file.stamp].first_wall_time or float("inf")

    def _state(self, files: list[EventFile], heads: list[Head]) -> ExperimentState:
        if any(head.failed for head in heads):
            return ExperimentState.FAILED
        if any(head.ended for head in heads):
            return ExperimentState.FINISHED
        if files and self._now - max(file.mtime for file in files) < RUNNING_S:
            return ExperimentState.RUNNING
        return ExperimentState.STALE if any(head.has_start for head in heads) else ExperimentState.UNKNOWN

    def _parameters(self, path: str, runs: list[RunDirectory]) -> tuple[dict[str, ParameterValue], list[str], list[str]]:
        found: dict[str, ParameterValue] = {}
        sources: list[str] = []
        warnings: list[str] = []
        for run in sorted(runs, key=lambda run: (len(run.name), run.name)):
            for head in self._heads_of(run):
                if head.parameters:
                    sources.append(f"events of {run.name}")
                for name, value in head.parameters.items():
                    found.setdefault(name, value)
        directories = dict.fromkeys([self._logdir / path, *(run.path for run in runs)])
        for directory in directories:
            for name in parameters.FILES:
                file = directory / name
                if not file.is_file() or file.is_symlink():
                    continue
                read, warning = parameters.read_file(file)
                warnings += [warning] if warning else []
                sources += [name] if read else []
                for key, value in read.items():
                    found.setdefault(key, value)
        return found, sources, warnings

    def _sidecar(self, path: str) -> str | None:
        file = self._logdir / path / SIDECAR / "experiment.json"
        try:
            if file.stat().st_size > _MAX_SIDECAR_BYTES:
                return None
            content = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        id_ = content.get("id") if isinstance(content, dict) else None
        return id_ if isinstance(id_, str) and _SIDECAR_ID.fullmatch(id_) else None


def _ancestors(name: str) -> list[str]:
    return [name, *(str(parent) for parent in PurePosixPath(name).parents if name != ".")]


def _below(name: str) -> str:
    return "" if name == "." else f"{name}/"


def _suffix(name: str, path: str) -> str:
    if name == path:
        return ""
    return name if path == "." else name[len(path) + 1 :]


def _derived_id(files: list[EventFile], heads: list[Head]) -> str:
    """From the earliest event file's name and its first event's wall time in microseconds: names alone are not unique."""
    if not files:
        return hashlib.sha256(b"").hexdigest()[:_ID_LENGTH]
    micros = round((heads[0].first_wall_time or 0) * 1_000_000)
    return hashlib.sha256(f"{files[0].path.name}\n{micros}".encode("utf-8", "surrogateescape")).hexdigest()[:_ID_LENGTH]


def _told_apart(drafts: list[Experiment]) -> list[Experiment]:
    """Copies of one experiment would have one id: the one with the shortest path keeps it, the others get their path hashed in."""
    taken: set[str] = set()
    apart = []
    for draft in sorted(drafts, key=lambda each: (each.path.count("/"), each.path)):
        id_ = draft.id
        if id_ in taken:
            id_ = hashlib.sha256(f"{id_}\n{draft.path}".encode("utf-8", "surrogateescape")).hexdigest()[:_ID_LENGTH]
        taken.add(id_)
        apart.append(draft if id_ == draft.id else replace(draft, id=id_))
    return apart
