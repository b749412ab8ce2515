"""Reads the index: a view of all experiments and summaries that is brought up to date with what changed, and points when asked.

Shared by the threads of one process. Nothing here ever writes to the index.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from tb_share.logdir.catalogue import Catalogue, experiment_of
from tb_share.logdir.fold import Drafted, state_of
from tb_share.logdir.index import schema
from tb_share.logdir.index.rows import draft_of
from tb_share.logdir.index.schema import Pointer
from tb_share.logdir.index.series import points_of
from tb_share.logdir.index.summary import NO_SERIES, SERIES
from tb_share.logdir.points.columns import Points
from tb_share.model.experiment import Experiment, ExperimentState

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FRESH_S: Final = 0.25
_PROGRESS: Final = ("files", "files_done", "bytes", "bytes_done")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the index is: ``state`` is none, starting, indexing, reading or complete; sizes in bytes."""

    state: str = "starting"
    files: int = 0
    files_done: int = 0
    bytes: int = 0
    bytes_done: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """Everything but points, at one generation of one index."""

    catalogue: Catalogue
    progress: Progress
    texts: tuple[str, ...]
    """Tags and plugins by number."""
    rows: NDArray[np.void]
    """``SERIES`` of all runs, those of a run together."""
    slices: Mapping[str, slice]
    """Where the series of a run stand in ``rows``."""
    runs: Mapping[str, int] = field(repr=False, default_factory=dict)
    """Numbers of runs."""

    def series_of(self, run: str) -> NDArray[np.void]:
        """The series of one run, by its name; none of an unknown one."""
        place = self.slices.get(run)
        return NO_SERIES if place is None else self.rows[place]


_NOTHING: Final = View(Catalogue.of((), "none"), Progress(), (), NO_SERIES, {})


class Index:
    """One index directory as its readers see it; without a directory there is nothing to see."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._local = threading.local()
        self._known: _Known | None = None
        self._view = _NOTHING
        self._fresh_until = 0.0

    def view(self) -> View:
        """The state of now, or of a quarter of a second ago."""
        if time.monotonic() < self._fresh_until:
            return self._view
        with self._lock:
            if time.monotonic() >= self._fresh_until:
                self._look()
                self._fresh_until = time.monotonic() + _FRESH_S
            return self._view

    def points(self, view: View, run: str, tags: Iterable[str] | None = None) -> dict[str, Points]:
        """All points of scalar series of a run by tag, as stock TensorBoard shows them; of all tags if none are named."""
        number = view.runs.get(run)
        records = view.series_of(run)
        wanted = None if tags is None else frozenset(tags)
        numbers = {
            int(tag): view.texts[tag]
            for tag in records["tag"][(records["is_scalar"] == 1) & (records["count"] > 0)].tolist()
            if wanted is None or view.texts[tag] in wanted
        }
        if number is None or not numbers:
            return {}
        with self._connected(view) as connection:
            if connection is None:
                return {}
            tagged = points_of(connection, number, set(numbers))
        return {numbers[tag]: points.stock_view() for tag, points in zip(tagged.tags.tolist(), tagged.split(), strict=True)}

    @contextmanager
    def _connected(self, view: View) -> Iterator[sqlite3.Connection | None]:
        """This thread's connection to the index of a view, in one short transaction; None if that is no longer there."""
        known = self._known
        if known is None or known.id != view.catalogue.version.partition(".")[0]:
            yield None
            return
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or self._local.path != known.path:
            if connection is not None:
                connection.close()
            try:
                connection = self._local.connection = schema.to_read(known.path)
            except sqlite3.Error:
                self._local.connection = None
                yield None
                return
            self._local.path = known.path
        try:
            connection.execute("begin")
            yield connection
        except sqlite3.DatabaseError:
            self._suspect()
            raise
        finally:
            with suppress(sqlite3.Error):
                connection.execute("rollback")

    def _look(self) -> None:
        if self._directory is None:
            self._view = replace(_NOTHING, progress=Progress("none"))
            return
        pointer = schema.read_pointer(self._directory)
        if not pointer.current:
            self._view = _NOTHING
            return
        path = self._directory / pointer.current
        try:
            if self._known is None or self._known.path != path or not path.exists():
                if self._known is not None:
                    self._known.close()
                self._known = None
                self._known = _Known(path)
            self._view = self._known.refreshed(self._view)
            if pointer.building:
                self._view = replace(self._view, progress=_progress_beside(self._directory, pointer) or self._view.progress)
        except sqlite3.DatabaseError as error:
            if self._known is not None:
                self._known.close()
            self._known = None
            if not isinstance(error, sqlite3.OperationalError):
                self._suspect()
                self._view = _NOTHING

    def _suspect(self) -> None:
        with suppress(OSError):
            if self._directory is not None:
                (self._directory / schema.SUSPECT).write_text(schema.read_pointer(self._directory).current, "utf-8")


class _Known:
    """What was read of one index file so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = schema.to_read(path)
        meta = schema.meta_of(self._connection)
        if meta.get("schema") != str(schema.VERSION):
            raise sqlite3.OperationalError("another version")
        self.id = meta["id"]
        self._generation = -1
        self._removed = -1
        self._ticks = 0
        self._texts: list[str] = []
        self._drafts: dict[bytes, Drafted] = {}
        self._experiments: dict[bytes, Experiment] = {}
        self._series: dict[str, bytes] = {}
        """Records of ``SERIES`` as they lie there: joining bytes costs a tenth of joining arrays of records."""
        self._numbers: dict[str, int] = {}
        self._due = float("inf")
        """When an experiment that runs will be taken for one that does not, Unix seconds, if nothing is written."""

    def close(self) -> None:
        self._connection.close()

    def refreshed(self, view: View) -> View:
        """The view of now; the one before if nothing changed."""
        connection = self._connection
        connection.execute("begin")
        try:
            meta = schema.meta_of(connection)
            generation, now = int(meta["generation"]), time.time()
            progress = Progress(meta["state"], *(int(meta.get(name, 0)) for name in _PROGRESS))
            if generation == self._generation and view.catalogue.version.startswith(self.id):
                if now < self._due:
                    return view if view.progress == progress else replace(view, progress=progress)
                self._ticks += 1
                self._say_states(now)
                return replace(view, catalogue=self._catalogue(meta), progress=progress)
            self._read(connection, meta)
        finally:
            connection.execute("rollback")
        self._generation = generation
        self._say_states(now)
        rows, slices = self._rows()
        return View(self._catalogue(meta), progress, tuple(self._texts), rows, slices, dict(self._numbers))

    def _read(self, connection: sqlite3.Connection, meta: Mapping[str, str]) -> None:
        since, removed = self._generation, int(meta["removed"])
        if removed > self._removed:
            paths = {path for (path,) in connection.execute("select path from experiment")}
            self._drafts = {path: draft for path, draft in self._drafts.items() if path in paths}
            names = {os.fsdecode(name) for (name,) in connection.execute("select name from run")}
            self._series = {name: series for name, series in self._series.items() if name in names}
            self._numbers = {name: number for name, number in self._numbers.items() if name in names}
            self._removed = removed
        for number, text in connection.execute("select number, value from text where number >= ? order by number", (len(self._texts),)):
            assert number == len(self._texts)  # noqa: S101 - they are never deleted
            self._texts.append(text)
        for path, content in connection.execute("select path, content from experiment where changed > ?", (since,)):
            self._drafts[path] = draft_of(content)
        for number, name, series in connection.execute("select number, name, series from run where changed > ?", (since,)):
            self._series[os.fsdecode(name)] = series
            self._numbers[os.fsdecode(name)] = number

    def _say_states(self, now: float) -> None:
        known = self._experiments
        self._experiments = {}
        self._due = float("inf")
        for path, draft in self._drafts.items():
            before = known.get(path)
            state = state_of(draft, now)
            is_same = before is not None and before.parameters is draft.parameters and before.state is state
            self._experiments[path] = before if is_same and before is not None else experiment_of(draft, now)
            if state is ExperimentState.RUNNING:
                self._due = min(self._due, draft.lives_until(now))

    def _catalogue(self, meta: Mapping[str, str]) -> Catalogue:
        unsettled = frozenset(each.id for each in self._drafts.values() if not each.is_settled)
        version = f"{self.id}.{meta['generation']}.{self._ticks}"
        return Catalogue.of(self._experiments.values(), version, tuple(json.loads(meta.get("warnings", "[]"))), unsettled)

    def _rows(self) -> tuple[NDArray[np.void], dict[str, slice]]:
        slices, at = {}, 0
        for name, series in self._series.items():
            count = len(series) // SERIES.itemsize
            slices[name] = slice(at, at + count)
            at += count
        return np.frombuffer(b"".join(self._series.values()), SERIES), slices


def _progress_beside(directory: Path, pointer: Pointer) -> Progress | None:
    try:
        connection = schema.to_read(directory / pointer.building)
        try:
            meta = schema.meta_of(connection)
        finally:
            connection.close()
    except sqlite3.Error:
        return None
    return Progress(meta["state"], *(int(meta.get(name, 0)) for name in _PROGRESS))
