"""An experiment's own page: tabs for what there is and for nothing else, images by step, texts, and the way to TensorBoard's own tabs."""

from __future__ import annotations

import re
import urllib.parse

import pytest

from tests.e2e.conftest import accessible, panel_of
from tests.e2e.stack.test_journeys import TAB, experiments, inject_axe

FULL = "resnet_medium_lr1e-3_bs32_dense64_aug_final_2026-11-06T08-50"
PLAIN = "resnet_medium_lr3e-4_bs32_2026-11-03T10-02"


def opened(page, base, name=FULL, theme=""):
    frame = experiments(page, base, theme=theme)
    frame.get_by_label("Filter", exact=True).fill(name)
    frame.get_by_role("button", name=name, exact=True).click()
    frame.get_by_role("tab", name="Overview").wait_for()
    return frame


def tabs_of(frame):
    return frame.get_by_role("tab").all_inner_texts()


def decoded(image):
    """The width of a picture, once the browser has it; none for one that it cannot show."""
    image.wait_for()
    return image.evaluate("async image => { await image.decode(); return image.naturalWidth }")


def test_there_is_a_tab_for_what_was_logged_and_for_nothing_else(serve, owner_page, complaints):
    frame = opened(owner_page, serve.base)
    frame.get_by_role("tab", name="Text").wait_for()
    assert tabs_of(frame) == ["Overview", "Charts", "Images", "Text"]
    frame.get_by_role("link", name="Histograms").wait_for()
    frame.get_by_role("button", name="← All experiments").click()
    frame.get_by_label("Filter", exact=True).fill("")
    with owner_page.expect_response(lambda answer: "/media?" in answer.url):
        frame.get_by_role("button", name=PLAIN, exact=True).click()
    frame.get_by_role("tab", name="Charts").wait_for()
    assert "Text" not in tabs_of(frame)
    assert complaints.found == []


def test_one_slider_moves_all_images_and_the_address_restores_them(serve, owner_page, complaints):
    frame = opened(owner_page, serve.base)
    frame.get_by_role("tab", name="Images").click()
    matrix = frame.get_by_role("img", name="validation/confusion_matrix at step 19")
    assert decoded(matrix) > 16
    assert decoded(frame.get_by_role("img", name="examples at step 0")) > 16
    slider = frame.get_by_role("slider", name="Step")
    slider.press("Home")
    frame.get_by_text("The first is at step 4.").first.wait_for()
    slider.press("ArrowRight")
    frame.get_by_role("img", name="validation/confusion_matrix at step 4").wait_for()
    frame.get_by_label("Show").select_option("validation/roc_curve")
    frame.get_by_role("img", name="examples at step").wait_for(state="detached")
    slider.press("Home")
    frame.get_by_role("img", name="validation/roc_curve at step 4").wait_for()
    owner_page.wait_for_url(re.compile("p.tb_share.page=images&p.tb_share.images=4"))
    owner_page.reload()
    again = owner_page.frame_locator(TAB)
    assert decoded(again.get_by_role("img", name="validation/roc_curve at step 4")) > 16
    owner_page.go_back()
    again.get_by_role("heading", name="Parameters").wait_for()
    assert complaints.found == []


def test_texts_stand_as_they_were_logged(serve, owner_page, complaints):
    frame = opened(owner_page, serve.base)
    frame.get_by_role("tab", name="Text").click()
    for label in ("config", "model_summary", "notes"):
        frame.get_by_role("heading", name=label, exact=True).wait_for()
    assert len(frame.get_by_role("group", name="notes").inner_text()) > 20
    assert complaints.found == []


def test_keys_choose_tabs_but_not_while_somebody_types(serve, owner_page):
    frame = opened(owner_page, serve.base)
    frame.get_by_role("tab", name="Text").wait_for()
    frame.get_by_role("tab", name="Overview").press("3")
    frame.get_by_role("slider", name="Step").wait_for()
    frame.get_by_role("tab", name="Images").press("ArrowLeft")
    assert frame.get_by_role("tab", name="Charts").evaluate("tab => tab === document.activeElement")
    field = frame.get_by_role("searchbox", name="Charts")
    field.press("1")
    assert field.input_value() == "1"
    assert frame.get_by_role("tab", name="Charts").get_attribute("aria-selected") == "true"


def test_a_link_leads_to_tensorboards_histograms_of_these_runs_alone(serve, owner_page):
    frame = opened(owner_page, serve.base)
    href = frame.get_by_role("link", name="Histograms").get_attribute("href")
    assert re.escape(FULL).replace("\\-", "-") in urllib.parse.unquote(href)
    owner_page.goto("about:blank")
    owner_page.goto(href)
    owner_page.get_by_text("block1_conv1").first.wait_for(timeout=30_000)


def test_what_cannot_be_read_is_said(serve, owner_page):
    owner_page.route("**/tb_share/media?*", lambda route: route.fulfill(status=503, json={"error": {"message": "The logs are away."}}))
    frame = opened(owner_page, serve.base)
    frame.get_by_text("Images and texts cannot be shown: The logs are away.").wait_for()
    owner_page.unroute("**/tb_share/media?*")
    owner_page.route("**/tb_share/image?*", lambda route: route.abort())
    owner_page.reload()
    frame.get_by_role("tab", name="Images").click()
    frame.get_by_text("This image cannot be shown.").first.wait_for()


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_any_tab(browser, serve, signed_in, theme, width):
    context = browser.new_context(storage_state=signed_in, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    frame = opened(page, serve.base, theme=theme)
    inner = panel_of(page)
    inject_axe(inner)
    for name, there in (("Images", ".image img"), ("Text", "pre.text"), ("Overview", "table.plain")):
        frame.get_by_role("tab", name=name).click()
        frame.locator(there).first.wait_for()
        assert accessible(inner) == []
        assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
