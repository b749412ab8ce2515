"""``make bench``: how tb-share compares with stock TensorBoard on the same logdir, in one run, as ratios of pairs."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tests.benchmarks import charts_in_browser, front_doors, index, measures, sides, table_in_browser
from tests.benchmarks.equality import ON_PURPOSE, differences
from tests.benchmarks.pairs import Compared, compared
from tests.benchmarks.replay import Asked, recorded
from tests.benchmarks.sets import SIZES, Size, made
from tests.benchmarks.sides import Side
from tests.benchmarks.table_in_browser import Timed

_MANY = 16
_SMALL = ("/data/environment", "/data/runs")
_MOST_MORE_CPU_MS = 1.5


def main() -> None:
    """Measure, print, and keep the figures where asked."""
    asked = _arguments()
    if asked.front_doors:
        figures = front_doors.run(asked.pairs, asked.requests)
        _keep(asked.out, {"pairs": asked.pairs, **_machine()}, figures)
        return
    if asked.index:
        _keep(asked.out, {"pairs": asked.pairs, **_machine()}, index.run(asked.pairs, every=asked.every))
        return
    if asked.table:
        _keep(asked.out, {"times": asked.pairs, **_machine()}, table_in_browser.run(asked.pairs))
        return
    if asked.charts:
        _keep(asked.out, {"times": asked.pairs, **_machine()}, charts_in_browser.run(asked.pairs))
        return
    size = SIZES[asked.set]
    logdir = made(size.name)
    print(
        f"Set {size.name}: {size.runs} runs, {size.points / 1e6:.1f} M points. {asked.pairs} pairs. Ratios: tb-share / stock TensorBoard.\n"
    )
    print(f"{'':<46}   median     least to  most")
    figures = _run(size, logdir, asked.pairs, asked.requests)
    _keep(asked.out, {"set": asdict(size), "pairs": asked.pairs, **_machine()}, figures)


def _keep(out: Path | None, about: dict[str, object], figures: Sequence[Compared | Timed]) -> None:
    if out:
        out.write_text(json.dumps({"about": about, "figures": [asdict(each) for each in figures]}, indent=1))
        print(f"\nAll pairs: {out}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--set", choices=SIZES, default=None, help="which logs (default: M20, with --quick: S)")
    parser.add_argument("--pairs", type=int, default=None, help="how many pairs (default: 7, with --quick: 2)")
    parser.add_argument("--quick", action="store_true", help="small logs, few pairs: whether it works, not how fast it is")
    parser.add_argument("--front-doors", action="store_true", help="instead: beside Apache with mod_auth_openidc")
    parser.add_argument("--index", action="store_true", help="instead: the index beside RustBoard and EventAccumulator, on sets M, L and W")
    parser.add_argument(
        "--table", action="store_true", help="instead: the Experiments table in Chromium, from a deed to the paint after it"
    )
    parser.add_argument("--charts", action="store_true", help="instead: 200 live lines in Chromium, from an answer to the paint after it")
    parser.add_argument("--every", action="store_true", help="with --index: let EventAccumulator read every run, not one in fifty")
    parser.add_argument("--out", type=Path, default=None, help="also write every figure to this JSON file")
    asked = parser.parse_args()
    asked.set = asked.set or ("S" if asked.quick else "M20")
    asked.pairs = asked.pairs or (2 if asked.quick else 7)
    asked.requests = 100 if asked.quick else 500
    return asked


def _run(size: Size, logdir: Path, pairs: int, requests: int) -> list[Compared]:
    asked = recorded(size.name)
    chart = next(each for each in asked if each.target.endswith("/timeSeries"))
    figures = _show(
        compared(
            "start to first chart",
            pairs,
            lambda: measures.first_chart(lambda: sides.stock(logdir), size, chart),
            lambda: measures.first_chart(lambda: sides.ours(logdir), size, chart),
        )
    )
    with sides.stock(logdir) as stock, sides.ours(logdir) as ours, sides.in_front_of(stock) as front:
        for side in (stock, ours, front):
            measures.wait_until_loaded(side, size, chart)
        _prove_equal(stock, (ours, front), asked)
        for viewers in (1, _MANY):
            figures += _show(_dashboard(stock, ours, asked, viewers, pairs))
        figures += _show(compared("memory after that", 1, lambda: measures.memory(stock), lambda: measures.memory(ours)))
        for target in _SMALL:
            figures += _show(_small(stock, ours, target, pairs, requests))
        behind = _in_front(stock, front, pairs, requests)
        figures += _show(behind)
        more = median(next(each for each in behind if each.name.endswith("CPU")).differences)
        print(f"\nThe front door costs {more:.2f} ms CPU more for one small answer (at most {_MOST_MORE_CPU_MS} ms is promised).")
    return figures


def _prove_equal(stock: Side, others: Sequence[Side], asked: Sequence[Asked]) -> None:
    for other in others:
        found = differences(stock, other, asked)
        if found:
            raise SystemExit(f"Not timed, for {other.name} answers differently: {found}")
    print(
        f"{len(asked)} recorded answers are equal, {sum(each.target in ON_PURPOSE for each in asked)} of them but for what is meant to differ."
    )


def _dashboard(stock: Side, ours: Side, asked: Sequence[Asked], viewers: int, pairs: int) -> list[Compared]:
    title = f"dashboard, {viewers} viewer{'s' if viewers > 1 else ''}"
    return compared(title, pairs, lambda: measures.dashboard(stock, asked, viewers), lambda: measures.dashboard(ours, asked, viewers))


def _small(stock: Side, ours: Side, target: str, pairs: int, requests: int) -> list[Compared]:
    return compared(target, pairs, lambda: measures.small(stock, target, requests), lambda: measures.small(ours, target, requests))


def _in_front(stock: Side, front: Side, pairs: int, requests: int) -> list[Compared]:
    """The same TensorBoard, asked directly and through the door; CPU of both sides is counted on the way through."""
    both = Side("both", front.port, front.prefix, front.cookie, (*stock.roots, *front.roots))
    return compared(
        "/data/environment through --upstream",
        pairs,
        lambda: measures.small(stock, "/data/environment", requests),
        lambda: measures.small(front, "/data/environment", requests, both),
    )


def _show(figures: list[Compared]) -> list[Compared]:
    for each in figures:
        print(each.line(), flush=True)
    return figures


def _machine() -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": sides.load(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("tb-share", "tensorboard", "tensorboard-data-server", "numpy", "gunicorn")},
        "command": sys.argv[1:],
    }


if __name__ == "__main__":
    main()
