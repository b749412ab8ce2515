"""All that somebody chose stands in the address: it outlasts reload, goes into views, and views bring it back; pages follow training."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOGDIR, signed_in_state
from tests.e2e.stack.test_compare import chart, compare
from tests.e2e.stack.test_journeys import TAB, experiments
from tests.running_serve import serving

LIGHTNING = LOGDIR.parent / "lightning" / "lightning_logs" / "orientation"


def test_how_a_comparison_is_looked_at_outlasts_reload_and_comes_with_a_view(serve, owner_page, complaints):
    frame = compare(owner_page, serve.base)
    frame.get_by_label(re.compile("that are equal")).check()
    frame.get_by_role("tab", name="Charts").click()
    chart(frame, "epoch_loss")
    frame.get_by_label("Smoothing").fill("0.6")
    frame.get_by_role("button", name="Views").click()
    frame.get_by_label("Name", exact=True).fill("smooth")
    frame.get_by_role("button", name="Save", exact=True).click()
    frame.get_by_role("button", name="smooth", exact=True).wait_for()
    owner_page.keyboard.press("Escape")
    frame.get_by_label("Smoothing").fill("0.1")
    frame.get_by_role("searchbox", name="Charts").fill("accuracy")
    owner_page.reload()
    again = owner_page.frame_locator(TAB)
    expect(again.get_by_role("searchbox", name="Charts")).to_have_value("accuracy", timeout=60_000)
    expect(again.get_by_label("Smoothing")).to_have_value("0.1")
    again.get_by_role("button", name="Views").click()
    again.get_by_role("button", name="smooth", exact=True).click()
    expect(again.get_by_role("searchbox", name="Charts")).to_have_value("epoch_loss")
    expect(again.get_by_label("Smoothing")).to_have_value("0.6")
    again.get_by_role("tab", name="Parameters and metrics").click()
    expect(again.get_by_label(re.compile("that are equal"))).to_be_checked()
    assert complaints.found == []


@pytest.fixture
def training(browser, tmp_path):
    """A serve over a logdir with one training of Lightning's, half of whose event file is written, and its owner's page."""
    run = tmp_path / "logs" / "version_0"
    shutil.copytree(LIGHTNING / "version_0", run)
    (file,) = run.glob("*tfevents*")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with serving(tmp_path / "data", [f"--logdir=orient={tmp_path / 'logs'}"]) as running:
        context = browser.new_context(storage_state=signed_in_state(browser, running), viewport={"width": 1280, "height": 800})
        yield running, context.new_page(), file, whole
        context.close()


def test_an_experiments_page_follows_training_and_overlays_its_splits(training):
    running, page, file, whole = training
    frame = experiments(page, running.base)
    frame.get_by_role("button", name="version_0", exact=True).click()
    row = frame.get_by_role("row").filter(has=frame.get_by_role("rowheader", name="val_acc", exact=True))
    before = row.inner_text()
    file.write_bytes(whole)
    row.filter(has_not_text=before).wait_for(timeout=40_000)
    expect(frame.locator(".state.running")).to_be_visible()
    frame.get_by_role("tab", name="Charts").click()
    loss = chart(frame, "loss")
    assert re.search("train ends at .*val ends at", loss.get_by_role("img").get_attribute("aria-label"))
