"""A newcomer finds the best run of keras-orientation and what made it best; the pictures of the guide are taken on the way."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2

from tests.e2e.conftest import LOGDIR
from tests.e2e.stack.test_journeys import experiments, rows_of
from tests.other_readers import of_accumulator

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "build" / "pictures"
ACCURACY = "validation/epoch_accuracy"


def best_two():
    """The experiments of the highest validation accuracies, by TensorBoard's own reader: path and value."""
    found = {}
    for directory in LOGDIR.glob("*/validation"):
        columns = of_accumulator(directory).get("epoch_accuracy")
        if columns is not None:
            found[directory.parent.name] = max(columns[2].tolist())
    return sorted(found.items(), key=lambda each: -each[1])[:2]


def parameters(name):
    """What an experiment was trained with, by TensorBoard's own reader."""
    for directory in (LOGDIR / name, LOGDIR / name / "train"):
        for file in sorted(directory.glob("*tfevents*")):
            accumulator = EventAccumulator(str(file)).Reload()
            if "_hparams_/session_start_info" in accumulator.summary_metadata:
                content = accumulator.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
                found = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info.hparams
                return {key: getattr(value, value.WhichOneof("kind")) for key, value in found.items()}
    return {}


@pytest.fixture
def picture(owner_page):
    PICTURES.mkdir(parents=True, exist_ok=True)
    return lambda name: owner_page.screenshot(path=PICTURES / f"{name}.png")


def test_a_newcomer_finds_the_best_run_and_what_made_it_best(serve, owner_page, picture, complaints):
    (best, highest), (second, _) = best_two()
    frame = experiments(owner_page, serve.base)
    rows_of(frame).nth(11).wait_for()
    picture("table")

    # 1. Which one is best: the best value of a metric as a column, the highest first.
    frame.get_by_role("button", name="Columns").click()
    dialog = frame.get_by_role("dialog", name="Columns")
    dialog.get_by_label("Search columns").fill("validation/epoch_acc")
    dialog.get_by_role("group", name=ACCURACY).get_by_label("best").check()
    picture("columns")
    dialog.get_by_role("button", name="Close").click()
    frame.locator(".grid").evaluate("grid => { grid.scrollLeft = 99999 }")
    head = frame.get_by_role("columnheader", name=f"{ACCURACY} (best)")
    head.click()
    head.click()
    rows_of(frame).first.get_by_role("button", name=best, exact=True).wait_for()
    assert head.get_attribute("aria-sort") == "descending"
    index = head.get_attribute("aria-colindex")
    assert float(rows_of(frame).first.locator(f"[aria-colindex='{index}']").inner_text()) == pytest.approx(highest, abs=1e-5)
    picture("best")

    # 2. What made it best: beside the next one, only what differs is shown.
    for at in (0, 1):
        rows_of(frame).nth(at).get_by_role("button", name="Tick").click()
    frame.get_by_role("button", name="Compare 2").click()
    frame.get_by_role("heading", name="2 experiments side by side").wait_for()
    picture("compare")
    mine, theirs = parameters(best), parameters(second)
    differing = {key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)}
    shown = set(frame.locator(".compare-table tr.parameter th").all_inner_texts())
    assert shown == differing
    assert {"backbone", "lr"} & differing

    # 3. How it went, and what matters over all of them.
    frame.get_by_role("tab", name="Charts").click()
    frame.get_by_role("searchbox", name="Charts").fill("epoch_accuracy")
    frame.get_by_role("img", name=re.compile(rf"^Chart of epoch_accuracy: .*{re.escape(best[:20])}")).wait_for()
    picture("charts")
    frame.get_by_role("button", name="All experiments").click()
    frame.get_by_role("button", name="Untick").first.click()
    frame.get_by_role("button", name=re.compile("^Compare all")).click()
    frame.get_by_role("img", name=re.compile("^Parallel coordinates of 12 experiments")).wait_for()
    picture("parallel")
    frame.get_by_role("button", name="All experiments").click()
    rows_of(frame).first.get_by_role("button", name=best, exact=True).click()
    frame.get_by_role("heading", name="Parameters").wait_for()
    picture("experiment")
    assert complaints.found == []

    # The guide's pages show these pictures, each one that they speak of.
    site = ROOT / "build" / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = (site / "guide" / "experiments.html").read_text("utf-8")
    named = re.findall(r'<img alt="([^"]+)" src="([^"]+)"', page)
    assert len(named) == 6
    for words, source in named:
        assert len(words) > 10
        assert (site / "guide" / source).resolve().read_bytes().startswith(b"\x89PNG")
