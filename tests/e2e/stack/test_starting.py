"""The page that waits for TensorBoard looks again by itself, also where the address has a fragment."""

from __future__ import annotations

import shutil

import pytest

from tb_share.gateway import error_pages
from tests.benchmarks.records import ENDLESS, head
from tests.e2e.conftest import LOGDIR, Complaints, signed_in_state
from tests.processes import wait_for
from tests.running_serve import serving


def test_a_page_that_was_opened_while_tensorboard_starts_opens_by_itself(browser, serve, signed_in):
    waits = error_pages._starting(503)
    headers = dict(waits.headers)
    asked = []

    def first_wait(route):
        if route.request.is_navigation_request() and route.request.frame.parent_frame is None:
            asked.append(route.request.url)
            if len(asked) < 3:
                route.fulfill(status=503, headers=headers, body=waits.get_data())
                return
        route.continue_()

    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()
    complaints = Complaints()
    page.on("console", lambda said: complaints._add(said.text) if "Content Security Policy" in said.text else None)
    page.route("**/p/orient/**", first_wait)
    page.goto(f"{serve.base}/p/orient/#tb_share")
    page.get_by_text("TensorBoard is starting").first.wait_for()
    page.frame_locator("iframe[src*=tb_share]").locator(".grid-body [role=row]").first.wait_for(timeout=60_000)
    assert len(asked) == 3
    assert page.url.endswith("/p/orient/#tb_share")
    assert complaints.found == []
    context.close()


@pytest.fixture
def served_without_data_server(tmp_path):
    """Logs on which TensorBoard's data server ends as soon as it reads them."""
    shutil.copytree(LOGDIR, logdir := tmp_path / "logs")
    with next(logdir.rglob("events.out.tfevents.*")).open("ab") as file:
        file.write(head(ENDLESS))
    with serving(tmp_path / "data", [f"--logdir=logs={logdir}"]) as running:
        yield running


def test_experiments_are_there_where_the_data_server_ends_again_and_again(browser, served_without_data_server):
    base = served_without_data_server.base
    context = browser.new_context(storage_state=signed_in_state(browser, served_without_data_server))
    page = context.new_page()
    frame = page.frame_locator("iframe[src*=tb_share]")
    wait_for(lambda: context.request.get(f"{base}/p/logs/data/plugin/tb_share/context").json().get("dashboards_fail"), 60)
    page.goto(f"{base}/p/logs/")
    frame.get_by_text("its data server ends again and again").wait_for(timeout=60_000)
    frame.locator(".grid-body [role=row]").nth(11).wait_for(timeout=60_000)
    frame.get_by_role("button", name="1 with a warning").wait_for()
    context.close()
