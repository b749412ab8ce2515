"""The writer's process, and how another process starts it and keeps it alive.

It is told what to do in one line of JSON on its standard input, and ends when that is closed: nobody needs it any longer then.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from tb_share.logdir.index.writer import Writer

LOCK: Final = "lock"
POLL_S: Final = 2.0
_SHARE_OF_TIME: Final = 20
"""A look at the logdir that took a second is good for twenty: large logdirs must not keep a core busy."""
_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 30.0
_NICE: Final = 10
_FAREWELL_S: Final = 3.0


def main() -> None:
    """Read what to do, write until the other end of standard input is gone."""
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.umask(0o077)  # what logs say is for whoever may read them
    directory = Path(os.fsdecode(bytes.fromhex(asked["directory"])))
    logdir = Path(os.fsdecode(bytes.fromhex(asked["logdir"])))
    follow = [Path(os.fsdecode(bytes.fromhex(each))) for each in asked["follow_links_to"]]
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory / LOCK).open("w") as lock:
        _wait_for(lock)
        while True:
            try:
                _write(directory, logdir, follow)
            except (sqlite3.Error, OSError) as error:
                # The kind alone: texts of errors hold names of files.
                print(f"tb-share: the index of a logdir cannot be written ({type(error).__name__}).", file=sys.stderr, flush=True)
                time.sleep(_LONGEST_PAUSE_S)


def _write(directory: Path, logdir: Path, follow: Sequence[Path]) -> None:
    """Until the index is deleted or suspected."""
    writer = Writer.begin(directory, logdir, follow)
    writer.named = _step_back
    try:
        while writer.is_good():
            writer.poll()
            time.sleep(max(POLL_S, _SHARE_OF_TIME * writer.looked_s))
    finally:
        writer.close()


def _step_back() -> None:
    """Somebody waits for the names; the rest can wait for whatever else this machine computes."""
    os.nice(max(0, _NICE - os.nice(0)))


def _wait_for(lock: IO[str]) -> None:
    fcntl.flock(lock, fcntl.LOCK_EX)


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


class Indexer:
    """Keeps a writer's process running for as long as this process lives."""

    def __init__(self, directory: Path, logdir: Path, follow_links_to: Sequence[Path] = ()) -> None:
        asked = {
            "directory": os.fsencode(directory).hex(),
            "logdir": os.fsencode(logdir).hex(),
            "follow_links_to": [os.fsencode(each).hex() for each in follow_links_to],
        }
        self._line = json.dumps(asked).encode() + b"\n"
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="indexer", daemon=True)

    def start(self) -> None:
        """Start it; it is started again whenever it ends."""
        self._thread.start()

    def stop(self) -> None:
        """End it, and wait for that."""
        self._ending.set()
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_FAREWELL_S)
        self._thread.join(_FAREWELL_S)

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return None if self._process is None else self._process.pid

    def _keep(self) -> None:
        pause = _PAUSE_S
        while not self._ending.is_set():
            began = time.monotonic()
            # With -P, a module of the same name that lies where somebody stands is not what we import.
            self._process = subprocess.Popen([sys.executable, "-P", "-m", "tb_share.logdir.index"], stdin=subprocess.PIPE, process_group=0)
            with contextlib.suppress(OSError):
                assert self._process.stdin is not None  # noqa: S101 - asked for above
                self._process.stdin.write(self._line)
                self._process.stdin.flush()
            self._process.wait()
            pause = _PAUSE_S if time.monotonic() - began > _LONGEST_PAUSE_S else min(2 * pause, _LONGEST_PAUSE_S)
            self._ending.wait(pause)
