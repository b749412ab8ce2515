"""L08 in a browser: a script in a page of TensorBoard, on the origin of its own, has no part in the portal of who is signed in."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.certified_provider import free_port
from tests.e2e.conftest import LOGDIR, signed_in_state
from tests.running_serve import start_serve

AS_A_SCRIPT = """async ([main, wish]) => {
  const tried = {};
  const attempts = {
    read: () => fetch(main + "/api/v1/me", { credentials: "include" }).then((answer) => answer.text()),
    blind: () => fetch(main + wish.path, { method: "POST", mode: "no-cors", credentials: "include", body: wish.body }).then(() => "sent"),
    write: () =>
      fetch(main + wish.path, {
        method: "POST", credentials: "include", body: wish.body, headers: { "Content-Type": "application/json" },
      }).then((answer) => answer.text()),
    here: () => fetch("/api/v1/me").then((answer) => String(answer.status)),
  };
  for (const [name, attempt] of Object.entries(attempts)) tried[name] = await attempt().catch((error) => "refused: " + error.name);
  tried.frame = await new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.src = main + "/projects/orient";
    frame.onload = () => {
      try { resolve(frame.contentDocument ? frame.contentDocument.body.innerText : "closed"); } catch (error) { resolve("closed"); }
    };
    document.body.append(frame);
  });
  return tried;
}"""


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    port = free_port("127.0.0.1")
    origins = ["--public-url", f"http://127.0.0.1:{port}", "--content-url", f"http://localhost:{port}"]
    started = start_serve(tmp_path_factory.mktemp("data"), [f"--logdir=orient={LOGDIR}", "--port", str(port), *origins])
    yield started
    started.stop()


@pytest.fixture(scope="module")
def state(browser, running):
    return signed_in_state(browser, running)


def test_L08_a_script_in_tensorboards_pages_cannot_act_in_the_portal(browser, running, state):
    # Without the policy of TensorBoard's own pages, which would stop most of it before our own rules have to.
    context = browser.new_context(storage_state=state, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{running.base}/p/orient/")
    page.frame_locator("iframe[src*=tb_share]").locator("body")
    page.get_by_text("Time Series").first.wait_for(timeout=60_000)
    assert page.url.startswith(f"http://localhost:{running.port}/p/orient/")
    before = context.request.get(f"{running.base}/api/v1/projects/orient/links").json()
    wish = {"path": "/api/v1/projects/orient/links", "body": json.dumps({"scope": {"kind": "project"}})}
    tried = page.evaluate(AS_A_SCRIPT, [running.base, wish])
    assert tried["read"].startswith("refused")
    assert tried["write"].startswith("refused")
    assert tried["here"] == "404"
    assert "Members" not in tried["frame"]
    assert context.request.get(f"{running.base}/api/v1/projects/orient/links").json() == before
    assert page.evaluate("document.cookie") == ""
    context.close()


def test_the_experiments_tab_leads_to_the_projects_page(browser, running, state):
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    page.goto(f"{running.base}/p/orient/#tb_share")
    tab = page.frame_locator("iframe[src*=tb_share]")
    tab.locator(".grid-body [role=row]").first.wait_for(timeout=60_000)
    expect(tab.get_by_role("button", name="Share")).to_have_count(0)
    tab.get_by_role("link", name="Share on the project").click()
    page.wait_for_url(f"{running.base}/projects/orient")
    page.get_by_role("button", name="Share").first.wait_for()
    context.close()


def posted(context, running, what, wish):
    """What the portal's own page would make."""
    answer = context.request.post(f"{running.base}/api/v1/projects/orient/{what}", data=wish, headers={"Origin": running.base})
    assert answer.status == 201, answer.text()
    return answer.json()


def opens(context, url, button):
    """Press the button behind an address; the page of TensorBoard that it ends in."""
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name=button).click()
    page.get_by_text("Time Series").first.wait_for(timeout=60_000)
    return page


def test_a_share_link_opens_on_the_other_origin(browser, running, state):
    owner = browser.new_context(storage_state=state)
    made = posted(owner, running, "links", {"scope": {"kind": "project"}, "max_uses": 1})
    guest = browser.new_context()
    page = opens(guest, made["url"], "Open")
    assert page.url.startswith(f"http://localhost:{running.port}/p/orient/")
    guest.close()
    owner.close()


def test_signing_in_by_a_one_time_address_leads_to_the_page_that_was_wanted(browser, running, state):
    owner = browser.new_context(storage_state=state)
    wish = {"email": "second@good.test", "role": "viewer"}
    made = posted(owner, running, "invitations", wish)
    guest = browser.new_context()
    page = guest.new_page()
    page.goto(made["url"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{running.base}/projects/orient")
    page.get_by_role("link", name="Open TensorBoard").click()
    page.get_by_text("Time Series").first.wait_for(timeout=60_000)
    assert page.url.startswith(f"http://localhost:{running.port}/p/orient/")
    guest.close()
    owner.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_signing_in_leads_back_over_both_origins_to_all_that_the_address_says(browser, running, state, host):
    owner = browser.new_context(storage_state=state)
    made = posted(owner, running, "invitations", {"email": f"back-to-{host}@good.test", "role": "viewer"})
    guest = browser.new_context()
    page = guest.new_page()
    page.goto(f"http://{host}:{running.port}/p/orient/#tb_share&p.tb_share.filter=resnet")
    page.get_by_label("Address or code").fill(made["url"])
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Sign in").click()
    shown = page.frame_locator("iframe[src*=tb_share]").get_by_label("Filter", exact=True)
    expect(shown).to_have_value("resnet", timeout=60_000)
    assert page.url.startswith(f"http://localhost:{running.port}/p/orient/")
    guest.close()
    owner.close()
