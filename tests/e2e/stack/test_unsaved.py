"""What somebody writes and has not saved, in a browser: no way of leaving, no lost answer and no lost logs take it away or ask about nothing."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from tests.e2e.conftest import LOGDIR, accessible
from tests.e2e.stack.test_journeys import TAB
from tests.e2e.stack.test_remarks import about, id_in, inner
from tests.processes import wait_for
from tests.running_serve import serving

GOING = "resnet_medium_lr3e-4_bs32_2026-11-03T10-02"
STAYING = "mobilenet_small_lr1e-3_bs32_2026-11-05T10-20"


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    return shutil.copytree(LOGDIR, tmp_path_factory.mktemp("logs") / "orient")


@pytest.fixture(scope="module")
def serve(tmp_path_factory, logs):
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=orient={logs}"]) as running:
        yield running


def lose_answers(page, method, path):
    """The server does what is asked, and nobody hears of it."""

    def lose(route):
        if route.request.method != method:
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route(re.compile(path), lose)


def closes(page):
    """Whether the tab closes without a question."""
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    for _ in range(100):
        if asked or page.is_closed():
            break
        with suppress(PlaywrightError):  # it is closed by then
            page.wait_for_timeout(100)
    assert asked == ([] if page.is_closed() else ["beforeunload"])
    return page.is_closed()


def test_a_tab_asks_before_it_closes_on_what_is_not_saved(page, serve):
    frame = about(page, serve.base, STAYING)
    frame.get_by_label("A note").press_sequentially("words")
    assert not closes(page)
    frame.get_by_label("A note").fill("")
    expect(frame.get_by_role("button", name="Add", exact=True)).to_be_disabled()
    assert closes(page)


def test_a_tab_asks_also_while_something_else_is_shown_than_what_is_being_written(page, serve):
    frame = about(page, serve.base, STAYING)
    frame.get_by_role("button", name="Describe it").click()
    frame.get_by_label("Description").press_sequentially("a thought")
    frame.get_by_role("button", name="Add tags").click()
    assert not closes(page)
    frame.get_by_role("button", name="Cancel").click()
    frame.get_by_role("button", name="All experiments").click()
    frame.get_by_role("grid").wait_for()
    assert not closes(page)
    frame.get_by_role("button", name=STAYING, exact=True).click()
    expect(frame.get_by_label("Description")).to_have_value("a thought")
    frame.get_by_role("button", name="Cancel").click()
    frame.get_by_role("button", name="All experiments").click()
    frame.get_by_role("grid").wait_for()
    assert closes(page)


@pytest.mark.parametrize("reloaded", [False, True])
def test_what_was_saved_although_no_answer_came_is_not_called_somebody_elses(page, serve, reloaded):
    frame = about(page, serve.base, STAYING)
    frame.get_by_role("button", name="tags").click()
    frame.get_by_label("Tags").fill(f"one,two ,{reloaded}")
    lose_answers(page, "PATCH", "/experiments/[^/]+$")
    frame.get_by_role("button", name="Save", exact=True).click()
    frame.get_by_role("alert").get_by_text("does not answer").wait_for()
    page.unroute_all()
    if reloaded:
        page.reload()
        frame = page.frame_locator(TAB)
        frame.get_by_role("heading", name="Notes").wait_for(timeout=60_000)
    else:
        frame.get_by_role("button", name="Save", exact=True).click()
    frame.get_by_role("button", name="Change tags").wait_for()
    expect(frame.locator(".tag")).to_have_text(["one", "two", str(reloaded)])
    expect(frame.get_by_role("alert")).to_have_count(0)
    assert closes(page)


def test_settings_that_were_saved_although_no_answer_came_are_not_called_somebody_elses(page, serve):
    page.goto(f"{serve.base}/projects/orient")
    settings = page.get_by_role("heading", name="Project settings").locator("..")
    settings.get_by_role("checkbox", name="Viewers too").check()
    lose_answers(page, "PUT", "/openness$")
    settings.get_by_role("button", name="Save").click()
    settings.get_by_role("alert").get_by_text("does not answer").wait_for()
    page.unroute_all()
    settings.get_by_role("button", name="Save").click()
    settings.get_by_text("Saved.").wait_for()
    expect(settings.get_by_role("alert")).to_have_count(0)
    assert page.request.get(f"{serve.base}/api/v1/projects/orient").json()["openness"]["viewers_comment"]


def test_a_note_that_was_added_although_no_answer_came_is_not_offered_again(page, serve):
    frame = about(page, serve.base, STAYING)
    lose_answers(page, "POST", "/notes$")
    frame.get_by_label("A note").fill("said once")
    frame.get_by_role("button", name="Add", exact=True).click()
    frame.locator(".notes").get_by_text("said once").wait_for()
    expect(frame.get_by_label("A note")).to_have_value("")


def test_what_is_written_of_an_experiment_that_goes_from_the_logs_stays_in_sight(page, serve, logs):
    frame = about(page, serve.base, GOING)
    frame.get_by_label("A note").fill("a thought of a note")
    frame.get_by_role("button", name="Describe it").click()
    frame.get_by_label("Description").fill("a thought of a description")
    for gone in logs.glob(f"**/{GOING}*"):
        shutil.rmtree(gone)
    address = f"{serve.base}/p/orient/data/plugin/tb_share/experiment?id={id_in(page)}"
    wait_for(lambda: page.request.get(address).status == 404)
    page.reload()
    frame = page.frame_locator(TAB)
    frame.get_by_text("This experiment cannot be shown").wait_for(timeout=60_000)
    expect(frame.get_by_label("Description")).to_have_value("a thought of a description")
    expect(frame.get_by_label("A note")).to_have_value("a thought of a note")
    assert accessible(inner(page)) == []
    frame.get_by_role("button", name="Add", exact=True).click()
    frame.locator(".notes").get_by_text("a thought of a note").wait_for()
