"""What lies in an experiment's directories besides event files, and where it was trained.

A list of names, sizes and times, and one file of it, opened. What is not listed is not opened either: no event file, nothing hidden,
nothing of another experiment, nothing behind a symbolic link.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from tb_share.logdir.layout import SIDECAR, SIDECAR_FILE, is_text
from tb_share.logdir.parameters import flatten
from tb_share.logdir.regular_file import directory_below, opened, text_of
from tb_share.model.experiment import Experiment

MOST_FILES: Final = 1000
MOST_LOOKED_AT: Final = 20_000
MAX_DEPTH: Final = 6
_SHOWN_OF_SIDECAR: Final = frozenset({"artifacts", "notebooks"})
"""What of a sidecar's directory are files that somebody meant to keep."""
_MAX_BYTES: Final = 1024 * 1024
_MOST_FACTS: Final = 200
_EVENTS: Final = "tfevents"
_WRITER: Final = re.compile(r"events\.out\.tfevents\.\d+\.(?P<host>[^/]+?)(?:\.\d+){0,2}(?:\.v2|\.profile-empty)?")
_GROUPS: Final = ("git", "host", "command", "versions")
"""What a sidecar says of where and how it was trained."""


@dataclass(frozen=True, slots=True)
class File:
    """One file; ``name`` is relative to the experiment's directory, ``modified`` in Unix seconds."""

    name: str
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class Belongings:
    """``facts`` are what is known of the machine, the code and the command, by name; ``more``: there are files beyond those listed."""

    files: tuple[File, ...] = ()
    more: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    contents: bool = False
    """Whether the files themselves can be had."""


NOTHING: Final = Belongings()


@dataclass(frozen=True, slots=True)
class LogdirFiles:
    """The files that lie beside the event files of ``logdir``.

    ``follow_links_to`` are directories outside of it where experiments may lie (S-FILE-10); ``contents`` says whether files are opened.
    """

    logdir: Path
    follow_links_to: tuple[Path, ...] = ()
    contents: bool = True

    def of(self, experiment: Experiment, others: Iterable[Experiment]) -> Belongings:
        """Those of one experiment; ``others`` are all of the logdir, whose directories are left out."""
        home = self._home(experiment)
        if home is None:
            return NOTHING
        inside, below = home
        try:
            directory = directory_below(inside, below.parts)
        except OSError:
            return NOTHING
        walk = _Walk(experiment, others)
        try:
            files = sorted(walk.files(directory, "", 0), key=lambda each: each.name)
            facts = {**walk.hosts(), **_sidecar(directory)}
        finally:
            os.close(directory)
        more = walk.ended or len(files) > MOST_FILES
        return Belongings(tuple(files[:MOST_FILES]), more, facts, self.contents)

    def opened(self, experiment: Experiment, others: Iterable[Experiment], name: str) -> BinaryIO | None:
        """One that is listed, or None; a name is relative to the experiment's directory."""
        home = self._home(experiment) if self.contents else None
        if home is None or not _Walk(experiment, others).lists(name):
            return None
        inside, below = home
        try:
            return opened(inside, [*below.parts, *name.split("/")])
        except (OSError, ValueError):
            return None

    def _home(self, experiment: Experiment) -> tuple[Path, Path] | None:
        """The experiment's directory: which of those that may be read it lies in, and where below that."""
        try:
            home = (self.logdir / experiment.path).resolve(strict=True)
            readable = [path.resolve() for path in (self.logdir, *self.follow_links_to)]
        # A link that leads to itself is a RuntimeError before Python 3.13.
        except (OSError, RuntimeError):
            return None
        return next(((path, home.relative_to(path)) for path in readable if home.is_relative_to(path)), None)


class _Walk:
    def __init__(self, experiment: Experiment, others: Iterable[Experiment]) -> None:
        self._path = experiment.path
        self._own = {part for run in experiment.runs for part in _with_parents(run.suffix)}
        self._others = frozenset(each.path for each in others if each.id != experiment.id)
        # Whoever lies above others has its own runs and what lies beside them; the rest may be anybody's.
        self._is_above = any(_is_below(each, experiment.path) for each in self._others)
        self._looked_at = 0
        self._writers: set[str] = set()
        self.ended = False

    def files(self, directory: int, below: str, depth: int) -> Iterator[File]:
        try:
            with os.scandir(directory) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            return
        for entry in entries:
            self._looked_at += 1
            if self._looked_at > MOST_LOOKED_AT:
                self.ended = True
                return
            name = f"{below}{entry.name}"
            about = _about(entry)
            if about is None:
                continue
            if not is_text(entry.name):
                self.ended = True
                continue
            if stat.S_ISREG(about.st_mode):
                if _EVENTS in entry.name:
                    self._writers.add(entry.name)
                elif below != f"{SIDECAR}/":
                    yield File(name, about.st_size, about.st_mtime)
            elif stat.S_ISDIR(about.st_mode) and self._is_own(name):
                yield from self._below(directory, entry.name, name, depth)

    def _below(self, directory: int, entry: str, name: str, depth: int) -> Iterator[File]:
        if depth >= MAX_DEPTH:
            self.ended = True
            return
        try:
            inner = directory_below(directory, [entry])
        except OSError:
            return
        try:
            yield from self.files(inner, f"{name}/", depth + 1)
        finally:
            os.close(inner)

    def lists(self, name: str) -> bool:
        """Whether a file of this name would be listed, if there is one."""
        parts = name.split("/")
        directories = ["/".join(parts[:count]) for count in range(1, len(parts))]
        return (
            len(directories) <= MAX_DEPTH
            and not any(not part or part.startswith(".") for part in parts)
            and is_text(name)
            and _EVENTS not in parts[-1]
            and directories[-1:] != [SIDECAR]
            and all(self._is_own(each) for each in directories)
        )

    def hosts(self) -> dict[str, str]:
        """The machines that event files are named after."""
        found = {match["host"] for name in self._writers if (match := _WRITER.fullmatch(name))}
        return {"host": ", ".join(sorted(found))} if found else {}

    def _is_own(self, name: str) -> bool:
        if name == SIDECAR or name.startswith(f"{SIDECAR}/"):
            return name == SIDECAR or name.split("/")[1] in _SHOWN_OF_SIDECAR
        path = name if self._path == "." else f"{self._path}/{name}"
        return path not in self._others and (not self._is_above or name in self._own)


def _about(entry: os.DirEntry[str]) -> os.stat_result | None:
    """Nothing of what is hidden, and of what is gone by now."""
    try:
        return None if entry.name.startswith(".") else entry.stat(follow_symlinks=False)
    except OSError:
        return None


def _with_parents(suffix: str) -> list[str]:
    return [suffix, *(str(each) for each in PurePosixPath(suffix).parents)] if suffix else []


def _is_below(path: str, above: str) -> bool:
    return path != above and (above == "." or path.startswith(f"{above}/"))


def _sidecar(directory: int) -> dict[str, str]:
    try:
        content = json.loads(text_of(directory, SIDECAR_FILE.split("/"), _MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    flat = flatten({name: _plain(content[name]) for name in _GROUPS if name in content})
    return {name: str(value) for name, value in list(flat.items())[:_MOST_FACTS]}


def _plain(value: Any) -> Any:
    return shlex.join(map(str, value)) if isinstance(value, list) else value
