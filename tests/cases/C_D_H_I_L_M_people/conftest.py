"""A real serve of two projects with people of every role in the first, and none of them in the second but N."""

from __future__ import annotations

import json
import shutil
import sqlite3
import urllib.parse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.processes import wait_for
from tests.running_serve import Answer, Browser, RunningServe, start_serve

LOGDIRS = Path(__file__).parents[2] / "logdirs"
PRIVATE, OTHER = "priv1", "priv2"
CANARY = b"resnet"
"""Stands in the name of every run of PRIVATE and of no other."""
LINKS = f"/api/v1/projects/{PRIVATE}/links"
MEMBERS = f"/api/v1/projects/{PRIVATE}/members"
WHOLE = {"scope": {"kind": "project"}}


@dataclass
class Team:
    """The serve and its people's browsers: ADM administrator, O owner, C contributor, V viewer, N of another project, A anybody."""

    running: RunningServe
    browsers: dict[str, Browser] = field(default_factory=dict)
    logs: Path = LOGDIRS / "keras-orientation"

    def __getitem__(self, actor: str) -> Browser:
        return self.browsers[actor]

    def invitation(self, email: str, role: str = "viewer", project: str = PRIVATE) -> str:
        return self.running.command("member", "add", email, "--project", project, "--role", role).strip()

    def member(self, email: str, role: str = "viewer", project: str = PRIVATE) -> Browser:
        """A fresh browser of somebody new."""
        browser = self.running.browser()
        assert browser.use(self.invitation(email, role, project)).status == 303
        return browser

    def link(self, by: str = "O", project: str = PRIVATE, **wishes: object) -> dict[str, object]:
        """A link made over REST, with ``url`` and ``id``."""
        body = json.dumps({**WHOLE, **wishes}).encode()
        answer = self[by].post(f"/api/v1/projects/{project}/links", body, "application/json")
        assert answer.status == 201, answer.body
        made = json.loads(answer.body)
        return {"url": made["url"], **made["link"]}

    def visitor(self, url: object) -> Browser:
        """A fresh browser that opened a link."""
        browser = self.running.browser()
        assert browser.use(str(url)).status == 303
        return browser

    def state(self) -> tuple[object, ...]:
        """All that requests could have changed: links, members, invitations."""
        return tuple(self["ADM"].get(target).body for target in (LINKS, MEMBERS))

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """The serve's own database, for what only time or an administrator's hand changes."""
        with closing(sqlite3.connect(self.running.data / "tb-share.sqlite3", timeout=10)) as connection, connection:
            yield connection


def path_of(url: object) -> str:
    return urllib.parse.urlsplit(str(url)).path


def denied(answer: Answer) -> bool:
    """Oracle DENY: a refusal or the way to sign in, and no name of a run anywhere."""
    to_login = answer.status in (302, 303) and answer.headers["Location"].startswith("/login")
    return (answer.status in (400, 401, 403, 404, 405, 415) or to_login) and CANARY not in answer.whole


def loaded(browser: Browser, project: str = PRIVATE) -> None:
    """Wait until the project's runs are there."""
    wait_for(lambda: (answer := browser.get(f"/p/{project}/data/runs")).status == 200 and len(json.loads(answer.body)) > 0)


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """One for each file: tries that fail are counted by address, and each file makes its own."""
    place = tmp_path_factory.mktemp("team")
    shutil.copytree(LOGDIRS / "keras-orientation", place / "logs")
    arguments = [f"--logdir={PRIVATE}={place / 'logs'}", f"--logdir={OTHER}={LOGDIRS / 'tensorboardx'}"]
    running = start_serve(place / "data", arguments)
    try:
        team = Team(running, {"A": running.browser(), "ADM": running.owner()}, place / "logs")
        for actor, role, project in (
            ("O", "owner", PRIVATE),
            ("C", "contributor", PRIVATE),
            ("V", "viewer", PRIVATE),
            ("N", "viewer", OTHER),
        ):
            team.browsers[actor] = team.member(f"{actor.lower()}@good.test", role, project)
        loaded(team["V"])
        yield team
    finally:
        running.stop()
