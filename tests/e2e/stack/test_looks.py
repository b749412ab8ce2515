"""How somebody looks at things stands in the address: opened groups, a text's step, two images that one swipes between, tables of charts."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.plugins.scalar.summary_v2 import scalar_pb
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from tests.e2e.conftest import AXE, accessible, panel_of, signed_in_state, tick
from tests.running_serve import serving

TAB = "iframe[src*=tb_share]"
SHADES = {"dark": 0, "light": 255}


def _picture(shade):
    """A PNG of 8 x 8 pixels of one grey."""
    content = io.BytesIO()
    Image.new("L", (8, 8), shade).save(content, "PNG")
    return content.getvalue()


def _image(shade):
    image = summary_pb2.Summary.Image(height=8, width=8, colorspace=1, encoded_image_string=_picture(shade))
    return summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag="samples", image=image)])


@pytest.fixture(scope="module")
def served(browser, tmp_path_factory):
    logdir = tmp_path_factory.mktemp("looks")
    for name, shade in SHADES.items():
        writer = EventFileWriter(str(logdir / name))
        events = [(0, hparams_pb({"shade": name, "lr": 0.1 + shade}, start_time_secs=1.0))]
        for step in range(3):
            events += [(step, scalar_pb("loss", 1.0 / (step + 1 + shade))), (step, text_pb("said", f"at {step}")), (step, _image(shade))]
        for step, summary in events:
            writer.add_event(event_pb2.Event(wall_time=1.7e9 + step, step=step, summary=summary))
        writer.close()
    with next((logdir / "light").iterdir()).open("ab") as file:
        file.write(b"no record")
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=looks={logdir}"]) as running:
        running.state = signed_in_state(browser, running)
        yield running


@pytest.fixture
def page(browser, served, complaints):
    context = browser.new_context(storage_state=served.state, viewport={"width": 1280, "height": 800})
    yield complaints.listen(context.new_page())
    context.close()


def opened(page, served, state=""):
    page.goto("about:blank")
    page.goto(f"{served.base}/p/looks/#tb_share{state}")
    frame = page.frame_locator(TAB)
    frame.get_by_role("button", name="All experiments").or_(frame.get_by_role("grid")).first.wait_for(timeout=60_000)
    return frame


def test_what_is_wrong_with_files_is_marked_and_found(page, served, complaints):
    frame = opened(page, served)
    frame.get_by_role("img", name=re.compile("^Warning: .*event")).wait_for()
    frame.get_by_role("button", name="1 with a warning").click()
    expect(frame.get_by_label("Filter", exact=True)).to_have_value("warned=yes")
    frame.get_by_text("1 of 2 experiments").wait_for()
    frame.get_by_role("button", name="light", exact=True).wait_for()
    frame.get_by_role("button", name="1 with a warning", pressed=True).click()
    expect(frame.get_by_label("Filter", exact=True)).to_have_value("")
    assert complaints.found == []


def test_opened_groups_stay_open_until_the_table_is_grouped_otherwise(page, served, complaints):
    frame = opened(page, served, "&p.tb_share.group=p%253Ashade")
    frame.get_by_role("button", name="▸ shade light (1)").click()
    frame.get_by_role("button", name="light", exact=True).wait_for()
    page.reload()
    frame.get_by_role("button", name="▾ shade light (1)").wait_for(timeout=60_000)
    frame.get_by_role("button", name="light", exact=True).wait_for()
    expect(frame.get_by_role("button", name="dark", exact=True)).to_have_count(0)
    assert len(re.search(r"p\.tb_share\.opened=(\w+)", page.url).group(1)) <= len("zzzzzzz")
    frame.get_by_role("button", name="More").click()
    frame.get_by_role("combobox", name="Group by").select_option(label="lr")
    page.wait_for_url(lambda address: "opened" not in address)
    assert complaints.found == []


def test_a_texts_step_stays_and_the_newest_needs_no_word(page, served, complaints):
    frame = opened(page, served)
    frame.get_by_role("button", name="light", exact=True).click()
    frame.get_by_role("tab", name="Text").click()
    text = frame.get_by_role("group", name="said")
    text.filter(has_text="at 2").wait_for()
    frame.get_by_role("combobox", name="Step of said").select_option(label="step 1")
    text.filter(has_text="at 1").wait_for()
    page.reload()
    text.filter(has_text="at 1").wait_for(timeout=60_000)
    frame.get_by_role("combobox", name="Step of said").select_option(label="step 2")
    text.filter(has_text="at 2").wait_for()
    assert "p.tb_share.texts" not in page.url
    assert complaints.found == []


def test_two_images_lie_over_one_another_and_keys_move_the_line(page, served, complaints):
    frame = side_by_side(page, served, "Images")
    frame.get_by_role("button", name="Swipe", exact=True).click()
    line = frame.get_by_role("slider", name="Swipe between")
    assert line.input_value() == "50"
    assert shades(page, frame) == (0, 255)
    for _ in range(50):
        line.press("ArrowRight")
    page.wait_for_url(re.compile(r"images=[^&]*~100"))
    assert shades(page, frame) == (0, 0)
    line.press("Home")
    page.wait_for_url(re.compile(r"images=[^&]*~0"))
    assert shades(page, frame) == (255, 255)
    page.reload()
    expect(line).to_have_value("0", timeout=60_000)
    frame.get_by_role("button", name="Swipe", exact=True).click()
    expect(line).to_have_count(0)
    expect(frame.locator(".images img")).to_have_count(2)
    assert complaints.found == []


def side_by_side(page, served, tab):
    frame = opened(page, served, "&p.tb_share.sort=name")
    for name in SHADES:
        tick(frame, name)
    frame.get_by_role("button", name="Compare 2").click()
    frame.get_by_role("tab", name=tab).click()
    return frame


def shades(page, frame):
    """The grey of a pixel in the left and in the right part of what is seen."""
    for image in frame.locator(".stack img").all():
        image.evaluate("image => image.decode()")
    box = frame.locator(".stack").bounding_box()
    return tuple(_grey(page, box["x"] + box["width"] * across, box["y"] + box["height"] / 2) for across in (0.25, 0.75))


def _grey(page, x, y):
    shot = page.screenshot(clip={"x": round(x), "y": round(y), "width": 1, "height": 1})
    return Image.open(io.BytesIO(shot)).getpixel((0, 0))[0]


def test_a_chart_that_is_shown_as_a_table_is_one_again(page, served, complaints):
    for tab in ("Parallel", "Scatter"):
        frame = side_by_side(page, served, tab)
        frame.get_by_role("button", name="As table").click()
        frame.get_by_role("columnheader", name="loss").wait_for()
        page.reload()
        frame.get_by_role("button", name="As chart").wait_for(timeout=60_000)
        frame.get_by_role("columnheader", name="loss").wait_for()
    assert complaints.found == []


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_where_one_swipes(browser, served, theme, width):
    context = browser.new_context(storage_state=served.state, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{served.base}/p/looks/{theme}")
    frame = side_by_side(page, served, "Images")
    frame.get_by_role("button", name="Swipe", exact=True).click()
    frame.locator(".stack img").nth(1).wait_for()
    inside = panel_of(page)
    inside.evaluate(AXE.read_text())
    assert accessible(inside) == []
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
