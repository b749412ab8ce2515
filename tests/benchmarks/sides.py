"""The two sides of every comparison: stock TensorBoard, and tb-share on the same logdir or in front of the same TensorBoard."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.processes import children_of, listen
from tests.running_serve import RunningServe, start_serve
from tests.stock_tensorboard import ADDRESS

PROJECT = "logs"
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_START_DEADLINE_S = 60


@dataclass(frozen=True)
class Side:
    """Somebody who answers TensorBoard's requests."""

    name: str
    port: int
    prefix: str
    cookie: str
    roots: tuple[int, ...]
    """Processes that are its, with all their descendants."""

    def processes(self) -> list[int]:
        """Its processes now."""
        found = list(self.roots)
        for pid in found:
            found += [child for child in children_of(pid) if child not in found]
        return found

    def cpu_s(self) -> float:
        """CPU seconds that they have used, and those of their children that have ended."""
        return sum(_cpu_s(pid) for pid in self.processes())

    def memory(self) -> int:
        """Bytes: what is shared by several processes is counted once (PSS)."""
        return sum(_pss(pid) for pid in self.processes())


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS_A_SECOND


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


@contextmanager
def stock(logdir: Path) -> Iterator[Side]:
    """``tensorboard --load_fast=true`` with everything else as it comes."""
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir), "--port", "0", "--load_fast", "true"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    listener = listen(process, process.stderr, ADDRESS)
    try:
        found = listener.wait(_START_DEADLINE_S)
        if not found:
            raise SystemExit("stock TensorBoard did not start:\n" + "".join(listener.said))
        yield Side("stock", int(urlsplit(found[1]).port or 0), "", "", (process.pid,))
    finally:
        process.terminate()
        process.wait(timeout=20)
        listener.close()


@contextmanager
def ours(logdir: Path) -> Iterator[Side]:
    """``tb-share serve --logdir``, the owner signed in."""
    with _serve([f"--logdir={PROJECT}={logdir}"]) as running:
        yield signed_in("tb-share", running)


@contextmanager
def in_front_of(other: Side) -> Iterator[Side]:
    """``tb-share serve --upstream`` of a TensorBoard that somebody else runs; its processes are not counted as ours."""
    with _serve([f"--upstream={PROJECT}=http://127.0.0.1:{other.port}"]) as running:
        yield signed_in("in front", running)


@contextmanager
def _serve(arguments: Sequence[str]) -> Iterator[RunningServe]:
    with tempfile.TemporaryDirectory(prefix="tb-share-bench-") as data:
        running = start_serve(Path(data), arguments)
        try:
            yield running
        finally:
            running.stop()


def signed_in(name: str, running: RunningServe) -> Side:
    """A serve as its owner meets it."""
    cookies = running.owner().cookies
    cookie = "; ".join(f"{key}={value}" for key, value in cookies.items())
    return Side(name, running.port, f"/p/{PROJECT}", cookie, (running.process.pid,))


def load() -> tuple[float, float, float]:
    """The machine's load averages, to be kept beside the figures."""
    return os.getloadavg()


def now_s() -> float:
    """A clock for wall times."""
    return time.perf_counter()
