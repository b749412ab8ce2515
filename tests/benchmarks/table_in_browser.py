"""``make bench BENCH=--table``: how long the Experiments table of 10,000 rows and 60 columns takes from a deed to the paint after it, in Chromium.

The server's answer is made here, so that the table has this very shape; all else is a serve as people run it. Figures are of this machine.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from playwright.sync_api import Browser, Frame, Page, Request, Route, sync_playwright

from tb_share.plugin import arrow
from tb_share.plugin.table import Column
from tests.e2e.conftest import ARGUMENTS, LOGDIR, chromium_path, signed_in_state
from tests.running_serve import serving

ROWS: Final = 10_000
_PARAMETERS: Final = 20
_METRICS: Final = 34
_MISSING: Final = 0.05
"""Of the values of each metric."""
_ARROW: Final = "application/vnd.apache.arrow.stream"
_LONGEST_MS: Final = 120_000

_MANY: Final = 20
_WHEN_ROWS: Final = f"""
  const look = () => {{
    if (document.querySelectorAll('.grid-body [role=row]').length > {_MANY}) window.rowsAfterMs = performance.now()
    else requestAnimationFrame(look)
  }}
  requestAnimationFrame(look)
"""
_TO_PAINT: Final = """async ([deed, argument]) => {
  const painted = () => new Promise(done => requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel()
    port1.onmessage = done
    port2.postMessage(0)
  }))
  const seen = () => document.querySelector('.grid').innerText + document.querySelector('output').innerText + parent.location.hash
  const deeds = {
    click: selector => document.querySelector(selector).click(),
    type: text => {
      const field = document.querySelector('input[type=search]')
      field.value = text
      field.dispatchEvent(new Event('input', {bubbles: true}))
    },
    scroll: top => { document.querySelector('.grid').scrollTop = top },
    across: left => { document.querySelector('.grid').scrollLeft = left },
  }
  const before = seen()
  await painted()
  const began = performance.now()
  deeds[deed](argument)
  await painted()
  let took = performance.now() - began
  while (seen() === before) {
    if (performance.now() - began > 5000) throw new Error(`${deed} ${argument} changed nothing`)
    await painted()
    took = performance.now() - began
  }
  return took
}"""


@dataclass(frozen=True)
class Timed:
    """What was done, and the milliseconds it took, each time."""

    name: str
    times: tuple[float, ...]

    def line(self) -> str:
        """For people."""
        return f"{self.name:<56} {median(self.times):8.0f} ms {max(self.times):8.0f} ms at most"


def table_of(rows: int) -> bytes:
    """An answer of the experiments route: texts, numbers and gaps, 60 columns that the table shows."""
    random = np.random.default_rng(1)
    numbers = range(rows)
    began = 1_700_000_000.0 + np.arange(rows) * 60.0
    columns = [
        Column("id", "Id", "system", [f"{number:016x}" for number in numbers]),
        Column("name", "Name", "system", [f"sweep_{number // 50:03d}/run_{number:05d}" for number in numbers]),
        Column("state", "State", "system", [("finished", "failed", "running")[number % 3] for number in numbers]),
        Column("started", "Started", "system", began),
        Column("duration", "Duration", "system", random.uniform(10, 5000, rows)),
        Column("run_count", "Runs", "system", [1 + number % 3 for number in numbers]),
        Column("warnings", "Warnings", "system", [""] * rows),
    ]
    for place in range(_PARAMETERS):
        name = f"parameter_{place:02d}"
        if place % 4 == 0:
            columns.append(Column(f"p:{name}", name, "parameter", [f"choice {value}" for value in random.integers(0, 9, rows)]))
        else:
            columns.append(Column(f"p:{name}", name, "parameter", random.integers(0, 50, rows).astype(np.float64)))
    columns.append(Column("p:seed", "seed", "parameter", random.integers(0, 5, rows).astype(np.float64)))
    for place in range(_METRICS):
        values = random.normal(1, 0.2, rows)
        values[random.uniform(size=rows) < _MISSING] = np.nan
        label = f"{('train', 'val')[place % 2]}/loss_{place:02d}"
        columns.append(Column(f"m:{label}", label, "metric", values))
    return arrow.stream(columns, {"total": str(rows)})


_HEAD: Final = ".grid-head [aria-colindex='{}']"
_DEEDS: Final[dict[str, Callable[[int], tuple[str, object]]]] = {
    "sort by text": lambda at: ("click", _HEAD.format(1)),
    "sort by number": lambda at: ("click", _HEAD.format(4)),
    "filter by word": lambda at: ("type", f"run_0{at % 10}"),
    "filter by number": lambda at: ("type", f"val/loss_01<{0.9 + at / 100}"),
    "filter set and cleared": lambda at: ("type", "" if at % 2 else f"duration>{1000 + at}"),
    "tick one": lambda at: ("click", f".grid-body [aria-rowindex='{3 + at}'] button.box"),
    "jump to other rows": lambda at: ("scroll", 32 * 3 * (at + 1)),
    "go across columns": lambda at: ("across", 900 * (at + 1) % 7000),
    "tick all, untick all": lambda at: ("click", ".grid-head button.box"),
}
_STATES: Final = {
    "": "",
    "measured, painted": "&p.tb_share.columns=*m%253Aval%252Floss_01,~m%253Atrain%252Floss_00&p.tb_share.baseline=0000000000000007",
    "in 50 groups": "&p.tb_share.group=p%253Aparameter_01",
    "in 10,000 groups": "&p.tb_share.group=!p%253Aseed",
}


def run(times: int) -> list[Timed]:
    """Measure all of it, and print it."""
    figures = []
    with (
        tempfile.TemporaryDirectory(prefix="tb-share-table-") as data,
        _browser() as browser,
        serving(Path(data), [f"--logdir=orient={LOGDIR}"]) as running,
    ):
        signed_in = signed_in_state(browser, running)
        for name, state in _STATES.items():
            with browser.new_context(storage_state=signed_in, viewport={"width": 1280, "height": 800}) as context:
                figures += _of_state(f"{name}: " if name else "", context.new_page(), f"{running.base}/p/orient/#tb_share{state}", times)
    return figures


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield chromium
        chromium.close()


def _of_state(prefix: str, page: Page, address: str, times: int) -> list[Timed]:
    page.add_init_script(_WHEN_ROWS)
    made = table_of(ROWS)
    page.route(re.compile(r"/plugin/tb_share/experiments(\?|$)"), answering(lambda: made))
    opened = []
    for _ in range(times):
        page.goto("about:blank")
        page.goto(address)
        page.frame_locator("iframe[src*=tb_share]").get_by_role("grid").wait_for(timeout=_LONGEST_MS)
        frame = next(each for each in page.frames if "plugin_entry" in each.url)
        frame.wait_for_function("() => window.rowsAfterMs", timeout=_LONGEST_MS)
        opened.append(float(frame.evaluate("window.rowsAfterMs")))
    first = Timed(f"{prefix}first rows after the tab's frame begins", tuple(opened))
    print(first.line(), flush=True)
    return [first, *(_timed(f"{prefix}{what}", frame, deed, times) for what, deed in _DEEDS.items())]


def _timed(name: str, frame: Frame, deed: Callable[[int], tuple[str, object]], times: int) -> Timed:
    found = Timed(name, tuple(float(frame.evaluate(_TO_PAINT, list(deed(at)))) for at in range(times)))
    print(found.line(), flush=True)
    return found


def answering(body: Callable[[], bytes]) -> Callable[[Route, Request], None]:
    """Answers a route of the plugin with a stream that is made when it is asked for; who has one already keeps it."""

    def answer(route: Route, request: Request) -> None:
        if request.headers.get("if-none-match"):
            route.fulfill(status=304)
        else:
            route.fulfill(status=200, body=body(), headers={"Content-Type": _ARROW, "Cache-Control": "no-store", "ETag": '"made"'})

    return answer
