"""``make bench BENCH=--charts``: 200 lines of 1,000 points that grow by one point each, from the answer's last byte to the paint, in Chromium.

The server's answers are made here, so that there are exactly so many; all else is a serve as people run it. Figures are of this machine.
Beside the time that passed stands what the page's main thread worked meanwhile, which others who use the machine have less part in.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from playwright.sync_api import CDPSession, sync_playwright

from tb_share.logdir.points.columns import Points
from tb_share.plugin import arrow, series
from tb_share.plugin.table import Column
from tests.benchmarks.table_in_browser import Timed, answering
from tests.e2e.conftest import ARGUMENTS, LOGDIR, chromium_path, signed_in_state
from tests.running_serve import serving

EXPERIMENTS: Final = 100
LABELS: Final = ("train/loss", "validation/loss")
STEPS: Final = 1000
_LONGEST_MS: Final = 60_000
_LOOK_MS: Final = 50
_WATCH: Final = """
  window.ticks = []
  const whole = Response.prototype.arrayBuffer
  Response.prototype.arrayBuffer = async function () {
    const body = await whole.call(this)
    if (/\\/series\\?/.test(this.url)) window.cameMs = performance.now()
    return body
  }
  const stroke = CanvasRenderingContext2D.prototype.stroke
  CanvasRenderingContext2D.prototype.stroke = function (...path) {
    stroke.apply(this, path)
    if (window.cameMs && !window.waiting) {
      window.waiting = true
      requestAnimationFrame(() => {
        const {port1, port2} = new MessageChannel()
        port1.onmessage = () => {
          window.ticks.push(performance.now() - window.cameMs)
          window.waiting = false
          window.cameMs = 0
        }
        port2.postMessage(0)
      })
    }
  }
"""


def table() -> bytes:
    """As many experiments."""
    numbers = range(EXPERIMENTS)
    columns = [
        Column("id", "Id", "system", [f"{number:016x}" for number in numbers]),
        Column("name", "Name", "system", [f"run_{number:03d}" for number in numbers]),
        Column("state", "State", "system", ["running"] * EXPERIMENTS),
        Column("warnings", "Warnings", "system", [""] * EXPERIMENTS),
        *(Column(f"m:{label}", label, "metric", np.random.default_rng(1).normal(1, 0.2, EXPERIMENTS)) for label in LABELS),
    ]
    return arrow.stream(columns, {"total": str(EXPERIMENTS)})


def lines(steps: int) -> bytes:
    """An answer of the series route."""
    random = np.random.default_rng(2)
    at = np.arange(steps, dtype=np.int64) * 10
    found = []
    for _ in range(EXPERIMENTS):
        values = {label: np.cumsum(random.normal(0, 0.1, STEPS * 2))[:steps] for label in LABELS}
        found.append({label: Points(at, 1.7e9 + at.astype(np.float64), each) for label, each in values.items()})
    return arrow.stream(series.columns(found, LABELS, series.Window(STEPS * 4, float("-inf"), float("inf"))))


def run(times: int) -> list[Timed]:
    """Measure it, and print it."""
    bodies = [lines(STEPS + number) for number in range(times + 1)]
    with (
        tempfile.TemporaryDirectory(prefix="tb-share-charts-") as data,
        sync_playwright() as playwright,
        serving(Path(data), [f"--logdir=orient={LOGDIR}"]) as running,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        page = browser.new_context(storage_state=signed_in_state(browser, running), viewport={"width": 1280, "height": 800}).new_page()
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.add_init_script(_WATCH)
        page.route(re.compile(r"/plugin/tb_share/experiments(\?|$)"), answering(table))
        asked = iter(bodies)
        began: list[float] = []

        def body() -> bytes:
            began.append(_worked_ms(session))
            return next(asked, bodies[-1])

        page.route(re.compile(r"/plugin/tb_share/series\?"), answering(body))
        page.goto(f"{running.base}/p/orient/#tb_share&p.tb_share.compare=*&p.tb_share.tab=charts")
        page.frame_locator("iframe[src*=tb_share]").get_by_role("img", name=re.compile("^Chart of loss")).wait_for(timeout=_LONGEST_MS)
        frame = next(each for each in page.frames if "plugin_entry" in each.url)
        worked = []
        # The first one makes the chart; each later one is a tick.
        for number in range(times + 1):
            frame.wait_for_function(f"() => window.ticks.length > {number}", timeout=_LONGEST_MS, polling=_LOOK_MS)
            worked.append(_worked_ms(session) - began[number])
        ticks = [float(each) for each in frame.evaluate("window.ticks")]
        browser.close()
    count = EXPERIMENTS * len(LABELS)
    figures = [
        Timed(f"{count} lines of {STEPS} points, drawn first", (ticks[0],)),
        Timed(f"{count} lines, one more point for each", tuple(ticks[1 : times + 1])),
        Timed(f"{count} lines, one more point for each, main thread", tuple(worked[1:])),
    ]
    for each in figures:
        print(each.line(), flush=True)
    return figures


def _worked_ms(session: CDPSession) -> float:
    """How long the page's main thread has worked up to now."""
    found = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in found if each["name"] == "ThreadTime")) * 1000
