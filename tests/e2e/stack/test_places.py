"""Notes on a range of steps and on a cell of a notebook: begun where one looks, kept over a reload, and leading back there."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOGDIR, accessible, panel_of
from tests.e2e.stack.test_both_doors import NOTEBOOK, dragged
from tests.e2e.stack.test_journeys import experiments, inject_axe
from tests.running_serve import serving

NAME = "resnet_small_lr1e-3_bs64_2026-11-02T11-40"
OTHER = "mobilenet_small_lr1e-3_bs32_2026-11-05T10-20"


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    logdir = tmp_path_factory.mktemp("places") / "logs"
    shutil.copytree(LOGDIR, logdir)
    plain = {"cell_type": "code", "source": "a = 1", "outputs": []}
    cells = [*NOTEBOOK["cells"], *[plain] * 40, {**plain, "id": "last-one", "source": "the_end = True"}]
    (logdir / NAME / "tuning.ipynb").write_text(json.dumps({**NOTEBOOK, "cells": cells}))
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=orient={logdir}"]) as running:
        yield running


@pytest.fixture
def page(browser, serve, state, complaints):
    context = browser.new_context(storage_state=state, viewport={"width": 1280, "height": 900})
    yield complaints.listen(context.new_page())
    context.close()


def opened(page, serve, name=NAME):
    frame = experiments(page, serve.base)
    frame.get_by_role("button", name=name, exact=True).click()
    return frame


def test_a_note_on_steps_is_begun_at_the_chart_and_leads_back_to_them(page, serve, complaints):
    frame = opened(page, serve)
    frame.get_by_role("tab", name="Charts").click()
    chart = frame.get_by_role("img", name=re.compile("^Chart of epoch_loss"))
    chart.wait_for()
    expect(frame.get_by_role("button", name="Note on these steps")).to_have_count(0)
    dragged(page, chart.locator(".u-over").bounding_box(), (0.3, 0.6), (0.5, 0.5))
    page.wait_for_url(re.compile(r"p\.tb_share\.zoom="))
    frame.get_by_role("button", name="Note on these steps").click()
    text = frame.get_by_label("A note, in Markdown")
    expect(text).to_be_focused()
    page.keyboard.type("It settles here.")
    about = frame.get_by_text(re.compile(r"^About steps \d+ to \d+"))
    steps = re.search(r"steps \d+ to \d+", about.inner_text())[0]
    page.reload()
    expect(about).to_contain_text(steps, timeout=60_000)
    expect(text).to_have_value("It settles here.")
    frame.get_by_role("button", name="Add", exact=True).click()
    note = frame.locator(".notes li", has_text="It settles here.")
    note.wait_for()
    expect(about).to_have_count(0)
    expect(frame.get_by_role("button", name="Whole range")).to_have_count(0)
    note.get_by_role("button", name=steps).click()
    frame.get_by_role("button", name="Whole range").wait_for()
    first, last = (float(part) for part in re.search(r"p\.tb_share\.zoom=([^&]*)", page.url)[1].split("%2C"))
    assert f"steps {first:.0f} to {last:.0f}" == steps
    chart.wait_for()
    page.go_back()
    note.wait_for()
    assert complaints.found == []


def test_a_note_on_a_cell_is_begun_there_and_leads_back_to_it(page, serve, complaints):
    frame = opened(page, serve)
    frame.get_by_role("tab", name="Notebooks").click()
    frame.get_by_role("button", name="Note on cell 43").click()
    frame.get_by_text("About a cell of tuning.ipynb").wait_for()
    page.keyboard.type("Why?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    note = frame.locator(".notes li", has_text="Why?")
    note.get_by_role("button", name="a cell of tuning.ipynb").click()
    cell = frame.get_by_role("region", name="Cell 43")
    expect(cell).to_be_in_viewport()
    expect(cell).to_have_class(re.compile("meant"))
    assert "last-one" in page.url
    inside = panel_of(page)
    inject_axe(inside)
    assert accessible(inside) == []
    page.go_back()
    frame.get_by_role("heading", name="Notes").wait_for()
    assert complaints.found == []


def said_of(page, serve, place, text):
    """A note on this place of the experiment that is open, written by a program."""
    experiment = re.search(r"p\.tb_share\.experiment=([^&]*)", page.url)[1]
    answer = page.request.post(
        f"{serve.base}/api/v1/projects/orient/experiments/{experiment}/notes",
        headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"},
        data=json.dumps({"text": text, "place": place}),
    )
    assert answer.ok, answer.text()


def test_a_note_on_one_step_leads_to_it(page, serve, complaints):
    frame = opened(page, serve)
    frame.get_by_role("heading", name="Notes").wait_for()
    said_of(page, serve, {"steps": [3, 3]}, "Just here.")
    page.reload()
    frame.locator(".notes li", has_text="Just here.").get_by_role("button", name="step 3").click(timeout=60_000)
    frame.get_by_role("button", name="Whole range").wait_for()
    frame.get_by_role("img", name=re.compile("^Chart of epoch_loss")).wait_for()
    frame.get_by_role("button", name="Note on these steps").click()
    frame.get_by_text("About step 3", exact=False).wait_for()
    assert complaints.found == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (NAME, "away.ipynb is no longer there. Another notebook is shown."),
        (OTHER, "There is no notebook here that can be shown. This is the overview."),
    ],
)
def test_a_note_on_a_notebook_that_is_gone_says_so(page, serve, complaints, name, told):
    frame = opened(page, serve, name)
    frame.get_by_role("heading", name="Notes").wait_for()
    said_of(page, serve, {"file": "away.ipynb", "cell": "a1"}, "Where is it?")
    page.reload()
    frame.locator(".notes li", has_text="Where is it?").get_by_role("button", name="a cell of away.ipynb").click(timeout=60_000)
    frame.get_by_text(told).wait_for()
    assert complaints.found == []


def test_whoever_may_not_write_is_offered_no_note(browser, serve):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(serve.command("member", "add", "v@good.test", "--project", "orient", "--role", "viewer").strip())
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("You are viewer.").or_(page.get_by_text("open TensorBoard").first).first.wait_for()
    frame = opened(page, serve)
    frame.get_by_role("tab", name="Notebooks").click()
    frame.get_by_role("region", name="Cell 1", exact=True).wait_for()
    expect(frame.get_by_role("button", name=re.compile("^Note"))).to_have_count(0)
    context.close()
