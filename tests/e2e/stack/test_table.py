"""The table in Chromium: columns, their menus, groups, the row that others are measured against, what is new, files, keys."""

from __future__ import annotations

import csv
import io
import re
import shutil
import urllib.parse

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import AXE, LOGDIR, accessible, panel_of, signed_in_state
from tests.e2e.stack.test_journeys import TAB, rows_of
from tests.processes import wait_for
from tests.running_serve import serving

LOSS = "validation/epoch_loss"
ACCURACY = "validation/epoch_accuracy"
MORE = "More"


def opened(page, base, state="", project="orient"):
    """The tab, in a state that its address gives."""
    page.goto("about:blank")
    page.goto(f"{base}/p/{project}/#tb_share{state}")
    frame = page.frame_locator(TAB)
    frame.get_by_role("grid").wait_for(timeout=60_000)
    return frame


def names(frame):
    """As they stand from top to bottom; all rows are in sight."""
    found = frame.locator(".grid-body").evaluate(
        """body => [...body.querySelectorAll('[role=row]')].map(row => [row.getBoundingClientRect().top, row.querySelector('button.name').innerText])"""
    )
    return [name for _, name in sorted(found)]


def to_the_right(frame):
    frame.locator(".grid").evaluate("grid => { grid.scrollLeft = 99999 }")


def cell(frame, name, column):
    """What a row says in a column, by their names; both are in sight."""
    index = frame.get_by_role("columnheader", name=column).first.get_attribute("aria-colindex")
    return rows_of(frame).filter(has=frame.get_by_role("button", name=name, exact=True)).locator(f"[aria-colindex='{index}']").inner_text()


def address_of(page):
    return dict(part.removeprefix("p.tb_share.").split("=", 1) for part in page.url.split("&")[1:])


def test_the_best_value_of_a_metric_is_a_column_with_its_step(serve, owner_page, complaints):
    frame = opened(owner_page, serve.base)
    frame.get_by_role("button", name="Columns").click()
    dialog = frame.get_by_role("dialog", name="Columns")
    dialog.get_by_label("Search columns").fill("epoch_accuracy")
    metric = dialog.get_by_role("group", name=ACCURACY)
    assert metric.get_by_role("combobox").input_value() == "up"
    metric.get_by_label("best").check()
    metric.get_by_label("last").uncheck()
    dialog.get_by_role("button", name="Close").click()
    to_the_right(frame)
    frame.get_by_role("columnheader", name=f"{ACCURACY} (best)").wait_for()
    expect(frame.get_by_role("columnheader", name=f"metric {ACCURACY}")).to_have_count(0)
    best = frame.locator(".cell.best").filter(has_text=re.compile(r"\d"))
    title = next(each for each in (best.nth(at).get_attribute("title") for at in range(best.count())) if "at step" in each)
    assert re.search(r"at step \d+\n0\.\d+\nbest of those shown", title)
    # The address and the filter know it, too.
    frame.get_by_label("Filter", exact=True).fill(f"best:{ACCURACY}>0.94")
    frame.get_by_text(re.compile(r"^\d+ of 12 experiments")).wait_for()
    owner_page.reload()
    frame = owner_page.frame_locator(TAB)
    frame.get_by_text(re.compile(r"^\d+ of 12 experiments")).wait_for(timeout=60_000)
    to_the_right(frame)
    frame.get_by_role("columnheader", name=f"{ACCURACY} (best)").wait_for()
    assert complaints.found == []


def test_what_is_the_same_everywhere_is_not_proposed(serve, owner_page):
    frame = opened(owner_page, serve.base)
    rows_of(frame).nth(11).wait_for()
    keys = owner_page.request.get(f"{serve.base}/p/orient/data/plugin/tb_share/experiments").body()
    assert b"p:optimizer" in keys
    frame.get_by_label("Filter", exact=True).fill("optimizer=adam")
    frame.get_by_role("button", name="Columns").click()
    placed = frame.get_by_role("dialog", name="Columns").get_by_role("region", name="In the table")
    shown = placed.locator("li > span.break").all_inner_texts()
    assert shown[0] == "Name"
    assert "lr" in shown
    assert all("metric" not in each for each in shown)


def test_columns_are_hidden_pinned_and_moved_by_their_menus(serve, owner_page, complaints):
    frame = opened(owner_page, serve.base)
    frame.get_by_role("button", name="Menu of State").click()
    menu = frame.get_by_role("dialog", name="Column State")
    menu.get_by_role("button", name="Hide").click()
    expect(frame.get_by_role("columnheader", name="State")).to_have_count(0)
    frame.get_by_role("button", name="Menu of Duration").click()
    frame.get_by_role("dialog", name="Column Duration").get_by_role("button", name="Pin").click()
    to_the_right(frame)
    pinned = frame.get_by_role("columnheader", name="Duration")
    pinned.wait_for()
    assert pinned.get_attribute("aria-colindex") == "2"
    name = frame.get_by_role("columnheader", name="Name").bounding_box()
    assert abs(pinned.bounding_box()["x"] - name["x"] - name["width"]) < 2
    frame.locator(".grid").evaluate("grid => { grid.scrollLeft = 0 }")
    frame.get_by_role("button", name="Menu of Runs").click()
    frame.get_by_role("dialog", name="Column Runs").get_by_role("button", name="Move left").click()
    order = [frame.get_by_role("columnheader", name=each).get_attribute("aria-colindex") for each in ("Runs", "Started")]
    assert order == sorted(order)
    assert urllib.parse.unquote(address_of(owner_page)["columns"]).startswith("^duration,")
    assert complaints.found == []


def test_a_column_is_dragged_before_another_one(serve, owner_page):
    frame = opened(owner_page, serve.base)
    frame.get_by_role("columnheader", name="Runs").drag_to(frame.get_by_role("columnheader", name="State"))
    frame.locator("[role=columnheader][aria-colindex='3']", has_text="Runs").wait_for()


def test_the_column_manager_orders_by_drag_and_by_buttons(serve, owner_page, complaints):
    frame = opened(owner_page, serve.base)
    frame.get_by_role("button", name="Columns").click()
    placed = frame.get_by_role("dialog", name="Columns").get_by_role("region", name="In the table").get_by_role("listitem")
    assert [placed.nth(at).locator("span.break").inner_text() for at in range(3)] == ["Name", "Starred", "State"]
    placed.filter(has_text="Duration").drag_to(placed.filter(has_text="Starred"))
    placed.nth(1).get_by_text("Duration").wait_for()
    frame.get_by_role("button", name="Move Duration down").click()
    placed.nth(2).get_by_text("Duration").wait_for()
    frame.get_by_role("button", name="Pin Duration").click()
    placed.nth(1).get_by_text("Duration").wait_for()
    frame.get_by_label("Search columns").fill("star")
    placed.filter(has_text="Duration").wait_for(state="detached")
    assert placed.all_inner_texts()[0].startswith("Starred")
    frame.get_by_role("button", name="Hide Starred").click()
    frame.get_by_role("dialog", name="Columns").get_by_role("button", name="Close").click()
    shown = frame.get_by_role("columnheader")
    assert [shown.nth(at).locator(".label").inner_text() for at in (1, 2, 3)] == ["Name", "Duration", "State"]
    frame.get_by_role("button", name="Columns").click()
    frame.get_by_role("button", name="As proposed").click()
    placed.nth(1).get_by_text("Starred").wait_for()
    assert "columns" not in address_of(owner_page)
    assert complaints.found == []


def test_a_goal_says_which_value_is_the_best(serve, owner_page):
    frame = opened(owner_page, serve.base, f"&p.tb_share.columns=best%253A{LOSS},%252Bbest%253A{LOSS},m%253A{LOSS}".replace("%252B", "%2B"))
    best = frame.locator(".cell.best")
    column = frame.get_by_role("columnheader", name=f"best {LOSS}")
    column.wait_for()

    def values(at):
        cells = frame.locator(f".grid-body [aria-colindex='{at}']")
        return [float(each) for each in cells.all_inner_texts() if each.strip()]

    index = int(column.get_attribute("aria-colindex"))
    least = values(index)
    assert float(frame.locator(f".grid-body .best[aria-colindex='{index}']").inner_text()) == min(least)
    frame.get_by_role("button", name=f"Menu of {LOSS}", exact=True).click()
    frame.get_by_role("dialog", name=f"Column {LOSS}", exact=True).get_by_role("button", name="More", exact=True).click()
    frame.locator(f".grid-body .best[aria-colindex='{index}']", has_text=re.compile(r"^(?!" + re.escape(str(min(least))) + ")")).wait_for()
    greatest = values(index)
    assert all(more >= less for more, less in zip(greatest, least, strict=True))
    assert float(frame.locator(f".grid-body .best[aria-colindex='{index}']").inner_text()) == max(greatest)
    frame.get_by_role("button", name=f"Menu of {LOSS}", exact=True).click()
    frame.get_by_role("dialog", name=f"Column {LOSS}", exact=True).get_by_role("button", name="Neither").click()
    best.first.wait_for(state="detached")
    expect(column).to_have_count(0)


def test_columns_and_groups_are_part_of_a_view(serve, owner_page):
    frame = opened(owner_page, serve.base, "&p.tb_share.columns=^duration,-state&p.tb_share.group=p%253Abackbone;max")
    frame.get_by_text("in 5 groups").wait_for()
    frame.get_by_role("button", name="Views").click()
    views = frame.get_by_role("dialog", name="Views")
    views.get_by_label("Name").fill("grouped by backbone")
    views.get_by_role("button", name="Save").click()
    views.get_by_role("button", name="grouped by backbone").wait_for()
    views.get_by_role("button", name="All experiments, as they come").click()
    frame.get_by_role("columnheader", name="State").wait_for()
    assert frame.locator("output").inner_text() == "12 experiments"
    frame.get_by_role("button", name="Views").click()
    views.get_by_role("button", name="grouped by backbone").click()
    frame.get_by_text("in 5 groups").wait_for()
    expect(frame.get_by_role("columnheader", name="State")).to_have_count(0)
    assert frame.get_by_role("columnheader", name="Duration").get_attribute("aria-colindex") == "2"
    assert "42 s" in frame.locator(".grid-body").inner_text()


def test_the_menu_opens_by_key_paints_cells_and_says_how_values_are_spread(serve, owner_page, complaints):
    frame = opened(owner_page, serve.base)
    grid = frame.get_by_role("grid")
    grid.focus()
    for _ in range(4):
        grid.press("ArrowRight")
    grid.press("m")
    menu = frame.get_by_role("dialog", name="Column Duration")
    menu.get_by_role("img", name=re.compile(r"^Histogram: 12 values from \d")).wait_for()
    menu.get_by_role("button", name="Bars").click()
    bars = frame.locator(".grid-body .cell[style*='linear-gradient']")
    bars.first.wait_for()
    expect(bars).to_have_count(12)
    assert grid.evaluate("grid => grid === document.activeElement")
    assert complaints.found == []


def test_rows_are_grouped_over_seeds_with_mean_and_deviation_and_opened(serve, owner_page, complaints):
    frame = opened(owner_page, serve.base)
    frame.get_by_role("button", name=MORE).click()
    frame.get_by_role("combobox", name="Group by").select_option(label="backbone")
    owner_page.keyboard.press("Escape")
    frame.get_by_text("12 experiments in 5 groups").wait_for()
    assert [each.split(" ", 1)[1] for each in names(frame)] == [
        "backbone mobilenet_small (1)",
        "backbone resnet_large (2)",
        "backbone resnet_medium (4)",
        "backbone resnet_small (4)",
        "backbone not set (1)",
    ]
    of_group = rows_of(frame).filter(has_text="resnet_large (2)").get_by_role("gridcell").all_inner_texts()
    assert "23 s ± 11 s" in of_group
    spread = rows_of(frame).filter(has_text="resnet_large (2)").locator(".cell", has_text="23 s ± 11 s").get_attribute("title")
    assert re.fullmatch(r"mean 23 s ± 11 s, least \d+ s, greatest \d+ s, of 2 values", spread)
    frame.get_by_role("button", name="▸ backbone resnet_large (2)").click()
    assert len(names(frame)) == 7
    assert [each[:12] for each in names(frame)[2:4]] == ["resnet_large"] * 2
    rows_of(frame).filter(has_text="resnet_medium (4)").get_by_role("button", name="Tick the 4 of this group").click()
    frame.get_by_text("4 ticked").wait_for()
    owner_page.reload()
    owner_page.frame_locator(TAB).get_by_text("12 experiments in 5 groups, 4 ticked").wait_for(timeout=60_000)
    assert complaints.found == []


def test_others_are_measured_against_the_row_that_p_pins(serve, owner_page, complaints):
    frame = opened(owner_page, serve.base, f"&p.tb_share.columns=m%253A{LOSS.replace('/', '%252F')}")
    rows_of(frame).nth(11).wait_for()
    base = names(frame)[1]
    grid = frame.get_by_role("grid")
    grid.focus()
    for key in ("ArrowDown", "ArrowDown", "p"):
        grid.press(key)
    frame.get_by_text(f"Measured against {base}").wait_for()
    assert names(frame)[0] == base
    assert len(names(frame)) == 12
    values = {each: cell(frame, each, f"metric {LOSS}") for each in names(frame)}
    assert re.fullmatch(r"[\d.]+ ?", values[base])
    other = next(each for each in names(frame)[1:] if values[each])
    number, apart, mark, verdict = re.fullmatch(r"([\d.]+)\s+([+-][\d.e-]+)\s*(✓?)\s*(better|worse)", values[other]).groups()
    assert float(apart) == pytest.approx(float(number) - float(values[base]), rel=0.01, abs=2e-5)
    assert (verdict, mark) == (("better", "✓") if float(apart) < 0 else ("worse", ""))
    frame.get_by_role("button", name="No longer").click()
    assert names(frame)[1] == base
    assert complaints.found == []


def test_the_first_ones_are_ticked_and_keep_their_colours(serve, owner_page):
    frame = opened(owner_page, serve.base, "&p.tb_share.sort=duration")
    rows_of(frame).nth(11).wait_for()
    frame.get_by_role("button", name=MORE).click()
    frame.get_by_label("Tick the first").fill("3")
    frame.get_by_role("dialog", name="More for this table").get_by_role("button", name="Tick", exact=True).click()
    frame.get_by_text("3 ticked").wait_for()
    first, second, third = names(frame)[:3]

    def colour(name):
        return rows_of(frame).filter(has_text=name).locator("button.box").evaluate("box => getComputedStyle(box).color")

    before = [colour(each) for each in (first, second, third)]
    assert len(set(before)) == 3
    rows_of(frame).filter(has_text=first).get_by_role("button", name="Untick").click()
    assert [colour(each) for each in (second, third)] == before[1:]
    frame.get_by_role("grid").press("c")
    frame.get_by_role("heading", name="2 experiments side by side").wait_for()
    chips = frame.locator(".chip")
    assert [chips.nth(at).locator(".swatch").evaluate("one => getComputedStyle(one).backgroundColor") for at in (0, 1)] == before[1:]
    chips.nth(1).get_by_role("button", name="Measure against this").click()
    frame.locator(".chip").first.get_by_text(third).wait_for()
    assert frame.locator(".chip .swatch").first.evaluate("one => getComputedStyle(one).backgroundColor") == before[2]


def test_ticks_outlive_a_filter_and_can_be_all_that_is_shown(serve, owner_page):
    frame = opened(owner_page, serve.base, "&p.tb_share.sort=duration")
    rows_of(frame).nth(11).wait_for()
    first, second = names(frame)[:2]
    for each in (first, second):
        rows_of(frame).filter(has_text=each).get_by_role("button", name="Tick").click()
    filter_field = frame.get_by_label("Filter", exact=True)
    filter_field.fill(second)
    frame.get_by_text("1 of 12 experiments, 2 ticked, 1 of them not shown").wait_for()
    filter_field.fill("")
    frame.get_by_role("button", name="Only ticked").click()
    frame.get_by_text("2 of 12 experiments, 2 ticked").wait_for()
    assert names(frame) == [first, second]
    assert filter_field.input_value() == "ticked=yes"
    rows_of(frame).filter(has_text=first).get_by_role("button", name="Untick").click()
    frame.get_by_text("1 of 12 experiments, 1 ticked").wait_for()
    frame.get_by_role("button", name="Only ticked", pressed=True).click()
    frame.get_by_text("12 experiments, 1 ticked").wait_for()
    assert filter_field.input_value() == ""


def test_columns_that_are_pinned_leave_room_for_others(serve, owner_page):
    pinned = ["starred", "state", "started", "duration", "run_count", "p%253Aaugment", "p%253Abackbone"]
    frame = opened(owner_page, serve.base, "&p.tb_share.columns=" + ",".join(f"^{each}" for each in pinned))
    to_the_right(frame)
    last = frame.get_by_role("columnheader").last
    last.wait_for()
    fixed = frame.locator(".grid-head .sticky")
    assert 1 < fixed.count() < len(pinned) + 1
    right = max(fixed.nth(at).bounding_box()["x"] + fixed.nth(at).bounding_box()["width"] for at in range(fixed.count()))
    assert right < 0.75 * 1280
    assert last.bounding_box()["x"] >= right - 1


def test_what_is_shown_is_a_file_that_no_spreadsheet_runs(serve, owner_page):
    frame = opened(owner_page, serve.base, "&p.tb_share.sort=-duration&p.tb_share.filter=state%3Dfinished")
    frame.get_by_text(re.compile(r"^\d of 12")).wait_for()
    frame.get_by_role("button", name=MORE).click()
    with owner_page.expect_download() as waiting:
        frame.get_by_role("button", name="Download as CSV").click()
    assert waiting.value.suggested_filename == "experiments.csv"
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8"))))
    assert [each["Name"] for each in rows] == names(frame)
    durations = [float(each["Duration"]) for each in rows]
    assert durations == sorted(durations, reverse=True)
    assert {each["State"] for each in rows} == {"finished"}


def test_groups_are_a_file_with_what_is_known_of_each(serve, owner_page):
    frame = opened(owner_page, serve.base, "&p.tb_share.group=p%253Abackbone&p.tb_share.sort=-duration")
    frame.get_by_text("12 experiments in 5 groups").wait_for()
    shown = [each.split(" ", 1)[1].rsplit(" (", 1)[0] for each in names(frame)]
    frame.get_by_role("button", name=MORE).click()
    with owner_page.expect_download() as waiting:
        frame.get_by_role("button", name="Download groups as CSV").click()
    assert waiting.value.suggested_filename == "groups.csv"
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8"))))
    assert [each["Group"] for each in rows] == shown
    assert sum(int(each["Experiments"]) for each in rows) == 12
    means = [float(each["Duration (mean)"]) for each in rows]
    assert means == sorted(means, reverse=True)
    single = next(each for each in rows if each["Experiments"] == "1")
    assert single["Duration (standard deviation)"] == ""
    assert single["Duration (least)"] == single["Duration (greatest)"] == single["Duration (mean)"]


def test_keys_go_through_experiments_and_are_explained(serve, owner_page, complaints):
    frame = opened(owner_page, serve.base)
    rows_of(frame).nth(11).wait_for()
    order = names(frame)
    frame.get_by_role("grid").press("?")
    frame.get_by_role("dialog", name="Keys").get_by_text("Compare what is ticked").wait_for()
    owner_page.keyboard.press("Escape")
    frame.get_by_role("button", name=order[3], exact=True).click()
    frame.get_by_role("heading", name=order[3]).wait_for()
    frame.locator("body").press("]")
    frame.get_by_role("heading", name=order[4]).wait_for()
    frame.locator("body").press("[")
    frame.get_by_role("heading", name=order[3]).wait_for()
    frame.get_by_role("button", name=re.compile("^Previous")).click()
    frame.get_by_role("heading", name=order[2]).wait_for()
    assert complaints.found == []


@pytest.fixture
def growing(browser, tmp_path):
    """A serve over a logdir to which runs can be added, and its owner's page."""
    logdir = tmp_path / "logs"
    runs = sorted(each for each in LOGDIR.iterdir() if each.is_dir())
    for run in runs[:4]:
        shutil.copytree(run, logdir / run.name)
    with serving(tmp_path / "data", [f"--logdir=orient={logdir}"]) as running:
        context = browser.new_context(storage_state=signed_in_state(browser, running), viewport={"width": 1280, "height": 800})
        yield running, context.new_page(), logdir, runs[4:]
        context.close()


def test_new_experiments_wait_until_somebody_asks_for_them(growing):
    running, page, logdir, more = growing
    frame = opened(page, running.base, "&p.tb_share.sort=-name")
    rows_of(frame).nth(3).wait_for()
    before = names(frame)
    for run in more[:2]:
        shutil.copytree(run, logdir / run.name)
    frame.get_by_role("button", name="Show 2 new").wait_for(timeout=30_000)
    assert names(frame) == before
    frame.get_by_role("button", name="Show 2 new").click()
    frame.get_by_text("6 experiments").wait_for()
    assert names(frame) == sorted(names(frame), reverse=True)
    expect(frame.get_by_role("button", name=re.compile("^Show"))).to_have_count(0)


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_columns_groups_and_menus(browser, serve, signed_in, theme, width):
    context = browser.new_context(storage_state=signed_in, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{serve.base}/p/orient/{theme}#tb_share&p.tb_share.group=p%253Abackbone&p.tb_share.columns=*duration")
    frame = page.frame_locator(TAB)
    frame.get_by_text("in 5 groups").wait_for(timeout=60_000)
    inside = panel_of(page)
    inside.evaluate(AXE.read_text())
    assert accessible(inside) == []
    frame.get_by_role("button", name="Columns").click()
    frame.get_by_role("dialog", name="Columns").wait_for()
    assert accessible(inside) == []
    frame.get_by_role("dialog", name="Columns").get_by_role("button", name="Close").click()
    frame.get_by_role("button", name=MORE).click()
    assert accessible(inside) == []
    page.keyboard.press("Escape")
    frame.get_by_role("button", name="Menu of Name").click()
    assert accessible(inside) == []
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_chosen_values_of_metrics_are_compared_too_each_once(serve, owner_page, complaints):
    """Also when all that a filter on such a value passes is compared."""
    state = f"&p.tb_share.columns=%2Bbest%253A{LOSS}&p.tb_share.filter=" + urllib.parse.quote(f"best:{LOSS}<0.3")
    frame = opened(owner_page, serve.base, state)
    frame.get_by_role("button", name=re.compile(r"^Compare all \d+$")).click()
    heading = frame.get_by_role("heading", name=re.compile(r"^\d+ experiments side by side$"))
    heading.wait_for()
    assert int(heading.inner_text().split()[0]) > 1
    frame.get_by_role("tab", name="Parameters and metrics").click()
    labels = frame.locator(".compare-table tr.metric th").all_inner_texts()
    assert f"{LOSS} (best)" in labels
    assert len(labels) == len(set(labels))
    frame.get_by_role("tab", name="Charts").click()
    frame.get_by_role("img", name=re.compile("^Chart of ")).first.wait_for()
    assert complaints.found == []


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_where_nothing_was_logged_yet(browser, nothing_logged, theme, width):
    running, state = nothing_logged
    context = browser.new_context(storage_state=state, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{running.base}/p/none/{theme}#tb_share")
    page.frame_locator(TAB).get_by_role("heading", name="No experiments yet").wait_for(timeout=60_000)
    inside = panel_of(page)
    inside.evaluate(AXE.read_text())
    assert accessible(inside) == []
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.fixture(scope="module")
def nothing_logged(browser, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=none={tmp_path_factory.mktemp('empty')}"]) as running:
        yield running, signed_in_state(browser, running)


def test_what_a_tick_of_the_share_dialog_says_stands_on_one_line(serve, owner_page):
    frame = opened(owner_page, serve.base)
    frame.get_by_role("button", name="Share").click()
    said = frame.get_by_role("dialog").locator("label", has_text="Data can be downloaded as files")
    assert said.bounding_box()["height"] < 40


def test_a_filter_by_other_values_of_a_metric_shows_all_that_pass(serve, owner_page, complaints):
    """They come a moment later; what they let through is no news that waits."""
    frame = opened(owner_page, serve.base)
    frame.get_by_label("Filter", exact=True).fill("resnet_large")
    frame.get_by_text("2 of 12 experiments").wait_for()
    frame.get_by_label("Filter", exact=True).fill(f"best:{LOSS}>0")
    expect(rows_of(frame)).to_have_count(12)
    frame.get_by_label("Filter", exact=True).fill("started>=2026-11-05 started<2026-11-06")
    frame.get_by_text("2 of 12 experiments").wait_for()
    frame.get_by_label("Filter", exact=True).fill(f"best:{LOSS}>0")
    expect(rows_of(frame)).to_have_count(12)
    expect(frame.get_by_role("button", name=re.compile("^Show"))).to_have_count(0)
    assert complaints.found == []


def test_an_order_by_values_that_are_read_for_it_holds_at_once(serve, owner_page):
    frame = opened(owner_page, serve.base)
    rows_of(frame).nth(11).wait_for()
    first = names(frame)[0]
    owner_page.evaluate(f"location.hash = '#tb_share&p.tb_share.sort=-best%3A{urllib.parse.quote(ACCURACY, safe='')}'")
    wait_for(lambda: names(frame)[0] != first)
    expect(frame.get_by_role("button", name="Sort again")).to_have_count(0)


def test_a_training_that_diverged_says_nan_in_table_filter_and_comparison(serve, owner_page):
    pinned = urllib.parse.quote("^" + urllib.parse.quote(f"m:{LOSS}", safe=""), safe="")
    state = f"&p.tb_share.filter={urllib.parse.quote(LOSS + '=nan')}&p.tb_share.columns={pinned}"
    frame = opened(owner_page, serve.base, state)
    frame.get_by_text("1 of 12 experiments").wait_for()
    (name,) = names(frame)
    assert "weighted" in name
    assert cell(frame, name, LOSS).strip() == "NaN"
    frame.get_by_label("Filter", exact=True).fill("resnet_large")
    frame.get_by_text("2 of 12 experiments").wait_for()
    for row in rows_of(frame).all():
        row.get_by_role("button", name="Tick").click()
    frame.get_by_role("button", name="Compare 2").click()
    row = frame.locator(".compare-table tr").filter(has=frame.get_by_role("rowheader", name=LOSS, exact=True))
    row.get_by_text("NaN", exact=True).wait_for()
