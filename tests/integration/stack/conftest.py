"""A real serve over the four small logdirs and in front of a stock TensorBoard."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.processes import wait_for
from tests.running_serve import serving
from tests.stock_tensorboard import stock_tensorboard

LOGDIRS = Path(__file__).parents[2] / "logdirs"
NAMES = ("keras-orientation", "lightning", "tensorboardx", "torch-summarywriter")
INVENTORY = json.loads((LOGDIRS / "inventory.json").read_text())


def text_of(answer):
    """The body as the browser would see it."""
    return gzip.decompress(answer.body) if answer.headers.get("Content-Encoding") == "gzip" else answer.body


@pytest.fixture(scope="session")
def stock():
    """Stock TensorBoard over keras-orientation."""
    with stock_tensorboard(LOGDIRS / "keras-orientation") as address:
        yield address


@pytest.fixture(scope="session")
def serve(tmp_path_factory, stock):
    arguments = [f"--logdir={name}={LOGDIRS / name}" for name in NAMES]
    with serving(tmp_path_factory.mktemp("data"), [*arguments, f"--upstream=theirs={stock}"]) as running:
        yield running


@pytest.fixture(scope="session")
def owner(serve):
    """Signed in as the owner, with every project loaded."""
    browser = serve.owner()
    for name in NAMES:
        runs = len(INVENTORY[name]["event_accumulator"])

        def loaded(name=name, runs=runs):
            answer = browser.get(f"/p/{name}/data/runs")
            return answer.status == 200 and len(json.loads(text_of(answer))) == runs

        wait_for(loaded)
    return browser
