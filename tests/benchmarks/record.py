"""Records what a browser asks for when it opens the Time Series dashboard: ``python -m tests.benchmarks.record``.

Writes ``dashboard_requests.json`` anew. Each set has its own, since the cards on the first screen ask for tags and pictures by name. A
request's *wave* is one more than the last wave that had to be answered before it was sent; what is in one wave, a browser asks for at once.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, sync_playwright

from tests.benchmarks.sets import SIZES, made
from tests.stock_tensorboard import stock_tensorboard

FILE = Path(__file__).with_name("dashboard_requests.json")
_VIEWPORT = {"width": 1920, "height": 1080}
_KEPT_HEADERS = ("accept", "content-type", "x-tensorboard-feature-flags")
_CARDS = "card-view"


@dataclass
class _Seen:
    request: Request
    began: float
    ended: float = 0.0
    wave: int = 0


def main() -> None:
    """Record every set."""
    recorded = {}
    for name in SIZES:
        with stock_tensorboard(made(name)) as address:
            recorded[name] = _record(address, SIZES[name].runs)
        print(name, len(recorded[name]), "requests")
    FILE.write_text(json.dumps(recorded, indent=1) + "\n")


def _record(address: str, runs: int) -> list[dict[str, Any]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=_VIEWPORT)  # type: ignore[arg-type]  # a plain dict is what it takes
        _wait_until_loaded(page, address, runs)
        page.close()
        page = browser.new_page(viewport=_VIEWPORT)  # type: ignore[arg-type]
        seen: list[_Seen] = []
        page.on("request", lambda request: seen.append(_Seen(request, time.monotonic())))
        page.on("requestfinished", lambda request: _end(seen, request))
        page.goto(f"{address}/#timeseries")
        page.locator(_CARDS).first.wait_for(timeout=120_000)
        page.wait_for_load_state("networkidle", timeout=180_000)
        browser.close()
    return _described(seen, address)


def _wait_until_loaded(page: Page, address: str, runs: int) -> None:
    for _ in range(600):
        if len(page.request.get(f"{address}/data/runs").json()) == runs:
            return
        page.wait_for_timeout(200)
    raise SystemExit(f"{address} never listed {runs} runs")


def _end(seen: list[_Seen], request: Request) -> None:
    for each in seen:
        if each.request is request:
            each.ended = time.monotonic()


def _described(seen: list[_Seen], address: str) -> list[dict[str, Any]]:
    ours = [each for each in seen if each.request.url.startswith(address) and each.ended]
    for place, each in enumerate(ours):
        each.wave = 1 + max((other.wave for other in ours[:place] if other.ended <= each.began), default=-1)
    return [_request(each) for each in sorted(ours, key=lambda each: each.wave)]


def _request(each: _Seen) -> dict[str, Any]:
    url, request = urlsplit(each.request.url), each.request
    body = request.post_data_buffer
    described: dict[str, Any] = {
        "wave": each.wave,
        "method": request.method,
        "target": url.path + (f"?{url.query}" if url.query else ""),
        "headers": {name: value for name, value in request.headers.items() if name in _KEPT_HEADERS},
    }
    return described | ({"body": body.decode()} if body else {})


if __name__ == "__main__":
    main()
