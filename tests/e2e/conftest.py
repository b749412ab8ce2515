"""Chromium, driven by Playwright; a serve over keras-orientation and in front of a stock TensorBoard on it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.processes import wait_for
from tests.running_serve import serving
from tests.stock_tensorboard import stock_tensorboard

LOGDIR = Path(__file__).parents[1] / "logdirs" / "keras-orientation"
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    """Which Chromium is driven."""
    path = os.environ.get("TB_SHARE_CHROMIUM") or shutil.which("chromium")
    assert path, "install Chromium, or name it with TB_SHARE_CHROMIUM"
    return path


@dataclass
class Complaints:
    """What a page's console and network complained of."""

    found: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> Page:
        page.on("console", lambda said: self._add(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._add(str(error)))
        page.on("response", lambda answer: self._add(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
        return page

    def _add(self, text: str) -> None:
        self.found.append(text)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def stock():
    with stock_tensorboard(LOGDIR) as address:
        yield address


@pytest.fixture(scope="session")
def serve(tmp_path_factory, stock):
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=orient={LOGDIR}", f"--upstream=theirs={stock}"]) as running:
        yield running


@pytest.fixture(scope="session")
def signed_in(browser, serve):
    return signed_in_state(browser, serve)


def signed_in_state(browser, serve):
    """Sign the owner in by pressing the button behind the printed address, as a person does; the browser's cookies.

    TensorBoard has started for each project by then: whichever test comes first meets no page that says that it starts.
    """
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(serve.sign_in_url)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("open TensorBoard").first.wait_for()
    projects = page.evaluate("[...document.querySelectorAll('a[href*=\"/p/\"]')].map(link => link.href)")
    assert projects
    for address in projects:
        wait_for(lambda: context.request.get(address).status != 503)  # noqa: B023 - asked at once
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="module")
def state(browser, serve):
    """The owner's, where a module has a serve of its own."""
    return signed_in_state(browser, serve)


@pytest.fixture
def page(browser, state):
    """The owner's, where axe may look."""
    context = browser.new_context(storage_state=state, viewport={"width": 1280, "height": 900}, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def complaints():
    return Complaints()


@pytest.fixture
def owner_page(browser, signed_in, complaints):
    context = browser.new_context(storage_state=signed_in, viewport={"width": 1280, "height": 800})
    yield complaints.listen(context.new_page())
    context.close()


def accessible(frame) -> list[str]:
    """What axe finds; an empty list is what we want."""
    frame.add_script_tag(path=str(AXE)) if not frame.evaluate("() => 'axe' in window") else None
    tags = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]
    found = frame.evaluate("async (tags) => (await axe.run(document, {runOnly: tags})).violations", tags)
    return [f"{each['id']}: {[node['html'][:160] for node in each['nodes'][:3]]}" for each in found]


def tick(frame, name):
    """Tick the experiment of this name, once it is there."""
    row = frame.get_by_role("row").filter(has=frame.get_by_role("button", name=name, exact=True))
    row.get_by_role("button", name="Tick").click(timeout=60_000)


def panel_of(page):
    """The frame of the Experiments tab, to evaluate in."""
    return next(each for each in page.frames if "plugin_entry" in each.url)
