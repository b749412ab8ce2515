"""A real serve with two misbehaving providers, and people who go there and back."""

from __future__ import annotations

import itertools
import json
import time
import urllib.parse
from dataclasses import dataclass

import pytest

from tests.cases.A_B_C_providers.rogue import CLIENT, SECRET, Rogue
from tests.cases.C_D_H_I_L_M_people.conftest import LOGDIRS
from tests.running_serve import Answer, Browser, RunningServe, start_serve

PROJECT = "priv1"
SETTINGS = """
[proxy]
trusted_peers = ["127.0.0.1"]
[[provider]]
name = "rogue"
issuer = "{rogue}"
client_id = "{client}"
client_secret = "{secret}"
title = "Rogue"
groups_claim = "groups"
allowed_domains = ["good.test"]
admin_groups = ["admins"]
vouches_for = ["good.test"]
roles = [{{ group = "vision", project = "priv1", role = "contributor" }}]
[[provider]]
name = "other"
issuer = "{other}"
client_id = "{client}"
client_secret = "{secret}"
title = "Other"
allowed_domains = ["good.test"]
"""
_addresses = itertools.count(1)


@dataclass
class Club:
    """The serve and its two providers."""

    running: RunningServe
    rogue: Rogue
    other: Rogue

    def somebody(self) -> Browser:
        """A fresh browser at an address of its own: failures are counted by address."""
        number = next(_addresses)
        browser = Browser(self.running.port)
        plain = browser.ask
        address = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        browser.ask = lambda method, target, body=None, headers=None, **more: plain(
            method, target, body, {**address, **(headers or {})}, **more
        )  # type: ignore[method-assign]
        return browser

    def begin(self, browser: Browser, provider: str = "rogue", next_path: str = "") -> dict[str, str]:
        """Go to the provider; what was asked of it."""
        query = f"?next={urllib.parse.quote(next_path, safe='')}" if next_path else ""
        answer = browser.get(f"/login/with/{provider}{query}")
        assert answer.status == 303, answer.body
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["Location"]).query))
        getattr(self, provider).nonce = asked["nonce"]
        return asked

    def come_back(self, browser: Browser, asked: dict[str, str], provider: str = "rogue", **more: str | None) -> Answer:
        said = {"code": "code-1", "state": asked["state"], "iss": getattr(self, provider).issuer, **more}
        query = urllib.parse.urlencode({name: value for name, value in said.items() if value is not None})
        return browser.ask("GET", f"/login/callback/{provider}?{query}", headers={"Sec-Fetch-Site": "cross-site", "Accept": "text/html"})

    def sign_in(self, browser: Browser | None = None, provider: str = "rogue") -> tuple[Browser, Answer]:
        """There and back."""
        browser = browser or self.somebody()
        return browser, self.come_back(browser, self.begin(browser, provider), provider)


def is_in(browser: Browser) -> bool:
    return browser.get("/api/v1/me").status == 200


def projects_of(browser: Browser) -> dict[str, str]:
    return {each["id"]: each["role"] for each in json.loads(browser.get("/api/v1/projects").body)["projects"]}


@pytest.fixture(scope="module")
def club(tmp_path_factory):
    place = tmp_path_factory.mktemp("club")
    rogue, other = Rogue(), Rogue()
    config = place / "tb-share.toml"
    config.write_text(SETTINGS.format(rogue=rogue.issuer, other=other.issuer, client=CLIENT, secret=SECRET))
    arguments = [f"--logdir={PROJECT}={LOGDIRS / 'tensorboardx'}", "--config", str(config)]
    running = start_serve(place / "data", arguments)
    try:
        yield Club(running, rogue, other)
    finally:
        running.stop()
        rogue.close()
        other.close()


@pytest.fixture(autouse=True)
def good_again(club):
    club.rogue.behave()
    club.other.behave()
    yield
    club.rogue.behave()


def soon(seconds: float) -> int:
    return int(time.time() + seconds)
