"""What is measured of one side: a dashboard's opening, a small answer, the way from nothing to the first chart, memory."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from tests.benchmarks.equality import plain
from tests.benchmarks.replay import Asked, Connection, replay
from tests.benchmarks.sets import Size
from tests.benchmarks.sides import Side, now_s

_LONGEST_LOAD_S = 300
_MB = 1024 * 1024


def dashboard(side: Side, asked: Sequence[Asked], viewers: int) -> dict[str, float]:
    """Seconds until all viewers have all answers, CPU seconds of the side's processes, megabytes on the wire."""
    before = side.cpu_s()
    wall_s, totals = replay(side, asked, viewers)
    return {"wall": wall_s, "CPU": side.cpu_s() - before, "bytes": totals.bytes / _MB}


def small(side: Side, target: str, count: int, counted: Side | None = None) -> dict[str, float]:
    """Milliseconds of one small answer after the other on one connection, and CPU milliseconds for each.

    Args:
        side: Who is asked.
        target: Of a GET.
        count: How often.
        counted: Whose CPU is counted, if not the side's own.
    """
    asked = Asked(0, "GET", target, (("accept", "application/json"),))
    connection = Connection(side)
    connection.ask(asked)
    took = []
    before = (counted or side).cpu_s()
    for _ in range(count):
        began = now_s()
        got = connection.ask(asked)
        took.append((now_s() - began) * 1000)
        if got.status != 200:
            raise SystemExit(f"{side.name}: {got.status} for {target}")
    cpu_s = (counted or side).cpu_s() - before
    connection.close()
    took.sort()
    return {"p50": took[count // 2], "p99": took[count * 99 // 100], "CPU": cpu_s / count * 1000}


def first_chart(start: Callable[[], AbstractContextManager[Side]], size: Size, chart: Asked) -> dict[str, float]:
    """Seconds from starting the program until a chart has the points of all runs, and the CPU seconds of that."""
    began = now_s()
    with start() as side:
        wait_until_loaded(side, size, chart)
        return {"wall": now_s() - began, "CPU": side.cpu_s()}


def wait_until_loaded(side: Side, size: Size, chart: Asked) -> None:
    """Ask for one chart until it is whole."""
    connection = Connection(side)
    until = now_s() + _LONGEST_LOAD_S
    while not _is_whole(connection, size, chart):
        if now_s() > until:
            raise SystemExit(f"{side.name} did not show all points within {_LONGEST_LOAD_S} s")
        time.sleep(0.05)
    connection.close()


def _is_whole(connection: Connection, size: Size, chart: Asked) -> bool:
    got = connection.ask(chart)
    if got.status != 200:
        return False
    runs = json.loads(plain(got))[0].get("runToSeries", {})
    return len(runs) == size.runs and all(len(points) == size.steps for points in runs.values())


def memory(side: Side) -> dict[str, float]:
    """Megabytes of all its processes together, shared pages once."""
    return {"PSS": side.memory() / _MB}
