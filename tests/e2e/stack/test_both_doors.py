"""Comparing and an experiment's page, behind the gateway and in a plain TensorBoard: hover, brush, zoom, keys, files, machines, live charts."""

from __future__ import annotations

import base64
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.benchmarks.records import Series, interleaved
from tests.e2e.conftest import AXE, LOGDIR, accessible, panel_of, signed_in_state, tick
from tests.running_serve import serving
from tests.stock_tensorboard import stock_tensorboard

TAB = "iframe[src*=tb_share]"
NAMES = ("resnet_small_lr1e-3_bs32_2026-11-02T10-31", "resnet_small_lr3e-3_bs32_2026-11-02T11-04")
WITH_FILES = "mobilenet_small_lr1e-3_bs32_2026-11-05T10-20"
COPIED = "resnet_medium_lr1e-3_bs32_dense64_aug_final_2026-11-06T08-50"
LIVE = "machine"
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNg+A8AAQIBAEK+vGgAAAAASUVORK5CYII=")
"""Two pixels."""
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"language_info": {"name": "python"}},
    "cells": [
        {"cell_type": "markdown", "source": "# How it was tuned\n\nBy hand."},
        {
            "cell_type": "code",
            "source": ["frame = read()\n", "frame.describe()"],
            "execution_count": 1,
            "outputs": [
                {"output_type": "stream", "name": "stderr", "text": " 50%\r100%\n"},
                {
                    "output_type": "execute_result",
                    "data": {"text/html": "<table><tr><th>accuracy</th><td>0.93</td></tr></table>", "text/plain": "accuracy 0.93"},
                },
                {"output_type": "display_data", "data": {"image/png": base64.b64encode(PICTURE).decode()}},
                {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["\x1b[0;31mValueError\x1b[0m: no"]},
            ],
        },
    ],
}
CHANGED = {
    **NOTEBOOK,
    "cells": [
        NOTEBOOK["cells"][0],
        {**NOTEBOOK["cells"][1], "source": "frame = read()\nframe.tail()", "outputs": [{"output_type": "stream", "text": "nine"}]},
        {"cell_type": "markdown", "source": "Then all was <b>well</b>."},
    ],
}
ALL = "*"


@dataclass
class Logs:
    """A logdir with a run that goes on, and that also logs what its machine does."""

    path: Path
    steps: int = 0

    def log(self, more: int) -> None:
        directory = self.path / LIVE
        directory.mkdir(exist_ok=True)
        steps = np.arange(self.steps, self.steps + more, dtype=np.int64)
        wall, values = 1.79e9 + steps.astype(np.float64), steps.astype(np.float32)
        series = [Series(tag, steps, wall, values) for tag in ("loss", "system/cpu_percent", "system/ram")]
        with (directory / "events.out.tfevents.1790000000.trainbox.7.0").open("ab") as file:
            file.write(interleaved(series))
        self.steps += more

    def value(self) -> int:
        """The last one of each series."""
        return self.steps - 1


@dataclass
class Door:
    """One way to the tab: the address of the page around it, the logs behind it, and a page of somebody who may see them all."""

    base: str
    logs: Logs
    page: Page

    def opened(self, state: str = "", theme: str = ""):
        self.page.goto("about:blank")
        self.page.goto(f"{self.base}{theme}#tb_share{state}")
        return self.page.frame_locator(TAB)

    def inside(self):
        frame = panel_of(self.page)
        frame.evaluate(AXE.read_text())
        return frame


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    logdir = tmp_path_factory.mktemp("both") / "logs"
    for name in (*NAMES, WITH_FILES, *[each.name for each in sorted(LOGDIR.iterdir()) if each.name.startswith("resnet_medium")]):
        shutil.copytree(LOGDIR / name, logdir / name, dirs_exist_ok=True)
    checkpoint = logdir / WITH_FILES / "checkpoints" / "best <b>.keras"
    checkpoint.parent.mkdir()
    checkpoint.write_bytes(b"x" * 2_345_678)
    (logdir / WITH_FILES / "plots").mkdir()
    (logdir / WITH_FILES / "plots" / "roc.png").write_bytes(PICTURE)
    (logdir / WITH_FILES / "tuning.ipynb").write_text(json.dumps(NOTEBOOK))
    (logdir / COPIED / "tuning.ipynb").write_text(json.dumps(CHANGED))
    made = Logs(logdir)
    made.log(40)
    return made


@pytest.fixture(scope="module", params=["gateway", "plain"])
def standing(request, browser, logs, tmp_path_factory):
    """Address, logs, and what a browser has to bring."""
    if request.param == "plain":
        with stock_tensorboard(logs.path) as address:
            yield f"{address}/", logs, None
        return
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=logs={logs.path}"]) as running:
        yield f"{running.base}/p/logs/", logs, signed_in_state(browser, running)


@pytest.fixture
def door(browser, standing, complaints):
    base, known, state = standing
    context = browser.new_context(storage_state=state, viewport={"width": 1280, "height": 800})
    yield Door(base, known, complaints.listen(context.new_page()))
    context.close()


def dragged(page, box, across, down):
    """The pointer pressed from the first to the second of each pair, in parts of the box."""
    page.mouse.move(box["x"] + box["width"] * across[0], box["y"] + box["height"] * down[0])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * across[1], box["y"] + box["height"] * down[1], steps=4)
    page.mouse.up()


def test_pointing_goes_both_ways_between_names_dots_lines_and_tables(door, complaints):
    frame = door.opened(f"&p.tb_share.compare={ALL}&p.tb_share.tab=scatter")
    dots = frame.locator(".scatter circle")
    dots.nth(3).wait_for(timeout=60_000)
    frame.locator(".chip").nth(1).hover()
    frame.locator(".scatter circle.pointed").wait_for()
    name = frame.locator(".chip.lit .name").inner_text()
    assert frame.locator(".scatter .near").inner_text().startswith(name)
    dots.nth(0).hover()
    frame.locator(".chip.lit").wait_for()
    shown = frame.locator(".scatter .near").inner_text().split(":")[0]
    assert frame.locator(".chip.lit .name").inner_text() == shown
    frame.get_by_role("button", name="As table").click()
    row = frame.get_by_role("row", name=name)
    frame.locator(".chip", has_text=name).hover()
    frame.locator("tr.lit", has_text=name).wait_for()
    row.hover()
    frame.locator(".chip.lit", has_text=name).wait_for()
    assert complaints.found == []


def test_what_is_brushed_is_what_all_of_it_shows_and_is_ticked_in_the_table(door, complaints):
    frame = door.opened(f"&p.tb_share.compare={ALL}&p.tb_share.tab=parallel")
    axis = frame.locator(".parallel .axis").last
    axis.wait_for(timeout=60_000)
    axis.scroll_into_view_if_needed()
    dragged(door.page, axis.bounding_box(), (0.5, 0.5), (0.5, 0.99))
    said = frame.get_by_text(re.compile(r"^\d+ of \d+ experiments lies? within"))
    said.wait_for()
    kept = int(said.inner_text().split()[0])
    frame.get_by_role("tab", name="Scatter").click()
    frame.get_by_role("img", name=re.compile(f": {kept} experiment")).wait_for()
    frame.get_by_role("button", name=re.compile("^Tick ")).click()
    frame.get_by_text(f"{kept} ticked").wait_for()
    assert complaints.found == []


def test_keys_zoom_and_baseline_of_a_comparison(door, complaints):
    frame = door.opened()
    frame.get_by_role("grid").wait_for(timeout=60_000)
    for name in NAMES:
        tick(frame, name)
    frame.get_by_role("grid").press("c")
    frame.get_by_role("heading", name="2 experiments side by side").wait_for()
    chips = frame.locator(".chip .name")
    first, second = chips.all_inner_texts()
    equal = frame.get_by_role("checkbox", name=re.compile(r"^Also the \d+ that are equal"))
    assert not equal.is_checked()
    frame.get_by_role("button", name="Measure against this").click()
    chips.first.filter(has_text=second).wait_for()
    assert chips.all_inner_texts() == [second, first]
    frame.get_by_text(re.compile(r"(better|worse)$")).first.wait_for()
    frame.locator(".compare-table tbody tr").first.locator("td").nth(1).hover()
    frame.locator(".chip.lit", has_text=first).wait_for()
    assert frame.locator(".compare-table td.lit").count() == frame.locator(".compare-table tbody tr").count()
    for key, tab in (
        ("2", "Charts"),
        ("3", "Parallel"),
        ("4", "Scatter"),
        ("5", "Images"),
        ("1", "Parameters and metrics"),
        ("2", "Charts"),
    ):
        frame.locator("body").press(key)
        frame.get_by_role("tab", name=tab, selected=True).wait_for()
    chart = frame.get_by_role("img", name=re.compile("^Chart of epoch_loss"))
    chart.scroll_into_view_if_needed()
    with door.page.expect_request(lambda request: "/series?" in request.url and "from=" in request.url):
        dragged(door.page, chart.locator(".u-over").bounding_box(), (0.3, 0.6), (0.5, 0.5))
    frame.get_by_role("button", name="Whole range").wait_for()
    chart = frame.get_by_role("img", name=re.compile("^Chart of epoch_loss"))
    chart.wait_for()
    chart.locator(".u-over").dblclick()
    frame.get_by_role("button", name="Whole range").wait_for(state="detached")
    assert complaints.found == []


def test_files_beside_the_events_are_listed_looked_at_and_fetched(door, complaints):
    frame = door.opened()
    frame.get_by_role("button", name=WITH_FILES, exact=True).click(timeout=60_000)
    frame.get_by_role("tab", name="Artifacts").click()
    files = frame.get_by_role("group", name="Files")
    rows = files.get_by_role("row")
    rows.nth(4).wait_for()
    names = [re.split(r"\s+", text)[0] for text in rows.all_inner_texts()[1:]]
    assert names == ["checkpoints/best", "config.json", "plots/roc.png", "tuning.ipynb"]
    assert "2.3 MB" in rows.nth(1).inner_text()
    expect(files.locator("b")).to_have_count(0)
    with door.page.expect_download() as kept:
        files.get_by_role("link", name="Download checkpoints/best <b>.keras").click()
    assert kept.value.suggested_filename.startswith("best ")
    assert Path(kept.value.path()).read_bytes() == b"x" * 2_345_678
    expect(files.get_by_role("button", name=re.compile("^Look at"))).to_have_count(2)
    files.get_by_role("button", name="Look at plots/roc.png").click()
    picture = frame.get_by_role("img", name="plots/roc.png")
    picture.wait_for()
    assert picture.evaluate("async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight] }") == [2, 1]
    files.get_by_role("button", name="Look at config.json").click()
    frame.get_by_role("group", name="Text of config.json").filter(has_text="{").wait_for()
    door.page.wait_for_url(re.compile("p.tb_share.page=artifacts"))
    door.page.reload()
    frame.get_by_role("group", name="Text of config.json").wait_for(timeout=60_000)
    door.page.go_back()
    frame.get_by_role("img", name="plots/roc.png").wait_for()
    frame.get_by_role("tab", name="Overview").click()
    frame.get_by_role("heading", name="Environment").wait_for()
    frame.get_by_role("row", name=re.compile("^host ")).wait_for()
    assert frame.get_by_role("link", name="Open in Time Series").count() == frame.get_by_role("link", name="HParams").count() == 1
    frame.get_by_role("button", name="← All experiments").click()
    with door.page.expect_response(lambda answer: "/files?" in answer.url):
        frame.get_by_role("button", name=NAMES[0], exact=True).click()
    frame.get_by_role("heading", name="Environment").wait_for()
    expect(frame.get_by_role("tab", name="Artifacts")).to_have_count(0)
    assert complaints.found == []


def test_an_address_of_an_experiment_knows_who_comes_before_and_after(door, complaints):
    frame = door.opened("&p.tb_share.sort=-name&p.tb_share.filter=resnet_small")
    frame.get_by_role("button", name=NAMES[1], exact=True).click(timeout=60_000)
    frame.get_by_role("heading", name=NAMES[1]).wait_for()
    door.page.reload()
    frame.get_by_role("button", name=re.compile("^Next")).wait_for(timeout=60_000)
    expect(frame.get_by_role("button", name=re.compile("^Previous"))).to_have_count(0)
    frame.get_by_role("button", name=re.compile("^Next")).click()
    frame.get_by_role("heading", name=NAMES[0]).wait_for()
    expect(frame.get_by_role("button", name=re.compile("^Next"))).to_have_count(0)
    frame.locator("body").press("[")
    frame.get_by_role("heading", name=NAMES[1]).wait_for()
    assert complaints.found == []


def test_what_the_machine_did_is_apart_and_charts_grow_in_place(door, complaints):
    frame = door.opened()
    frame.get_by_role("button", name=LIVE, exact=True).click(timeout=60_000)
    frame.get_by_role("tab", name="Charts").click()
    loss = frame.get_by_role("img", name=re.compile("^Chart of loss"))
    loss.wait_for()
    expect(frame.get_by_role("img", name=re.compile("^Chart of system"))).to_have_count(0)
    frame.get_by_role("tab", name="Monitoring").click()
    frame.get_by_role("img", name="Chart of system/ram").wait_for()
    expect(frame.get_by_role("img", name=re.compile("^Chart of"))).to_have_count(2)
    frame.get_by_role("tab", name="Charts").click()
    canvas = loss.locator("canvas")
    canvas.evaluate("canvas => { window.canvasBefore = canvas }")
    door.logs.log(2)
    frame.get_by_role("img", name=f"ends at {door.logs.value()}.").wait_for(timeout=60_000)
    assert canvas.evaluate("canvas => window.canvasBefore === canvas")
    assert complaints.found == []


def test_a_notebook_is_read_where_the_run_is(door, complaints):
    frame = door.opened()
    frame.get_by_role("button", name=WITH_FILES, exact=True).click(timeout=60_000)
    frame.get_by_role("tab", name="Notebooks").click()
    frame.get_by_role("heading", name="How it was tuned").wait_for()
    frame.get_by_role("group", name="Code in python").filter(has_text="frame.describe()").wait_for()
    frame.get_by_role("cell", name="0.93").wait_for()
    assert frame.get_by_role("group", name="Output").inner_text().strip() == "100%"
    assert "ValueError" in frame.get_by_role("group", name="Error").inner_text()
    frame.get_by_role("img", name="What this cell drew").wait_for()
    frame.get_by_role("link", name="Download tuning.ipynb").wait_for()
    (door.logs.path / WITH_FILES / "broken.ipynb").write_text("{")
    frame.get_by_role("combobox", name="Notebook").select_option("broken.ipynb", timeout=40_000)
    frame.get_by_text("This is no notebook of format 4").wait_for()
    (door.logs.path / WITH_FILES / "broken.ipynb").unlink()
    assert complaints.found == []


def compared(door, names, tab, theme=""):
    """These experiments side by side, in this order, on this tab."""
    frame = door.opened("", theme)
    for name in names:
        frame.get_by_label("Filter", exact=True).fill(name)
        tick(frame, name)
    frame.get_by_role("button", name=f"Compare {len(names)}").click()
    frame.get_by_role("tab", name=tab).click()
    return frame


def test_two_notebooks_are_compared_cell_by_cell(door, complaints):
    frame = compared(door, (WITH_FILES, COPIED), "Notebooks")
    frame.get_by_text("1 cell changed, 1 cell only in the second.").wait_for()
    cells = frame.locator(".difference section")
    expect(cells).to_have_count(2)
    changed = frame.get_by_role("region", name="Changed cell")
    expect(changed.locator("del")).to_have_text("− frame.describe()\n", use_inner_text=True)
    expect(changed.locator("ins")).to_have_text("+ frame.tail()\n", use_inner_text=True)
    changed.get_by_text("Output in the second").wait_for()
    changed.get_by_role("cell", name="0.93").wait_for()
    changed.get_by_role("group", name="Output", exact=True).filter(has_text="nine").wait_for()
    frame.get_by_role("region", name="Only in the second cell").get_by_text("+ Then all was <b>well</b>.").wait_for()
    frame.get_by_label("Also the 1 that is equal").check()
    frame.get_by_role("region", name="Equal cell").get_by_text("# How it was tuned").wait_for()
    frame.get_by_role("button", name="Swap").click()
    frame.get_by_text("1 cell changed, 1 cell only in the first.").wait_for()
    door.page.reload()
    frame.get_by_text("1 cell changed, 1 cell only in the first.").wait_for(timeout=60_000)
    assert (
        frame.get_by_role("combobox", name="Second notebook").evaluate("select => select.selectedOptions[0].parentElement.label")
        == WITH_FILES
    )
    expect(frame.locator(".difference section")).to_have_count(3)
    door.page.go_back()
    frame.get_by_text("1 cell changed, 1 cell only in the second.").wait_for()
    assert complaints.found == []


def test_experiments_without_notebooks_say_how_to_have_some(door, complaints):
    frame = compared(door, NAMES, "Notebooks")
    frame.get_by_text("No notebook lies beside these experiments. Keep a copy of the notebook").wait_for()
    frame = compared(door, (NAMES[0], WITH_FILES), "Notebooks")
    frame.get_by_text(f"Only one notebook lies beside these experiments: tuning.ipynb of {WITH_FILES}.").wait_for()
    assert complaints.found == []


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_where_notebooks_are_compared(door, theme, width):
    door.page.set_viewport_size({"width": width, "height": 900})
    frame = compared(door, (WITH_FILES, COPIED), "Notebooks", theme)
    frame.locator(".difference ins").first.wait_for()
    inside = door.inside()
    assert accessible(inside) == []
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_the_tabs_of_an_experiment(door, theme, width):
    door.page.set_viewport_size({"width": width, "height": 900})
    for name, tabs in (
        (WITH_FILES, {"Overview": "table.plain", "Artifacts": "table.plain", "Notebooks": ".notebook table"}),
        (LIVE, {"Monitoring": "figure.chart"}),
    ):
        frame = door.opened("", theme)
        frame.get_by_label("Filter", exact=True).fill(name)
        frame.get_by_role("button", name=name, exact=True).click(timeout=60_000)
        inside = door.inside()
        for tab, there in tabs.items():
            frame.get_by_role("tab", name=tab).click()
            frame.locator(there).first.wait_for()
            assert accessible(inside) == [], tab
            assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab


def test_a_guest_of_a_link_is_told_of_no_file(browser, logs, tmp_path):
    with serving(tmp_path / "data", [f"--logdir=logs={logs.path}"]) as running:
        context = browser.new_context(storage_state=signed_in_state(browser, running))
        answer = context.request.post(
            f"{running.base}/api/v1/projects/logs/links",
            headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"},
            data=json.dumps({"scope": {"kind": "project"}}),
        )
        guest = browser.new_context()
        page = guest.new_page()
        page.goto(answer.json()["url"])
        page.get_by_role("button", name="Open").click()
        page.wait_for_url(re.compile("/p/logs/"))
        page.goto(f"{running.base}/p/logs/#tb_share")
        frame = page.frame_locator(TAB)
        with page.expect_response(lambda each: "/files?" in each.url) as listed:
            frame.get_by_role("button", name=WITH_FILES, exact=True).click(timeout=60_000)
        assert listed.value.json() == {"files": [], "more": False, "facts": {}, "contents": False}
        frame.get_by_role("tab", name="Charts").wait_for()
        expect(frame.get_by_role("tab", name="Artifacts")).to_have_count(0)
        expect(frame.get_by_role("heading", name="Environment")).to_have_count(0)
        frame.get_by_role("button", name="← All experiments").click()
        frame.get_by_role("button", name=re.compile(r"^Compare all \d+$")).click()
        frame.get_by_role("tab", name="Images").wait_for()
        expect(frame.get_by_role("tab", name="Notebooks")).to_have_count(0)
        for each in (guest, context):
            each.close()


def test_keys_count_before_anybody_clicked_into_the_panel_and_not_in_fields_of_the_page_around_it(door, complaints):
    frame = door.opened()
    frame.get_by_role("button", name=LIVE, exact=True).wait_for(timeout=60_000)
    door.page.reload()
    frame.get_by_role("button", name=LIVE, exact=True).wait_for(timeout=60_000)
    assert door.page.evaluate("document.activeElement === document.body")
    field = door.page.evaluate_handle("document.body.appendChild(document.createElement('input'))").as_element()
    field.focus()
    field.press("/")
    assert field.input_value() == "/"
    field.evaluate("field => field.remove()")
    door.page.keyboard.press("/")
    expect(frame.get_by_label("Filter", exact=True)).to_be_focused()
    door.page.keyboard.type("/c")
    expect(frame.get_by_label("Filter", exact=True)).to_have_value("/c")
    assert complaints.found == []
