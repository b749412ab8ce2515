"""What owners, members and administrators do in the portal, in a real browser."""

from __future__ import annotations

import json
import os
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import accessible


def invited(owner_page, base, email, role):
    """Invite through the page; the address to send."""
    owner_page.goto(f"{base}/projects/orient")
    bar = owner_page.get_by_role("form", name="Invite somebody")
    bar.get_by_label("E-mail address").fill(email)
    bar.get_by_label("Role").select_option(role)
    bar.get_by_role("button", name="Invite").click()
    field = owner_page.locator(".made input")
    field.wait_for()
    owner_page.get_by_text(f"{email} as {role}").wait_for()
    return field.input_value()


def test_an_owner_invites_raises_and_removes_somebody(browser, serve, owner_page, complaints):
    url = invited(owner_page, serve.base, "ann@good.test", "viewer")
    guest = browser.new_context()
    page = guest.new_page()
    page.goto(url)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("You are viewer.").wait_for()
    expect(page.get_by_role("heading", name="Share links")).to_have_count(0)
    owner_page.reload()
    with owner_page.expect_response(re.compile("/members/")):
        owner_page.get_by_label("Role of ann@good.test").select_option("contributor")
    page.reload()
    page.get_by_role("heading", name="Share links").wait_for()
    owner_page.once("dialog", lambda dialog: dialog.accept())
    owner_page.get_by_role("row", name="ann@good.test").get_by_role("button", name="Remove").click()
    owner_page.get_by_role("row", name="ann@good.test").wait_for(state="detached")
    page.reload()
    page.get_by_text("There is nothing here, or nothing you may see.").wait_for()
    guest.close()
    assert complaints.found == []


def test_a_link_with_a_passcode_and_a_qr_code(browser, serve, owner_page, complaints):
    owner_page.goto(f"{serve.base}/projects/orient")
    owner_page.get_by_role("button", name="Share").click()
    dialog = owner_page.get_by_role("dialog")
    dialog.get_by_label("Passcode").fill("open sesame")
    dialog.get_by_role("button", name="Make the link").click()
    url = dialog.locator(".made input").input_value()
    dialog.get_by_role("button", name="QR code").click()
    dialog.get_by_role("img", name="QR code of the address").wait_for()
    assert dialog.locator("svg.qr path").get_attribute("d").startswith("M")
    guest = browser.new_context(java_script_enabled=False)
    page = guest.new_page()
    page.goto(url)
    page.get_by_label("Passcode").fill("wrong one")
    page.get_by_role("button", name="Open").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Passcode").fill("open sesame")
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile("/p/orient/"))
    guest.close()
    assert complaints.found == []


def test_a_token_is_made_shown_once_and_revoked(serve, owner_page, complaints):
    owner_page.goto(f"{serve.base}/account")
    form = owner_page.get_by_role("form", name="New token")
    form.get_by_label("What it is for").fill("nightly report")
    form.get_by_role("button", name="Make a token").click()
    secret = owner_page.locator(".made input").input_value()
    assert secret.startswith("tbs_")
    answer = serve.browser().get("/api/v1/projects/orient", Authorization=f"Bearer {secret}")
    assert json.loads(answer.body)["id"] == "orient"
    owner_page.get_by_role("row", name="nightly report").get_by_role("button", name="Revoke").click()
    owner_page.get_by_role("row", name="nightly report").get_by_text("ended").wait_for()
    assert serve.browser().get("/api/v1/projects/orient", Authorization=f"Bearer {secret}").status == 401
    owner_page.reload()
    owner_page.get_by_role("row", name="nightly report").wait_for()
    assert secret not in owner_page.content()
    assert complaints.found == []


def test_the_log_is_filtered_and_paged(serve, owner_page, complaints):
    serve.command("link", "create", "--project", "orient")
    owner_page.goto(f"{serve.base}/projects/orient/audit")
    form = owner_page.get_by_role("form", name="Filter")
    form.get_by_label("Did").fill("link.create")
    form.get_by_role("button", name="Filter").click()
    owner_page.get_by_role("row", name="link.create").first.wait_for()
    expect(owner_page.get_by_role("row", name="member.invite")).to_have_count(0)
    form.get_by_label("Did").fill("nothing")
    form.get_by_role("button", name="Filter").click()
    owner_page.get_by_text("Nothing fits.").wait_for()
    assert complaints.found == []


def settings_of(page, base):
    page.goto(f"{base}/projects/orient")
    return page.get_by_role("heading", name="Project settings").locator("..")


def test_two_owners_who_change_the_settings_at_once_overrule_each_other_only_knowingly(serve, owner_page, complaints):
    later = owner_page.context.new_page()
    one, other = settings_of(owner_page, serve.base), settings_of(later, serve.base)
    usual = "Links live, usually (days)"
    one.get_by_label(usual).fill("2")
    other.get_by_role("checkbox", name="Viewers too").check()
    for each in (one, other):
        each.get_by_role("button", name="Save").click()
        each.get_by_text("Saved.").wait_for()
    assert other.get_by_label(usual).input_value() == "2", "what another saved of something else holds"
    one.get_by_label(usual).fill("3")
    other.get_by_label(usual).fill("4")
    with owner_page.expect_response(re.compile("/openness$")):
        one.get_by_role("button", name="Save").click()
    other.get_by_role("button", name="Save").click()
    other.get_by_role("alert").get_by_text("Links live, usually: 3 days.").wait_for()
    assert other.get_by_label(usual).input_value() == "4"
    other.get_by_role("button", name="Save mine over theirs").click()
    other.get_by_text("Saved.").wait_for()
    one.get_by_label(usual).fill("5")
    one.get_by_role("button", name="Save").click()
    one.get_by_role("button", name="Keep theirs").click()
    assert one.get_by_label(usual).input_value() == "4"
    one.get_by_role("checkbox", name="Viewers too").uncheck()
    one.get_by_label(usual).fill("")
    one.get_by_role("button", name="Save").click()
    one.get_by_text("Saved.").wait_for()
    later.close()
    complaints.found[:] = [each for each in complaints.found if "409" not in each]
    assert complaints.found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("path", "landmark"),
    [
        ("/projects/orient", "Project settings"),
        ("/projects/orient/audit", "What was done in orient"),
        ("/account", "API tokens"),
        ("/device", "Let a program in"),
        ("/workspace", "Settings in force"),
    ],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(browser, serve, signed_in, scheme, width, path, landmark):
    context = browser.new_context(storage_state=signed_in, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(serve.base + path)
    page.get_by_role("heading", name=landmark).wait_for()
    page.wait_for_load_state("networkidle")
    assert accessible(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{os.environ['SCREENSHOTS']}/{path.strip('/').replace('/', '-')}-{scheme}-{width}.png", full_page=True)
    context.close()
