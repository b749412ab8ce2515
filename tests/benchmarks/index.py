"""``make bench BENCH=--index``: the index beside RustBoard and EventAccumulator, on sets M, L and W; and whether all of them say the same.

Absolute figures are this machine's of this moment; the ratios are of pairs in one run.
"""

from __future__ import annotations

import io
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import nanoarrow
import numpy as np
from werkzeug.test import Client

from tb_share.logdir.index import schema
from tb_share.logdir.index.reader import Index
from tb_share.logdir.points.content import Tail, read
from tb_share.logdir.points.records import Shapes
from tb_share.plugin.routes import Routes
from tests.benchmarks.equality import plain
from tests.benchmarks.pairs import Compared, compared
from tests.benchmarks.replay import Asked, Connection
from tests.benchmarks.sets import SIZES, made
from tests.benchmarks.sides import PROJECT, Side, now_s, signed_in
from tests.other_readers import alike, as_stock_shows, of_accumulator, rustboard
from tests.processes import wait_for
from tests.running_serve import start_serve

_LONGEST_S = 600
_RUNS_TO_READ = 2
_PAGE = 100
_PARTS = (500, 1000, 2000, 5000, 10_000)
"""Runs of W, for how the cost of a page grows."""
_TIMES = 30
_EVERY = 50
"""Without ``--every``, one run in so many is also read by EventAccumulator, which takes half an hour for all of L."""


def run(pairs: int, *, every: bool) -> list[Compared]:
    """Measure all of it, and print it."""
    with tempfile.TemporaryDirectory(prefix="tb-share-index-") as directory:
        kept = Path(directory)
        figures = [*_builds(pairs, kept), *_reading(pairs)]
        for name in ("M", "L", "W"):
            _say_table(name, kept / name)
        _say_growth(kept)
        for name in ("L", "W"):
            _say_restart(name)
        for name in ("S", "M20", "M", "L", "W"):
            _prove_equal(name, kept / name, 1 if every or name in ("S", "M20") else _EVERY)
        return figures


def _builds(pairs: int, kept: Path) -> list[Compared]:
    """A first index against a first load of RustBoard."""
    figures = []
    for name in ("M20", "S", "M", "L", "W"):
        logdir = made(name)
        times = pairs if name in ("M", "L", "W") else 1
        title = f"first index of {name} to RustBoard's load"
        figures += compared(title, times, lambda logdir=logdir: _load(logdir), lambda logdir=logdir, name=name: _index(logdir, kept / name))
        for each in figures[-2:]:
            print(f"{each.line()}   (index {median(each.ours):.1f} s, RustBoard {median(each.stock):.1f} s)", flush=True)
    return figures


def _load(logdir: Path) -> dict[str, float]:
    began = now_s()
    with rustboard(logdir, "") as other:
        if not other.loaded.wait(_LONGEST_S):
            raise SystemExit(f"RustBoard did not load {logdir} within {_LONGEST_S} s")
        return {"wall": now_s() - began, "CPU": _cpu_s(other.process.pid)}


def _index(logdir: Path, directory: Path) -> dict[str, float]:
    for each in directory.glob("*") if directory.is_dir() else ():
        each.unlink()
    asked = {"directory": os.fsencode(directory).hex(), "logdir": os.fsencode(logdir).hex(), "follow_links_to": []}
    began = now_s()
    process = subprocess.Popen([sys.executable, "-P", "-m", "tb_share.logdir.index"], stdin=subprocess.PIPE)
    with process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.flush()
        while not _is_complete(directory):
            if now_s() - began > _LONGEST_S or process.poll() is not None:
                raise SystemExit(f"there was no index of {logdir} within {_LONGEST_S} s")
            time.sleep(0.05)
        return {"wall": now_s() - began, "CPU": _cpu_s(process.pid)}


def _is_complete(directory: Path) -> bool:
    pointer = schema.read_pointer(directory)
    if not pointer.current or pointer.building:
        return False
    connection = schema.to_read(directory / pointer.current)
    try:
        return schema.meta_of(connection)["state"] == "complete"
    finally:
        connection.close()


def _cpu_s(pid: int) -> float:
    return Side("", 0, "", "", (pid,)).cpu_s()


def _reading(pairs: int) -> list[Compared]:
    """Points alone: our reader of event files against EventAccumulator, on whole runs of M20."""
    chance = random.Random(1)
    files = sorted(made("M20").rglob("*tfevents*"))
    chosen = [chance.choice(files).parent for _ in range(_RUNS_TO_READ)]
    figures = compared(
        "reading points, to EventAccumulator", pairs, lambda: _timed(of_accumulator, chosen), lambda: _timed(_read_run, chosen)
    )
    for each in figures:
        print(f"{each.line()}   ({median(1 / ratio for ratio in each.ratios):.0f} times as fast)", flush=True)
    return figures


def _read_run(directory: Path) -> None:
    known: dict[str, bool] = {}
    shapes = Shapes()
    for file in sorted(directory.iterdir()):
        news = read([Tail(file.read_bytes(), known)], shapes)
        known |= {news.texts[tag]: is_scalar for tag, is_scalar in news.series[["tag", "is_scalar"]].tolist()}


def _timed(reader: Callable[[Path], object], runs: Sequence[Path]) -> dict[str, float]:
    wall, cpu = now_s(), time.process_time()
    for each in runs:
        reader(each)
    return {"wall": now_s() - wall, "CPU": time.process_time() - cpu}


def _everything(_: object, catalogue: Any) -> Any:
    return catalogue.experiments


def _client(directory: Path) -> Client:
    return Client(Routes(Index(directory), _everything).experiments)


def _ask(client: Client, query: str) -> float:
    """Milliseconds of one answer on the server's side."""
    began = now_s()
    response = client.get(f"/?{query}")
    size = len(response.get_data())
    if response.status_code != 200 or not size:
        raise SystemExit(f"the table answers {response.status_code}")
    return (now_s() - began) * 1000


def _say_table(name: str, directory: Path) -> None:
    size = SIZES[name]
    cold = now_s()
    client = _client(directory)
    _ask(client, "")
    cold = (now_s() - cold) * 1000
    anew = median(_ask(_of_another_index_state(client), "") for _ in range(7))
    again = median(_ask(client, "") for _ in range(_TIMES))
    print(
        f"table of {name}, {size.runs} runs x {size.tags} metrics: {anew:.0f} ms made anew, {again:.0f} ms when kept, {cold:.0f} ms by a reader that begins"
    )


def _of_another_index_state(client: Client) -> Client:
    """The same reader of the index, without the tables that were made of it."""
    return Client(Routes(client.application.__self__._index, _everything).experiments)


def _say_growth(kept: Path) -> None:
    """How a page of 100 rows grows with the number of runs: the slope of its time in a plot with two logarithmic axes."""
    page, sorted_anew = [], []
    source = sorted(made("W").iterdir())
    for count in _PARTS:
        with tempfile.TemporaryDirectory(prefix="tb-share-part-", dir=made("W").parent) as logdir:
            for sweep in source[: count // 50]:
                _link(sweep, Path(logdir) / sweep.name)
            _index(Path(logdir), kept / f"W{count}")
        client = _client(kept / f"W{count}")
        query = f"limit={_PAGE}&sort=-m%3Aval%2Floss"
        _ask(client, query)
        page.append(median(_ask(client, f"{query}&offset={at}") for at in range(_TIMES)))
        sorted_anew.append(median(_ask(client, f"limit={_PAGE}&sort=m%3A{tag}%2Faccuracy") for tag in ("train", "val", "opt", "sys")))
    for what, times in (("in an order that is known", page), ("in a new order", sorted_anew)):
        slope = np.polyfit([math.log(each) for each in _PARTS], [math.log(each) for each in times], 1)[0]
        told = ", ".join(f"{count}: {each:.1f} ms" for count, each in zip(_PARTS, times, strict=True))
        print(f"page of {_PAGE} rows {what}, by runs of W: {told}; grows with the exponent {slope:.2f}", flush=True)


def _link(source: Path, target: Path) -> None:
    for run_ in source.iterdir():
        (target / run_.name).mkdir(parents=True)
        for file in run_.iterdir():
            os.link(file, target / run_.name / file.name)


def _say_restart(name: str) -> None:
    """Everything ends and begins again over an index that is complete: how long until the whole table is there."""
    size = SIZES[name]
    with tempfile.TemporaryDirectory(prefix="tb-share-bench-") as data:
        with _serving(Path(data), made(name)) as (_, side):
            _until_whole(side, size.runs)
            wait_for(lambda: any(map(_is_complete, (Path(data) / "index").iterdir())), _LONGEST_S)
        took = []
        for _ in range(3):
            began = now_s()
            with _serving(Path(data), made(name)) as (ready, side):
                _until_whole(side, size.runs)
                took.append((now_s() - began, now_s() - ready))
        whole, after = (median(each) for each in zip(*took, strict=True))
    print(f"restart over {name}: the table is there {after:.2f} s after the server answers, {whole:.2f} s after the command", flush=True)


@contextmanager
def _serving(data: Path, logdir: Path) -> Iterator[tuple[float, Side]]:
    running = start_serve(data, [f"--logdir={PROJECT}={logdir}"])
    ready = now_s()
    try:
        yield ready, signed_in("tb-share", running)
    finally:
        running.stop()


def _until_whole(side: Side, rows: int) -> None:
    asked = Asked(0, "GET", "/data/plugin/tb_share/experiments", (("accept", "*/*"),))
    connection = Connection(side)
    until = now_s() + _LONGEST_S
    while True:
        got = connection.ask(asked)
        if got.status == 200 and _rows(plain(got)) == rows:
            break
        if now_s() > until:
            raise SystemExit(f"{rows} rows were not there within {_LONGEST_S} s")
        time.sleep(0.02)
    connection.close()


def _rows(body: bytes) -> int:
    return len(nanoarrow.ArrayStream.from_readable(io.BytesIO(body)).read_all())


def _prove_equal(name: str, directory: Path, every: int) -> None:
    """Every series of the index against RustBoard's, and of one run in ``every`` against EventAccumulator's, bit by bit."""
    logdir = made(name)
    index = Index(directory)
    view = index.view()
    runs = sorted(view.slices)
    count = differing = 0
    with rustboard(logdir) as other:
        other.loaded.wait(_LONGEST_S)
        if sorted(other.runs()) != runs:
            raise SystemExit(f"the index and RustBoard list other runs of {name}")
        for batch in _batches(runs, 50):
            theirs = other.series(batch)
            for each in batch:
                found = {tag: as_stock_shows(columns) for tag, columns in theirs[each].items()}
                count, differing = count + len(found), differing + _differing(_own(index, view, each), found)
    asked = runs[::every]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for each, by_tag in zip(asked, pool.map(of_accumulator, (logdir / each for each in asked), chunksize=4), strict=True):
            differing += _differing(_own(index, view, each), {tag: as_stock_shows(columns) for tag, columns in by_tag.items()})
    if differing:
        raise SystemExit(f"{differing} series of {name} differ")
    print(f"{name}: {count} series equal RustBoard's, those of {len(asked)} of {len(runs)} runs EventAccumulator's, bit by bit", flush=True)


def _own(index: Index, view: Any, run_: str) -> dict[str, Any]:
    return {tag: (points.steps, points.walls, points.values) for tag, points in index.points(view, run_).items()}


def _differing(mine: dict[str, Any], theirs: dict[str, Any]) -> int:
    return sum(not alike(mine.get(tag), theirs.get(tag)) for tag in mine.keys() | theirs.keys())


def _batches(values: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (values[at : at + size] for at in range(0, len(values), size))
