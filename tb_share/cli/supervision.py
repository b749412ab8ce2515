"""Keeps a child process running until it is told to stop, and hears the signals that say so.

Knows nothing of what the child does.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from queue import SimpleQueue
from types import FrameType
from typing import IO, Final

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 2.0
"""Short enough to be back within five seconds, long enough not to burn a core on a child that cannot start."""
_GOOD_LIFE_S: Final = 10.0
_FAREWELL_S: Final = 12.0


class Stop:
    """Set by the first SIGTERM, SIGINT or SIGHUP; the second one says not to wait for farewells.

    A handler runs between any two steps of the main thread, also while that thread holds the lock of an ``Event``: setting an event
    that the main thread waits for could wait for ever. ``SimpleQueue.put`` may be called there (its documentation says so).
    """

    def __init__(self) -> None:
        self.asked = False
        self.at_once = False
        self._heard: SimpleQueue[int] = SimpleQueue()

    def wait(self) -> None:
        """Until the first signal; once, from the main thread."""
        if not self.asked:
            self._heard.get()

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear the signals, from the main thread."""
        before = {each: signal.signal(each, self._on_signal) for each in _SIGNALS}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.at_once = self.asked
        self.asked = True
        self._heard.put(number)


def pauses(lives_s: Iterable[float]) -> Iterator[float]:
    """How long to wait before each new start, given how long each child lived: twice as long every time, unless it had lived well."""
    pause = _FIRST_PAUSE_S
    for life in lives_s:
        pause = _FIRST_PAUSE_S if life >= _GOOD_LIFE_S else pause
        yield pause
        pause = min(2 * pause, _LONGEST_PAUSE_S)


class KeptProcess:
    """A child that is started again whenever it ends, until ``stop``."""

    def __init__(self, name: str, command: Sequence[str], pass_fds: Sequence[int] = (), log: IO[str] | None = None) -> None:
        self._name = name
        self._command = command
        self._pass_fds = pass_fds
        self._log = log
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._changing = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name=f"keep {name}", daemon=True)
        self.starts = 0
        """How often it was started; more than once means that it ended."""

    @property
    def pid(self) -> int | None:
        """The process of now."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it and keep it."""
        self._start()
        self._thread.start()

    def stop(self, at_once: Callable[[], bool] = lambda: False) -> None:
        """End it and wait for its end: politely, then not."""
        self._ending.set()
        with self._changing:
            process = self._process
        if process is None:
            return
        process.terminate()
        if not _ended(process, _FAREWELL_S, at_once):
            process.kill()
            process.wait()
        if self._thread.is_alive():
            self._thread.join()

    def _start(self) -> None:
        with self._changing:
            if self._ending.is_set():
                return
            # A group of its own: Ctrl-C in the terminal is for us, and we tell our children.
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                self._command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, pass_fds=self._pass_fds, process_group=0
            )
            self.starts += 1

    def _keep(self) -> None:
        for pause in pauses(self._lives()):
            if self._ending.wait(pause):
                return
            self._start()

    def _lives(self) -> Iterator[float]:
        while not self._ending.is_set() and self._process is not None:
            began = time.monotonic()
            status = self._process.wait()
            if self._ending.is_set():
                return
            print(f"tb-share: {self._name} ended (status {status}) and is started again.", file=self._log or sys.stderr, flush=True)
            yield time.monotonic() - began


def _ended(process: subprocess.Popen[bytes], within_s: float, at_once: Callable[[], bool]) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until and not at_once():
        try:
            process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        return True
    return False


def wait_until(ready: Callable[[], bool], give_up: Callable[[], bool], every_s: float = 0.05) -> bool:
    """Whether ``ready`` came true before ``give_up`` did."""
    while not give_up():
        if ready():
            return True
        time.sleep(every_s)
    return False
