"""What people say of experiments, in a browser: tags become a column, notes are written and resolved, conflicts lose nothing, guests see none."""

from __future__ import annotations

import json
import re

import pytest

from tests.e2e.conftest import LOGDIR, accessible, signed_in_state
from tests.e2e.stack.test_journeys import experiments, inject_axe, rows_of
from tests.running_serve import serving

NAME = "resnet_small_lr1e-3_bs64_2026-11-02T11-40"
HOSTILE = "<img src=x onerror='window.top.HIT=1'> <script>window.top.HIT=1</script>"


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=orient={LOGDIR}"]) as running:
        yield running


@pytest.fixture(scope="module")
def state(browser, serve):
    return signed_in_state(browser, serve)


@pytest.fixture
def page(browser, state):
    context = browser.new_context(storage_state=state, viewport={"width": 1280, "height": 900}, bypass_csp=True)
    yield context.new_page()
    context.close()


def about(page, base, name=NAME):
    frame = experiments(page, base)
    frame.get_by_role("button", name=name, exact=True).click()
    frame.get_by_role("heading", name="Notes").wait_for()
    return frame


def test_tags_become_a_column_and_notes_are_written_and_resolved(page, serve):
    frame = about(page, serve.base)
    frame.get_by_label("Tags, separated by commas").fill("best, candidate")
    frame.get_by_label("Description").fill(HOSTILE)
    frame.get_by_role("button", name="Save").click()
    frame.get_by_label("A note").fill(f"look at epoch 7 {HOSTILE}")
    frame.get_by_role("button", name="Add").click()
    note = frame.locator(".notes li").first
    note.get_by_role("button", name="Resolve").click()
    note.get_by_text("resolved by").wait_for()
    assert HOSTILE in note.inner_text()
    inner = next(each for each in page.frames if "plugin_entry" in each.url)
    inject_axe(inner)
    assert accessible(inner) == []
    frame.get_by_role("button", name="All experiments").click()
    frame.get_by_role("searchbox").fill("candidate")
    frame.get_by_text("1 of 12 experiments").wait_for()
    frame.get_by_role("gridcell", name="best, candidate").wait_for()
    assert page.evaluate("window.HIT") is None


def test_somebody_elses_words_are_shown_and_ones_own_kept(page, serve):
    frame = about(page, serve.base, "test_2026-11-05T16-33")
    frame.get_by_label("Description").fill("mine")
    page.wait_for_url(re.compile("p.tb_share.experiment="))
    ids = page.url.partition("p.tb_share.experiment=")[2]
    answer = page.request.patch(
        f"{serve.base}/api/v1/projects/orient/experiments/{ids}",
        headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"},
        data=json.dumps({"version": 0, "description": "theirs"}),
    )
    assert answer.status == 200
    frame.get_by_role("button", name="Save").click()
    frame.locator(".conflict").get_by_text("theirs").wait_for()
    assert frame.get_by_label("Description").input_value() == "mine"
    frame.get_by_role("button", name="Save mine all the same").click()
    frame.locator(".conflict").wait_for(state="detached")
    known = page.request.get(f"{serve.base}/api/v1/projects/orient/experiments").json()["experiments"]
    assert next(each for each in known if each["experiment"] == ids)["description"] == "mine"


def test_what_is_archived_is_out_of_sight_and_can_be_brought_back(page, serve):
    frame = about(page, serve.base, "mobilenet_small_lr1e-3_bs32_2026-11-05T10-20")
    frame.get_by_role("button", name="Archive", exact=True).click()
    frame.get_by_role("button", name="Take out of the archive").wait_for()
    frame.get_by_role("button", name="All experiments").click()
    frame.get_by_text("11 experiments").wait_for()
    frame.get_by_role("button", name="Show 1 archived").click()
    frame.get_by_text("12 experiments").wait_for()
    assert rows_of(frame).count() == 12


def test_a_guest_of_a_link_is_told_nothing_of_it(browser, page, serve):
    experiments(page, serve.base)
    answer = page.request.post(
        f"{serve.base}/api/v1/projects/orient/links",
        headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"},
        data=json.dumps({"scope": {"kind": "project"}}),
    )
    context = browser.new_context()
    guest = context.new_page()
    guest.goto(answer.json()["url"])
    guest.get_by_role("button", name="Open").click()
    frame = experiments(guest, serve.base)
    frame.get_by_role("button", name=NAME, exact=True).click()
    frame.get_by_role("heading", name="Parameters").wait_for()
    assert frame.get_by_role("heading", name="Notes").count() == 0
    context.close()
