"""The page that waits for TensorBoard looks again by itself, also where the address has a fragment."""

from __future__ import annotations

from tb_share.gateway import error_pages
from tests.e2e.conftest import Complaints


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
