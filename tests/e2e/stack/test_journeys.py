"""What people do, in a real browser: look at experiments, share two of them, open the link without an account, be refused after revoking."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import AXE, accessible, panel_of

TAB = "iframe[src*=tb_share]"


def experiments(page, base, project="orient", theme=""):
    """Open the tab and wait for its table."""
    page.goto(f"{base}/p/{project}/{theme}#tb_share")
    frame = page.frame_locator(TAB)
    frame.get_by_role("grid").wait_for(timeout=60_000)
    return frame


def rows_of(frame):
    return frame.locator(".grid-body [role=row]")


def inject_axe(frame):
    """TensorBoard's policy refuses scripts of others, so the text is evaluated instead of loaded."""
    frame.evaluate(AXE.read_text())


def test_an_owner_shares_two_experiments_and_a_guest_sees_these_until_revoked(browser, serve, owner_page, complaints):
    frame = experiments(owner_page, serve.base)
    rows_of(frame).nth(11).wait_for()
    expect(rows_of(frame)).to_have_count(12)
    frame.get_by_label("Filter", exact=True).fill("resnet_small state=finished")
    frame.get_by_text("3 of 12 experiments").wait_for()
    names = [rows_of(frame).nth(at).locator("button.name").inner_text() for at in (0, 1)]
    for at in (0, 1):
        rows_of(frame).nth(at).get_by_role("button", name="Tick").click()
    frame.get_by_role("button", name="Share").click()
    dialog = frame.get_by_role("dialog")
    assert dialog.get_by_role("radio").first.is_checked()
    dialog.get_by_role("button", name="Make the link").click()
    url = dialog.locator(".made input").input_value()
    assert "/s/" in url

    guest = browser.new_context(viewport={"width": 390, "height": 800})
    page = guest.new_page()
    page.goto(url)
    assert "orient" not in page.content()
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile("/p/orient/"))
    assert "/s/" not in page.url
    seen = experiments(page, serve.base)
    rows_of(seen).nth(1).wait_for()
    assert sorted(rows_of(seen).nth(at).locator("button.name").inner_text() for at in range(rows_of(seen).count())) == sorted(names)
    expect(seen.get_by_role("button", name="Share")).to_have_count(0)

    dialog.get_by_role("button", name="Revoke").first.click()
    dialog.get_by_text("revoked").first.wait_for()
    seen.get_by_text("This link has ended").wait_for(timeout=10_000)
    guest.close()
    assert complaints.found == []


def test_opening_an_experiment_shows_its_parameters_and_back_works(serve, owner_page, complaints):
    frame = experiments(owner_page, serve.base)
    frame.get_by_role("button", name="resnet_small_lr1e-3_bs64_2026-11-02T11-40").click()
    frame.get_by_role("heading", name="Parameters").wait_for()
    expect(frame.get_by_role("row", name="batch_size 64")).to_have_count(1)
    href = frame.get_by_role("link", name="Open in Time Series").get_attribute("href")
    owner_page.go_back()
    frame.get_by_role("grid").wait_for()
    owner_page.goto(href)
    owner_page.get_by_text("resnet_small_lr1e-3_bs64_2026-11-02T11-40/train").first.wait_for(timeout=30_000)
    expect(owner_page.get_by_text("resnet_small_lr3e-3")).to_have_count(0)
    assert complaints.found == []


def test_sorting_and_keys_work_without_a_mouse(serve, owner_page):
    frame = experiments(owner_page, serve.base)
    frame.get_by_role("columnheader", name="Duration").click()
    assert frame.get_by_role("columnheader", name="Duration").get_attribute("aria-sort") == "ascending"
    grid = frame.get_by_role("grid")
    grid.focus()
    for key in ("ArrowDown", "ArrowDown", " ", "End", "Home"):
        grid.press(key)
    frame.get_by_text("1 ticked").wait_for()
    expect(frame.locator(".cell.active")).to_have_count(1)
    grid.press("/")
    assert frame.get_by_label("Filter", exact=True).evaluate("(field) => field === document.activeElement")
    frame.get_by_label("Filter", exact=True).fill("nothing<1")
    frame.get_by_text("There is no column").wait_for()


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
def test_axe_finds_nothing_in_the_tab(serve, owner_page, theme):
    frame = experiments(owner_page, serve.base, theme=theme)
    rows_of(frame).nth(5).wait_for()
    inside = panel_of(owner_page)
    inject_axe(inside)
    assert accessible(inside) == []
    frame.get_by_role("button", name="Share").click()
    frame.get_by_role("dialog").wait_for()
    assert accessible(inside) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/projects/orient", "/login", "/nothing"])
def test_axe_finds_nothing_on_our_own_pages(browser, serve, signed_in, scheme, path):
    serve.command("link", "create", "--project", "orient", "--label", "for the review of Thursday")
    context = browser.new_context(
        storage_state=None if path == "/login" else signed_in,
        color_scheme=scheme,
        viewport={"width": 390, "height": 800},
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(serve.base + path)
    page.get_by_role("heading").first.wait_for()
    if path == "/projects/orient":
        page.get_by_role("button", name="Revoke").first.wait_for()
    assert accessible(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
def test_dashboards_of_an_upstream_work_without_a_complaint(serve, owner_page, complaints, theme):
    page = owner_page
    for tab in ("timeseries", "scalars", "images", "graphs", "distributions", "histograms", "text", "pr_curves", "hparams", "tb_share"):
        page.goto("about:blank")
        with page.expect_response(re.compile("/data/runs")):
            page.goto(f"{serve.base}/p/theirs/{theme}#{tab}")
        page.wait_for_load_state("networkidle")
    assert complaints.found == []


def test_an_upstream_is_shared_whole_from_its_experiments_tab(browser, serve, owner_page, complaints):
    frame = experiments(owner_page, serve.base, "theirs")
    rows_of(frame).nth(11).wait_for()
    rows_of(frame).first.get_by_role("button", name="Tick").click()
    frame.get_by_role("button", name="Share").click()
    dialog = frame.get_by_role("dialog")
    dialog.get_by_text("is run by somebody else, so only all of it can be shared").wait_for()
    dialog.get_by_role("button", name="Make the link").click()
    url = dialog.locator(".made input").input_value()
    guest = browser.new_context()
    page = complaints.listen(guest.new_page())
    page.goto(url)
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile("/p/theirs/"))
    seen = page.frame_locator(TAB)
    rows_of(seen).nth(11).wait_for(timeout=60_000)
    expect(seen.get_by_role("button", name="Share")).to_have_count(0)
    expect(seen.get_by_text("Sharing needs tb-share serve in front.")).to_have_count(0)
    guest.close()
    assert complaints.found == []


def test_signing_out_ends_it(browser, serve):
    address = serve.command("member", "add", "out@x.org", "--project", "orient").strip()
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Address or code").wait_for()
    page.goto(f"{serve.base}/projects/orient")
    assert "/login" in page.url
    context.close()


def test_the_tab_works_in_a_plain_tensorboard_and_says_what_sharing_needs(browser, stock, complaints):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = complaints.listen(context.new_page())
    page.goto(f"{stock}/#tb_share")
    frame = page.frame_locator(TAB)
    rows_of(frame).nth(11).wait_for(timeout=60_000)
    expect(rows_of(frame)).to_have_count(12)
    frame.get_by_text("Sharing needs tb-share serve in front.").wait_for()
    rows_of(frame).nth(0).get_by_role("button", name="Tick").click()
    frame.get_by_text("1 ticked").wait_for()
    for name in ("Share", "Views", "Star", "Tag 1", "Archive 1"):
        expect(frame.get_by_role("button", name=name, exact=True)).to_have_count(0)
    rows_of(frame).nth(0).locator("button.name").click()
    frame.get_by_role("heading", name="Parameters").wait_for()
    for name in ("Share", "Views", "Star", "Give it a name", "Archive", "Describe it"):
        expect(frame.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(frame.get_by_role("heading", name="Notes")).to_have_count(0)
    assert complaints.found == []
    context.close()
