"""What lies in an experiment's directories besides event files, and where it was trained.

Names, sizes and times; of all files it opens the sidecar alone.
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
from typing import Any, Final

from tb_share.logdir.layout import SIDECAR, SIDECAR_FILE
from tb_share.logdir.parameters import flatten
from tb_share.model.experiment import Experiment

MOST_FILES: Final = 1000
MOST_LOOKED_AT: Final = 20_000
MAX_DEPTH: Final = 6
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


NOTHING: Final = Belongings()


def belongings(logdir: Path, experiment: Experiment, others: Iterable[Experiment], follow_links_to: Iterable[Path] = ()) -> Belongings:
    """Of one experiment; ``others`` are all of the logdir, whose directories are left out.

    Symbolic links are not followed. A directory that lies outside the logdir by now is not looked at (S-FILE-10), nor is anything hidden.
    """
    root = logdir.resolve()
    try:
        home = (logdir / experiment.path).resolve(strict=True)
    except OSError:
        return NOTHING
    if not any(home.is_relative_to(inside) for inside in (root, *(path.resolve() for path in follow_links_to))):
        return NOTHING
    walk = _Walk(experiment, [each.path for each in others if each.id != experiment.id])
    files = sorted(walk.files(home, "", 0), key=lambda each: each.name)
    return Belongings(tuple(files[:MOST_FILES]), walk.ended or len(files) > MOST_FILES, {**walk.hosts(), **_sidecar(home / SIDECAR_FILE)})


class _Walk:
    def __init__(self, experiment: Experiment, others: list[str]) -> None:
        self._path = experiment.path
        self._own = {part for run in experiment.runs for part in _with_parents(run.suffix)}
        self._others = frozenset(others)
        # Whoever lies above others has its own runs and what lies beside them; the rest may be anybody's.
        self._is_above = any(_is_below(each, experiment.path) for each in others)
        self._looked_at = 0
        self._writers: set[str] = set()
        self.ended = False

    def files(self, directory: Path, below: str, depth: int) -> Iterator[File]:
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except OSError:
            return
        for entry in entries:
            self._looked_at += 1
            if self._looked_at > MOST_LOOKED_AT:
                self.ended = True
                return
            name = f"{below}{entry.name}"
            if entry.name.startswith(".") or entry.name == SIDECAR:
                continue
            try:
                about = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISREG(about.st_mode):
                if _EVENTS in entry.name:
                    self._writers.add(entry.name)
                else:
                    yield File(name, about.st_size, about.st_mtime)
            elif stat.S_ISDIR(about.st_mode) and self._is_own(name):
                if depth >= MAX_DEPTH:
                    self.ended = True
                else:
                    yield from self.files(Path(entry.path), f"{name}/", depth + 1)

    def hosts(self) -> dict[str, str]:
        """The machines that event files are named after."""
        found = {match["host"] for name in self._writers if (match := _WRITER.fullmatch(name))}
        return {"host": ", ".join(sorted(found))} if found else {}

    def _is_own(self, name: str) -> bool:
        path = name if self._path == "." else f"{self._path}/{name}"
        return path not in self._others and (not self._is_above or name in self._own)


def _with_parents(suffix: str) -> list[str]:
    return [suffix, *(str(each) for each in PurePosixPath(suffix).parents)] if suffix else []


def _is_below(path: str, above: str) -> bool:
    return path != above and (above == "." or path.startswith(f"{above}/"))


def _sidecar(path: Path) -> dict[str, str]:
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode) or path.parent.is_symlink() or about.st_size > _MAX_BYTES:
            return {}
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    flat = flatten({name: _plain(content[name]) for name in _GROUPS if name in content})
    return {name: str(value) for name, value in list(flat.items())[:_MOST_FACTS]}


def _plain(value: Any) -> Any:
    return shlex.join(map(str, value)) if isinstance(value, list) else value
