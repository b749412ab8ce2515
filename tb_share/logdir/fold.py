"""Gathers runs into experiments. Pure: what was found in, drafts of experiments out.

A run whose files were not read yet is folded by its name alone, and its experiment is not settled.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tb_share.logdir.asides import Beside
from tb_share.logdir.events import Head
from tb_share.logdir.layout import EventFile
from tb_share.model.experiment import ExperimentState, ParameterValue, RunRef

SPLITS: Final = frozenset({"train", "training", "validation", "val", "valid", "eval", "evaluation", "test"})
RUNNING_S: Final = 180
"""Event files that grew so recently, or a heartbeat so young, belong to a run that still trains."""
_AHEAD_S: Final = 3600
"""So far another machine's clock may be ahead. What is dated later, as a wrong clock or an archive leaves it, is no sign of life."""
_AFTERTHOUGHT_S: Final = 1.0
"""What is written so soon after a session's end belongs to it."""
_TIMESTAMP: Final = re.compile(r"\d{9,11}\.\d+")
_ID_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class RunFound:
    """A run with its files and what each says; ``tags`` is how many tags were trained with (``events.counts_as_training``)."""

    name: str
    files: Sequence[EventFile]
    heads: Sequence[Head]
    tags: int
    was_read: bool = True

    @property
    def has_start(self) -> bool:
        """It holds hyperparameters of a session."""
        return any(head.has_start for head in self.heads)


@dataclass(frozen=True, slots=True)
class Drafted:
    """An experiment without what depends on the time of day."""

    id: str
    name: str
    path: str
    runs: tuple[RunRef, ...]
    started: float | None
    last_written: float | None
    ended: bool
    """What began last has ended, as far as it says."""
    failed: bool
    went_on: bool
    """More was written after that end: some frameworks write it when training begins."""
    has_start: bool
    is_settled: bool
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    parameter_sources: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    heartbeat: float | None = None
    """As training said itself, Unix seconds."""

    def lives_until(self, now: float) -> float:
        """When it counts as running no longer, Unix seconds, unless it grows or says something before."""
        signs = [sign for sign in (self.last_written, self.heartbeat) if sign is not None and sign <= now + _AHEAD_S]
        return max(signs, default=-RUNNING_S) + RUNNING_S


def folded(
    logdir_name: str, runs: Iterable[RunFound], beside: Mapping[str, Sequence[Beside]], born: Callable[[Path], int | None]
) -> list[Drafted]:
    """All experiments; ``beside`` is what files beside the events say, by directory, ``born`` when a file came to be."""
    return _Fold(logdir_name, runs, beside, born).drafts()


def state_of(draft: Drafted, now: float | None = None) -> ExperimentState:
    """Running by growth or heartbeat, finished or failed by what it says, else stale if it ever said that it began."""
    now = time.time() if now is None else now
    if now < draft.lives_until(now) and (draft.went_on or not draft.ended):
        return ExperimentState.RUNNING
    if draft.ended:
        return ExperimentState.FAILED if draft.failed else ExperimentState.FINISHED
    return ExperimentState.STALE if draft.has_start else ExperimentState.UNKNOWN


class _Fold:
    def __init__(
        self, logdir_name: str, runs: Iterable[RunFound], beside: Mapping[str, Sequence[Beside]], born: Callable[[Path], int | None]
    ) -> None:
        self._logdir_name = logdir_name
        self._runs = {run.name: run for run in runs}
        self._beside = beside
        self._born = born
        self._first_files: dict[str, Path] = {}
        self._children: dict[str, set[str]] = {}
        for name in self._runs:
            for ancestor in _ancestors(name)[1:]:
                below = name if ancestor == "." else name[len(ancestor) + 1 :]
                self._children.setdefault(ancestor, set()).add(below.split("/", 1)[0])

    def drafts(self) -> list[Drafted]:
        gathered: dict[str, list[RunFound]] = {}
        for run in self._runs.values():
            gathered.setdefault(self._home(run), []).append(run)
        drafts = [self._draft(path, runs) for path, runs in gathered.items() if not self._is_columns_only(runs)]
        apart = _told_apart(drafts, lambda each: self._born(self._first_files[each.path]))
        return sorted(apart, key=lambda each: each.path)

    def _home(self, run: RunFound) -> str:
        """The path of the experiment that a run belongs to."""
        path = run.name
        for ancestor in _ancestors(run.name):
            if any(each.is_sidecar for each in self._beside.get(ancestor, ())):
                return ancestor
        while path != ".":
            parent = path.rpartition("/")[0] or "."
            if not self._folds(run, path, parent):
                return path
            path = parent
        return path

    def _folds(self, run: RunFound, path: str, parent: str) -> bool:
        """Whether the directory at ``path``, with ``run`` in or below it, is a part of the experiment at ``parent``."""
        name = path.rpartition("/")[2]
        above = self._runs.get(parent)
        if name.lower() in SPLITS:
            return parent != "." or above is not None or self._has_only_splits(parent)
        if path in self._runs and _TIMESTAMP.fullmatch(name) and _is_beside_training(run):
            return parent != "." or above is not None
        # What is left are the children of add_hparams with a name, and of add_scalars, which write one tag each.
        return above is not None and _is_training(above) and _is_beside_training(run)

    def _has_only_splits(self, parent: str) -> bool:
        children = {name.lower() for name in self._children.get(parent, ())}
        return bool(children) and children <= SPLITS

    def _is_columns_only(self, runs: list[RunFound]) -> bool:
        """A directory where ``hparams_config`` wrote its columns and nothing was trained is no experiment."""
        run = runs[0]
        return (
            len(runs) == 1
            and run.was_read
            and not run.tags
            and all(
                not head.has_start and head.ended_at is None and head.first_wall_time is not None and head.warning is None
                for head in run.heads
            )
            and run.name in self._children
        )

    def _draft(self, path: str, runs: list[RunFound]) -> Drafted:
        pairs = [(file, head) for run in runs for file, head in zip(run.files, run.heads, strict=True)]
        pairs.sort(key=lambda pair: (pair[1].first_wall_time or float("inf"), pair[0].path.name, str(pair[0].path)))
        self._first_files[path] = pairs[0][0].path
        sidecar = next((each for each in self._beside.get(path, ()) if each.is_sidecar), Beside(""))
        found, sources, warnings = self._parameters(path, runs)
        warnings += [head.warning for _, head in pairs if head.warning]
        times = [head.first_wall_time for _, head in pairs if head.first_wall_time]
        ends = [(head.ended_at, head.failed) for _, head in pairs if head.ended_at is not None]
        ended_at, failed = max(ends, default=(None, False))
        ended = ended_at is not None and not any((head.started_at or 0) > ended_at for _, head in pairs)
        return Drafted(
            id=sidecar.id or _derived_id(pairs),
            name=path if path != "." else self._logdir_name,
            path=path,
            runs=tuple(RunRef(run.name, _suffix(run.name, path)) for run in sorted(runs, key=lambda run: run.name)),
            started=min(times, default=None),
            last_written=max((file.mtime for file, _ in pairs), default=None),
            # A training that was taken up again has ended in its older files, and says so itself that it runs.
            ended=ended if sidecar.state is None else sidecar.state in {"finished", "failed"},
            failed=ended and failed if sidecar.state is None else sidecar.state == "failed",
            went_on=sidecar.state is None
            and ended_at is not None
            and any((head.last_wall_time or 0) > ended_at + _AFTERTHOUGHT_S for _, head in pairs),
            has_start=sidecar.state is not None or any(head.has_start for _, head in pairs),
            is_settled=all(run.was_read for run in runs),
            parameters=found,
            parameter_sources=tuple(sources),
            warnings=tuple(warnings),
            heartbeat=sidecar.heartbeat,
        )

    def _parameters(self, path: str, runs: list[RunFound]) -> tuple[dict[str, ParameterValue], list[str], list[str]]:
        found: dict[str, ParameterValue] = {}
        sources: list[str] = []
        warnings: list[str] = []
        for run in sorted(runs, key=lambda run: (len(run.name), run.name)):
            for head in run.heads:
                if head.parameters:
                    sources.append(f"events of {run.name}")
                for name, value in head.parameters.items():
                    found.setdefault(name, value)
        for directory in dict.fromkeys([path, *(run.name for run in runs)]):
            for each in self._beside.get(directory, ()):
                warnings += [each.warning] if each.warning else []
                sources += [each.name] if each.parameters else []
                for name, value in each.parameters.items():
                    found.setdefault(name, value)
        return found, sources, warnings


def _is_training(run: RunFound) -> bool:
    return bool(run.tags) or run.has_start


def _is_beside_training(run: RunFound) -> bool:
    return run.was_read and (not run.tags or (run.tags == 1 and not run.has_start))


def _ancestors(name: str) -> list[str]:
    """The run's own directory and those above it, up to the logdir."""
    found = [name]
    while name != ".":
        name = name.rpartition("/")[0] or "."
        found.append(name)
    return found


def _suffix(name: str, path: str) -> str:
    if name == path:
        return ""
    return name if path == "." else name[len(path) + 1 :]


def _derived_id(pairs: Sequence[tuple[EventFile, Head]]) -> str:
    """From the earliest event file's name and its first event's wall time in microseconds: names alone are not unique."""
    if not pairs:
        return hashlib.sha256(b"").hexdigest()[:_ID_LENGTH]
    file, head = pairs[0]
    micros = round((head.first_wall_time or 0) * 1_000_000)
    return hashlib.sha256(f"{file.path.name}\n{micros}".encode("utf-8", "surrogateescape")).hexdigest()[:_ID_LENGTH]


def _told_apart(drafts: Sequence[Drafted], born: Callable[[Drafted], int | None]) -> list[Drafted]:
    """Copies of one experiment would have one id: the oldest keeps it, the others get their path hashed in.

    A link or a note is of the experiment that it was made for, not of a copy that somebody makes later, wherever it lies (S-LINK-7). Where
    nobody knows the age of a file, the shortest path counts for the oldest.
    """
    by_id: dict[str, list[Drafted]] = {}
    for draft in sorted(drafts, key=lambda each: (each.path.count("/"), each.path)):
        by_id.setdefault(draft.id, []).append(draft)
    apart = []
    for id_, alike in by_id.items():
        oldest = alike[0] if len(alike) == 1 else min(alike, key=lambda each: _or_last(born(each)))
        apart += [each if each is oldest else replace(each, id=_id_of_copy(id_, each.path)) for each in alike]
    return apart


def _or_last(time_ns: int | None) -> float:
    return float("inf") if time_ns is None else time_ns


def _id_of_copy(id_: str, path: str) -> str:
    return hashlib.sha256(f"{id_}\n{path}".encode("utf-8", "surrogateescape")).hexdigest()[:_ID_LENGTH]
