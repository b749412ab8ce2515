"""The index's tables, and how its files are opened.

DIRECTORY/current names the file that readers read, and the one that is being built beside it, if any: a database is never renamed over
one whose write-ahead log may live.
"""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

VERSION: Final = 4
"""Raise it when the tables, or what the reader makes of event files, change: old indexes are then built anew."""
POINTER: Final = "current"
SUSPECT: Final = "suspect"
"""A reader that finds an index broken writes its name into this file; the writer builds another one then."""
_TABLES: Final = """
create table meta (key text primary key, value text not null) without rowid;
create table text (number integer primary key, value text not null unique);
create table run (
    number integer primary key, name blob not null unique, changed integer not null, tags integer not null default 0, series blob not null
);
create table file (
    number integer primary key, run integer not null, name blob not null, device integer not null, inode integer not null,
    size integer not null, mtime_ns integer not null, offset integer not null default 0, prefix_length integer not null default 0,
    prefix integer not null default 0, tail_length integer not null default 0, tail integer not null default 0,
    state text not null default 'new', head text not null default '{}', unique (run, name)
);
create table points (
    number integer primary key, run integer not null, file integer not null, count integer not null,
    directory blob not null, data blob not null
);
create index points_of_run on points (run, file, number);
create table place (number integer primary key, run integer not null, file integer not null, data blob not null);
create index places_of_run on place (run, file, number);
create table aside (directory blob not null, name text not null, size integer not null, mtime_ns integer not null, content text not null,
    primary key (directory, name)) without rowid;
create table experiment (path blob primary key, changed integer not null, content text not null) without rowid;
create index experiments_changed on experiment (changed);
create index runs_changed on run (changed);
"""
_BUSY_MS: Final = 5000


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which files of a directory are the index."""

    current: str = ""
    building: str = ""


def read_pointer(directory: Path) -> Pointer:
    """What the pointer file says; nothing if there is none, or none that makes sense."""
    try:
        content = json.loads((directory / POINTER).read_text("utf-8"))
    except (OSError, ValueError):
        return Pointer()
    match content:
        case {"current": str(current), "building": str(building)} if "/" not in current + building:
            return Pointer(current, building)
    return Pointer()


def suspected(directory: Path) -> str:
    """The name of the index file that a reader found broken."""
    try:
        return (directory / SUSPECT).read_text("utf-8")
    except (OSError, ValueError):
        return ""


def write_pointer(directory: Path, pointer: Pointer) -> None:
    """Atomically."""
    unfinished = directory / f"{POINTER}.new"
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump({"current": pointer.current, "building": pointer.building}, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(directory / POINTER)


def create(path: Path, meta: dict[str, str]) -> sqlite3.Connection:
    """A new index, readable by its owner alone."""
    path.touch(0o600)
    connection = to_write(path)
    connection.execute("pragma journal_mode = wal")
    connection.executescript(_TABLES)
    connection.executemany("insert into meta values (?, ?)", meta.items())
    return connection


def to_write(path: Path) -> sqlite3.Connection:
    """The one writer's connection."""
    connection = sqlite3.connect(f"file:{quote(os.fsencode(path))}?mode=rw", uri=True, isolation_level=None)
    connection.execute(f"pragma busy_timeout = {_BUSY_MS}")
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma cache_size = -32000")
    return connection


def to_read(path: Path) -> sqlite3.Connection:
    """A reader's connection; nothing can be written through it."""
    connection = sqlite3.connect(f"file:{quote(os.fsencode(path))}?mode=rw", uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"pragma busy_timeout = {_BUSY_MS}")
    connection.execute("pragma query_only = on")
    return connection


def meta_of(connection: sqlite3.Connection) -> dict[str, str]:
    """All that is said of the index itself."""
    return dict(connection.execute("select key, value from meta"))
