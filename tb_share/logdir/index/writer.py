"""Writes the index: looks at the logdir, reads what is new in it, and commits points, summaries, places and offsets together.

One writer for an index, held by a lock of the process around it. Whatever is killed is read again from the last commit.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np

from tb_share.logdir import asides
from tb_share.logdir.asides import Beside
from tb_share.logdir.birth import born_ns
from tb_share.logdir.events import Head, counts_as_training
from tb_share.logdir.fold import RunFound, folded
from tb_share.logdir.index import schema
from tb_share.logdir.index.pieces import Reading
from tb_share.logdir.index.rows import FileRow, RunRow, beside_json, beside_of, draft_json, head_json, head_of
from tb_share.logdir.index.schema import Pointer
from tb_share.logdir.index.series import keep_series
from tb_share.logdir.index.summary import SERIES
from tb_share.logdir.layout import EventFile, Layout, RunDirectory, survey
from tb_share.logdir.points.content import Tail, first_wall_time, read
from tb_share.logdir.points.records import Shapes
from tb_share.logdir.regular_file import without_waiting

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH_BYTES: Final = 64 * 1024 * 1024
_BATCH_S: Final = 1.0
_GLANCE_BYTES: Final = 4096
_TOGETHER_BYTES: Final = 2 * 1024 * 1024
_FEW_FILES: Final = 32
_FOLD_SHARE: Final = 5
"""While a first index is built, experiments are gathered anew only after this many times as long as it took the last time."""


class _Due(NamedTuple):
    """A run with news; ``is_anew`` if what was read of it no longer stands there."""

    run: RunRow
    news: Sequence[EventFile]
    is_anew: bool

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(file.size - (0 if self.is_anew else self.run.files[file.path.name].offset) for file in self.news)


class Writer:
    """The one writer of one index file. Raises ``sqlite3.DatabaseError`` if that is broken."""

    def __init__(self, connection: sqlite3.Connection, path: Path, logdir: Path, follow_links_to: Sequence[Path] = ()) -> None:
        self._connection = connection
        self.path = path
        self._logdir = logdir
        self._follow = tuple(follow_links_to)
        self._shapes = Shapes()
        self._is_open = False
        self._has_changed = False
        self._batch_bytes = 0
        self._batch_began = 0.0
        self._fold_due = 0.0
        self._progress: dict[str, int] = {}
        self._is_first = False
        self.named: Callable[[], None] = lambda: None
        """Called when all there is has its name, and may be shown, before it is read."""
        self.looked_s = 0.0
        """How long the last look at the logdir took, without reading."""
        self._load()

    @classmethod
    def begin(cls, directory: Path, logdir: Path, follow_links_to: Sequence[Path] = ()) -> Self:
        """Go on with the index of this directory, or begin another one: of another logdir or version, a broken or suspected one."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        pointer = schema.read_pointer(directory)
        suspected = schema.suspected(directory)
        for name in (pointer.building, pointer.current):
            path = directory / name
            if not name or name == suspected:
                continue
            with suppress(sqlite3.Error, ValueError):
                connection = schema.to_write(path)
                meta = schema.meta_of(connection)
                is_whole = connection.execute("pragma quick_check(1)").fetchone() == ("ok",)
                if is_whole and meta.get("schema") == str(schema.VERSION) and meta.get("logdir") == _text_of(logdir):
                    return cls(connection, path, logdir, follow_links_to)
                connection.close()
        (directory / schema.SUSPECT).unlink(missing_ok=True)
        return cls._anew(directory, pointer, logdir, follow_links_to)

    @classmethod
    def _anew(cls, directory: Path, pointer: Pointer, logdir: Path, follow_links_to: Sequence[Path]) -> Self:
        id_ = secrets.token_hex(8)
        path = directory / f"index-{id_}.sqlite3"
        meta = {
            "schema": str(schema.VERSION),
            "id": id_,
            "logdir": _text_of(logdir),
            "generation": "0",
            "removed": "0",
            "state": "indexing",
        }
        writer = cls(schema.create(path, meta), path, logdir, follow_links_to)
        # While it is built the old one serves, if readers can read that: same version, same logdir, whole.
        old = pointer.current if pointer.current and _serves(directory / pointer.current, logdir) else ""
        schema.write_pointer(directory, Pointer(old, path.name) if old else Pointer(path.name))
        _remove_all_but(directory, {path.name, old})
        return writer

    def close(self) -> None:
        """Without committing what is open."""
        self._connection.close()

    def is_good(self) -> bool:
        """Whether its file is still there - deleting the index is allowed at any time - and no reader found it broken."""
        return self.path.exists() and schema.suspected(self.path.parent) != self.path.name

    def poll(self) -> bool:
        """Look at the logdir once and read what is new; whether anything changed."""
        began = time.monotonic()
        layout = survey(self._logdir, self._follow)
        before = self._generation
        structure = self._take_layout(layout)
        work = self._work(layout)
        self._count(layout, work)
        self.looked_s = time.monotonic() - began
        # Whoever was killed while reading may have committed all that was left to read, and not gathered it; of what only grew, all is
        # gathered when it is read.
        if structure or self._meta["state"] != "complete":
            self._fold(layout)
        if work:
            self._say("state", "indexing" if self._is_first else "reading")
            self._commit()
        self.named()
        self._fold_due = 0.0
        for bunch in self._bunches(work):
            self._read_runs(due for _, due in bunch)
            files = [file for directory, _ in bunch for file in directory.files]
            self._progress["files_done"] += len(files)
            self._progress["bytes_done"] += sum(file.size for file in files)
            if self._batch_is_full():
                self._fold_while_reading(layout)
                self._commit()
        if work:
            self._fold(layout)
        self._finish(layout)
        return self._generation != before

    def _finish(self, layout: Layout) -> None:
        self._say("warnings", json.dumps(layout.warnings))
        self._say("state", "complete")
        self._commit()
        self._is_first = False
        if schema.read_pointer(self.path.parent).building == self.path.name:
            schema.write_pointer(self.path.parent, Pointer(self.path.name))
            _remove_all_but(self.path.parent, {self.path.name})

    def _load(self) -> None:
        connection = self._connection
        self._meta = schema.meta_of(connection)
        self._generation = int(self._meta["generation"])
        self._is_first = self._meta["state"] == "indexing"
        self._texts: list[str] = []
        self._numbers: dict[str, int] = {}
        for number, text in connection.execute("select number, value from text order by number"):
            assert number == len(self._texts)  # noqa: S101 - they are never deleted
            self._texts.append(text)
            self._numbers[text] = number
        self._runs: dict[str, RunRow] = {}
        by_number: dict[int, RunRow] = {}
        for number, name, tags in connection.execute("select number, name, tags from run"):
            by_number[number] = self._runs[os.fsdecode(name)] = RunRow(number, tags=tags)
        rows = connection.execute(
            "select number, run, name, device, inode, size, mtime_ns,"
            " offset, prefix_length, prefix, tail_length, tail, state, head from file"
        )
        for number, run, name, *stamp, offset, prefix_length, prefix, tail_length, tail, state, head in rows:
            file = FileRow(
                number, run, os.fsdecode(name), tuple(stamp), offset, prefix_length, prefix, tail_length, tail, state, head_of(head)
            )
            by_number[run].files[file.name] = file
        self._beside: dict[tuple[str, str], tuple[tuple[int, int], Beside]] = {
            (os.fsdecode(directory), name): ((size, mtime_ns), beside_of(content))
            for directory, name, size, mtime_ns, content in connection.execute("select directory, name, size, mtime_ns, content from aside")
        }
        self._experiments: dict[str, str] = {
            os.fsdecode(path): content for path, content in connection.execute("select path, content from experiment")
        }

    def _take_layout(self, layout: Layout) -> bool:
        """Forget what is gone, note what is new; whether either happened."""
        changed = False
        there = {run.name for run in layout.runs}
        for name in [name for name in self._runs if name not in there]:
            self._drop(name)
            changed = True
        fresh: list[tuple[FileRow, EventFile]] = []
        for run in layout.runs:
            known = self._runs.get(run.name)
            if known is None:
                self._write()
                cursor = self._connection.execute(
                    "insert into run (name, changed, series) values (?, ?, x'')", (os.fsencode(run.name), self._next())
                )
                known = self._runs[run.name] = RunRow(_row_of(cursor))
            for file in run.files:
                if file.path.name not in known.files:
                    self._write()
                    cursor = self._connection.execute(
                        "insert into file (run, name, device, inode, size, mtime_ns) values (?, ?, 0, 0, 0, 0)",
                        (known.number, os.fsencode(file.path.name)),
                    )
                    row = known.files[file.path.name] = FileRow(_row_of(cursor), known.number, file.path.name)
                    fresh.append((row, file))
            if len(known.files) > len(run.files):
                self._take_gone(known, {file.path.name for file in run.files})
                changed = True
        if len(fresh) > _FEW_FILES:
            # Ids come from the first record alone, so what will be read can be listed already.
            for row, file in fresh:
                row.head = Head(_glance(file.path))
        return self._take_asides(layout) or changed or bool(fresh)

    def _take_gone(self, run: RunRow, there: set[str]) -> None:
        """Forget a run of which files are gone, so that what is left is read anew."""
        self._forget(run)
        for name in run.files.keys() - there:
            self._connection.execute("delete from file where number = ?", (run.files.pop(name).number,))

    def _take_asides(self, layout: Layout) -> bool:
        changed = False
        there = {(directory, each.name): each for directory, found in layout.asides.items() for each in found}
        for key in [key for key in self._beside if key not in there]:
            self._write()
            self._connection.execute("delete from aside where directory = ? and name = ?", (os.fsencode(key[0]), key[1]))
            del self._beside[key]
            changed = True
        for key, aside in there.items():
            if key in self._beside and self._beside[key][0] == aside.stamp:
                continue
            self._write()
            said = asides.read(aside)
            self._beside[key] = (aside.stamp, said)
            self._connection.execute(
                "insert or replace into aside values (?, ?, ?, ?, ?)", (os.fsencode(key[0]), key[1], *aside.stamp, beside_json(said))
            )
            changed = True
        return changed

    def _work(self, layout: Layout) -> list[RunDirectory]:
        """Runs with news, the newest first: that is what people look for."""
        work = [run for run in layout.runs if any(self._has_news(self._runs[run.name], file) for file in run.files)]
        return sorted(work, key=lambda run: -max(file.mtime for file in run.files))

    def _has_news(self, run: RunRow, file: EventFile) -> bool:
        row = run.files[file.path.name]
        return row.stamp != file.stamp or row.state == "new" or (row.state == "unreadable" and os.access(file.path, os.R_OK))

    def _bunches(self, work: Iterable[RunDirectory]) -> Iterator[list[tuple[RunDirectory, _Due]]]:
        """Runs that are read together: the smaller they are, the more, for each bunch costs something of its own."""
        bunch: list[tuple[RunDirectory, _Due]] = []
        size = 0
        for directory in work:
            due = self._due(directory)
            if bunch and size + due.size > _TOGETHER_BYTES:
                yield bunch
                bunch, size = [], 0
            bunch.append((directory, due))
            size += due.size
        if bunch:
            yield bunch

    def _due(self, directory: RunDirectory) -> _Due:
        run = self._runs[directory.name]
        news = [file for file in directory.files if self._has_news(run, file)]
        is_anew = any(run.files[file.path.name].is_another(file) for file in news)
        return _Due(run, directory.files if is_anew else news, is_anew)

    def _read_runs(self, due: Iterable[_Due]) -> None:
        """A piece of each, then the next: no two pieces that are taken together are of one run."""
        self._write()
        readings = [self._begun(each) for each in due]
        while readings:
            going_on = [each for each in readings if each.go_on()]
            self._keep(readings)
            if self._batch_bytes > _BATCH_BYTES:
                self._commit()
                self._write()
            readings = going_on
            if readings:
                self._take(readings)

    def _begun(self, due: _Due) -> Reading:
        if due.is_anew:
            self._forget(due.run)
        (series,) = self._connection.execute("select series from run where number = ?", (due.run.number,)).fetchone()
        return Reading(due.run, np.frombuffer(series, SERIES), due.news)

    def _take(self, readings: Sequence[Reading]) -> None:
        """Everything that the pieces in hand say."""
        try:
            news = read([Tail(each.data, self._classes(each.series)) for each in readings], self._shapes)
        except Exception:  # noqa: BLE001 - whatever is wrong with one file must not cost all others of the logdir theirs
            if len(readings) == 1:
                readings[0].row.state = "damaged"
            else:
                for each in readings:
                    self._take([each])
            return
        keep_series(self._connection, readings, news, np.array([self._number(text) for text in news.texts], np.int64))
        for each, told in zip(readings, news.told, strict=True):
            row = each.row
            if told.read:
                first = row.head.first_wall_time if row.offset else told.first_wall_time
                head = replace(row.head, first_wall_time=first, last_wall_time=told.last_wall_time, warning=None)
                row.head = head.after(told.sessions)
                row.moved_on(each.data, told.read)
            if told.damaged:
                row.state = "damaged"
            self._batch_bytes += len(each.data)

    def _classes(self, series: NDArray[np.void]) -> dict[str, bool]:
        return {self._texts[tag]: is_scalar == 1 for tag, is_scalar in series[["tag", "is_scalar"]].tolist()}

    def _keep(self, readings: Iterable[Reading]) -> None:
        """What is known of runs and of their files that moved on, as it stands now."""
        moved = [each for each in readings if each.moved]
        for each in moved:
            named = each.series[["tag", "plugin"]].tolist()
            each.run.tags = sum(counts_as_training(self._texts[tag], self._texts[plugin]) for tag, plugin in named)
        self._connection.executemany(
            "update run set changed = ?, tags = ?, series = ? where number = ?",
            [(self._next(), each.run.tags, each.series.tobytes(), each.run.number) for each in moved],
        )
        self._connection.executemany(
            "update file set device = ?, inode = ?, size = ?, mtime_ns = ?, offset = ?, prefix_length = ?, prefix = ?, tail_length = ?,"
            " tail = ?, state = ?, head = ? where number = ?",
            [row.columns() for each in moved for row in each.moved.values()],
        )
        for each in moved:
            each.moved.clear()

    def _forget(self, run: RunRow) -> None:
        self._write()
        for table in ("points", "place"):
            self._connection.execute(f"delete from {table} where run = ?", (run.number,))  # noqa: S608 - names of ours
        self._connection.execute("update run set changed = ?, tags = 0, series = x'' where number = ?", (self._next(), run.number))
        run.tags = 0
        for file in run.files.values():
            file.forget()
            self._connection.execute(
                "update file set offset = 0, state = 'new', head = ? where number = ?", (head_json(file.head), file.number)
            )

    def _drop(self, name: str) -> None:
        self._write()
        run = self._runs.pop(name)
        for table in ("points", "place", "file"):
            self._connection.execute(f"delete from {table} where run = ?", (run.number,))  # noqa: S608 - names of ours
        self._connection.execute("delete from run where number = ?", (run.number,))
        self._say("removed", str(self._next()))

    def _fold_while_reading(self, layout: Layout) -> None:
        if time.monotonic() >= self._fold_due:
            began = time.monotonic()
            self._fold(layout)
            took = time.monotonic() - began
            self._fold_due = began + took + _FOLD_SHARE * took

    def _fold(self, layout: Layout) -> None:
        beside: dict[str, list[Beside]] = {}
        for directory, found in layout.asides.items():
            beside[directory] = [self._beside[directory, each.name][1] for each in found]
        drafts = folded(self._logdir.resolve().name, map(self._found, layout.runs), beside, born_ns)
        there = {each.path: draft_json(each) for each in drafts}
        for path in [path for path in self._experiments if path not in there]:
            self._write()
            self._connection.execute("delete from experiment where path = ?", (os.fsencode(path),))
            self._say("removed", str(self._next()))
        for path, content in there.items():
            if self._experiments.get(path) != content:
                self._write()
                self._connection.execute("insert or replace into experiment values (?, ?, ?)", (os.fsencode(path), self._next(), content))
        self._experiments = there

    def _found(self, directory: RunDirectory) -> RunFound:
        run = self._runs[directory.name]
        rows = [run.files[file.path.name] for file in directory.files]
        return RunFound(
            directory.name, directory.files, [row.head for row in rows], run.tags, was_read=all(row.state != "new" for row in rows)
        )

    def _count(self, layout: Layout, work: Iterable[RunDirectory]) -> None:
        files = sum(len(run.files) for run in layout.runs)
        size = sum(file.size for run in layout.runs for file in run.files)
        left = [file for run in work for file in run.files]
        done = {"files_done": files - len(left), "bytes_done": size - sum(file.size for file in left)}
        self._progress = {"files": files, "bytes": size, **done}

    def _number(self, text: str) -> int:
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._texts)
            self._texts.append(text)
            self._connection.execute("insert into text values (?, ?)", (number, text))
        return number

    def _say(self, key: str, value: str) -> None:
        if self._meta.get(key) != value:
            self._write()
            self._connection.execute("insert or replace into meta values (?, ?)", (key, value))
            self._meta[key] = value

    def _next(self) -> int:
        return self._generation + 1

    def _write(self) -> None:
        if not self._is_open:
            self._connection.execute("begin immediate")
            self._is_open, self._batch_began, self._batch_bytes = True, time.monotonic(), 0

    def _batch_is_full(self) -> bool:
        return self._is_open and (self._batch_bytes > _BATCH_BYTES or time.monotonic() - self._batch_began > _BATCH_S)

    def _commit(self) -> None:
        for key, value in self._progress.items():
            self._say(key, str(value))
        if not self._is_open:
            return
        self._generation += 1
        self._connection.execute("insert or replace into meta values ('generation', ?)", (str(self._generation),))
        self._connection.execute("commit")
        self._is_open = False


def _glance(path: Path) -> float | None:
    try:
        with without_waiting(path) as file:
            return first_wall_time(file.read(_GLANCE_BYTES))
    except Exception:  # noqa: BLE001 - reading the file will say what is wrong with it
        return None


def _row_of(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None  # noqa: S101 - something was inserted
    return cursor.lastrowid


def _text_of(path: Path) -> str:
    return os.fsencode(path.absolute()).hex()


def _serves(path: Path, logdir: Path) -> bool:
    try:
        connection = schema.to_read(path)
        try:
            meta = schema.meta_of(connection)
        finally:
            connection.close()
    except sqlite3.Error:
        return False
    return meta.get("schema") == str(schema.VERSION) and meta.get("logdir") == _text_of(logdir) and meta.get("state") == "complete"


def _remove_all_but(directory: Path, names: set[str]) -> None:
    for path in directory.glob("index-*.sqlite3*"):
        if not any(name and path.name.startswith(name) for name in names):
            path.unlink(missing_ok=True)
