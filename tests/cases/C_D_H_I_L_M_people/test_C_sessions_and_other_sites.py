"""Group C: sessions, signing out, and pages of other sites, through the front door."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from werkzeug import Response

from tb_share.gateway import cookies
from tb_share.settings import Settings
from tests.cases.C_D_H_I_L_M_people.conftest import LINKS, PRIVATE, WHOLE, denied, path_of
from tests.running_serve import Browser

ME = "/api/v1/me"
RUNS = f"/p/{PRIVATE}/data/runs"
JSON = {"Content-Type": "application/json"}


def with_cookie(team, value, name="tb_share"):
    return Browser(team.running.port, {name: value})


def test_C01_a_planted_session_stays_nobodys(team):
    invitation = team.invitation("c01@good.test")
    victim = with_cookie(team, "planted-by-somebody")
    assert victim.use(invitation).status == 303
    assert victim.cookies["tb_share"] != "planted-by-somebody"
    assert victim.get(ME).status == 200
    assert with_cookie(team, "planted-by-somebody").get(ME).status == 401


def test_C01_C02_signing_in_again_makes_another_session_and_ends_the_one_before(team):
    person = team.member("c02@good.test")
    before = person.cookies["tb_share"]
    assert person.use(team.invitation("c02-again@good.test")).status == 303
    assert person.cookies["tb_share"] != before
    assert with_cookie(team, before).get(ME).status == 401


def test_C04_flags_of_the_session_cookie(team):
    browser = team.running.browser()
    line = browser.use(team.invitation("c04@good.test")).headers["Set-Cookie"]
    flags = {part.strip().lower() for part in line.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert "domain" not in line.lower()


def test_C04_over_https_the_name_says_that_it_is_ours_alone():
    response = Response()
    settings = Settings(public_url="https://tb.example.org")
    cookies.set_session(response, settings, "s")
    cookies.set_link(response, settings, "l", "a", 60)
    session, link = (SimpleCookie(line) for line in response.headers.getlist("Set-Cookie"))
    assert set(session) == {"__Host-tb_share"}
    assert set(link) == {"__Secure-tb_share_link"}
    for morsel in (session["__Host-tb_share"], link["__Secure-tb_share_link"]):
        assert morsel["secure"]
        assert morsel["httponly"]
        assert not morsel["domain"]
    assert session["__Host-tb_share"]["path"] == "/"
    assert link["__Secure-tb_share_link"]["path"] == "/p/a"


def test_C05_altered_cookies_are_nobody_and_never_a_failure(team):
    good = team["V"].cookies["tb_share"]
    half = len(good) // 2
    for value in (
        good[:-2],
        good[1:],
        good[half:] + good[:half],
        good + "A" * 8,
        good.swapcase(),
        "",
        "x" * 7000,
        "caf\u00e9",
        '"',
        "a=b=c",
        "%00",
    ):
        assert with_cookie(team, value).get(ME).status == 401, value
    assert with_cookie(team, good).get(ME).status == 200


@pytest.mark.parametrize(("column", "days"), [("last_seen_at", 8), ("created_at", 31)])
def test_C07_idle_and_old_sessions_end(team, column, days):
    person = team.member(f"c07-{days}@good.test")
    assert person.get(RUNS).status == 200
    (user,) = (
        each["id"]
        for each in json.loads(team["ADM"].get(f"/api/v1/projects/{PRIVATE}/members").body)["members"]
        if each["email"] == f"c07-{days}@good.test"
    )
    then = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with team.database() as database:
        assert database.execute(f"UPDATE session SET {column} = ? WHERE user_id = ?", (then, user)).rowcount == 1
    answer = person.get(RUNS)
    assert answer.status == 401
    assert denied(answer)


def test_C08_a_member_who_is_taken_out_is_out_on_the_next_request(team):
    person = team.member("c08@good.test", "contributor")
    assert person.get(RUNS).status == 200
    team.running.command("member", "remove", "c08@good.test", "--project", PRIVATE)
    assert person.get(RUNS).status == 404
    assert denied(person.post(LINKS, json.dumps(WHOLE).encode(), "application/json"))


def test_C08_a_disabled_account_is_out_on_the_next_request(team):
    person = team.member("c08-disabled@good.test")
    assert person.get(RUNS).status == 200
    with team.database() as database:
        assert (
            database.execute("UPDATE account SET disabled_at = '2026-01-01 00:00:00' WHERE email = 'c08-disabled@good.test'").rowcount == 1
        )
    assert person.get(RUNS).status == 401


def test_C10_the_old_cookie_is_dead_after_signing_out(team):
    person = team.member("c10@good.test")
    old = person.cookies["tb_share"]
    assert person.post("/logout").status == 303
    assert with_cookie(team, old).get(ME).status == 401
    assert denied(with_cookie(team, old).get(RUNS))


def test_C11_C35_reading_an_address_changes_nothing(team):
    invitation, link = team.invitation("c11@good.test"), team.link(max_uses=1)
    before = team.state()
    for target in ("/logout", path_of(invitation), path_of(link["url"])):
        team["V"].get(target, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="image")
    assert team["V"].get(ME).status == 200
    assert team.state() == before
    assert team.running.browser().use(invitation).status == 303
    assert team.running.browser().use(link["url"]).status == 303


def test_C13_after_signing_out_nothing_kept_is_shown_again(team):
    person = team.member("c13@good.test")
    page = person.get(f"/projects/{PRIVATE}")
    assert page.headers["Cache-Control"] == "private, no-store"
    runs = person.get(RUNS)
    assert runs.headers["Cache-Control"] in ("private, no-cache", "private, no-store")
    person.post("/logout")
    again = person.get(RUNS, If_None_Match=runs.headers.get("ETag", '"x"'))
    assert again.status == 401
    assert denied(again)


def writes(team):
    """Every address that changes something, with what it takes."""
    link = team.link()
    body = json.dumps(WHOLE).encode()
    return [
        ("POST", "/logout", b""),
        ("POST", "/login", b"code=x"),
        ("POST", path_of(team.invitation("writes@good.test")), b""),
        ("POST", path_of(link["url"]), b""),
        ("POST", LINKS, body),
        ("DELETE", f"{LINKS}/{link['id']}", None),
        ("DELETE", LINKS, None),
        ("POST", f"/p/{PRIVATE}/data/plugin/scalars/scalars_multirun", b"{}"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "{base}"},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Referer": "https://evil.test/"},
        {"Referer": "{base}/"},
    ],
    ids=str,
)
def test_C25_C26_C28_C29_C31_C35_pages_of_others_change_nothing(team, said):
    before = team.state()
    wanted = writes(team)
    made = team.state()
    assert made != before
    for method, target, body in wanted:
        headers = {name: value.format(base=team.running.base, port=team.running.port) for name, value in said.items()}
        answer = _plain(team["O"], method, target, body, headers)
        assert answer.status == 403, (method, target)
        assert denied(answer)
    assert team.state() == made
    assert team["O"].get(ME).status == 200


def _plain(browser, method, target, body, headers):
    """Without the fetch metadata that a page of ours would send, unless it is said."""
    return browser.ask(method, target, body, {"Sec-Fetch-Site": None, **JSON, **headers})


def test_C34_a_body_that_a_form_can_send_is_no_json(team):
    before = team.state()
    body = json.dumps(WHOLE).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"):
        assert team["O"].ask("POST", LINKS, body, {"Content-Type": kind}).status == 415
        assert team["O"].ask("POST", LINKS, body, {"Content-Type": kind, "Sec-Fetch-Site": "cross-site"}).status == 403
    assert team.state() == before


def test_C37_no_method_hides_in_another(team):
    link = team.link()
    before = team.state()
    target = f"{LINKS}/{link['id']}"
    for override in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        team["O"].ask("GET", f"{target}?_method=DELETE", headers={override: "DELETE"})
        team["O"].ask("POST", target, b"_method=DELETE", {override: "DELETE", "Content-Type": "application/x-www-form-urlencoded"})
        team["O"].ask("GET", f"{LINKS}?_method=POST", json.dumps(WHOLE).encode(), {override: "POST", **JSON})
    assert team.state() == before


def test_C38_I26_nobody_frames_our_pages(team):
    link = team.link()
    for target in ("/", "/login", f"/projects/{PRIVATE}", path_of(link["url"])):
        policy = team["O"].ask("GET", target, headers={"Accept": "text/html"}).headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy, target
    assert "frame-ancestors 'self'" in team["O"].get(RUNS).headers["Content-Security-Policy"]
    framed = team.running.browser().ask("POST", path_of(link["url"]), b"", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"})
    assert framed.status == 403
    assert "Set-Cookie" not in framed.headers


def test_F19_nothing_that_holds_a_secret_is_packed(team):
    """Packing what mixes a secret with what somebody else chose would let its length tell the secret."""
    body = json.dumps({**WHOLE, "label": "reflected"}).encode()
    answers = [
        team["O"].ask("POST", LINKS, body, {**JSON, "Accept-Encoding": "gzip"}),
        *(
            team["O"].ask("GET", target, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
            for target in ("/", "/login?next=/reflected", LINKS, ME, f"/projects/{PRIVATE}", "/reflected")
        ),
    ]
    assert all("Content-Encoding" not in answer.headers for answer in answers)
