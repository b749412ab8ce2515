"""Sign-in journeys in a browser, all over TLS, against two certified providers at once; what a bad one does is in ``tests/cases``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.certified_provider import Certified, free_port
from tests.e2e.conftest import accessible
from tests.e2e.stack.test_journeys import TAB
from tests.processes import listen, wait_for
from tests.running_serve import RunningServe, start_serve
from tests.tls import Certificates, certificates, in_front

ROOT = Path(__file__).parents[3]
LOGDIR = ROOT / "tests" / "logdirs" / "keras-orientation"
# Cookies do not tell ports apart, so each provider has a host name of its own.
HOSTS = {"work": "127.0.0.1", "club": "127.0.0.2"}
SETTINGS = """
[[provider]]
name = "{name}"
title = "{title}"
issuer = "https://{host}:{port}"
ca_file = "{ca_file}"
client_id = "tb-share"
client_secret = "the-secret-of-this-test"
groups_claim = "groups"
allowed_domains = ["good.test"]
admin_groups = ["admins"]
roles = [{{ group = "vision", project = "orient", role = "contributor" }}]
"""


@dataclass(frozen=True)
class Served:
    """The serve behind its TLS, and the address that people type."""

    running: RunningServe
    base: str
    files: Certificates


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    place = tmp_path_factory.mktemp("providers")
    ports = {name: free_port(host) for name, host in HOSTS.items()}
    files = certificates(place)
    base = f"https://127.0.0.1:{free_port('127.0.0.1')}"
    told = {"ca_file": files.authority}
    blocks = [SETTINGS.format(name=name, title=name.title(), host=host, port=ports[name], **told) for name, host in HOSTS.items()]
    (place / "tb-share.toml").write_text("".join(blocks))
    arguments = [f"--logdir=orient={LOGDIR}", "--config", str(place / "tb-share.toml"), "--public-url", base]
    running = start_serve(place / "data", arguments, sign_in_at=base)
    providers = [Certified(name, host, ports[name], base, files) for name, host in HOSTS.items()]
    with in_front(running.port, int(base.rpartition(":")[2]), files):
        yield Served(running, base, files)
    running.stop()
    for provider in providers:
        provider.stop()


@pytest.fixture
def person(browser):
    """A fresh browser, whose every page listens for what goes wrong."""
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def sign_in(page, base, provider, name, path="/"):
    page.goto(base + path)
    page.get_by_role("link", name=f"Sign in with {provider}").click()
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("anything")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(re.compile(re.escape(base)))


def me(page, base):
    return page.request.get(f"{base}/api/v1/me", headers={"Accept": "application/json"})


def roles(page, base):
    return {each["id"]: each["role"] for each in page.request.get(f"{base}/api/v1/projects").json()["projects"]}


def test_A01_a_deep_link_leads_through_the_provider_and_back(served, person):
    wanted = "/p/orient/?smoothing=0.5"
    sign_in(person, served.base, "Work", "ann+vision", f"{wanted}#tb_share&p.tb_share.filter=resnet")
    assert person.url.startswith(served.base + wanted)
    shown = person.frame_locator(TAB).get_by_label("Filter", exact=True)
    expect(shown).to_have_value("resnet", timeout=60_000)
    assert me(person, served.base).json()["name"] == "Ann"
    assert roles(person, served.base) == {"orient": "contributor"}
    cookies = {each["name"] for each in person.context.cookies(served.base)}
    assert {name for name in cookies if "tb_share" in name} == {"__Host-tb_share"}


def test_B31_two_providers_at_once_are_two_people(served, browser):
    contexts = [browser.new_context(ignore_https_errors=True) for _ in HOSTS]
    pages = [context.new_page() for context in contexts]
    sign_in(pages[0], served.base, "Work", "bob+admins")
    sign_in(pages[1], served.base, "Club", "bob")
    assert [roles(page, served.base) for page in pages] == [{"orient": "owner"}, {}]
    for context in contexts:
        context.close()


def test_C14_signing_out_here_ends_it_there(served, person):
    sign_in(person, served.base, "Work", "cora+vision")
    person.goto(f"{served.base}/projects/orient")
    person.get_by_role("button", name="Sign out").click()
    person.get_by_role("button", name=re.compile("yes", re.IGNORECASE)).click()
    person.wait_for_url(f"{served.base}/login*")
    assert me(person, served.base).status == 401
    person.get_by_role("link", name="Sign in with Work").click()
    person.locator("input[name=login]").wait_for()


def test_C16_signing_out_there_ends_it_here(served, browser):
    here, there = browser.new_context(ignore_https_errors=True), None
    page = here.new_page()
    sign_in(page, served.base, "Work", "dora+vision")
    assert me(page, served.base).status == 200
    there = here.new_page()
    issuer = re.search(r'issuer = "(https://127\.0\.0\.1:\d+)"', (served.running.data.parent / "tb-share.toml").read_text())[1]
    there.goto(f"{issuer}/session/end")
    there.get_by_role("button", name=re.compile("yes", re.IGNORECASE)).click()
    wait_for(lambda: me(page, served.base).status == 401, 15)
    here.close()


def test_A10_saying_no_over_there_is_a_page_here(served, person):
    person.goto(served.base)
    person.get_by_role("link", name="Sign in with Club").click()
    person.locator("input[name=login]").wait_for()
    person.get_by_role("link", name=re.compile("Cancel")).click()
    person.get_by_role("heading", name="You are not signed in").wait_for()
    assert me(person, served.base).status == 401


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_signing_in(served, browser, scheme):
    context = browser.new_context(ignore_https_errors=True, color_scheme=scheme, viewport={"width": 390, "height": 800}, bypass_csp=True)
    page = context.new_page()
    for path in ("/login?next=/p/orient/", "/login/callback/work?error=access_denied"):
        page.goto(served.base + path)
        page.get_by_role("heading").first.wait_for()
        assert accessible(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_J13_a_command_line_is_let_in_by_whoever_signed_in_with_a_provider(served, person, tmp_path):
    environment = {**os.environ, "TB_SHARE_CONFIG_DIR": str(tmp_path)}
    command = [sys.executable, "-u", "-m", "tb_share.cli.main"]
    believed = ["--ca-file", str(served.files.authority)]
    with subprocess.Popen(
        [*command, "login", served.base, "--name", "the laptop", *believed],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as process:
        listener = listen(process, process.stdout, re.compile(r"[B-Z]{4}-[B-Z]{4}"))
        code = listener.wait(30)
        assert code is not None, listener.said
        sign_in(person, served.base, "Work", "eve+vision", "/device")
        person.get_by_label("The code that the program shows").fill(code.group(0))
        person.get_by_role("button", name="Continue").click()
        person.get_by_text("the laptop").wait_for()
        person.get_by_role("button", name="Let it in").click()
        person.get_by_text("It is in.").wait_for()
        assert process.wait(timeout=60) == 0
        listener.close()
    who = subprocess.run(
        [*command, "whoami", served.base, *believed], capture_output=True, text=True, env=environment, timeout=60, check=True
    )
    assert who.stdout.splitlines() == [f"Eve at {served.base}", "  orient: contributor"]
