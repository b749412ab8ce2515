"""A GitHub that misbehaves on demand: each way ends without a session, or without the right that it pretends."""

from __future__ import annotations

import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.cases.A_B_C_providers.conftest import Club, is_in, projects_of
from tests.cases.C_D_H_I_L_M_people.conftest import LOGDIRS
from tests.running_serve import start_serve

SETTINGS = """
[proxy]
trusted_peers = ["127.0.0.1"]
[[provider]]
name = "github"
preset = "github"
issuer = "{issuer}"
client_id = "tb-share"
client_secret = "a-secret"
allowed_groups = ["Good-Org"]
admin_groups = ["good-org/platform"]
vouches_for = ["good.test"]
roles = [{{ group = "good-org/Vision", project = "priv1", role = "contributor" }}]
[[provider]]
name = "domain"
preset = "github"
issuer = "{other}"
client_id = "tb-share"
client_secret = "a-secret"
allowed_domains = ["good.test"]
"""
TOKEN = {"access_token": "gho_1", "token_type": "bearer", "scope": "read:org,read:user,user:email"}
EMAILS = [
    {"email": "old@elsewhere.test", "primary": False, "verified": True},
    {"email": "alice@good.test", "primary": True, "verified": True},
]
ORG = {"state": "active", "organization": {"login": "Good-Org"}}
TEAM = {"slug": "vision", "organization": {"login": "Good-Org"}}


class FakeGitHub:
    """Answers by path; a test changes what it says."""

    def __init__(self) -> None:
        self.behave()
        self.hits: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def behave(self) -> None:
        """Good again."""
        self.answers: dict[str, Any] = {
            "/login/oauth/access_token": TOKEN,
            "/api/v3/user": {"id": 7, "login": "alice", "name": "Alice"},
            "/api/v3/user/emails": EMAILS,
            "/api/v3/user/memberships/orgs": [ORG],
            "/api/v3/user/teams": [TEAM],
        }

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake.hits.append(self.path)
                fake.headers.append(dict(self.headers))
                path, _, query = self.path.partition("?")
                self._say(fake.answers.get(path, (404, {}, b"")), dict(urllib.parse.parse_qsl(query)))

            def do_POST(self) -> None:
                fake.forms.append(dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())))
                self._say(fake.answers[self.path], {})

            def _say(self, answer: Any, query: dict[str, str]) -> None:
                made = answer(query) if callable(answer) else answer
                status, headers, body = made if isinstance(made, tuple) else (200, {}, json.dumps(made).encode())
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Nothing."""

        return Handler


class GitHubClub(Club):
    """People who go to GitHub and back."""

    def begin(self, browser, provider="github", next_path=""):
        answer = browser.get(f"/login/with/{provider}")
        assert answer.status == 303, answer.body
        assert answer.headers["Location"].startswith(f"{self.rogue.issuer}/login/oauth/authorize?")
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["Location"]).query))

    def come_back(self, browser, asked, provider="github", **more):
        query = urllib.parse.urlencode({"code": "code-1", "state": asked["state"], **more})
        return browser.ask("GET", f"/login/callback/{provider}?{query}", headers={"Sec-Fetch-Site": "cross-site", "Accept": "text/html"})

    def sign_in(self, browser=None, provider="github"):
        browser = browser or self.somebody()
        return browser, self.come_back(browser, self.begin(browser, provider), provider)


@pytest.fixture(scope="module")
def serve_and_fake(tmp_path_factory):
    place = tmp_path_factory.mktemp("github")
    fake = FakeGitHub()
    (place / "tb-share.toml").write_text(SETTINGS.format(issuer=fake.issuer, other=f"{fake.issuer}/"))
    running = start_serve(place / "data", [f"--logdir=priv1={LOGDIRS / 'keras-orientation'}", "--config", str(place / "tb-share.toml")])
    yield GitHubClub(running, fake, fake)
    running.stop()
    fake.close()


@pytest.fixture
def club(serve_and_fake):
    serve_and_fake.rogue.hits.clear()
    serve_and_fake.rogue.forms.clear()
    return serve_and_fake


def test_a_member_of_the_team_comes_in_with_its_role(club):
    browser, answer = club.sign_in()
    assert answer.status == 303, answer.body
    assert json.loads(browser.get("/api/v1/me").body) == {"name": "Alice", "is_admin": False}
    assert projects_of(browser) == {"priv1": "contributor"}
    (form,) = club.rogue.forms
    assert form["code"] == "code-1"
    assert len(form["code_verifier"]) >= 43
    assert form["redirect_uri"].endswith("/login/callback/github")
    assert club.rogue.headers[-1]["Authorization"] == "Bearer gho_1"


def test_scopes_and_pkce_are_asked_for(club):
    asked = club.begin(club.somebody())
    assert asked["scope"].split() == ["read:user", "user:email", "read:org"]
    assert asked["code_challenge_method"] == "S256"
    assert "read:org" not in club.begin(club.somebody(), "domain")["scope"]


def test_somebody_is_the_number_and_not_the_name(club):
    browser, _ = club.sign_in()
    first = browser.get("/api/v1/sessions")
    club.rogue.answers["/api/v3/user"] = {"id": 8, "login": "alice", "name": "Alice"}
    other, answer = club.sign_in()
    assert answer.status == 303
    assert len(json.loads(first.body)["sessions"]) >= 1
    assert len(json.loads(other.get("/api/v1/sessions").body)["sessions"]) == 1


def test_an_administrators_team_makes_administrators_until_it_does_not(club):
    club.rogue.answers["/api/v3/user"] = {"id": 9, "login": "root", "name": None}
    club.rogue.answers["/api/v3/user/teams"] = [TEAM, {"slug": "Platform", "organization": {"login": "good-org"}}]
    browser, _ = club.sign_in()
    assert json.loads(browser.get("/api/v1/me").body) == {"name": "root", "is_admin": True}
    club.rogue.answers["/api/v3/user/teams"] = [TEAM]
    again, _ = club.sign_in()
    assert json.loads(again.get("/api/v1/me").body)["is_admin"] is False
    assert json.loads(browser.get("/api/v1/me").body)["is_admin"] is False


def page_of(many):
    return lambda query: many[(int(query["page"]) - 1) * 100 : int(query["page"]) * 100]


def test_all_pages_are_read_up_to_a_bound(club):
    others = [{"slug": f"t{number}", "organization": {"login": "good-org"}} for number in range(150)]
    club.rogue.answers["/api/v3/user/teams"] = page_of([*others, TEAM])
    browser, _ = club.sign_in()
    assert projects_of(browser) == {"priv1": "contributor"}
    club.rogue.answers["/api/v3/user/teams"] = page_of(others * 10)
    assert not is_in(club.sign_in()[0])


BAD_TOKENS = [
    {"error": "bad_verification_code", "error_description": "The code passed is incorrect or expired."},
    {**TOKEN, "access_token": ""},
    {**TOKEN, "access_token": 7},
    {**TOKEN, "access_token": "gho_1\r\nX: y"},
    {**TOKEN, "token_type": "mac"},
    {**TOKEN, "scope": "read:user,user:email"},
    {**TOKEN, "scope": None},
    {**TOKEN, "scope": "not-read:org-at-all"},
    [],
    (200, {}, b"access_token=gho_1&scope=read%3Aorg&token_type=bearer"),
    (302, {"Location": "/api/v3/user"}, b""),
    (500, {}, b"{}"),
    (200, {}, b" " * 600_000 + b"{}"),
]


@pytest.mark.parametrize("answer", BAD_TOKENS, ids=range(len(BAD_TOKENS)))
def test_a_bad_token_answer_lets_nobody_in(club, answer):
    club.rogue.answers["/login/oauth/access_token"] = answer
    browser, said = club.sign_in()
    assert said.status in (403, 502)
    assert not is_in(browser)


BAD_ACCOUNTS = [
    {"login": "alice"},
    {"id": "7"},
    {"id": 7.0},
    {"id": True},
    {"id": -1},
    {"id": None},
    [],
    (401, {}, b'{"message": "Bad credentials"}'),
    (200, {}, b"not json"),
    (301, {"Location": "/api/v3/user/emails"}, b""),
]


@pytest.mark.parametrize("answer", BAD_ACCOUNTS, ids=range(len(BAD_ACCOUNTS)))
def test_an_account_without_a_number_lets_nobody_in(club, answer):
    club.rogue.answers["/api/v3/user"] = answer
    browser, said = club.sign_in()
    assert said.status in (403, 502)
    assert not is_in(browser)


BAD_MEMBERSHIPS = [
    [],
    [{**ORG, "state": "pending"}],
    [{"state": "active", "organization": {"login": "good-org-2"}}],
    [{"state": "active", "organization": {"login": ["good-org"]}}],
    [{"state": "active", "organization": "good-org"}],
    ["good-org"],
    {"0": ORG},
]


@pytest.mark.parametrize("answer", BAD_MEMBERSHIPS, ids=range(len(BAD_MEMBERSHIPS)))
def test_whoever_is_in_no_such_organisation_stays_out_whatever_their_teams(club, answer):
    club.rogue.answers["/api/v3/user"] = {"id": 100, "login": "mallory"}
    club.rogue.answers["/api/v3/user/memberships/orgs"] = answer
    browser, said = club.sign_in()
    assert said.status in (403, 502)
    assert not is_in(browser)


BAD_ADDRESSES = [
    [],
    [{"email": "eve@good.test", "primary": True, "verified": False}],
    [{"email": "eve@good.test", "primary": True, "verified": "true"}],
    [{"email": "eve@good.test", "primary": True}],
    [{"email": "eve@good.test", "primary": False, "verified": True}],
    [{"email": "eve@good.test", "primary": 1, "verified": True}],
    [{"email": "eve@good.test", "primary": True, "verified": True}, {"email": "b@x.test", "primary": True, "verified": True}],
    [{"email": "eve@good.test@evil.test", "primary": True, "verified": True}],
    [{"email": ["eve@good.test"], "primary": True, "verified": True}],
    {"email": "eve@good.test", "primary": True, "verified": True},
]


@pytest.mark.parametrize("answer", BAD_ADDRESSES, ids=range(len(BAD_ADDRESSES)))
def test_only_the_verified_primary_address_counts(club, answer):
    club.rogue.answers["/api/v3/user"] = {"id": 200, "login": "eve"}
    club.rogue.answers["/api/v3/user/emails"] = answer
    browser, said = club.sign_in(provider="domain")
    assert said.status in (403, 502)
    assert not is_in(browser)


def test_the_verified_primary_address_of_the_domain_is_enough_where_the_rule_says_so(club):
    browser, answer = club.sign_in(provider="domain")
    assert answer.status == 303
    assert is_in(browser)


@pytest.mark.parametrize("more", [{"state": "x" * 43}, {"code": ""}, {"error": "access_denied"}, {"iss": "https://evil.test"}])
def test_a_return_that_is_not_ours_asks_github_nothing(club, more):
    browser = club.somebody()
    answer = club.come_back(browser, club.begin(browser), **more)
    assert answer.status == 403
    assert not is_in(browser)
    assert club.rogue.forms == []


def test_a_return_works_once_and_in_its_own_browser(club):
    browser = club.somebody()
    asked = club.begin(browser)
    assert club.come_back(club.somebody(), asked).status == 403
    assert club.come_back(browser, asked, provider="domain").status == 403
    assert club.come_back(browser, asked).status == 303
    assert club.come_back(browser, asked).status == 403


def test_nobody_signs_others_out_in_githubs_name(club):
    answer = club.somebody().post("/login/backchannel/github", b"logout_token=x")
    assert answer.status == 404
