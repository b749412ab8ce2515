"""Saved views and links to what is shown: each restores exactly it, for whoever it is meant for."""

from __future__ import annotations

import json
import os
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOGDIR, accessible, panel_of
from tests.e2e.stack.test_journeys import experiments, inject_axe, rows_of
from tests.running_serve import serving

TAB = "iframe[src*=tb_share]"
NAMES = ["resnet_small_lr1e-3_bs64_2026-11-02T11-40", "resnet_small_lr3e-3_bs32_2026-11-02T11-04"]
NAMED = "mobilenet_small_lr1e-3_bs32_2026-11-05T10-20"
"""That one test names, in the same project."""
HOSTILE = "<img src=x onerror='window.top.HIT=1'>"


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=orient={LOGDIR}"]) as running:
        yield running


@pytest.fixture
def somebody(browser, serve, state):
    """A browser of its own: the owner's, a guest's, or a member's who joins."""
    contexts = []

    def opening(*, email="", role="viewer", **options):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True, **options)
        contexts.append(context)
        page = context.new_page()
        if email:
            page.goto(serve.command("member", "add", email, "--project", "orient", "--role", role).strip())
            page.get_by_role("button", name="Sign in").click()
            page.get_by_text("open TensorBoard").first.wait_for()
        return page

    yield opening
    for context in contexts:
        context.close()


@pytest.fixture
def page(somebody, state):
    return somebody(storage_state=state)


def comparing(page, base):
    frame = experiments(page, base)
    for name in NAMES:
        rows_of(frame).filter(has_text=name).get_by_role("button", name="Tick").click()
    frame.get_by_role("button", name="Compare 2").click()
    frame.get_by_role("heading", name="2 experiments side by side").wait_for()
    return frame


def save(frame, name, *, shared=False):
    frame.get_by_role("button", name="Views").click()
    dialog = frame.get_by_role("dialog", name="Views")
    dialog.get_by_label("Name", exact=True).fill(name)
    if shared:
        dialog.get_by_role("checkbox", name="For the whole project").check()
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("listitem").filter(has_text=name).get_by_text("shown now").wait_for()
    return dialog


def part_of(page):
    """The panel's part of the address."""
    return sorted(part for part in page.url.partition("#")[2].split("&") if part.startswith("p.tb_share."))


def test_a_view_is_opened_renamed_shared_deleted_and_brought_back(serve, page, somebody):
    frame = comparing(page, serve.base)
    save(frame, "Mine")
    saved = part_of(page)
    page.go_back()
    frame.get_by_role("grid").wait_for()
    frame.get_by_role("button", name="Views").click()
    dialog = frame.get_by_role("dialog", name="Views")
    dialog.get_by_role("button", name="Mine", exact=True).click()
    frame.get_by_role("heading", name="2 experiments side by side").wait_for()
    assert part_of(page) == saved
    frame.get_by_role("button", name="Views").click()
    dialog.get_by_role("button", name="Rename").click()
    dialog.get_by_label("Name of the view").fill("Ours")
    dialog.get_by_label("Name of the view").press("Enter")
    dialog.get_by_role("button", name="Ours", exact=True).wait_for()

    other = somebody(email="carl@good.test", role="contributor")
    seen = experiments(other, serve.base)
    seen.get_by_role("button", name="Views").click()
    seen.get_by_text("None yet. Save what you see now, below.").wait_for()
    expect(seen.get_by_role("button", name="Ours", exact=True)).to_have_count(0)
    dialog.get_by_role("button", name="For the whole project").click()
    dialog.get_by_role("button", name="Only for me").wait_for()
    other.keyboard.press("Escape")
    seen.get_by_role("button", name="Views").click()
    seen.get_by_role("button", name="Ours", exact=True).wait_for()

    dialog.get_by_role("button", name="Delete").click()
    frame.get_by_text("Deleted the view “Ours”.").wait_for()
    dialog.get_by_role("button", name="Ours", exact=True).wait_for(state="detached")
    frame.get_by_role("button", name="Undo").click()
    frame.get_by_text("Undone.").wait_for()
    frame.get_by_role("button", name="Views").click()
    dialog.get_by_role("button", name="Ours", exact=True).wait_for()


@pytest.mark.parametrize("what", ["2 chosen experiments", "whole project"])
def test_a_link_opens_exactly_the_comparison_that_was_shared(serve, page, somebody, what):
    frame = comparing(page, serve.base)
    shared = part_of(page)
    guest = somebody()
    guest.goto(link_from(frame, what))
    guest.get_by_role("button", name="Open").click()
    seen = guest.frame_locator(TAB)
    seen.get_by_role("heading", name="2 experiments side by side").wait_for(timeout=60_000)
    assert part_of(guest) == shared
    for name in NAMES:
        seen.get_by_text(name).first.wait_for()
    expect(seen.get_by_role("button", name="Views")).to_have_count(0)
    expect(seen.get_by_role("button", name="Share")).to_have_count(0)
    guest.goto("about:blank")
    everything = experiments(guest, serve.base)
    everything.get_by_text("2 experiments" if what.startswith("2") else "12 experiments", exact=True).wait_for()


def test_a_link_opens_exactly_the_experiment_that_was_shared_and_no_other(serve, page, somebody):
    frame = experiments(page, serve.base)
    frame.get_by_role("button", name=NAMES[0], exact=True).click()
    frame.get_by_role("heading", name=NAMES[0]).wait_for()
    shared = part_of(page)
    guest = somebody()
    guest.goto(link_from(frame, "1 chosen experiment"))
    guest.get_by_role("button", name="Open").click()
    seen = guest.frame_locator(TAB)
    seen.get_by_role("heading", name=NAMES[0]).wait_for(timeout=60_000)
    assert part_of(guest) == shared
    seen.get_by_role("button", name="All experiments").click()
    seen.get_by_text("1 experiment", exact=True).wait_for()


@pytest.mark.parametrize("text", ["tag:best", "Wunderwerk", "starred=yes"])
@pytest.mark.parametrize("what", ["the 1 experiment that the filter shows now", "whole project"])
def test_a_link_made_while_a_filter_asks_for_what_people_said_opens_with_rows(serve, page, somebody, text, what):
    frame = experiments(page, serve.base)
    frame.get_by_role("button", name=NAMED, exact=True).or_(frame.get_by_role("button", name="Wunderwerk", exact=True)).click()
    frame.get_by_role("heading", name="Notes").wait_for()
    experiment = re.search(r"p\.tb_share\.experiment=([^&]*)", page.url)[1]
    asked = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
    at = f"{serve.base}/api/v1/projects/orient/experiments/{experiment}"
    said = {"version": 0, "tags": ["best"], "display_name": "Wunderwerk"}
    assert page.request.patch(at, headers=asked, data=json.dumps(said)).status in {200, 409}
    assert page.request.put(f"{at}/star", headers=asked).ok
    page.goto("about:blank")
    page.goto(f"{serve.base}/p/orient/#tb_share&p.tb_share.filter={text}&p.tb_share.sort=-state")
    frame.get_by_text("1 of 12 experiments").wait_for(timeout=60_000)
    guest = somebody()
    guest.goto(link_from(frame, what))
    guest.get_by_role("button", name="Open").click()
    guest.frame_locator(TAB).get_by_text("1 experiment" if "filter" in what else "12 experiments", exact=True).wait_for(timeout=60_000)
    assert part_of(guest) == ["p.tb_share.sort=-state"]


def test_a_link_to_very_many_that_are_ticked_is_made(serve, page):
    frame = experiments(page, serve.base)
    page.goto("about:blank")
    page.goto(f"{serve.base}/p/orient/#tb_share&p.tb_share.ticked={'%2C'.join(f'{at:016x}' for at in range(600))}")
    assert "/s/" in link_from(frame, "600 chosen experiments")


def link_from(frame, what):
    frame.get_by_role("button", name="Share").click()
    dialog = frame.get_by_role("dialog", name="Share")
    dialog.get_by_text("It opens with the view that you see now.").wait_for()
    dialog.get_by_role("radio", name=what).check()
    dialog.get_by_role("button", name="Make the link").click()
    return dialog.locator(".made input").input_value()


def test_what_no_visitor_of_a_link_may_is_refused_by_the_server_too(serve, page, somebody):
    experiments(page, serve.base)
    asked = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
    api = f"{serve.base}/api/v1/projects/orient"
    link = page.request.post(f"{api}/links", headers=asked, data=json.dumps({"scope": {"kind": "project"}})).json()["url"]
    guest = somebody()
    guest.goto(link)
    guest.get_by_role("button", name="Open").click()
    guest.wait_for_url(re.compile("/p/orient/"))
    assert not guest.request.get(f"{api}/views").ok
    assert not guest.request.post(f"{api}/views", headers=asked, data=json.dumps({"name": "x", "state": {}})).ok
    note = f"{api}/experiments/x/notes"
    assert not guest.request.post(note, headers=asked, data=json.dumps({"text": "x"})).ok


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_in_the_views_and_nothing_is_wider_than_the_page(serve, state, somebody, scheme, width):
    page = somebody(storage_state=state, color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    frame = experiments(page, serve.base, theme="?darkMode=true" if scheme == "dark" else "")
    frame.get_by_role("button", name=NAMES[0], exact=True).click()
    frame.get_by_role("heading", name="Notes").wait_for()
    save(frame, f"For me, {scheme} {width}")
    save_again(frame, f"For all {'of us ' * 12}{scheme} {width}")
    inside = panel_of(page)
    inject_axe(inside)
    assert inside.evaluate("document.documentElement.dataset.theme") == scheme
    assert accessible(inside) == []
    assert inside.evaluate("document.documentElement.scrollWidth") <= width
    if os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{os.environ['SCREENSHOTS']}/views-{scheme}-{width}.png")
        page.keyboard.press("Escape")
        page.screenshot(path=f"{os.environ['SCREENSHOTS']}/tools-{scheme}-{width}.png")


def save_again(frame, name):
    dialog = frame.get_by_role("dialog", name="Views")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_role("checkbox", name="For the whole project").check()
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("listitem").filter(has_text=name).wait_for()


# The last one: from here on the project opens with something else than the table.
def test_filter_order_and_ticks_stand_in_the_address_and_in_a_view(serve, page, somebody, state):
    frame = experiments(page, serve.base)
    frame.get_by_label("Filter", exact=True).fill('not resnet_large status in [finished,failed] "resnet_small"')
    frame.get_by_role("columnheader", name="Duration").click()
    frame.get_by_role("columnheader", name="Duration").click()
    rows_of(frame).first.get_by_role("button", name="Tick").click()
    said = frame.locator("output").first.inner_text()
    assert "1 ticked" in said
    order = rows_of(frame).all_inner_texts()
    assert 0 < len(order) < 12
    second = somebody(storage_state=state)
    second.goto(page.url)
    there = second.frame_locator("iframe[src*=tb_share]")
    there.get_by_role("columnheader", name="Duration").wait_for(timeout=60_000)
    assert there.get_by_role("columnheader", name="Duration").get_attribute("aria-sort") == "descending"
    assert there.locator("output").first.inner_text() == said
    assert rows_of(there).all_inner_texts() == order


def test_the_filter_offers_columns_and_values_and_says_what_is_wrong(serve, page):
    frame = experiments(page, serve.base)
    field = frame.get_by_label("Filter", exact=True)
    offered = frame.locator("#filter-goes-on option")
    field.fill("state=fin")
    assert [each.get_attribute("value") for each in offered.all()] == ["state=finished"]
    field.fill("stat")
    assert "State=" in [each.get_attribute("value") for each in offered.all()]
    before = len(rows_of(frame).all())
    field.fill("duration in [1")
    frame.get_by_text("with a bracket").wait_for()
    assert len(rows_of(frame).all()) == before


def test_a_project_opens_with_its_default_for_everybody_and_back_leaves_it(serve, page, somebody):
    frame = comparing(page, serve.base)
    dialog = save(frame, f"The two {HOSTILE}", shared=True)
    saved = part_of(page)
    dialog.get_by_role("listitem").filter(has_text="The two").get_by_role("button", name="Open the project with it").click()
    dialog.get_by_text("the project opens with it").wait_for()
    dialog.get_by_role("button", name="All experiments, as they come").click()
    frame.get_by_role("grid").wait_for()
    assert part_of(page) == []
    page.go_back()
    frame.get_by_role("heading", name="2 experiments side by side").wait_for()

    viewer = somebody(email="vic@good.test")
    viewer.goto(f"{serve.base}/p/orient/#tb_share")
    seen = viewer.frame_locator(TAB)
    seen.get_by_role("heading", name="2 experiments side by side").wait_for(timeout=60_000)
    assert part_of(viewer) == saved
    seen.get_by_role("button", name="Views").click()
    theirs = seen.get_by_role("dialog", name="Views")
    theirs.get_by_text("Contributors and owners save views for the whole project.").wait_for()
    expect(theirs.get_by_role("listitem").filter(has_text="The two").get_by_role("button")).to_have_count(1)
    viewer.goto("about:blank")
    viewer.goto(f"{serve.base}/p/orient/#tb_share&p.tb_share.experiment={saved[0].partition('=')[2].split('%2C')[0]}")
    seen.get_by_role("heading", name=NAMES[0]).wait_for(timeout=60_000)
    assert viewer.evaluate("window.HIT") is None
