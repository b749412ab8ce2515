"""What tests ask of processes: their children, their life, what they have said, and patience with a limit."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest


def wait_for(ready: Callable[[], Any], deadline_s: float = 60) -> Any:
    """What ``ready`` answers once it answers something true."""
    until = time.monotonic() + deadline_s
    while time.monotonic() < until:
        found = ready()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("not in time")


def children_of(pid: int) -> list[int]:
    """The child processes of all threads of a process."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += [int(each) for each in (task / "children").read_text().split()]
    return found


def child_of(pid: int, what: str) -> int | None:
    """The child of a process whose command line holds this; None if there is none."""
    for child in children_of(pid):
        with suppress(OSError):
            if what.encode() in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
    return None


def is_alive(pid: int) -> bool:
    """Whether a process has not ended; a zombie has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except OSError:
        return False


def missing(reason: str) -> None:
    """This machine lacks what the test needs: a skip for a person, a failure in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"in CI nothing may be missing: {reason}")
    pytest.skip(reason)


@dataclass
class Listener:
    """Reads what a process says, from its start to its end, so that it never waits for us."""

    stream: IO[str]
    sought: re.Pattern[str]
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._found = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for line in self.stream:
            self.said.append(line)
            if self.sought.search(line):
                self._found.set()
        self._found.set()

    def wait(self, deadline_s: float) -> re.Match[str] | None:
        """What was sought, or None if it was not said in time or at all."""
        self._found.wait(deadline_s)
        return self.sought.search("".join(self.said))

    def close(self) -> None:
        """After the process has ended."""
        self._thread.join(timeout=10)
        self.stream.close()


def listen(process: subprocess.Popen[str], stream: IO[str] | None, sought: re.Pattern[str]) -> Listener:
    """Listen to one of the process's pipes."""
    assert stream is not None, process.args
    return Listener(stream, sought)
