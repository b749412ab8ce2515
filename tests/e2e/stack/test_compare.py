"""Charts and comparison in the Experiments tab: splits on one chart, what differs, an address that restores it, keys and axe."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import accessible, panel_of, tick
from tests.e2e.stack.test_journeys import TAB, experiments, inject_axe

NAMES = ("resnet_small_lr1e-3_bs32_2026-11-02T10-31", "resnet_small_lr3e-3_bs32_2026-11-02T11-04")


def open_experiment(page, base, name=NAMES[0]):
    frame = experiments(page, base)
    frame.get_by_role("button", name=name, exact=True).click()
    frame.get_by_role("heading", name="Parameters").wait_for()
    return frame


def compare(page, base, names=NAMES):
    frame = experiments(page, base)
    for name in names:
        tick(frame, name)
    frame.get_by_role("button", name=f"Compare {len(names)}").click()
    frame.get_by_role("heading", name=f"{len(names)} experiments side by side").wait_for()
    return frame


def chart(frame, title):
    """The chart of this name, brought into sight: it asks for its points only there."""
    frame.get_by_role("searchbox", name="Charts").fill(title)
    found = frame.locator(".chart-place").filter(has=frame.get_by_role("heading", name=title, exact=True))
    frame.locator(".chart-place").first.scroll_into_view_if_needed()
    found.wait_for()
    return found


def painted(frame, title):
    """How many different colours a chart's canvas shows: an empty one shows none."""
    plot = chart(frame, title).locator("canvas")
    plot.wait_for()
    return plot.evaluate("""canvas => {
      const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      const found = new Set();
      for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3]) found.add(`${pixels[at] >> 4},${pixels[at + 1] >> 4},${pixels[at + 2] >> 4}`);
      return found.size;
    }""")


def test_train_and_validation_are_on_one_chart_with_the_best_value_beside(serve, owner_page, complaints):
    frame = open_experiment(owner_page, serve.base)
    assert frame.get_by_text(re.compile(r"best [\d.e-]+ at step \d+")).count() > 2
    frame.get_by_role("tab", name="Charts").click()
    loss = chart(frame, "epoch_loss")
    label = loss.get_by_role("img").get_attribute("aria-label")
    assert re.search("train ends at .*validation ends at", label)
    assert painted(frame, "epoch_loss") > 3
    loss.get_by_role("button", name="As table").click()
    table = loss.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(3)
    loss.get_by_role("button", name="As chart").click()
    loss.get_by_role("img").wait_for()
    assert complaints.found == []


def test_two_experiments_differ_in_what_is_shown_and_nothing_else(serve, owner_page, complaints):
    frame = compare(owner_page, serve.base)
    rows = frame.locator(".compare-table tbody tr")
    shown = {rows.nth(at).get_by_role("rowheader").inner_text() for at in range(rows.count())}
    assert "lr" in shown
    assert "batch_size" not in shown
    frame.get_by_label(re.compile("that are equal")).check()
    frame.get_by_role("rowheader", name="batch_size", exact=True).wait_for()
    row = rows.filter(has=frame.get_by_role("rowheader", name="validation/epoch_loss", exact=True))
    assert re.search("better|worse", row.inner_text())
    before = row.locator("td").first.inner_text()
    frame.get_by_role("button", name="Measure against this").click()
    row.locator("td").first.filter(has_not_text=re.compile(f"^{re.escape(before)}$")).wait_for()
    frame.get_by_role("tab", name="Charts").click()
    label = chart(frame, "epoch_loss").get_by_role("img").get_attribute("aria-label")
    assert all(name in label for name in NAMES)
    frame.get_by_role("button", name=f"Take {NAMES[0]} out").click()
    frame.get_by_role("heading", name="1 experiment side by side").wait_for()
    assert complaints.found == []


def test_axis_scale_smoothing_and_zoom_change_the_chart_and_the_address_restores_them(serve, owner_page, complaints):
    frame = compare(owner_page, serve.base)
    frame.get_by_role("tab", name="Charts").click()
    chart(frame, "epoch_loss").get_by_role("img").wait_for()
    plot = chart(frame, "epoch_loss").locator(".u-over")
    box = plot.bounding_box()
    owner_page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 40)
    owner_page.mouse.down()
    owner_page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 60, steps=4)
    with owner_page.expect_request(lambda request: "/series?" in request.url and "from=" in request.url):
        owner_page.mouse.up()
    frame.get_by_role("button", name="Whole range").click()
    frame.get_by_label("Along").select_option("relative")
    frame.get_by_label("Logarithmic").check()
    frame.get_by_label("Smoothing").fill("0.6")
    owner_page.wait_for_url(re.compile(r"p\.tb_share\.chart=relative\.log\.s0\.6"))
    chart(frame, "epoch_loss").get_by_role("img").hover()
    frame.locator(".near", has_text=NAMES[0]).first.wait_for()
    owner_page.reload()
    again = owner_page.frame_locator(TAB)
    again.get_by_role("heading", name="2 experiments side by side").wait_for(timeout=60_000)
    assert again.get_by_label("Along").input_value() == "relative"
    assert again.get_by_label("Logarithmic").is_checked()
    owner_page.go_back()
    again.get_by_role("tab", name="Parameters and metrics", selected=True).wait_for()
    owner_page.go_back()
    again.get_by_role("grid").wait_for()
    assert complaints.found == []


def test_pointing_at_a_line_marks_its_experiment_in_all_charts_and_above(serve, owner_page, complaints):
    frame = compare(owner_page, serve.base)
    frame.get_by_role("tab", name="Charts").click()
    frame.get_by_role("searchbox", name="Charts").fill("epoch")
    frame.get_by_role("img", name=re.compile("Chart of epoch_")).nth(1).wait_for()
    frame.get_by_role("img", name=re.compile("Chart of epoch_")).first.hover()
    frame.locator(".chip.lit").wait_for()
    frame.locator(".near", has_text=re.compile(r"^step \d+ ·")).nth(1).wait_for()
    frame.get_by_role("heading", name="side by side").hover()
    frame.locator(".chip.lit").wait_for(state="detached")
    assert complaints.found == []


def test_what_is_brushed_in_parallel_filters_all_of_it_until_escape(serve, owner_page, complaints):
    frame = experiments(owner_page, serve.base)
    frame.get_by_role("button", name=re.compile(r"^Compare all \d+$")).click()
    drawing = frame.get_by_role("img", name=re.compile("Parallel coordinates of"))
    drawing.wait_for()
    axis = frame.locator(".parallel .axis").nth(4)
    box = axis.bounding_box()
    x = box["x"] + box["width"] / 2
    assert x > frame.locator(".parallel .axis").first.bounding_box()["x"] + 200
    owner_page.mouse.move(x, box["y"] + box["height"] * 0.6)
    owner_page.mouse.down()
    owner_page.mouse.move(x, box["y"] + box["height"] * 0.98, steps=4)
    owner_page.mouse.up()
    within = frame.get_by_text(re.compile(r"^\d+ of \d+ experiments lies? within"))
    passing = re.match(r"\d+ of \d+ experiments", within.inner_text())[0]
    owner_page.wait_for_url(re.compile("p.tb_share.parallel="))
    frame.get_by_role("button", name="Filter the table so").click()
    frame.get_by_text(passing, exact=True).wait_for()
    expect(frame.get_by_label("Filter", exact=True)).to_have_value(re.compile(r" in \[|[<>]="))
    owner_page.go_back()
    within.wait_for()
    head = frame.locator(".parallel .axis-head [draggable]")
    first, second = head.nth(0).inner_text(), head.nth(1).inner_text()
    head.nth(0).press("ArrowRight")
    head.nth(0).filter(has_text=second).wait_for()
    assert head.nth(1).inner_text() == first
    frame.get_by_role("button", name="As table").click()
    frame.get_by_role("columnheader", name="Experiment").wait_for()
    owner_page.keyboard.press("Escape")
    frame.get_by_text("within what was chosen in").wait_for(state="detached")
    assert complaints.found == []


def test_a_link_restores_the_comparison_for_a_guest_who_sees_these_two(browser, serve, owner_page):
    frame = compare(owner_page, serve.base)
    frame.get_by_role("tab", name="Charts").click()
    owner_page.wait_for_url(re.compile("tab=charts"))
    ids = re.search(r"p\.tb_share\.compare=([^&]+)", owner_page.url)[1].replace("%2C", ",").split(",")
    view = owner_page.url.partition("/p/orient/")[2]
    expect(frame.get_by_role("heading", name="2 experiments")).to_have_count(1)
    answer = owner_page.request.post(
        f"{serve.base}/api/v1/projects/orient/links",
        headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"},
        data=json.dumps({"scope": {"kind": "experiments", "ids": ids}, "view": view}),
    )
    guest = browser.new_context()
    page = guest.new_page()
    page.goto(answer.json()["url"])
    page.get_by_role("button", name="Open").click()
    seen = page.frame_locator(TAB)
    seen.get_by_role("heading", name="2 experiments side by side").wait_for(timeout=60_000)
    assert all(name in chart(seen, "epoch_loss").get_by_role("img").get_attribute("aria-label") for name in NAMES)
    guest.close()


TABS = {
    "Parameters and metrics": lambda frame: frame.locator(".compare-table"),
    "Charts": lambda frame: chart(frame, "epoch_loss").get_by_role("img"),
    "Parallel": lambda frame: frame.get_by_role("img", name=re.compile("Parallel coordinates of")),
    "Images": lambda frame: frame.get_by_text(re.compile("No images yet|^Step$")).first,
}


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_comparison_and_experiment(browser, serve, signed_in, theme, width):
    context = browser.new_context(storage_state=signed_in, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    experiments(page, serve.base, theme=theme)
    frame = page.frame_locator(TAB)
    for name in NAMES:
        tick(frame, name)
    frame.get_by_role("button", name="Compare 2").click()
    frame.get_by_role("table").wait_for()
    inner = panel_of(page)
    inject_axe(inner)
    for tab, there in TABS.items():
        frame.get_by_role("tab", name=tab).click()
        there(frame).wait_for()
        assert accessible(inner) == [], tab
        assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
    frame.get_by_role("button", name=NAMES[0], exact=True).first.click()
    frame.get_by_role("heading", name="Parameters").wait_for()
    assert accessible(inner) == []
    frame.get_by_role("tab", name="Charts").click()
    chart(frame, "epoch_loss").get_by_role("img").wait_for()
    assert accessible(inner) == []
    context.close()


def test_any_two_columns_are_a_scatter_that_keys_go_through(serve, owner_page, complaints):
    frame = experiments(owner_page, serve.base)
    frame.get_by_role("button", name=re.compile(r"^Compare all \d+$")).click()
    frame.get_by_role("tab", name="Scatter").click()
    frame.get_by_role("combobox", name="Across").select_option(label="lr")
    frame.get_by_role("combobox", name="Up").select_option(label="validation/epoch_loss")
    drawing = frame.get_by_role("img", name=re.compile("^validation.epoch_loss against lr: 10 experiments$"))
    drawing.wait_for()
    frame.get_by_text("2 experiments are not drawn for want of one of the two values").wait_for()
    dots = drawing.locator("circle")
    expect(dots).to_have_count(10)
    where = {(round(float(dots.nth(at).get_attribute("cx"))), round(float(dots.nth(at).get_attribute("cy")))) for at in range(10)}
    assert len({x for x, _ in where}) == 3
    assert len(where) == 10
    linear = dots.first.get_attribute("cx")
    frame.get_by_label("Logarithmic across").click()
    drawing.locator(f"circle[cx='{linear}']").first.wait_for(state="detached")
    dots.first.hover()
    said = frame.locator(".scatter .near").inner_text()
    assert re.search(r": lr 0\.\d+, validation/epoch_loss 0\.\d+$", said)
    assert frame.locator(".chip.lit").inner_text().startswith(said.split(":")[0])
    group = frame.get_by_role("group", name=re.compile("^Scatter of"))
    group.focus()
    for key in ("Home", "ArrowRight", "ArrowRight"):
        group.press(key)
    name = frame.locator(".scatter .near").inner_text().split(":")[0]
    group.press("Enter")
    frame.get_by_role("heading", name=name).wait_for()
    owner_page.go_back()
    frame.get_by_role("combobox", name="Up").wait_for()
    assert frame.get_by_role("combobox", name="Up").locator("option:checked").inner_text() == "validation/epoch_loss"
    frame.get_by_role("button", name="As table").click()
    frame.get_by_role("group", name="Values of the scatter").get_by_role("row").nth(10).wait_for()
    assert complaints.found == []


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_a_scatter(browser, serve, signed_in, theme, width):
    context = browser.new_context(storage_state=signed_in, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{serve.base}/p/orient/{theme}#tb_share&p.tb_share.compare=*&p.tb_share.tab=scatter")
    frame = page.frame_locator(TAB)
    frame.locator(".scatter circle").nth(5).wait_for(timeout=60_000)
    inside = panel_of(page)
    inject_axe(inside)
    assert accessible(inside) == []
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
