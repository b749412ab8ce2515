"""Which experiments a logdir holds, by ids that survive renaming and moving. Knows nothing of callers and scopes; fails closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tb_share.logdir import asides
from tb_share.logdir.birth import born_ns
from tb_share.logdir.events import Head, counts_as_training, warning_of
from tb_share.logdir.fold import Drafted, RunFound, folded, state_of
from tb_share.logdir.layout import EventFile, RunDirectory, survey
from tb_share.logdir.points.content import Tail, read
from tb_share.logdir.points.records import Shapes
from tb_share.logdir.regular_file import without_waiting
from tb_share.model.experiment import Experiment

_BEGINNING: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The experiments at one moment. ``version`` changes when any of them does."""

    experiments: tuple[Experiment, ...]
    version: str
    warnings: tuple[str, ...] = ()
    unsettled: frozenset[str] = frozenset()
    """Ids of experiments whose files were not all read yet: which runs are theirs is not yet certain."""
    _by_id: Mapping[str, Experiment] = field(default_factory=dict, repr=False)
    _runs: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def of(
        cls, experiments: Iterable[Experiment], version: str, warnings: tuple[str, ...] = (), unsettled: frozenset[str] = frozenset()
    ) -> Catalogue:
        """Of these experiments."""
        ordered = tuple(sorted(experiments, key=lambda each: each.path))
        runs = frozenset(run.name for each in ordered for run in each.runs)
        return cls(ordered, version, warnings, unsettled, {each.id: each for each in ordered}, runs)

    @classmethod
    def scan(cls, logdir: Path, follow_links_to: Iterable[Path] = (), now: float | None = None) -> Catalogue:
        """Look at the logdir without any index; of each file at most 256 kB are read."""
        layout = survey(logdir, follow_links_to)
        shapes = Shapes()
        found = [_glanced_at(run, shapes) for run in layout.runs]
        beside = {directory: tuple(map(asides.read, each)) for directory, each in layout.asides.items()}
        drafts = folded(logdir.resolve().name, found, beside, born_ns)
        return cls.of((experiment_of(each, now) for each in drafts), "scanned", layout.warnings)

    def runs_of(self, ids: Iterable[str]) -> frozenset[str]:
        """TensorBoard's names of all runs of these experiments; of unknown ids, and of those that are not settled, none."""
        return frozenset(run.name for experiment in self.chosen(ids) for run in experiment.runs)

    def chosen(self, ids: Iterable[str]) -> tuple[Experiment, ...]:
        """The experiments with these ids, without those that are not settled."""
        known = {each for each in ids if each in self._by_id and each not in self.unsettled}
        return tuple(sorted((self._by_id[each] for each in known), key=lambda each: each.path))

    def runs(self) -> frozenset[str]:
        """The names of all runs that may be shown at all: those reached without leaving the logdir, each under one name."""
        return self._runs

    def find(self, experiment_id: str) -> Experiment | None:
        """The experiment with this id."""
        return self._by_id.get(experiment_id)


def experiment_of(draft: Drafted, now: float | None = None) -> Experiment:
    """What is said of it now, Unix seconds; whether it still runs depends on that."""
    return Experiment(
        id=draft.id,
        name=draft.name,
        path=draft.path,
        runs=draft.runs,
        started=draft.started,
        last_written=draft.last_written,
        state=state_of(draft, now),
        parameters=draft.parameters,
        parameter_sources=draft.parameter_sources,
        warnings=draft.warnings,
    )


def _glanced_at(run: RunDirectory, shapes: Shapes) -> RunFound:
    tags: set[str] = set()
    heads = tuple(_head(file, tags, shapes) for file in run.files)
    return RunFound(run.name, run.files, heads, len(tags))


def _head(file: EventFile, tags: set[str], shapes: Shapes) -> Head:
    try:
        with without_waiting(file.path) as opened:
            data = opened.read(_BEGINNING)
    except OSError:
        return Head(warning=f"{file.path.name} cannot be read.")
    if not data:
        return Head(warning=f"{file.path.name} is empty.")
    news = read([Tail(data)], shapes)
    tags |= {tag for tag, plugin in news.names() if counts_as_training(tag, plugin)}
    (told,) = news.told
    is_torn = told.read < len(data) and len(data) >= file.size
    warning = warning_of(file.path.name, told.damaged, is_torn)
    return Head(told.first_wall_time, told.last_wall_time, warning=warning).after(told.sessions)
