"""What lies in a logdir: its runs and their event files. Reads names and sizes, opens nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tb_share.logdir import parameters

MAX_DEPTH: Final = 32
SIDECAR: Final = "_tb_share"
SIDECAR_FILE: Final = f"{SIDECAR}/experiment.json"


@dataclass(frozen=True, slots=True)
class EventFile:
    """One event file as it lies there; ``stamp`` changes whenever its content may have changed."""

    path: Path
    size: int
    mtime: float
    stamp: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Aside:
    """A file beside the events that may hold parameters or an id; ``name`` is relative to its directory."""

    name: str
    path: Path
    stamp: tuple[int, int]
    """Size and modification time in nanoseconds; no time while we may not read it, so that it is read when we may."""


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """A directory that directly holds event files; ``name`` is TensorBoard's name of the run, ``.`` for the logdir itself."""

    name: str
    path: Path
    files: tuple[EventFile, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """All run directories by name, and one sentence for each thing that could not be looked at."""

    runs: tuple[RunDirectory, ...]
    warnings: tuple[str, ...]
    asides: Mapping[str, tuple[Aside, ...]] = field(default_factory=dict)
    """By the name of the directory, in the order in which they count."""


def survey(logdir: Path, follow_links_to: Iterable[Path] = ()) -> Layout:
    """Walk the logdir.

    A directory that symbolic links lead to several times is shown once, under the first name; links that leave the logdir are followed
    only into the directories of ``follow_links_to`` (S-FILE-10).
    """
    walk = _Walk(logdir.resolve(), tuple(path.resolve() for path in follow_links_to))
    runs = sorted(walk.runs(logdir, ".", 0), key=lambda run: run.name)
    return Layout(tuple(runs), tuple(walk.warnings), walk.asides)


class _Walk:
    def __init__(self, root: Path, allowed: tuple[Path, ...]) -> None:
        self._inside = (root, *allowed)
        self._seen: set[tuple[int, int]] = set()
        self.warnings: list[str] = []
        self.asides: dict[str, tuple[Aside, ...]] = {}

    def runs(self, directory: Path, name: str, depth: int) -> Iterator[RunDirectory]:
        try:
            about = directory.stat()
            entries = sorted(os.scandir(directory), key=lambda entry: (entry.is_symlink(), entry.name))
        except OSError:
            self.warnings.append(f"{name} cannot be read. Give the server's user the right to read it.")
            return
        if (about.st_dev, about.st_ino) in self._seen:
            return
        self._seen.add((about.st_dev, about.st_ino))
        asides = tuple(_asides(directory, {entry.name for entry in entries if not entry.is_symlink()}))
        if asides:
            self.asides[name] = asides
        files = tuple(file for entry in entries if "tfevents" in entry.name and (file := self._event_file(entry)))
        if files:
            yield RunDirectory(name, directory, files)
        if depth >= MAX_DEPTH:
            self.warnings.append(f"{name} lies deeper than {MAX_DEPTH} directories, so what is below is not shown.")
            return
        for entry in entries:
            if entry.name != SIDECAR and self._is_directory(entry):
                below = entry.name if name == "." else f"{name}/{entry.name}"
                yield from self.runs(Path(entry.path), below, depth + 1)

    def _event_file(self, entry: os.DirEntry[str]) -> EventFile | None:
        try:
            if not entry.is_file() or (entry.is_symlink() and not self._may_follow(entry)):
                return None
            about = entry.stat()
        except OSError:
            return None
        stamp = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
        return EventFile(Path(entry.path), about.st_size, about.st_mtime, stamp)

    def _is_directory(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir() and (not entry.is_symlink() or self._may_follow(entry))
        except OSError:
            return False

    def _may_follow(self, entry: os.DirEntry[str]) -> bool:
        target = Path(entry.path).resolve()
        if any(target.is_relative_to(inside) for inside in self._inside):
            return True
        self.warnings.append(
            f"{entry.name} is a symbolic link that leaves the logdir, so it is not shown. An administrator can allow its target."
        )
        return False


def _asides(directory: Path, names: set[str]) -> Iterator[Aside]:
    wanted = [SIDECAR_FILE] if SIDECAR in names else []
    for name in [*wanted, *(each for each in parameters.FILES if each in names)]:
        path = directory / name
        try:
            about = path.lstat()
        except OSError:
            continue
        if stat.S_ISREG(about.st_mode):
            yield Aside(name, path, (about.st_size, about.st_mtime_ns if os.access(path, os.R_OK) else 0))


def is_text(name: str) -> bool:
    """Whether it is valid UTF-8, as names are to TensorBoard and in addresses; those of directories and files need not be."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
