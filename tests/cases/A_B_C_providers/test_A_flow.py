"""Group A: there and back. The same journeys with a certified provider and a browser are in ``tests/e2e``."""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.parse

import pytest

from tests.cases.A_B_C_providers.conftest import PROJECT, is_in, projects_of
from tests.processes import wait_for
from tests.running_serve import Browser


def test_A01_whoever_wanted_a_page_gets_it(club):
    browser = club.somebody()
    wanted = f"/p/{PROJECT}/?smoothing=0.5&x=a%2Fb"
    club.rogue.behave(claims={"sub": "a01", "groups": ["vision"]})
    away = browser.ask("GET", wanted, headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
    assert away.headers["Location"].startswith("/login?next=")
    page = browser.ask("GET", away.headers["Location"], headers={"Accept": "text/html"}).body.decode()
    assert "Sign in with Rogue" in page
    assert "Sign in with Other" in page
    assert f"/login/with/rogue?next={urllib.parse.quote(wanted)}".replace("&", "&amp;") in page
    back = club.come_back(browser, club.begin(browser, next_path=wanted))
    assert (back.status, back.headers["Location"]) == (303, wanted)
    lines = back.headers.get_all("Set-Cookie")
    assert [line.partition("=")[0] for line in lines if "Max-Age=0" not in line] == ["tb_share"]
    assert browser.get(f"/api/v1/projects/{PROJECT}").status == 200


def test_A02_A14_what_is_asked_of_the_provider(club):
    browser = club.somebody()
    evil = "&scope=admin&prompt=none&redirect_uri=https://evil.test&client_id=x&state=fixed&nonce=fixed"
    answer = browser.get(f"/login/with/rogue?next=/{evil}")
    where = urllib.parse.urlsplit(answer.headers["Location"])
    asked = urllib.parse.parse_qs(where.query)
    assert f"{where.scheme}://{where.netloc}" == club.rogue.issuer
    assert all(len(values) == 1 for values in asked.values())
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["redirect_uri"] == [f"{club.running.base}/login/callback/rogue"]
    assert "openid" in asked["scope"][0].split()
    assert set(asked) == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "response_mode", "code_challenge", "code_challenge_method",
    }  # fmt: skip
    assert "evil" not in answer.headers["Location"]
    again = urllib.parse.parse_qs(urllib.parse.urlsplit(browser.get("/login/with/rogue").headers["Location"]).query)
    for name in ("state", "nonce", "code_challenge"):
        assert len(base64.urlsafe_b64decode(asked[name][0] + "==")) >= 16
        assert asked[name] != again[name]
    assert set(map(len, (asked["state"][0], asked["nonce"][0]))) == {43}


def test_A02_the_code_is_redeemed_with_the_verifier_and_never_with_the_secret_in_the_form(club):
    browser = club.somebody()
    asked = club.begin(browser)
    assert club.come_back(browser, asked).status == 303
    form = club.rogue.forms[-1]
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
    assert "client_secret" not in form


def test_A04_another_state_is_refused_and_nothing_is_sent(club):
    browser = club.somebody()
    asked = club.begin(browser)
    before = len(club.rogue.forms)
    for state in ("", "x", asked["state"][:-1], asked["state"] + "x", "a" * 2000, asked["state"].swapcase()):
        assert club.come_back(browser, {"state": state}).status == 403
    assert not is_in(browser)
    assert len(club.rogue.forms) == before


def test_A05_an_answer_that_was_begun_elsewhere_signs_nobody_in(club):
    attacker, victim = club.somebody(), club.somebody()
    asked = club.begin(attacker)
    club.begin(victim)
    assert club.come_back(victim, asked).status == 403
    assert not is_in(victim)


def test_A07_a_code_of_another_sign_in_is_refused(club):
    attacker, victim = club.somebody(), club.somebody()
    asked = club.begin(victim)
    club.begin(attacker)  # the provider's token will be for this nonce
    assert club.come_back(victim, asked).status == 403
    assert not is_in(victim)


def test_A08_two_tabs_finish_in_any_order(club):
    browser = club.somebody()
    first = club.begin(browser, next_path=f"/p/{PROJECT}/?tab=1")
    second = club.begin(browser, next_path=f"/p/{PROJECT}/?tab=2")
    assert club.come_back(browser, second).headers["Location"] == f"/p/{PROJECT}/?tab=2"
    club.rogue.nonce = first["nonce"]
    assert club.come_back(browser, first).headers["Location"] == f"/p/{PROJECT}/?tab=1"
    assert is_in(browser)


def test_A08_many_tabs_do_not_fill_the_browser(club):
    browser = club.somebody()
    for _ in range(30):
        club.begin(browser)
        browser.cookies = {name: value for name, value in browser.cookies.items() if value}
        assert len(browser.cookies) <= 6
    assert club.come_back(browser, club.begin(browser)).status == 303


def test_A08_one_answer_counts_once(club):
    browser = club.somebody()
    asked = club.begin(browser)
    assert club.come_back(browser, asked).status == 303
    again = Browser(club.running.port, {name: value for name, value in browser.cookies.items() if name != "tb_share"})
    assert club.come_back(again, asked).status == 403


@pytest.mark.parametrize("error", ["access_denied", "server_error", "<script>alert(1)</script>", "x" * 3000])
def test_A10_A13_a_refusal_over_there_is_a_page_here(club, error):
    browser = club.somebody()
    asked = club.begin(browser)
    answer = club.come_back(browser, asked, code=None, error=error, error_description="<script>alert(1)</script>" * 5)
    assert answer.status in (400, 403, 414)
    assert b"<script>alert" not in answer.body
    assert not is_in(browser)
    assert club.come_back(browser, asked, code=None, error="x", error_description="y" * 100_000).status in (400, 414)


@pytest.mark.parametrize("name", ["code", "state", "iss"])
def test_A11_nothing_comes_twice(club, name):
    browser = club.somebody()
    asked = club.begin(browser)
    said = {"code": "code-1", "state": asked["state"], "iss": club.rogue.issuer}
    query = urllib.parse.urlencode([*said.items(), (name, said[name])])
    assert browser.get(f"/login/callback/rogue?{query}").status == 403
    assert not is_in(browser)


def test_A16_our_address_is_the_configured_one(club):
    browser = club.somebody()
    assert browser.ask("GET", "/login/with/rogue", headers={"Host": "evil.test"}).status == 400
    answer = browser.ask("GET", "/login/with/rogue", headers={"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https"})
    assert b"evil" not in answer.whole
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)
    assert asked["redirect_uri"] == [f"{club.running.base}/login/callback/rogue"]


def test_A17_a_program_is_told_401_and_goes_nowhere(club):
    answer = club.somebody().ask("GET", f"/p/{PROJECT}/data/runs", headers={"Sec-Fetch-Mode": "cors"})
    assert answer.status == 401
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_A19_whoever_no_rule_admits_gets_no_account(club):
    club.rogue.behave(claims={"sub": "a19", "email": "x@elsewhere.test"})
    browser, answer = club.sign_in()
    assert answer.status == 403
    assert b"invite" in answer.body
    assert b"elsewhere" not in answer.whole
    assert not is_in(browser)
    # Who runs the server finds the reason under the request's id, without the address.
    request = answer.headers["X-Request-Id"]
    logged = wait_for(lambda: next((line for line in club.running.printed if request in line), None))
    assert "no rule admits an address of elsewhere.test" in json.loads(logged)["refused"]
    assert "x@elsewhere" not in logged
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(club.running.data / "tb-share.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM identity WHERE subject = 'a19'").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM account WHERE email = 'x@elsewhere.test'").fetchone() == (0,)
        written = database.execute(
            "SELECT action, target, result FROM audit WHERE request_id = ?", (answer.headers["X-Request-Id"],)
        ).fetchall()
    assert written == [("sign_in", "provider:rogue", "refused")]


def test_A19_a_domain_counts_only_when_the_address_was_checked(club):
    for verified in (False, "true", None):
        club.rogue.behave(claims={"sub": "a19-2", "email_verified": verified})
        assert club.sign_in()[1].status == 403


def test_a_role_that_people_gave_stays_without_any_rule(club):
    club.rogue.behave(claims={"sub": "stays"})
    browser, _ = club.sign_in()
    (user,) = _ids(club, "stays")
    with _database(club) as database:
        (uid,) = database.execute("SELECT uid FROM project WHERE id = ?", (PROJECT,)).fetchone()
        database.execute("INSERT INTO membership VALUES (?, ?, 'viewer', '2026-01-01 00:00:00')", (uid, user))
        database.commit()
    club.rogue.behave(claims={"sub": "stays", "email": "now@elsewhere.test"})
    assert club.sign_in(browser)[1].status == 303
    assert projects_of(browser) == {PROJECT: "viewer"}


def test_a_disabled_account_is_not_let_in_by_its_provider(club):
    club.rogue.behave(claims={"sub": "disabled"})
    browser, _ = club.sign_in()
    (user,) = _ids(club, "disabled")
    with _database(club) as database:
        database.execute("UPDATE account SET disabled_at = '2026-01-01 00:00:00' WHERE id = ?", (user,))
        database.commit()
    assert not is_in(browser)
    assert club.sign_in()[1].status == 403


def _database(club):
    import sqlite3
    from contextlib import closing

    return closing(sqlite3.connect(club.running.data / "tb-share.sqlite3", timeout=10))


def _ids(club, subject):
    with _database(club) as database:
        return database.execute("SELECT user_id FROM identity WHERE subject = ?", (subject,)).fetchone()
